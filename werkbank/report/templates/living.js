// Draws the charts of a page and lets them, and the tables, follow one chosen park. What is chosen is for the page's own
// script, which stands below. Without script a page stands still; all that its charts show is in the tables as well.
"use strict";
const PLOTS = ".plot[data-chart]";
const make = (tag, properties, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

// `picked` hears of a click on a park, and is null where there is one park: then there is none to choose or to mark. A chart
// is drawn when it comes in sight, and once the page has opened when it comes within `margin`. Of the two functions that come
// back the first lets everything follow a park, and the second reads a part of the page that sleeps.
const living = (picked, margin) => {
  const specs = document.querySelectorAll("script.figuur"), parts = new Map(), drawn = new Map(), near = new Set();
  let chosen = null;

  // The name of a park in a table chooses it, also from the keyboard: Tab stops once a table, the arrows go on from there.
  const buttons = (part) => {
    const heads = [...part.querySelectorAll("table:not(.one-park) tr[data-park] > th, table.grid th[data-park]")];
    for (const head of heads.filter((one) => picked && !one.querySelector("a"))) {
      const first = !head.closest("table").querySelector(".pick");
      const button = make("button", { type: "button", className: "pick", tabIndex: first ? 0 : -1, ariaPressed: false });
      const place = head.matches(".turned") ? head.firstElementChild : head;
      button.append(...place.childNodes);
      place.append(button);
    }
  };
  document.addEventListener("keydown", (event) => {
    const at = event.target.closest?.(".pick"), way = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    const all = at && way ? [...at.closest("table").querySelectorAll(".pick")] : [], next = all[all.indexOf(at) + way];
    if (!next) { return; }
    event.preventDefault();
    [at.tabIndex, next.tabIndex] = [-1, 0];
    next.focus();
  });

  // The rows and the columns of a grid that are about a park.
  const about = (code) => {
    if (!parts.has(code)) {
      const own = (selector) => [...document.querySelectorAll(selector)].filter((one) => one.dataset.park === code);
      const cells = own("table.grid th[data-park]").flatMap((head) => [...head.closest("table").rows].map((row) => row.cells[head.cellIndex]));
      parts.set(code, [...own("tr[data-park]"), ...cells.filter(Boolean)]);
    }
    return parts.get(code);
  };

  const mark = (code, own) => {
    for (const part of about(code)) {
      part.classList.toggle("chosen", own && (picked !== null || part.matches("td, th")));
      const button = part.querySelector(".pick");
      if (button) { button.ariaPressed = own; }
      if (part.closest("table.one-park")) { part.hidden = !own; }
    }
  };

  const follow = async (plot) => {
    const one = drawn.get(plot);
    if (!one || one.at === chosen) { return; }
    one.at = chosen;
    await one.view.signal("chosen", chosen).runAsync();
  };

  const draw = async (plot) => {
    const place = make("div", { className: "live" }), at = chosen, spec = JSON.parse(specs[Number(plot.dataset.chart)].textContent);
    place.setAttribute("aria-hidden", "true");
    plot.append(place);
    const fits = spec.autosize?.type === "fit-x";
    let width = place.clientWidth;
    const signal = (name) => spec.signals.find((one) => one.name === name);
    if (fits) { spec.width = signal("room").value = width; }
    const follows = signal("chosen");
    if (follows) { follows.value = chosen; }
    const view = await window.werkbankChart(spec, place);
    plot.classList.add("alive");
    plot.view = view;
    const state = plot.parentElement.querySelector(".state");
    if (state) { state.textContent = state.dataset.live; }
    view.addEventListener("click", (_, item) => { const code = item?.datum?.code; if (code) { picked?.(code); } });
    if (follows) { drawn.set(plot, { view, at }); await follow(plot); }
    if (!fits) { return; }
    new ResizeObserver(() => {
      if (!place.clientWidth || place.clientWidth === width) { return; }
      width = place.clientWidth;
      view.signal("room", width).width(width).runAsync();
    }).observe(place);
  };

  const begin = (plot) => {
    if (plot.querySelector(".live")) { return; }
    draw(plot).catch(() => { plot.querySelector(".live")?.replaceWith(make("span", { className: "live" })); });
  };

  const seen = (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) { near.delete(target); continue; }
      near.add(target);
      follow(target);
      begin(target);
    }
  };
  let watch = new IntersectionObserver(seen);
  setTimeout(() => {
    watch.disconnect();
    watch = new IntersectionObserver(seen, { rootMargin: margin });
    for (const plot of document.querySelectorAll(PLOTS)) { watch.observe(plot); }
  }, 2000);
  const take = (part) => {
    parts.clear();
    buttons(part);
    for (const plot of part.querySelectorAll(PLOTS)) { watch.observe(plot); }
    for (const row of part.querySelectorAll("table.one-park tr[data-park]")) { row.hidden = true; }
  };
  take(document);

  document.addEventListener("click", (event) => {
    const place = event.target.closest?.("tr[data-park] > th, table.grid th[data-park]");
    if (picked && place && !event.target.closest("a, summary")) { picked(place.dataset.park ?? place.parentElement.dataset.park); }
  });
  // On paper everything is open, and drawn where no still picture stands: Vega ends before the browser lays out the sheets.
  window.addEventListener("beforeprint", () => {
    for (const closed of document.querySelectorAll(".wb details")) { closed.open = true; }
    for (const plot of document.querySelectorAll(`${PLOTS}:not(:has(img))`)) { if (plot.checkVisibility()) { begin(plot); } }
  });
  document.documentElement.classList.add("living");

  const choose = (code) => {
    if (chosen !== null) { mark(chosen, false); }
    chosen = code;
    mark(code, true);
    for (const plot of near) { follow(plot); }
  };
  const wake = (part) => {
    const text = part.querySelector(":scope > noscript");
    if (!text) { return; }
    text.outerHTML = text.textContent;
    take(part);
  };
  return [choose, wake];
};
