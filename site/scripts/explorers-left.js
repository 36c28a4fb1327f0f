/** Draw the left: the right half stays x, the reader draws what the function does below 0. */
import {clamp, dataOf, el, shown, svg} from "./elements.js";
import {button, readings, stage} from "./explorers-stage.js";
import {handle, plotted} from "./plots.js";

const FAR = 8,
  FINE = 0.01;
// of max(0, x) for a standard normal x
const RIGHT = {mean: 1 / Math.sqrt(2 * Math.PI), second: 0.5, slopes: 0.5};
const density = x => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);

/** Value and slope, left of 0, of a line through the knots, the last of which is [0, 0]. */
export function leftAt(knots, x) {
  let i = 0;
  while (i < knots.length - 2 && x >= knots[i + 1][0]) i++;
  const [[a, b], [c, d]] = [knots[i], knots[i + 1]];
  const slope = (d - b) / (c - a);
  return {out: b + slope * (x - a), slope};
}

/** Mean, mean square and mean squared slope for standard normal inputs. */
export function momentsOf(knots) {
  const sums = {...RIGHT};
  for (let x = -FAR + FINE / 2; x < 0; x += FINE) {
    const {out, slope} = leftAt(knots, x),
      share = density(x) * FINE;
    sums.mean += share * out;
    sums.second += share * out * out;
    sums.slopes += share * slope * slope;
  }
  return sums;
}

/** The relative whose left half is nearest, and how far off it is, over normal inputs below 0. */
export function nearestOf(relatives, xs, knots) {
  const weights = xs.map(density),
    total = weights.reduce((sum, w) => sum + w, 0);
  const all = relatives.map(({name, left}) => {
    const square = xs.reduce(
      (sum, x, i) => sum + weights[i] * (leftAt(knots, x).out - left[i]) ** 2,
      0,
    );
    return {name, left, off: Math.sqrt(square / total)};
  });
  return all.reduce((best, one) => (one.off < best.off ? one : best));
}

export function wire(host) {
  const {xs, at, relatives} = dataOf(host);
  const zero = () => at.map(x => [x, 0]);
  let knots = zero();
  const {pictures, below, say} = stage(
    host,
    "Draw the left half",
    "To the right of 0 it stays x, as in a ReLU. Drag the points to say what happens on the left.",
  );
  const plot = plotted(
    pictures,
    {
      x: [at[0] - 0.3, 2.2],
      y: [-2, 2.2],
      height: width => clamp(width * 0.56, 250, 380),
      label: "An activation whose left half moves",
      names: {x: "input x", y: "output"},
      ticks: {
        x: [-4, -2, 0, 2].map(v => [v, shown(v, 0)]),
        y: [-1, 0, 1, 2].map(v => [v, shown(v, 0)]),
      },
    },
    () => show(),
  );
  const near = svg("path", {class: "target"}),
    left = svg("path", {class: "out left"}),
    right = svg("path", {class: "out on"});
  const name = svg("text", {class: "name off"});
  plot.inner.append(near, left, right, name);
  const found = readings(["mean output", "mean squared slope", "gain that keeps the size"]);
  const told = el("p", {class: "told short"});
  below.append(
    found.element,
    told,
    el(
      "p",
      {class: "buttons"},
      ...relatives
        .slice(1)
        .map(one => button(one.says, () => put(at.map(x => [x, leftOf(one, x)])))),
      button("ReLU again", () => put(zero()), "quiet"),
    ),
  );
  const leftOf = ({left: values}, x) => (x ? values[xs.indexOf(x)] : 0);
  const handles = at.slice(0, -1).map((x, i) =>
    handle(plot, `height at ${shown(x, 1)}`, {
      drag: (_, y) => move(i, y),
      step: (across, up, big) => move(i, knots[i][1] + (across + up) * (big ? 0.25 : 0.05)),
    }),
  );
  function move(i, y) {
    knots[i] = [knots[i][0], clamp(Number(y.toFixed(2)), -2, 2)];
    show();
  }
  function put(next) {
    knots = next;
    show();
  }
  function show() {
    if (!plot.width) return;
    const edge = at[0] - 0.3;
    left.setAttribute("d", plot.path([[edge, leftAt(knots, edge).out], ...knots]));
    right.setAttribute(
      "d",
      plot.path([
        [0, 0],
        [2.2, 2.2],
      ]),
    );
    handles.forEach((one, i) =>
      one.place(...knots[i], knots[i][1], `height ${shown(knots[i][1])}`),
    );
    const {mean, second, slopes} = momentsOf(knots),
      best = nearestOf(relatives, xs, knots);
    const said = relatives.find(one => one.name === best.name).says;
    near.setAttribute("d", plot.path(xs.map((x, i) => [x, best.left[i]])));
    const middle = xs.findIndex(x => x >= -2.5);
    name.setAttribute("x", plot.x(xs[middle]));
    name.setAttribute("y", plot.y(best.left[middle]) + 24);
    name.replaceChildren(best.off < 1e-9 ? "" : said);
    found.set([shown(mean), shown(slopes), shown(1 / Math.sqrt(second))]);
    const off =
      best.off < 0.005
        ? `That is ${said}.`
        : `The nearest relative is ${said}, ${shown(best.off)} away.`;
    told.replaceChildren(off);
    say(`Mean output ${shown(mean)}, mean squared slope ${shown(slopes)}. ${off}`);
  }
}
