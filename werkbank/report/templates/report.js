// A report: a list above it chooses one park, of which the address holds the code, and shows the page about it.
const { parks, chosen } = JSON.parse(document.getElementById("gegevens").textContent);
if (parks.length) {
  const known = new Map(parks.map((park) => [park.code, park]));
  const pages = [...document.querySelectorAll("article.park")];
  const select = make("select", { id: "terrein" }, ...parks.map((park) => make("option", { value: park.code, textContent: park.name })));
  const link = make("a", {});
  const bar = make("div", { className: "choose" },
    make("label", { htmlFor: "terrein", textContent: "Kies een terrein" }), select, link,
    make("span", { className: "told", textContent: "De figuren en tabellen volgen. Klikken op een terrein kan ook." }));
  bar.setAttribute("role", "region");
  bar.setAttribute("aria-label", "Terrein kiezen");
  document.querySelector("main").before(bar);

  const named = () => {
    try {
      const found = /^#terrein=(.+)$/.exec(window.location.hash);
      if (found) { return known.has(decodeURIComponent(found[1])) ? decodeURIComponent(found[1]) : null; }
      const page = document.getElementById(window.location.hash.slice(1))?.closest("article.park");
      return parks.find((park) => park.anchor === page?.id)?.code ?? null;
    } catch { return null; }
  };

  const choose = (code, keep) => {
    if (!known.has(code)) { return; }
    select.value = code;
    link.href = `#${known.get(code).anchor}`;
    link.textContent = `Lees over ${known.get(code).name}`;
    for (const page of pages) { page.hidden = page.id !== known.get(code).anchor; }
    follow(code);
    if (keep) { try { history.replaceState(null, "", `#terrein=${encodeURIComponent(code)}`); } catch { /* a copy in a frame */ } }
  };

  const [follow] = living((code) => choose(code, true), "800px");
  select.addEventListener("change", () => choose(select.value, true));
  window.addEventListener("hashchange", () => {
    const code = named();
    if (code) { choose(code, false); document.getElementById(window.location.hash.slice(1))?.scrollIntoView(); }
  });
  choose(named() ?? chosen, false);
}
