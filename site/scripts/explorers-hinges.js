/** The hinge builder: corners of a broken line that the reader moves onto a sine. */
import {clamp, dataOf, el, shown, svg} from "./elements.js";
import {button, legend, readings, stage, still} from "./explorers-stage.js";
import {END, GRID, bestSlopes, corners, descended, errors, through, value} from "./hinges.js";
import {handle, plotted} from "./plots.js";

const TOP = 1.6; // of the picture
const APART = 0.05; // least distance of two corners
const MOST = 12; // hinges
const STEPS = 3000; // of gradient descent
const RATE = 0.02;

export function wire(host) {
  const {start} = dataOf(host);
  let hinges = start,
    running = 0,
    handles = [];
  const {pictures, below, say} = stage(
    host,
    "Draw a sine with hinges",
    "Drag a corner. Or go to it with Tab and use the arrow keys.",
  );
  const plot = plotted(
    pictures,
    {
      x: [0, END],
      y: [-TOP, TOP],
      height: width => clamp(width * 0.5, 230, 360),
      label: "A broken line beside the sine",
      names: {x: "input x, in radians", y: "output"},
      ticks: {
        x: ["0", "π/2", "π", "3π/2", "2π"].map((words, i) => [(i * END) / 4, words]),
        y: [-1, 0, 1].map(v => [v, shown(v, 0)]),
      },
    },
    () => show(),
  );
  const gap = svg("path", {class: "gap"}),
    target = svg("path", {class: "target"});
  const single = svg("g", {class: "single"}),
    line = svg("path", {class: "sum"});
  plot.inner.append(gap, single, target, line);
  const found = readings(["largest error", "typical error", "hinges"]);
  const formula = el("p", {class: "formula"});
  const buttons = el(
    "p",
    {class: "buttons"},
    button("Best slopes for these kinks", () => put(bestSlopes(hinges.kinks)), "primary"),
    button("Let gradient descent try", train),
    button("One hinge more", () => number(hinges.kinks.length + 1)),
    button("One fewer", () => number(hinges.kinks.length - 1)),
    button("Start again", () => put(start), "quiet"),
  );
  below.append(
    legend({target: "sin x", sum: "the sum of the hinges", single: "one hinge"}),
    found.element,
    formula,
    buttons,
  );

  function put(next) {
    running = 0;
    hinges = next;
    show();
  }
  function number(n) {
    const count = clamp(n, 1, MOST);
    put(bestSlopes(Array.from({length: count}, (_, i) => (i * END) / count)));
  }
  function move(i, x, y) {
    running = 0;
    const points = corners(hinges),
      last = points.length - 1;
    const low = i ? points[i - 1][0] + APART : 0;
    const high = i < last ? points[i + 1][0] - APART : END;
    points[i] = [i < last ? clamp(x, low, high) : END, clamp(y, -TOP, TOP)];
    hinges = through(points);
    show();
  }
  function grasp(n) {
    while (handles.length < n) {
      const i = handles.length;
      handles.push(
        handle(plot, `corner ${i + 1}`, {
          drag: (x, y) => move(i, x, y),
          step(right, up, big) {
            const [x, y] = corners(hinges)[i],
              by = big ? 0.25 : 0.05;
            move(i, x + right * by, y + up * by);
          },
        }),
      );
    }
    for (const each of handles.splice(n)) each.element.remove();
  }
  function show() {
    if (!plot.width) return;
    const points = corners(hinges),
      {worst, typical} = errors(hinges);
    const inside = ([x, y]) => [x, clamp(y, -TOP, TOP)];
    grasp(points.length);
    points.forEach((point, i) => {
      const [x, y] = inside(point);
      handles[i].place(x, y, shown(point[1]), `x ${shown(x)}, height ${shown(point[1])}`);
    });
    const broken = points[0][0] > 0 ? [[0, hinges.offset], ...points] : points;
    line.setAttribute("d", plot.path(broken));
    target.setAttribute("d", plot.path(GRID.map(x => [x, Math.sin(x)])));
    const there = GRID.map(x => [x, value(hinges, x)]);
    const back = [...GRID].reverse().map(x => [x, Math.sin(x)]);
    gap.setAttribute("d", `${plot.path([...there, ...back])}Z`);
    single.replaceChildren(
      ...hinges.kinks.map((k, i) =>
        svg("path", {
          d: plot.path([
            [k, 0],
            [END, hinges.changes[i] * (END - k)],
          ]),
        }),
      ),
    );
    const words = [shown(worst), shown(typical), String(hinges.kinks.length)];
    found.set(words);
    formula.replaceChildren(
      `f(x) = ${shown(hinges.offset)}`,
      ...hinges.kinks.map((k, i) => {
        const c = hinges.changes[i];
        return ` ${c < 0 ? "−" : "+"} ${Math.abs(c).toFixed(2)} max(0, x − ${k.toFixed(2)})`;
      }),
    );
    if (!running) say(`Largest error ${words[0]}, typical ${words[1]}, with ${words[2]} hinges.`);
  }
  function train() {
    const run = ++running || 1;
    running = run;
    let steps = 0;
    const frame = () => {
      if (run !== running) return;
      for (let n = still() ? STEPS : 14; n > 0; n--, steps++) hinges = descended(hinges, RATE);
      if (steps >= STEPS) running = 0;
      else requestAnimationFrame(frame);
      show();
    };
    frame();
  }
}
