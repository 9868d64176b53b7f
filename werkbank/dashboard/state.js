// Whether what the page shows may be believed: asked of its server every second, and told when it may not. What stands
// on the page was made ready and goes on; what a kernel shows in the frame is then replaced by a still picture of the
// last moment at which all of it agreed, in which nothing can be chosen.
{
  const bar = make("div", { id: "wbd-state", className: "wbd-state" });
  bar.setAttribute("role", "status");
  document.body.append(bar);
  let told = "", heard = Date.now(), tick = Date.now(), touched = 0, made = null;
  let alive = null, picture = null, frozen = null, before = "", apart = 0;
  const inside = () => frame?.contentDocument;
  const kernel = () => JSON.parse(inside()?.getElementById("jupyter-config-data")?.textContent ?? "{}").kernelId ?? "";
  const ask = (id) => fetch(`/werkbank/state/${id}`, { cache: "no-store", signal: AbortSignal.timeout(3000) });

  const touch = () => { touched = Date.now(); };
  const watchOver = () => {
    alive = inside().querySelector(".wbd-alive");
    new MutationObserver(touch).observe(alive, { subtree: true, childList: true, attributes: true, characterData: true });
    for (const one of ["input", "change", "click"]) { alive.addEventListener(one, touch, true); }
    // Voilà would let go of the kernel when the page is only about to close, and may yet stay.
    frame.contentWindow.addEventListener("beforeunload", (event) => event.stopImmediatePropagation(), true);
    touch();
  };
  const keep = () => {
    picture = alive.cloneNode(true);
    picture.classList.add("wbd-frozen");
    const [own, still] = [alive, picture].map((part) => part.querySelectorAll("select, input, textarea, button"));
    still.forEach((one, at) => { one.value = own[at].value; one.disabled = true; });
    touched = Infinity;
  };
  const freeze = () => {
    if (!alive || frozen) { return; }
    frozen = picture ?? inside().createElement("div");
    alive.replaceWith(frozen);
    const line = document.querySelector(".frame .state");
    [before, line.textContent] = [line.textContent, data.silent];
  };
  const thaw = () => {
    if (!frozen) { return; }
    frozen.replaceWith(alive);
    frozen = null;
    document.querySelector(".frame .state").textContent = before;
    frame.contentWindow.dispatchEvent(new Event("resize"));
  };
  // Another kernel: what was chosen of the old one is gone.
  const anew = () => {
    frame?.remove();
    frame = alive = picture = frozen = null;
    say("");
    open();
  };

  const say = (state) => {
    if (state === told) { return; }
    told = state;
    const text = make("p", { textContent: data.words[state] ?? "" });
    const acts = { gone: [anew, data.words.again], renewed: [() => window.location.reload(), data.words.reload] }[state];
    const button = acts ? [make("button", { type: "button", onclick: acts[0], textContent: acts[1] })] : [];
    bar.replaceChildren(...(state ? [text, ...button] : []));
    if (state === "back") { setTimeout(() => { if (told === "back") { say(""); } }, 5000); }
  };
  const hear = (state, outdated) => {
    const works = ["idle", "busy"].includes(state);
    // A connection that is made anew is away for a moment.
    apart = state === "apart" && alive ? apart + 1 : 0;
    if (apart === 1) { return; }
    if (works && !alive) { watchOver(); }
    if (works || ["room", "full"].includes(state) || (state === "apart" && !alive)) {
      heard = Date.now();
      thaw();
      if (outdated) { say("outdated"); } else if (told && told !== "back") { say("back"); }
      // For a second nothing was done and nothing changed, and the kernel has nothing to do: all parts agree.
      if (state === "idle" && heard - touched > 1000) { keep(); }
      if (state === "room" && inside()?.querySelector(".wbd-waits")) { anew(); }
      return;
    }
    freeze();
    say(state === "apart" ? "away" : state in data.words ? state : "gone");
  };
  const beat = async () => {
    const id = kernel();
    try {
      const answer = await ask(id);
      if (answer.redirected || answer.status === 403) { hear("closed"); return; }
      const { state, page, outdated } = answer.ok ? await answer.json() : { state: "gone", page: made };
      made ??= page;
      if (page !== made) { hear("renewed"); } else if (id === kernel()) { hear(state, outdated); }
    } catch { hear("away"); } finally { setTimeout(beat, 1000); }
  };
  setInterval(() => {
    // After sleep the last answer is old, and a new one gets a second and a half before nothing is believed.
    heard = Math.max(heard, Date.now() - tick > 2000 ? Date.now() - 3000 : 0);
    tick = Date.now();
    if (tick - heard > 4500 && ["", "back", "outdated"].includes(told)) { hear("away"); }
  }, 500);
  window.addEventListener("pagehide", () => {
    const token = new URLSearchParams({ _xsrf: document.cookie.match(/\b_xsrf=([^;]*)/)?.[1] ?? "" });
    if (kernel()) { navigator.sendBeacon(`/voila/api/shutdown/${kernel()}`, token); }
  });
  beat();
}
