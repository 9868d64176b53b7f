// The agenda, worked through in a meeting: under each difference who discussed it, and the fields to say so. Only the
// page of the analyst's own server has this script.
{
  const words = data.discuss, topics = new Map(), faults = [];
  let by = "";

  // The answer of the server, or what to tell when there is none.
  const ask = async (options) => {
    const answer = await fetch(words.address, { cache: "no-store", redirect: "error", ...options });
    return answer.json();
  };

  const show = ({ discussed = [], fault = [] }) => {
    for (const place of faults) { place.textContent = fault.join(" "); place.hidden = !fault.length; }
    if (fault.length) { return; }
    for (const { told, summary } of topics.values()) { told.replaceChildren(); summary.textContent = words.open; }
    for (const one of discussed) {
      const topic = topics.get(JSON.stringify([one.place, one.park, one.indicator]));
      topic?.told.append(make("p", {}, make("strong", { textContent: one.told }), one.text ? ` ${one.text}` : ""));
      if (topic) { topic.summary.textContent = words.again; }
    }
  };

  const fields = (place, [terrein, indicator], details) => {
    const notitie = make("textarea", { rows: 2 }), door = make("input", { value: by, required: true, autocomplete: "off" });
    const button = make("button", { textContent: words.button }), fault = make("p", { className: "fault" });
    fault.setAttribute("role", "alert");
    const form = make("form", {}, make("label", {}, words.note, notitie), make("label", {}, words.by, door), button, fault);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      [button.disabled, fault.textContent, by] = [true, words.busy, door.value];
      const _xsrf = document.cookie.match(/\b_xsrf=([^;]*)/)?.[1] ?? "";
      const body = new URLSearchParams({ gemeente: place, terrein, indicator, door: by, notitie: notitie.value, _xsrf });
      const answer = await ask({ method: "POST", body }).catch(() => ({ fault: [words.silent] }));
      [button.disabled, fault.textContent] = [false, (answer.fault ?? []).join(" ")];
      if (answer.fault) { return; }
      show(answer);
      notitie.value = "";
      details.open = false;
      details.querySelector("summary").focus();
      said.textContent = words.done;
    });
    details.append(form);
    notitie.focus();
  };

  for (const [place, cells] of Object.entries(data.topics)) {
    const list = document.querySelector(`section[data-view="verschillen"][data-place="${place}"] .agreement ol`);
    for (const [at, item] of [...(list?.children ?? [])].entries()) {
      const told = make("div", { className: "discussed" }), summary = make("summary", { textContent: words.open });
      const details = make("details", { className: "discuss" }, summary);
      details.addEventListener("toggle", () => { if (details.open && !details.querySelector("form")) { fields(place, cells[at], details); } });
      item.append(told, details);
      topics.set(JSON.stringify([place, ...cells[at]]), { told, summary });
    }
    if (list) { faults.push(make("p", { className: "alert", hidden: true })); list.before(faults.at(-1)); }
  }

  const look = () => { if (shown().view === "verschillen") { ask({}).then(show, () => { /* the page says that its server is gone */ }); } };
  document.addEventListener("shown", look);
  look();
}
