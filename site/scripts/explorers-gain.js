/** The gain of ten ReLU layers: how large what arrives in each is, and what training reaches. */
import {clamp, dataOf, el, shown, svg} from "./elements.js";
import {button, readings, slider, stage} from "./explorers-stage.js";
import {general} from "./judging.js";
import {plotted} from "./plots.js";

const LOW = -5,
  HIGH = 3; // decades
const HE = Math.SQRT2;

/** The deviation of each layer's inputs at a gain: without biases it scales with the weights. */
export const deviationsAt = (deviations, gain) =>
  deviations.map(layers => layers.map((d, depth) => d * gain ** (depth + 1)));

/** The middle deviation of the networks, by layer. */
export const middles = networks =>
  networks[0].map((_, layer) => {
    const sorted = networks.map(layers => layers[layer]).sort((a, b) => a - b);
    return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
  });

/** The trained gain that is nearest, and the mean accuracy there. */
export function accuracyNear({gains, accuracy}, gain) {
  const i = gains.reduce(
    (best, g, j) => (Math.abs(g - gain) < Math.abs(gains[best] - gain) ? j : best),
    0,
  );
  return {gain: gains[i], mean: accuracy[i].reduce((sum, a) => sum + a, 0) / accuracy[i].length};
}

export function wire(host) {
  const data = dataOf(host);
  const depth = data.deviations[0].length;
  let gain = 1;
  const {pictures, below, say} = stage(
    host,
    "One number sets ten layers",
    "Move the gain: every weight is multiplied by it. Then see what training makes of the network.",
  );
  pictures.classList.add("pair");
  const half = () => pictures.appendChild(el("div", {style: "flex-grow:1"}));
  const height = width => clamp(width * 0.8, 220, 290);
  const signal = plotted(
    half(),
    {
      x: [0.6, depth + 0.4],
      y: [LOW, HIGH],
      height,
      label: "Size of the signal in each layer",
      names: {x: "layer", y: "deviation of what arrives"},
      inset: {left: 52},
      ticks: {
        x: [1, 4, 7, 10].map(v => [v, String(v)]),
        y: [-4, -2, 0, 2].map(v => [v, ["0.0001", "0.01", "1", "100"][v / 2 + 2]]),
      },
    },
    () => show(),
  );
  const lines = svg("path", {class: "seeds"}),
    middle = svg("path", {class: "sum"}),
    dots = svg("g", {class: "dots"});
  signal.inner.append(lines, middle, dots);
  const reached = plotted(
    half(),
    {
      x: [0.4, 2.6],
      y: [0, 100],
      height,
      label: "Accuracy after training, by gain",
      names: {x: "gain", y: "accuracy after 100 steps, %"},
      ticks: {
        x: [0.5, 1, 1.5, 2, 2.5].map(v => [v, String(v)]),
        y: [0, 50, 100].map(v => [v, String(v)]),
      },
    },
    () => show(),
  );
  const each = svg("g", {class: "seeds"}),
    mean = svg("path", {class: "sum"}),
    here = svg("path", {class: "here"});
  reached.inner.append(here, each, mean);
  const found = readings(["in layer 1", "in layer 10", "accuracy"]);
  const bar = slider("gain", {
    min: 0.5,
    max: 2.5,
    step: 0.01,
    value: gain,
    words: v => shown(v),
    moved: put,
  });
  below.append(
    found.element,
    el("div", {class: "sliders wide"}, bar.element),
    el(
      "p",
      {class: "buttons"},
      button("√2, as He has it", () => put(HE), "primary"),
      button("1, as for a straight line", () => put(1)),
    ),
  );
  function put(next) {
    gain = next;
    bar.set(gain);
    show();
  }
  function show() {
    if (!signal.width || !reached.width) return;
    const place = (d, layer) => [layer + 1, clamp(Math.log10(d), LOW - 1, HIGH + 1)];
    const all = deviationsAt(data.deviations, gain),
      typical = middles(all);
    lines.setAttribute("d", all.map(layers => signal.path(layers.map(place))).join(""));
    middle.setAttribute("d", signal.path(typical.map(place)));
    dots.replaceChildren(
      ...typical
        .map(place)
        .map(([a, b]) => svg("circle", {class: "on", r: 5, cx: signal.x(a), cy: signal.y(b)})),
    );
    each.replaceChildren(
      ...data.gains.flatMap((g, i) =>
        data.accuracy[i].map(a => svg("circle", {r: 2.5, cx: reached.x(g), cy: reached.y(a)})),
      ),
    );
    mean.setAttribute("d", reached.path(data.gains.map(g => [g, accuracyNear(data, g).mean])));
    here.setAttribute(
      "d",
      reached.path([
        [gain, 0],
        [gain, 100],
      ]),
    );
    const near = accuracyNear(data, gain);
    const words = [
      general(typical[0], 2),
      general(typical[depth - 1], 2),
      `${shown(near.mean, 0)} %`,
    ];
    found.set(words);
    const [first, last, reaches] = words;
    const trained = `From ${shown(near.gain)}, the nearest gain that was trained, 16 networks`;
    say(
      `Gain ${shown(gain)}: deviation ${first} in layer 1 and ${last} in layer 10. ` +
        `${trained} reach ${reaches} on average.`,
    );
  }
}
