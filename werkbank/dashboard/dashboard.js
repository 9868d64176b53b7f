// The views of the dashboard. The address holds what a person chose (never a default): a view is a step in the history, a
// choice within it takes the place of the last. One state says what is shown; everything on the page follows it.
const EVERY = "alle", KEYS = ["weergave", "gemeente", "terrein", "weging", "macht"];
const data = JSON.parse(document.getElementById("gegevens").textContent);
const sections = [...document.querySelectorAll("section[data-view]")];
const pages = [...document.querySelectorAll("article.park")];
const sleeping = [...sections, ...pages, ...document.querySelectorAll("figure.chart")];
const tabs = new Map([...document.querySelectorAll("nav a")].map((tab) => [tab.hash.split("=")[1], tab]));
const places = new Map(data.places.map((one) => [one.place, one]));
const parks = new Map(data.parks.map((park) => [park.code, park]));
const homes = new Map(data.places.flatMap(({ place, codes }) => codes.map((code) => [code, place])));
const title = document.title;
let state = {}, missed = false, frame = null;

// What is shown: what was chosen, and else the first view, every municipality, and the park of the advice.
const shown = ({ weergave, gemeente, terrein } = state) => {
  const place = gemeente ?? data.places[0].place;
  return { view: weergave ?? [...tabs.keys()][0], place, park: terrein ?? places.get(place).first };
};

const address = (chosen) => `#${new URLSearchParams(KEYS.filter((key) => key in chosen).map((key) => [key, chosen[key]]))}`;

// What of these is there, and fits together: a park is of the municipality that is named.
const known = (asked) => {
  const there = { weergave: tabs, gemeente: places, terrein: homes, ...weighed?.known };
  const found = Object.fromEntries(KEYS.filter((key) => there[key]?.has(asked[key])).map((key) => [key, asked[key]]));
  const { gemeente = EVERY, terrein } = found;
  if (terrein && gemeente !== EVERY && homes.get(terrein) !== gemeente) { delete found.terrein; }
  return found;
};

// The place in the page that the address names, when it names one: a cell of the matrix, perhaps in a part that sleeps.
const anchor = (hash) => {
  let id = "";
  try { id = decodeURIComponent(hash.slice(1)); } catch { /* no text */ }
  if (!id || id.includes("=")) { return null; }
  for (const part of sleeping) { if (part.querySelector(":scope > noscript")?.textContent.includes(`id="${id}"`)) { wake(part); } }
  return document.getElementById(id);
};

const write = (how) => { try { history[how](null, "", address(state)); } catch { /* a copy in a frame has no address */ } };

const read = (hash) => {
  const at = anchor(hash), home = at?.closest("section[data-view]")?.dataset;
  const asked = home ? { weergave: home.view, gemeente: home.place } : Object.fromEntries(new URLSearchParams(hash.slice(1)));
  // The way to the content, for who tabs, is no choice.
  if (at && !home) { write("replaceState"); } else { state = known(asked); }
  missed = !at && KEYS.some((key) => key in asked && !(key in state));
  apply();
  if (home) { (at.closest("details") ?? {}).open = true; at.scrollIntoView({ block: "center" }); }
};

const act = (given) => {
  const next = { ...state, ...given }, { terrein, gemeente = EVERY } = next;
  if (terrein && gemeente !== EVERY && homes.get(terrein) !== gemeente) {
    if ("terrein" in given) { next.gemeente = homes.get(terrein); } else { delete next.terrein; }
  }
  const before = shown(), step = shown(next).view !== before.view;
  state = known(next);
  missed = false;
  write(step ? "pushState" : "replaceState");
  apply();
  // Its sentence stands on top.
  if (step || shown().place !== before.place) { window.scrollTo(0, 0); }
};

const field = (id, label) => {
  const select = make("select", { id });
  select.addEventListener("change", () => act({ [id]: select.value }));
  return [make("label", { htmlFor: id, textContent: label }), select];
};
const option = (value, textContent) => make("option", { value, textContent });
const [townLabel, town] = field("gemeente", "Gemeente"), [parkLabel, park] = field("terrein", "Terrein");
town.append(...data.places.map(({ place, name }) => option(place, name)));
const take = make("span", { className: "take" });
const bar = make("div", { className: "choose" }, ...(data.places.length > 1 ? [townLabel, town] : []), parkLabel, park,
  make("span", { className: "told", textContent: "Klikken op een terrein kan ook." }), take);
