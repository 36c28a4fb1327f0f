/** One unit, max(0, w x + b): its kink and its slope are moved, and where it is on is seen. */
import {clamp, dataOf, el, shown, svg} from "./elements.js";
import {button, legend, slider, stage} from "./explorers-stage.js";
import {handle, plotted} from "./plots.js";

/** What the unit gives, and its slope, which is 0 at the kink. */
export const unitOf = (weight, bias, x) => {
  const z = weight * x + bias;
  return {z, out: Math.max(0, z), slope: z > 0 ? weight : 0};
};

/** Where it bends, or null where it has no kink. */
export const kinkOf = (weight, bias) => (weight ? -bias / weight : null);

export function wire(host) {
  const {view, reach, step, start} = dataOf(host);
  let {weight, bias} = start;
  const {pictures, below, say} = stage(
    host,
    "One unit, and where it bends",
    "Drag the round handles, or use the sliders. On is blue, off is orange.",
  );
  const grid = [...Array(2 * 4 * view + 1).keys()].map(i => i / 4 - view);
  const whole = [-4, -2, 0, 2, 4].filter(v => Math.abs(v) <= view);
  const output = plotted(
    pictures,
    {
      x: [-view, view],
      y: [-2, 6],
      height: width => clamp(width * 0.55, 230, 330),
      label: "The unit's output over its input",
      names: {x: "input x", y: "output"},
      ticks: {x: whole.map(v => [v, shown(v, 0)]), y: [0, 2, 4].map(v => [v, shown(v, 0)])},
    },
    () => show(),
  );
  const off = svg("rect", {class: "side off"}),
    on = svg("rect", {class: "side on"});
  const before = svg("path", {class: "before"});
  const low = svg("path", {class: "out off"}),
    high = svg("path", {class: "out on"});
  const names = ["off", "on"].map(kind =>
    svg("text", {class: `name ${kind}`, "text-anchor": "middle"}),
  );
  output.inner.append(off, on, before, low, high, ...names);
  const slope = plotted(
    pictures,
    {
      x: [-view, view],
      y: [-reach, reach],
      height: 130,
      label: "The unit's slope over its input",
      names: {y: "slope"},
      ticks: {x: [], y: [-reach, 0, reach].map(v => [v, shown(v, 0)])},
      inset: {bottom: 14},
    },
    () => show(),
  );
  const steps = svg("path", {class: "out slope"}),
    drop = svg("path", {class: "drop"});
  slope.inner.append(drop, steps);
  const even = v => Math.round(v / step) * step;
  const put = (w, b) => {
    [weight, bias] = [w, b].map(v => clamp(Number(v.toFixed(6)), -reach, reach));
    weights.set(weight);
    biases.set(bias);
    show();
  };
  const range = {min: -reach, max: reach, step, words: v => shown(v)};
  const weights = slider("weight w", {...range, value: weight, moved: w => put(w, bias)});
  const biases = slider("bias b", {...range, value: bias, moved: b => put(weight, b)});
  const formula = el("p", {class: "readings"});
  below.append(
    legend({"out on": "max(0, wx + b)", before: "wx + b, before the ReLU"}),
    formula,
    el("div", {class: "sliders"}, weights.element, biases.element),
    el(
      "p",
      {class: "buttons"},
      button("Turn it round", () => put(-weight, bias)),
      button("Start again", () => put(start.weight, start.bias), "quiet"),
    ),
  );
  const kinkHandle = handle(output, "kink", {
    vertical: false,
    drag: x => put(weight, -weight * even(x)),
    step: right => put(weight, bias - side() * right * step),
  });
  const side = () => (weight < 0 ? -1 : 1);
  const slopeHandle = handle(output, "slope", {
    // it stands one to the on side of the kink
    drag: (_, y) => tilt(side() * even(Math.max(0, y))),
    step: (right, up, big) => tilt(weight + side() * (right + up) * step * (big ? 5 : 1)),
  });
  function tilt(w) {
    const kink = kinkOf(weight, bias) ?? 0;
    const next = w * side() <= 0 ? side() * step : w;
    put(next, clamp(-next * kink, -reach, reach));
  }
  function show() {
    if (!output.width || !slope.width) return;
    const kink = kinkOf(weight, bias);
    const at = kink === null ? (bias > 0 ? -view : view) : clamp(kink, -view, view);
    const right = weight > 0 || (weight === 0 && bias > 0); // on which side of `at` it is on
    const ends = {on: right ? [at, view] : [-view, at], off: right ? [-view, at] : [at, view]};
    for (const [kind, rect, word] of [
      ["off", off, names[0]],
      ["on", on, names[1]],
    ]) {
      const [from, to] = ends[kind].map(output.x);
      rect.setAttribute("x", from);
      rect.setAttribute("width", Math.max(0, to - from));
      rect.setAttribute("y", output.box.top);
      rect.setAttribute("height", output.height - output.box.top - output.box.bottom);
      word.setAttribute("x", (from + to) / 2);
      word.setAttribute("y", output.box.top + 20);
      word.replaceChildren(to - from < 70 ? "" : kind);
    }
    const line = (f, [from, to]) =>
      output.path([from, to].map(x => [x, f(unitOf(weight, bias, x))]));
    before.setAttribute(
      "d",
      line(u => u.z, [-view, view]),
    );
    low.setAttribute("d", ends.off[0] < ends.off[1] ? line(() => 0, ends.off) : "");
    high.setAttribute("d", ends.on[0] < ends.on[1] ? line(u => u.out, ends.on) : "");
    const level = ([from, to], y) =>
      from < to
        ? slope.path([
            [from, y],
            [to, y],
          ])
        : "";
    steps.setAttribute("d", level(ends.off, 0) + level(ends.on, weight));
    drop.setAttribute(
      "d",
      kink === null || at !== kink
        ? ""
        : slope.path([
            [at, -reach],
            [at, reach],
          ]),
    );
    const seen = kink !== null && at === kink;
    for (const {element} of [kinkHandle, slopeHandle]) element.toggleAttribute("hidden", !seen);
    if (seen) {
      kinkHandle.place(kink, 0, shown(kink), `kink at x = ${shown(kink)}`);
      slopeHandle.place(kink + side(), Math.abs(weight), shown(weight), `slope ${shown(weight)}`);
    }
    const sum = `${shown(weight)}x ${bias < 0 ? "−" : "+"} ${Math.abs(bias).toFixed(2)}`;
    const where =
      kink === null
        ? `always ${shown(Math.max(0, bias))}: no kink`
        : `it bends at x = −b/w = ${shown(kink)}${seen ? "" : ", outside the picture"}`;
    formula.replaceChildren(el("span", {}, el("b", {}, `max(0, ${sum})`)), el("span", {}, where));
    say(`max of 0 and ${sum}: ${where}`);
  }
}
