// The page follows the room: by server-sent events, and by asking where these fail.
(() => {
  "use strict";
  const find = (selector, from = document) => from.querySelector(selector);
  const main = () => find("main[data-follow]");
  if (!main()) return;
  const tell = words => { find("[data-told]").textContent = words; };
  let busy = false, again = false, misses = 0, source = null, polling = 0;

  // a fresh page takes the place of the old one, and what was typed stays where nothing moved
  const parts = [".help", "details.name", "[data-line]", "[data-tasks]", "nav"];
  function show(html, whole, asked = false) {
    const page = new DOMParser().parseFromString(html, "text/html");
    const fresh = find("main[data-follow]", page), old = main();
    if (!fresh) return find("[data-sentence]", page)?.textContent ?? "";
    const moved = fresh.dataset.stage !== old.dataset.stage;
    old.dataset.version = fresh.dataset.version;
    if (moved || whole) {
      const inside = old.contains(document.activeElement);
      find("header").replaceWith(find("header", page));
      old.replaceWith(fresh);
      grow();
      if (inside) find("h1").focus();
      if (moved) { tell(`${find(".badge")?.textContent ?? ""} ${find("h1").textContent}`); scrollTo(0, 0); }
    } else {
      const here = find(".join [data-here]", fresh);
      if (here) for (const place of old.querySelectorAll("[data-here]")) place.textContent = here.textContent;
      for (const part of parts) {
        const next = find(part, fresh), had = find(part, old);
        if (next && had && next.outerHTML !== had.outerHTML && (asked || !had.contains(document.activeElement))) had.replaceWith(next);
      }
    }
    return "";
  }
  async function refresh() {
    if (busy) { again = true; return; }
    busy = true;
    try {
      const answer = await fetch(location.href, {cache: "no-store"});
      if (answer.ok) show(await answer.text(), false);
    } catch { /* the next piece of news tries again */ }
    busy = false;
    if (again) { again = false; setTimeout(refresh, 1000); }
  }
  function news(state) {
    misses = 0;
    const here = main(), stage = `${state.question} ${state.round} ${state.phase}`;
    if (stage !== here.dataset.stage) return refresh();
    for (const place of document.querySelectorAll("[data-voted]")) place.textContent = state.voted;
    const bar = find("progress");
    if (bar) { bar.max = Math.max(bar.max, state.voted); bar.value = state.voted; }
    const waiting = find("aside") || find(".help [name=cancel]"); // whose place in the line may move
    if (waiting && String(state.version) !== here.dataset.version) refresh();
  }
  async function ask() {
    try {
      const answer = await fetch(main().dataset.state, {cache: "no-store"});
      if (answer.ok) news(await answer.json());
    } catch { misses += 1; }
  }
  function follow() {
    source?.close();
    if (!window.EventSource) { polling ||= setInterval(ask, 3000); return; }
    source = new EventSource(main().dataset.follow);
    source.onmessage = event => { clearInterval(polling); polling = 0; news(JSON.parse(event.data)); };
    source.onerror = () => {
      polling ||= setInterval(ask, 3000);
      if (source.readyState === EventSource.CLOSED) setTimeout(follow, 5000);
    };
  }
  // a phone that wakes may have lost its stream without knowing
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { ask(); follow(); } });
  addEventListener("pageshow", event => { if (event.persisted) { ask(); follow(); } });

  document.addEventListener("submit", async event => {
    const form = event.target, pressed = event.submitter;
    event.preventDefault();
    if (form.dataset.sent) return;
    form.dataset.sent = "yes";
    const said = new URLSearchParams(new FormData(form, pressed));
    let problem = "";
    try {
      const answer = await fetch(form.getAttribute("action"), {method: "POST", body: said});
      const html = await answer.text();
      const part = /\/(help|name)$/.test(form.getAttribute("action"));
      problem = show(html, answer.ok && !part, true) || (answer.ok ? "" : html.slice(0, 200));
      if (!problem && form.getAttribute("action").endsWith("/vote")) tell("Your vote counts.");
      if (!problem && part) tell(find(".help p").textContent);
    } catch {
      problem = "The room doesn't answer. Nothing is lost: what you wrote stands here. Send it again in a moment.";
    }
    delete form.dataset.sent;
    find(".problem", form)?.remove();
    if (problem) {
      const line = Object.assign(document.createElement("p"), {className: "problem", textContent: problem});
      line.setAttribute("role", "alert");
      form.append(line);
    }
  });

  function grow() {
    const order = find("[data-order]"), sketch = find("[data-sketch]");
    if (order) moving(order);
    if (sketch) drawing(sketch);
  }
  // an order: each item moves by its buttons, and by arrow keys on these
  function moving(list) {
    const names = new Map([...find("select", list).options].map(o => [o.value, o.textContent]));
    const shorts = [...list.querySelectorAll("select")].map(s => s.value);
    list.classList.add("moves");
    list.replaceChildren(...shorts.map(short => {
      const item = document.createElement("li"), words = document.createElement("span");
      const kept = Object.assign(document.createElement("input"), {type: "hidden", value: short});
      words.textContent = names.get(short);
      const move = (by, sign, name) => {
        const button = Object.assign(document.createElement("button"), {type: "button", textContent: sign});
        button.setAttribute("aria-label", `${name}: ${names.get(short)}`);
        button.onclick = () => {
          const other = by < 0 ? item.previousElementSibling : item.nextElementSibling;
          if (!other) return;
          by < 0 ? other.before(item) : other.after(item);
          button.focus();
          number();
          tell(`${names.get(short)}: place ${[...list.children].indexOf(item) + 1} of ${shorts.length}`);
        };
        return button;
      };
      const up = move(-1, "↑", "Earlier"), down = move(1, "↓", "Later");
      item.append(words, kept, up, down);
      item.onkeydown = event => {
        const button = {ArrowUp: up, ArrowDown: down}[event.key];
        if (button) { event.preventDefault(); button.click(); }
      };
      return item;
    }));
    const number = () => [...list.children].forEach((item, i) => { find("input", item).name = `answer-${i + 1}`; });
    number();
  }
  // a sketch: what is typed is drawn
  function drawing(field) {
    const space = "http://www.w3.org/2000/svg", paper = document.createElementNS(space, "svg");
    paper.setAttribute("viewBox", "0 0 320 130");
    paper.setAttribute("aria-hidden", "true");
    const inputs = [...field.querySelectorAll("input")];
    const path = (kind, d) => {
      const p = document.createElementNS(space, "path");
      p.setAttribute("d", d);
      if (kind) p.setAttribute("class", kind);
      paper.append(p);
    };
    const draw = () => {
      const values = inputs.map(i => i.value.trim() === "" ? NaN : Number(i.value.replace(",", ".").replace("−", "-")));
      const known = values.filter(Number.isFinite), low = Math.min(0, ...known), high = Math.max(0, ...known);
      const x = i => 20 + (280 * i) / (inputs.length - 1), y = v => 115 - (100 * (v - low)) / (high - low || 1);
      paper.replaceChildren();
      path("frame", `M0 ${y(0)}H320`);
      const points = values.flatMap((v, i) => Number.isFinite(v) ? [[x(i), y(v)]] : []);
      if (points.length > 1) path("", `M${points.map(p => p.join(" ")).join("L")}`);
      for (const [a, b] of points) path("dot", `M${a} ${b - 6}l6 6-6 6-6-6z`);
    };
    field.append(paper);
    field.addEventListener("input", draw);
    draw();
  }
  grow();
  follow();
})();
