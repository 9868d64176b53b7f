// Draws the charts where their still pictures stand, and lets them follow one chosen park. Without this script, and on
// paper, the pictures stay; everything they show is in the tables as well.
(() => {
  "use strict";
  const { charts, parks, chosen: first } = JSON.parse(document.getElementById("figuren").textContent);
  if (!parks.length) { return; }
  const known = new Map(parks.map((park) => [park.code, park]));
  const pages = [...document.querySelectorAll("article.park")];
  const views = new Set();
  let chosen = first;

  const named = () => {
    try {
      const found = /^#terrein=(.+)$/.exec(window.location.hash);
      if (found) { return known.has(decodeURIComponent(found[1])) ? decodeURIComponent(found[1]) : null; }
      const page = document.getElementById(window.location.hash.slice(1))?.closest("article.park");
      return parks.find((park) => park.anchor === page?.id)?.code ?? null;
    } catch { return null; }
  };

  const show = (view) => view.signal("chosen", chosen).runAsync();

  const choose = (code, keep) => {
    if (!known.has(code)) { return; }
    chosen = code;
    select.value = code;
    link.href = `#${known.get(code).anchor}`;
    link.textContent = `Lees over ${known.get(code).name}`;
    for (const page of pages) { page.hidden = page.id !== known.get(code).anchor; }
    for (const row of document.querySelectorAll("tr[data-park]")) {
      const own = row.dataset.park === code;
      row.classList.toggle("chosen", own);
      if (row.closest("table").classList.contains("one-park")) { row.hidden = !own; }
    }
    for (const table of document.querySelectorAll("table.grid")) { column(table, code); }
    for (const view of views) { show(view); }
    if (keep) { try { history.replaceState(null, "", `#terrein=${encodeURIComponent(code)}`); } catch { /* a copy in a frame */ } }
  };

  const column = (table, code) => {
    const place = [...table.tHead.rows[0].cells].findIndex((cell) => cell.dataset.park === code);
    for (const cell of table.querySelectorAll(".chosen")) { cell.classList.remove("chosen"); }
    if (place < 0) { return; }
    for (const row of table.rows) { row.cells[place]?.classList.add("chosen"); }
  };

  const make = (tag, properties, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };

  const select = make("select", { id: "terrein" }, ...parks.map((park) => make("option", { value: park.code, textContent: park.name })));
  const link = make("a", {});
  const bar = make("div", { className: "choose" },
    make("label", { htmlFor: "terrein", textContent: "Kies een terrein" }), select, link,
    make("span", { className: "told", textContent: "De figuren en tabellen volgen. Klikken op een terrein kan ook." }));
  bar.setAttribute("role", "region");
  bar.setAttribute("aria-label", "Terrein kiezen");
  document.querySelector("main").before(bar);
  select.addEventListener("change", () => choose(select.value, true));
  window.addEventListener("hashchange", () => {
    const code = named();
    if (code) { choose(code, false); document.getElementById(window.location.hash.slice(1))?.scrollIntoView(); }
  });
  document.addEventListener("click", (event) => {
    const place = event.target.closest?.("tr[data-park] > th, table.grid th[data-park]");
    if (place && !event.target.closest("a, summary")) { choose(place.dataset.park ?? place.parentElement.dataset.park, true); }
  });

  const draw = async (plot, spec) => {
    const place = make("div", { className: "live" });
    place.setAttribute("aria-hidden", "true");
    plot.append(place);
    for (const param of spec.params ?? []) { if (param.name === "chosen" && "value" in param) { param.value = chosen; } }
    const { view } = await window.werkbankEmbed(place, spec, { ast: true, actions: false, renderer: "svg", tooltip: { theme: "light" } });
    plot.classList.add("alive");
    view.addEventListener("click", (_, item) => { const code = item?.datum?.code; if (code) { choose(code, true); } });
    if ((spec.params ?? []).some((param) => param.name === "chosen")) { views.add(view); await show(view); }
  };

  // A chart is drawn when it comes near: the page opens at once, however many there are.
  const watch = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) { continue; }
      watch.unobserve(target);
      draw(target, charts[Number(target.dataset.chart)]).catch(() => { target.querySelector(".live")?.remove(); });
    }
  }, { rootMargin: "800px" });
  for (const plot of document.querySelectorAll(".plot[data-chart]")) { watch.observe(plot); }

  // On paper everything is open.
  window.addEventListener("beforeprint", () => { for (const closed of document.querySelectorAll(".wb > details")) { closed.open = true; } });

  document.documentElement.classList.add("living");
  const asked = named();
  choose(asked ?? first, false);
})();
