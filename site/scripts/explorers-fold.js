/** Exclusive-or by two ReLUs: a sheet that slides, bends and is cut, as far as a slider says. */
import {clamp, dataOf, el, svg} from "./elements.js";
import {button, slider, stage, still} from "./explorers-stage.js";
import {plotted} from "./plots.js";

const MOVES = ["slide", "press", "lift", "rule"];
const PACE = 650; // milliseconds a moment

/** Where a point of the sheet is while it is folded to (f(s), f(s - 1)), s = x + y. */
export function moved([x, y], {slide, press, lift}) {
  const s = x + y;
  return [x + slide * y - press * Math.min(s, 0), (1 - slide) * y + lift * Math.max(s - 1, 0)];
}

/** The moves between two moments, and the words of the one that has come. */
export function between(moments, place) {
  const i = Math.min(Math.floor(place + 1e-9), moments.length - 1);
  const [one, next] = [moments[i], moments[Math.min(i + 1, moments.length - 1)]];
  const share = Math.max(0, place - i);
  const mixed = MOVES.map(name => [name, one[name] + share * (next[name] - one[name])]);
  return {...one, ...Object.fromEntries(mixed)};
}

export function wire(host) {
  const data = dataOf(host);
  const {moments, points, parts, lines, creases, cut} = data;
  const last = moments.length - 1;
  let place = 0,
    playing = 0;
  const {pictures, below, say} = stage(
    host,
    "Fold the plane, then cut once",
    "Move the slider, or let it play. Filled points are 1, hollow ones are 0.",
  );
  pictures.classList.add("pair", "sheets");
  const sheets = [
    {x: [-0.45, 1.45], name: "The two inputs", ticks: [0, 1], fixed: true},
    {x: [-0.6, 2.6], name: "On its way through two ReLUs", ticks: [0, 1, 2]},
  ].map(sheet);

  function sheet({x, name, ticks, fixed}) {
    const box = el("div", {style: `flex-grow:${x[1] - x[0]}`}, el("p", {class: "name"}, name));
    pictures.append(box);
    const y = [-0.5, 1.5],
      inset = {left: 22, right: 8, top: 8, bottom: 24};
    const across = (y[1] - y[0]) / (x[1] - x[0]);
    const marks = ends => ends.map(v => [v, String(v)]);
    const plot = plotted(
      box,
      {
        x,
        y,
        height: width => (width - 30) * across + 32,
        label: name,
        inset,
        ticks: {x: marks(ticks), y: marks([0, 1])},
      },
      () => show(),
    );
    const layer = name => plot.inner.appendChild(svg("g", {class: name}));
    const hatch = `hatch-${plot.inner.getAttribute("clip-path").slice(5, -1)}`;
    const stripe = svg("path", {d: "M0 0V8", class: "stripe"});
    const size = {width: 7, height: 8, patternUnits: "userSpaceOnUse"};
    const pattern = {id: hatch, ...size, patternTransform: "rotate(45)"};
    plot.svg.append(svg("pattern", pattern, stripe));
    return {
      hatch,
      plot,
      fixed,
      x,
      paper: layer("paper"),
      squares: layer("squares"),
      says: layer("says"),
      folds: layer("folds"),
      ruler: layer("ruler"),
      dots: layer("dots"),
    };
  }
  const outline = (plot, all) => `${plot.path(all)}Z`;
  function drawn({plot, fixed, x, hatch, paper, squares, says, folds, ruler, dots}, now) {
    if (!plot.width) return;
    const moves = fixed ? {slide: 0, press: 0, lift: 0} : now;
    const put = point => moved(point, moves);
    paper.replaceChildren(
      ...parts.map(({on, corners}) =>
        svg("path", {class: `on${on}`, d: outline(plot, corners.map(put))}),
      ),
    );
    squares.replaceChildren(svg("path", {d: lines.map(all => plot.path(all.map(put))).join("")}));
    folds.replaceChildren(svg("path", {d: creases.map(all => plot.path(all.map(put))).join("")}));
    const edge = [x[0], x[0] + (now.rule || 0) * (x[1] - x[0])].map(v => [v, (v - cut) / 2]);
    const cuts = fixed ? (now.unfolded ? data.cuts : []) : now.rule ? [edge] : [];
    ruler.replaceChildren(svg("path", {d: cuts.map(plot.path).join("")}));
    const side = fixed ? now.unfolded && data.band : now.told && [...edge, [x[1], -1]];
    const told = (words, [a, b]) =>
      svg("text", {x: plot.x(a), y: plot.y(b) + 4, "text-anchor": "middle"}, words);
    const said = fixed
      ? [told("says 1", [0.5, 0.5])]
      : [told("says 1", [2.1, 0.2]), told("says 0", [0.6, 1])];
    const area = side && svg("path", {d: outline(plot, side), style: `fill:url(#${hatch})`});
    says.replaceChildren(...(side ? [area, ...said] : []));
    dots.replaceChildren(
      ...points.map(([a, b, answer]) => {
        const [u, v] = put([a, b]);
        const [cx, cy] = [plot.x(u), plot.y(v)];
        const [, on1, on2] = points.map(([c, d]) => put([c, d]));
        const together = answer && Math.hypot(on1[0] - on2[0], on1[1] - on2[1]) < 0.02;
        const ring = svg("circle", {class: "ring", r: together ? 14 : 0, cx, cy});
        const dot = svg("circle", {class: answer ? "on" : "off", r: 8, cx, cy});
        const name = svg("text", {x: cx, y: cy + (b ? -14 : 23), "text-anchor": "middle"});
        name.append(fixed ? `${a}, ${b}` : "");
        return svg("g", {}, ring, dot, name);
      }),
    );
  }
  const caption = el("p", {class: "told"});
  const bar = slider("how far", {
    min: 0,
    max: last,
    step: 0.05,
    value: 0,
    words: v => `${Math.round((100 * v) / last)} %`,
    moved: v => to(v),
  });
  const play = button("Play", () => (playing ? stop() : run()), "primary");
  below.append(
    caption,
    el("div", {class: "sliders wide"}, bar.element),
    el(
      "p",
      {class: "buttons"},
      play,
      button("A step back", () => to(Math.max(0, Math.ceil(place - 1.01)))),
      button("A step on", () => to(Math.min(last, Math.floor(place + 1.01)))),
    ),
  );

  function stop() {
    cancelAnimationFrame(playing);
    playing = 0;
    play.replaceChildren("Play");
  }
  function run() {
    if (place >= last) put(0);
    play.replaceChildren("Stop");
    let before = null;
    const frame = now => {
      const next = still()
        ? Math.floor(place) + 1
        : place + (before === null ? 0 : (now - before) / PACE);
      before = now;
      put(clamp(next, 0, last));
      if (place >= last) stop();
      else playing = still() ? setTimeout(frame, 2 * PACE) : requestAnimationFrame(frame);
    };
    playing = requestAnimationFrame(frame);
  }
  function to(next) {
    stop();
    put(next);
  }
  function put(next) {
    place = next;
    bar.set(place);
    show();
  }
  function show() {
    const now = between(moments, place);
    for (const one of sheets) drawn(one, now);
    caption.replaceChildren(el("b", {}, `${now.title}. `), now.caption);
    if (!playing) say(`${now.title}. ${now.caption}`);
  }
  show();
}
