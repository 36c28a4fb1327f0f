/** Windows of learning rates: what became of 16 networks, by activation and by rate. */
import {clamp, dataOf, el, shown, svg} from "./elements.js";
import {legend, readings, slider, stage} from "./explorers-stage.js";
import {plotted} from "./plots.js";

const ROW = 26; // pixels
const LOW = Math.log10(0.003),
  HIGH = Math.log10(300);

/** The rates at which all networks of a row learn; [] where there are none. */
export const windowOf = (data, row) =>
  data.rates.filter((_, i) => {
    const {counts} = data.cells[row][i];
    return counts[0] === counts.reduce((sum, n) => sum + n, 0);
  });

export function wire(host) {
  const data = dataOf(host);
  const {activations, rates, fates, steps, cells} = data;
  const names = activations.map(name => name.replace("_", " "));
  let row = 0,
    column = rates.indexOf(0.1);
  const {pictures, below, say} = stage(
    host,
    "How wide is the window?",
    "Each bar is 16 networks. Choose an activation and a learning rate, or tap a bar.",
  );
  const rate = i => String(rates[i]);
  const map = plotted(
    pictures,
    {
      x: [-0.5, rates.length - 0.5],
      y: [activations.length - 0.5, -0.5],
      height: ROW * activations.length + 52,
      label: "What became of the networks",
      names: {x: "learning rate"},
      inset: {left: 78, top: 8},
      ticks: {
        x: rates.flatMap((_, i) => (i % 2 ? [] : [[i, rate(i)]])),
        y: names.map((name, i) => [i, name]),
      },
    },
    () => show(),
  );
  const bars = svg("g", {class: "bars"}),
    chosen = svg("rect", {class: "chosen", rx: 4});
  map.inner.append(bars, chosen);
  map.svg.addEventListener("click", event => {
    const [x, y] = map.at(event).map(Math.round);
    if (rates[x] !== undefined && activations[y] !== undefined) put(y, x);
  });
  const found = readings(fates);
  found.element.classList.add("fates");
  const told = el("p", {class: "told short"});
  const bar = slider("learning rate", {
    min: 0,
    max: rates.length - 1,
    step: 1,
    value: column,
    words: rate,
    moved: v => put(row, v),
  });
  const select = el(
    "select",
    {onchange: () => put(select.selectedIndex, column)},
    ...names.map(name => el("option", {}, name)),
  );
  below.append(
    found.element,
    told,
    el(
      "div",
      {class: "sliders"},
      el("label", {class: "slider"}, el("span", {}, "activation"), select),
      bar.element,
    ),
  );
  const curves = plotted(
    below,
    {
      x: [0, steps[steps.length - 1] + 3],
      y: [LOW, HIGH],
      height: width => clamp(width * 0.4, 170, 240),
      label: "Their losses over the steps",
      names: {x: "step", y: "loss, in nats"},
      inset: {left: 44},
      ticks: {
        x: [0, 40, 80, 120].map(v => [v, String(v)]),
        y: [-2, -1, 0, 1, 2].map(v => [v, String(10 ** v)]),
      },
    },
    () => show(),
  );
  const chance = svg("path", {class: "target"}),
    band = svg("path", {class: "band"}),
    middle = svg("path", {class: "sum"});
  const guess = svg("text", {"text-anchor": "end"}, "a guess");
  below.append(legend({sum: "the middle network", spread: "from the lowest to the highest"}));
  curves.inner.append(chance, band, middle, guess);

  function put(nextRow, nextColumn) {
    [row, column] = [nextRow, nextColumn];
    bar.set(column);
    select.selectedIndex = row;
    show();
  }
  function stack({counts}, x, y) {
    const [wide, total] = [map.x(x + 1) - map.x(x) - 4, counts.reduce((sum, n) => sum + n, 0)];
    let left = map.x(x) - wide / 2;
    return counts.map((n, i) => {
      const width = (wide * n) / total;
      const part = svg("rect", {
        class: `fate${i}`,
        x: left,
        width,
        y: map.y(y) - ROW / 2 + 4,
        height: ROW - 8,
      });
      left += width;
      return part;
    });
  }
  function show() {
    if (!map.width || !curves.width) return;
    bars.replaceChildren(
      ...cells.flatMap((line, y) => line.flatMap((cell, x) => stack(cell, x, y))),
    );
    const wide = map.x(1) - map.x(0);
    const frame = {x: map.x(column) - wide / 2, y: map.y(row) - ROW / 2, width: wide, height: ROW};
    for (const [key, v] of Object.entries(frame)) chosen.setAttribute(key, v);
    const {counts, loss} = cells[row][column];
    const at = which =>
      loss.flatMap((ends, i) => (ends ? [[steps[i], Math.log10(ends[which])]] : []));
    const [low, mid, high] = [0, 1, 2].map(at);
    middle.setAttribute("d", curves.path(mid));
    band.setAttribute("d", low.length ? `${curves.path([...low, ...high.reverse()])}Z` : "");
    const level = Math.log10(data.chance);
    chance.setAttribute(
      "d",
      curves.path([
        [0, level],
        [steps[steps.length - 1] + 3, level],
      ]),
    );
    guess.setAttribute("x", curves.x(steps[steps.length - 1]));
    guess.setAttribute("y", curves.y(level) - 7);
    found.set(counts.map(String));
    const open = windowOf(data, row);
    const window = open.length ? `All learn at ${open.join(", ")}.` : "At no rate do all learn.";
    const came = counts.map((n, i) => `${n} ${fates[i]}`).join(", ");
    told.replaceChildren(`${names[row]}: ${window[0].toLowerCase()}${window.slice(1)}`);
    say(`${names[row]} at learning rate ${rate(column)}: ${came}. ${window}`);
  }
}
