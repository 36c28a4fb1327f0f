/** Plots in the page's own pixels, and points in them that move by hand and by key. */
import {svg} from "./elements.js";

let plots = 0;

/**
 * A plot that is drawn in the page's own pixels, so that its words keep their size.
 * `x` and `y` are the ends of the axes, `names` their names; `draw(plot)` is called at each change
 * of width. What is put into `plot.inner` ends at the axes.
 */
export function plotted(host, {x, y, height, label, ticks = {}, names = {}, inset = {}}, draw) {
  const box = {
    left: 34,
    right: 14,
    top: names.y ? 28 : 14,
    bottom: names.x ? 44 : 26,
    ...inset,
  };
  const axes = svg("g", {class: "axes", "aria-hidden": true});
  const edge = svg("rect");
  const id = `axes-${++plots}`;
  const inner = svg("g", {"clip-path": `url(#${id})`});
  const picture = svg(
    "svg",
    {role: "group", "aria-label": label},
    svg("clipPath", {id}, edge),
    axes,
    inner,
  );
  host.append(picture);
  const plot = {svg: picture, inner, width: 0, height: 0, box};
  const across = () => plot.width - box.left - box.right;
  const up = () => plot.height - box.top - box.bottom;
  plot.x = v => box.left + ((v - x[0]) / (x[1] - x[0])) * across();
  plot.y = v => plot.height - box.bottom - ((v - y[0]) / (y[1] - y[0])) * up();
  plot.path = points =>
    points
      .map(([a, b], i) => `${i ? "L" : "M"}${plot.x(a).toFixed(1)} ${plot.y(b).toFixed(1)}`)
      .join("");
  plot.at = event => {
    const place = picture.getBoundingClientRect();
    const [a, b] = [event.clientX - place.left - box.left, event.clientY - place.top - box.top];
    return [x[0] + (a / across()) * (x[1] - x[0]), y[1] - (b / up()) * (y[1] - y[0])];
  };
  function frame() {
    const lines = (ticks.y ?? []).flatMap(([v, words]) => [
      svg("line", {
        x1: box.left,
        x2: plot.width - box.right,
        y1: plot.y(v),
        y2: plot.y(v),
        class: v === 0 ? "zero" : "",
      }),
      svg("text", {x: box.left - 8, y: plot.y(v) + 4, "text-anchor": "end"}, words),
    ]);
    const floor = plot.height - box.bottom;
    const marks = (ticks.x ?? []).map(([v, words]) =>
      svg("text", {x: plot.x(v), y: floor + 19, "text-anchor": "middle"}, words),
    );
    const right = plot.width - box.right;
    axes.replaceChildren(
      ...lines,
      ...marks,
      svg("text", {x: box.left, y: box.top - 13}, names.y ?? ""),
      svg("text", {x: right, y: floor + 38, "text-anchor": "end"}, names.x ?? ""),
    );
    const corner = {x: box.left - 2, y: box.top - 2, width: across() + 4, height: up() + 4};
    for (const [key, v] of Object.entries(corner)) edge.setAttribute(key, v);
  }
  function sized() {
    const width = Math.round(picture.clientWidth);
    if (!width || width === plot.width) return;
    plot.width = width;
    plot.height = Math.round(typeof height === "function" ? height(width) : height);
    picture.setAttribute("viewBox", `0 0 ${width} ${plot.height}`);
    picture.setAttribute("height", plot.height);
    frame();
    draw(plot);
  }
  new ResizeObserver(sized).observe(picture);
  requestAnimationFrame(sized);
  return plot;
}

/**
 * A point of a plot that moves: `drag(x, y)` in the axes' units, `step(right, up, big)` by keys.
 * `place(x, y, value, words)` puts it, and says what is read out there.
 */
export function handle(plot, label, {drag, step, vertical = true}) {
  const dot = svg(
    "g",
    {
      class: "handle",
      tabindex: 0,
      role: "slider",
      "aria-label": label,
      "aria-orientation": vertical ? "vertical" : "horizontal",
    },
    svg("circle", {r: 22, class: "touch"}),
    svg("circle", {r: 9, class: "dot"}),
  );
  let held = false;
  dot.addEventListener("pointerdown", event => {
    held = true;
    dot.setPointerCapture(event.pointerId);
    dot.focus({preventScroll: true});
    event.preventDefault();
  });
  dot.addEventListener("pointermove", event => held && drag(...plot.at(event)));
  for (const end of ["pointerup", "pointercancel"])
    dot.addEventListener(end, () => {
      held = false;
    });
  dot.addEventListener("keydown", event => {
    const by = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]}[
      event.key
    ];
    if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    step(...by, event.shiftKey);
  });
  plot.svg.append(dot);
  return {
    element: dot,
    place(x, y, value, words) {
      dot.setAttribute("transform", `translate(${plot.x(x).toFixed(1)} ${plot.y(y).toFixed(1)})`);
      dot.setAttribute("aria-valuenow", value);
      dot.setAttribute("aria-valuetext", words);
    },
  };
}