bar.setAttribute("role", "region");
bar.setAttribute("aria-label", "Gemeente en terrein kiezen");
for (const one of [parkLabel, park, bar.querySelector(".told")]) { one.hidden = parks.size < 2; }
const said = make("p", { className: "unseen" });
said.setAttribute("role", "status");
document.querySelector("main").before(bar, said);

// The parks of one municipality, or of every one by municipality, in the order of the ranking.
const list = (place) => {
  if (park.dataset.place === place) { return; }
  park.dataset.place = place;
  const own = data.places.filter((one) => one.codes.length && (place === EVERY || one.place === place));
  const options = own.map(({ codes }) => codes.map((code) => option(code, parks.get(code).name)));
  park.replaceChildren(...(place === EVERY ? own.map(({ name }, at) => make("optgroup", { label: name }, ...options[at])) : options.flat()));
};

// What is shown, in words: the view, the municipality and the park.
const named = ({ view, place, park: code }) => [tabs.get(view).textContent, places.get(place).name, ...(parks.size ? [parks.get(code).name] : [])];

const apply = () => {
  const now = shown(), home = homes.get(now.park);
  const place = ["terrein", "wat-als"].includes(now.view) ? home : now.place;
  for (const section of sections) { section.hidden = section.dataset.view !== now.view || !["", place].includes(section.dataset.place); }
  for (const page of pages) { page.hidden = page.id !== parks.get(now.park)?.anchor; }
  for (const part of sleeping) { if (!part.hidden && !part.closest("[hidden]")) { wake(part); } }
  for (const [view, tab] of tabs) {
    tab.href = address({ ...state, weergave: view });
    if (view === now.view) { tab.setAttribute("aria-current", "page"); } else { tab.removeAttribute("aria-current"); }
  }
  list(now.place);
  town.value = now.place;
  park.value = now.park;
  follow(now.park);
  const told = named(now);
  said.textContent = told.join(", ") + (missed ? ". De link noemt iets dat in dit dashboard niet staat." : "");
  said.classList.toggle("unseen", !missed);
  document.title = `${told[0]} – ${title}`;
  if (now.view === "wat-als") { weighed.show(state, home, places.get(home).name, now.park); }
  document.dispatchEvent(new Event("shown"));
  tell();
};

// Another way to compute: the page of the kernel in a frame, as high as what it holds, which follows the municipality.
const open = () => {
  const place = document.querySelector(".frame");
  another.remove();
  frame = make("iframe", { src: data.frame, title: "Wat als" });
  place.append(frame);
  const told = place.querySelector(".state") ?? make("p", { className: "state" }), began = Date.now(), own = frame;
  told.textContent = data.starting;
  place.prepend(told);
  const waiting = setInterval(() => {
    if (frame !== own) { clearInterval(waiting); return; }
    const inside = own.contentDocument?.querySelector(".wbd-alive .wbd");
    if (!inside && Date.now() - began > 60000) { told.textContent = data.silent; }
    if (!inside) { return; }
    clearInterval(waiting);
    place.classList.add("alive");
    told.textContent = data.recomputed;
    new ResizeObserver(() => { own.style.height = inside.offsetHeight ? `${inside.offsetHeight + 40}px` : own.style.height; }).observe(inside);
    tell();
  }, 100);
};

const tell = () => {
  const select = frame?.contentDocument?.querySelector(".wbd-follow select");
  const at = [...(select?.options ?? [])].findIndex((one) => one.value === places.get(homes.get(shown().park)).name);
  if (at < 0 || at === select.selectedIndex) { return; }
  select.selectedIndex = at;
  select.dispatchEvent(new Event("change", { bubbles: true }));
};

const weighed = data.weighing && whatIf(data.weighing, act);
const another = make("button", { type: "button", textContent: data.weighing?.words.another });
another.addEventListener("click", open);
if (data.frame) { document.querySelector(".frame").before(another); }

const [follow, wake] = living(parks.size > 1 ? (code) => act({ terrein: code }) : null, "99999px");
document.addEventListener("click", (event) => {
  const hash = event.target.closest?.("a")?.hash, asked = hash?.includes("=");
  // A copy within a notebook has no address to go to: there every link is followed here.
  if (!hash || event.ctrlKey || event.metaKey || event.shiftKey || !(asked || window.location.protocol === "about:")) { return; }
  event.preventDefault();
  if (asked) { act(known(Object.fromEntries(new URLSearchParams(hash.slice(1))))); } else { read(hash); }
});
window.addEventListener("popstate", () => read(window.location.hash));
read(window.location.hash);
