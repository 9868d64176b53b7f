// Wat als: the page's own sum. The scores of a municipality's parks, and its recalculations once they are loaded, are made
// anew with the weights and the exponent that are set here, which are then no longer drawn. Equal to the analysis.
const numbers = (list) => Float64Array.from(list, (one) => one ?? NaN);

// Draw × park: the totals. `cells` are what the scores of the group `varied` are the power means of: per draw, and per park
// where they differ, their weights; and their values.
const totalsOf = ({ varied, groups, cells: [weights, values] }, weighing, power) => {
  const many = weighing.length, totals = new Float64Array(groups.length / many), size = values.length / totals.length;
  const apart = weights.length === values.length, parks = apart ? 1 : values.length / weights.length;
  for (let row = 0; row < totals.length; row += 1) {
    const weight = (apart ? row : Math.floor(row / parks)) * size;
    let sum = 0, all = 0, total = 0, over = 0;
    for (let cell = 0; cell < size; cell += 1) {
      const value = values[row * size + cell];
      if (value >= 0) { all += weights[weight + cell]; }
      if (value > 0) { sum += weights[weight + cell] * value ** power; }
    }
    for (let group = 0; group < many; group += 1) {
      const score = group === varied ? (sum / all) ** (1 / power) : groups[row * many + group];
      if (!Number.isNaN(score)) { total += weighing[group] * score; over += weighing[group]; }
    }
    totals[row] = total / over;
  }
  return totals;
};

// How many of `among` stand above a park, and how many level with it, itself included.
const standing = (totals, first, park, among, level) => {
  const own = totals[first + park];
  if (Number.isNaN(own)) { return [Infinity, 1]; }
  let above = 0, same = 1;
  for (const other of among) {
    const ahead = totals[first + other] - own;
    if (ahead > level) { above += 1; } else if (ahead >= -level && other !== park) { same += 1; }
  }
  return [above, same];
};

// Of all draws the share in which each park is among the first, and that in which exactly the advised ones are; ties split.
const sharesOf = (totals, size, candidates, advised, level) => {
  const k = advised.size, shares = new Float64Array(size), draws = totals.length / size, rival = new Set(candidates);
  let exact = 0;
  for (let first = 0; first < totals.length; first += size) {
    let fits = true, tied = 0, seats = k;
    for (let park = 0; park < size; park += 1) {
      const [above, same] = standing(totals, first, park, candidates, level);
      shares[park] += Math.min(1, Math.max(0, (k - above) / same)) / draws;
      if (!rival.has(park)) { continue; }
      const sure = above + same <= k, possible = above < k;
      fits &&= advised.has(park) ? possible : !sure;
      tied += possible - sure;
      seats -= sure;
    }
    let ways = 1;
    for (let seat = 0; seat < seats; seat += 1) { ways *= (tied - seat) / (seat + 1); }
    if (fits) { exact += 1 / ways; }
  }
  return { shares, share: exact / draws };
};

// Scores, places, the advice by the rule of the analysis, and with the draws how sure it is.
const outcomeOf = (place, drawn, weighing, power, { level, clear, likely }) => {
  const totals = totalsOf(place, weighing, power), all = [...totals.keys()];
  const places = all.map((park) => standing(totals, 0, park, all, level)[0] + 1).map((at) => (at === Infinity ? NaN : at));
  const candidates = all.filter((park) => place.suspected[park]);
  const order = candidates.map((park) => [standing(totals, 0, park, candidates, level)[0], park]).filter(([above]) => above < place.capacity);
  const advised = order.sort(([one, a], [other, b]) => one - other || (place.parks[a][0] < place.parks[b][0] ? -1 : 1)).map(([, park]) => park);
  const found = drawn && sharesOf(totalsOf(drawn, weighing, power), all.length, candidates, new Set(advised), level);
  const sure = found && (found.share >= clear ? "clear" : found.share >= likely ? "likely" : "indistinguishable");
  return { totals, places, advised, ...found, grade: candidates.length <= place.capacity ? "no_comparison" : sure || "none" };
};

