// Whether what the page shows may be believed: asked every second, and told when it may not. The living part is then
// replaced by a still picture of the last moment at which all of it agreed, in which nothing can be chosen.
(function () {
  const words = {{ resources.werkbank.words | tojson }}, place = document.getElementById("wbd-state");
  let alive, picture, frozen, said = "", heard = Date.now(), touched = Date.now(), tick = Date.now();
  const touch = () => { touched = Date.now(); };
  const ask = (id) => fetch("/werkbank/state/" + id, { cache: "no-store", signal: AbortSignal.timeout(3000) });
  const kernel = () => JSON.parse(document.getElementById("jupyter-config-data")?.textContent ?? "{}").kernelId ?? "";
  function watch() {
    alive = document.querySelector(".wbd-alive");
    new MutationObserver(touch).observe(alive, { subtree: true, childList: true, attributes: true, characterData: true });
    for (const act of ["input", "change", "click"]) { alive.addEventListener(act, touch, true); }
  }
  function keep() {
    picture = alive.cloneNode(true);
    picture.classList.add("wbd-frozen");
    const [own, still] = [alive, picture].map((part) => part.querySelectorAll("select, input, textarea, button"));
    still.forEach((one, at) => { one.value = own[at].value; one.disabled = true; });
    touched = Infinity;
  }
  function tell(state) {
    if (state === said) { return; }
    said = state;
    document.getElementById("loading")?.toggleAttribute("hidden", Boolean(state));
    const text = document.createElement("p"), again = document.createElement("button");
    [text.textContent, again.textContent] = [words[state], words.again];
    again.onclick = () => ask("").then(() => location.reload(), () => { text.textContent = words.still; });
    place.replaceChildren(...(state ? [text] : []), ...(state === "away" || state === "gone" ? [again] : []));
    if (state === "back") { setTimeout(() => { if (said === "back") { tell(""); } }, 5000); }
  }
  function hear(state) {
    const works = ["idle", "busy"].includes(state), begins = ["apart", "room", "full"].includes(state) && !alive;
    if (works && !alive) { watch(); }
    if (works || (begins && (kernel() || document.readyState === "loading"))) {
      heard = Date.now();
      if (frozen) { frozen.replaceWith(alive); frozen = null; window.dispatchEvent(new Event("resize")); }
      if (said && said !== "back") { tell("back"); }
      // For a second nothing was done and nothing changed, and the kernel has nothing to do: all parts agree.
      if (state === "idle" && heard - touched > 1000) { keep(); }
      return;
    }
    if (alive && !frozen) { alive.replaceWith(frozen = picture ?? document.createElement("div")); }
    tell(state === "apart" ? "away" : words[state] ? state : "gone");
  }
  const beat = () => ask(kernel())
    .then(async (answer) => hear(answer.redirected ? "closed" : answer.ok ? (await answer.json()).state : "gone"))
    .catch(() => hear("away")).finally(() => setTimeout(beat, 1000));
  setInterval(() => {
    // After sleep the last answer is old, and a new one gets a second and a half before nothing is believed.
    heard = Math.max(heard, Date.now() - tick > 2000 ? Date.now() - 3000 : 0);
    tick = Date.now();
    if (tick - heard > 4500 && ["", "back"].includes(said)) { hear("away"); }
  }, 500);
  // Voilà would let go of the kernel when the page is only about to close, and may yet stay.
  window.addEventListener("beforeunload", (event) => event.stopImmediatePropagation());
  const key = () => new URLSearchParams({ _xsrf: document.cookie.match(/\b_xsrf=([^;]*)/)?.[1] ?? "" });
  window.addEventListener("pagehide", () => navigator.sendBeacon("/voila/api/shutdown/" + kernel(), key()));
  beat();
})();