// With how many decimals a score is printed, so that none passes a border by it: `point_digits` in wording.py.
const digitsOf = (value, edges) => Math.abs(value - Math.round(value)) < 1e-9 ? 0 : [1, 2, 3, 4, 5, 6, 7].find(
  (digits) => edges.every((edge) => (Math.floor(value * 10 ** digits + 0.5 + 1e-9) >= edge * 10 ** digits - 1e-9) === (value >= edge - 1e-9))) ?? 8;

const entered = (text) => (/^\d+([.,]\d+)?$/.test(text.trim()) ? Number(text.trim().replace(",", ".")) : NaN);
const fine = (weighing, many) => weighing.length === many && weighing.every((one) => one >= 0 && one <= 1e9) && weighing.some((one) => one > 0);

// The part of the page: `act` hears what a person sets, and `show` follows what the address holds of it.
const whatIf = ({ words, borders, groups, places }, act) => {
  const box = document.querySelector(".what-if"), state = box.parentElement.querySelector(".state");
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const shown = (value, digits = 0) => Number.isFinite(value) ? value.toLocaleString("nl-NL", { minimumFractionDigits: digits, maximumFractionDigits: digits }) : "–";
  const percent = (share, more = ">", less = "<") => share > 0.995 && share < 1 ? `${more}99%` : share > 0 && share < 0.005 ? `${less}1%` : `${shown(100 * share)}%`;
  const listed = (names) => new Intl.ListFormat("nl").format(names) || words.none;
  const typed = (value) => String(+value.toFixed(4)).replace(".", ",");
  const highest = Math.max(...Object.values(places).map((one) => one.highest));
  for (const place of Object.values(places)) { [place.groups, place.cells] = [numbers(place.groups), place.cells.map(numbers)]; }

  const field = (id, name) => make("input", { id: `wat-als-${id}`, name, inputMode: "decimal", autocomplete: "off", size: 6, onchange: () => change() });
  const weights = groups.map((name, at) => field(at, fill(words.weight, { group: name })));
  const power = field("macht", fill(words.power, { highest: typed(highest) })), inputs = highest ? [...weights, power] : weights;
  const heads = words.columns.map((textContent, at) => make("th", { scope: "col", className: at ? "n" : "", textContent }));
  const told = make("p", { className: "box", role: "status" }), head = make("thead", {}, make("tr", {}, ...heads)), body = make("tbody", {}), caption = make("caption", {});
  const note = make("p", { className: "quiet" }), scroll = make("div", { className: "scroll", tabIndex: 0, role: "group" }, make("table", { className: "rows weighed" }, caption, head, body));
  box.append(make("div", { className: "choose-method" }, ...inputs.map((one) => make("label", { textContent: one.name }, one)),
    make("button", { type: "button", textContent: words.reset, onclick: () => act({ weging: undefined, macht: undefined }) })), told, scroll, note);

  const change = () => {
    const weighing = weights.map((one, at) => one.value === typed(show.weighing[at]) ? show.weighing[at] : entered(one.value));
    const exponent = entered(power.value), set = highest && !power.disabled, able = !set || (exponent >= 1 && exponent <= highest);
    const bad = !fine(weighing, groups.length) ? words.bad_weight : !able ? fill(words.bad_power, { highest: typed(highest) }) : "";
    for (const one of inputs) { one.ariaInvalid = String(one === power ? !able : !(entered(one.value) <= 1e9)); }
    if (bad) { told.textContent = bad; } else { act({ weging: weighing.join("_"), ...(set && { macht: String(exponent) }) }); }
  };

  // Loaded once, for the municipality that is looked at.
  const load = (place, again) => {
    place.loading ??= fetch(place.draws).then(async (answer) => {
      if (!answer.ok) { throw new Error(); }
      const whole = new Response(answer.body.pipeThrough(new DecompressionStream("deflate")));
      const [[size], rest] = await whole.arrayBuffer().then((bytes) => [new Float64Array(bytes, 0, 1), new Float64Array(bytes, 8)]);
      const rows = words.draws * place.parks.length, at = rows * groups.length, to = rest.length - rows * size;
      place.drawn = { varied: place.varied, groups: rest.subarray(0, at), cells: [rest.subarray(at, to), rest.subarray(to)] };
    }).catch(() => { [place.loading, show.failed] = [null, show.last]; }).finally(again);
  };

  const show = ({ weging, macht }, where, name, chosen) => {
    const place = places[where], { adopted, parks, capacity } = place, weighing = weging?.split("_").map(Number) ?? place.weights;
    const exponent = macht && place.power !== null ? Number(macht) : place.power ?? 1, current = JSON.stringify([weging, macht, where, chosen]);
    [...weighing, exponent].forEach((value, at) => { if (inputs[at]) { inputs[at].value = typed(value); inputs[at].ariaInvalid = "false"; } });
    if (highest) { power.disabled = power.parentElement.hidden = place.power === null; }
    [show.last, show.weighing] = [current, weighing];
    if (place.draws && !place.drawn && show.failed !== current) { load(place, () => { if (show.last === current) { show({ weging, macht }, where, name, chosen); } }); }
    const found = outcomeOf(place, place.drawn, weighing, exponent, borders), names = (codes) => listed(codes.map((one) => parks[one][1]));
    const old = parks.flatMap(([code], at) => (adopted.advised.includes(code) ? [at] : []));
    const moved = parks.filter((_, at) => adopted.ranks[at] !== (Number.isNaN(found.places[at]) ? null : found.places[at])).length;
    const same = old.length === found.advised.length && old.every((one) => found.advised.includes(one));
    const values = { where: name, names: names(found.advised), grade: words.grades[found.grade], often: "share" in found ? fill(words.often, { share: percent(found.share, "meer dan ", "minder dan ") }) : "" };
    const then = fill(same ? words.same : words.differs, { names: names(old), grade: words.grades[adopted.grade ?? "none"] });
    const first = fill(!found.advised.length ? words.nobody : found.advised.length > 1 ? words.several : words.one, values);
    told.replaceChildren(make("strong", { textContent: words.exercise }), ` ${first} ${then} ${fill(words.moved[Math.min(moved, 2)], { count: moved })}`);
    state.textContent = place.drawn ? words.live : show.failed === current ? words.failed : place.draws ? words.loading : words.within;
    [note.hidden, note.textContent] = [!place.drawn, fill(words.drawn, { capacity: Math.max(capacity, found.advised.length), draws: shown(words.draws) })];
    caption.textContent = scroll.ariaLabel = fill(words.caption, { where: name });
    const cell = (share, own) => [...(own ? [words.advised] : []), ...(share >= 0 ? [percent(share)] : [])].join(", ") || "–";
    const order = [...parks.keys()].sort((one, other) => (found.places[one] || Infinity) - (found.places[other] || Infinity) || one - other);
    body.replaceChildren(...order.map((at) => {
      const [code, textContent] = parks[at], was = adopted.ranks[at] ?? NaN, now = found.places[at], row = make("tr", { className: code === chosen ? "chosen" : "" });
      row.dataset.park = code;
      const told = [...[adopted.totals[at] ?? NaN, found.totals[at]].map((one) => shown(one, digitsOf(one, place.edges))), shown(was), shown(now), cell(adopted.shares[at] ?? NaN, old.includes(at)), cell(found.shares?.[at] ?? NaN, found.advised.includes(at))];
      row.append(make("th", { scope: "row", textContent }), ...told.map((text, column) => make("td", { className: `n${column === 3 && was !== now ? " moved" : ""}`, textContent: text })));
      return row;
    }));
  };
  const number = (value, low, high) => /^\d+(\.\d+)?(e-?\d+)?$/.test(value) && Number(value) >= low && Number(value) <= high;
  const weging = { has: (value) => { const all = String(value).split("_"); return all.every((one) => number(one, 0, 1e9)) && fine(all.map(Number), groups.length); } };
  return { show, known: { weging, macht: { has: (value) => number(String(value), 1, highest) } } };
};
