/** Predictions that are made by moving things: an order of items, and a sketch of a curve. */
import {clamp, el, shown, svg} from "./elements.js";
import {handle, plotted} from "./plots.js";

/** An order: items that move by their grip, by their buttons, and by arrow keys on these. */
export function orderControl(q) {
  const told = el("p", {role: "status", class: "note"});
  const list = el("ol", {class: "order"});
  const rows = new Map(q.items.map(([short, words]) => [short, row(short, words)]));
  const places = () => [...list.children];
  list.append(...rows.values());

  function row(short, words) {
    const move = (by, name, sign) =>
      el(
        "button",
        {type: "button", "aria-label": `${name}: ${words}`, onclick: () => to(item, by)},
        sign,
      );
    const grip = el("span", {class: "grip", "aria-hidden": true}, "⠿");
    const item = el(
      "li",
      {"data-short": short},
      grip,
      el("span", {}, words),
      move(-1, "Earlier", "↑"),
      move(1, "Later", "↓"),
    );
    item.addEventListener("keydown", event => {
      const by = {ArrowUp: -1, ArrowDown: 1}[event.key];
      if (!by) return;
      event.preventDefault();
      to(item, by);
    });
    let held = false;
    grip.addEventListener("pointerdown", event => {
      held = true;
      grip.setPointerCapture(event.pointerId);
      item.classList.add("held");
      event.preventDefault();
    });
    grip.addEventListener("pointermove", event => {
      if (!held) return;
      const middle = li => {
        const box = li.getBoundingClientRect();
        return box.top + box.height / 2;
      };
      const i = places().indexOf(item),
        [above, below] = [places()[i - 1], places()[i + 1]];
      // the neighbour moves: an item that leaves its place lets go of the pointer
      if (above && event.clientY < middle(above)) item.after(above);
      else if (below && event.clientY > middle(below)) item.before(below);
    });
    for (const end of ["pointerup", "pointercancel"])
      grip.addEventListener(end, () => {
        if (held) say(item);
        held = false;
        item.classList.remove("held");
      });
    return item;
  }
  function to(item, by) {
    const other = places()[places().indexOf(item) + by];
    if (!other) return;
    if (by < 0) item.after(other);
    else item.before(other);
    say(item);
  }
  function say(item) {
    told.replaceChildren(
      `${item.children[1].textContent}: place ${places().indexOf(item) + 1} of ${rows.size}`,
    );
  }
  return {
    element: el(
      "div",
      {},
      el("p", {class: "ends"}, `from the ${q.first}`),
      list,
      el("p", {class: "ends"}, `to the ${q.last}`),
      told,
    ),
    answer: () => places().map(item => item.dataset.short),
    settle(answer) {
      list.append(...(answer ?? q.items.map(([short]) => short)).map(short => rows.get(short)));
      told.replaceChildren();
    },
    picture: () => null,
  };
}

/** The next of 1, 2, 5, 10, ... above a number. */
function nice(v) {
  const power = 10 ** Math.floor(Math.log10(v));
  return power * [1, 2, 5, 10].find(step => step * power >= v);
}

/** A sketch: a point for each place, moved up and down. */
export function sketchControl(q) {
  const top = nice(2 * Math.max(...q.values.flat().map(Math.abs)) || 1);
  const least = top / 50;
  const at = q.at.map((_, i) => i);
  let values = at.map(() => 0),
    settled = false;
  const element = el(
    "div",
    {class: "sketch"},
    el("p", {class: "ends"}, `${q.y}${q.unit ? ` (${q.unit})` : ""}, at ${q.x}:`),
  );
  const marks = svg("g"),
    line = svg("path", {class: "guess"});
  const plot = plotted(
    element,
    {
      x: [-0.35, q.at.length - 0.65],
      y: [-top, top],
      height: width => clamp(width * 0.5, 200, 280),
      label: `Your sketch of ${q.y}`,
      inset: {left: 44},
      ticks: {
        x: q.at.map((v, i) => [i, String(v)]),
        y: [-top, -top / 2, 0, top / 2, top].map(v => [v, shown(v, top < 4 ? 1 : 0)]),
      },
    },
    show,
  );
  plot.svg.append(marks, line);
  const put = at.map(i =>
    handle(plot, `${q.y} at ${q.at[i]} ${q.x}`, {
      drag: (_, y) => move(i, y),
      step: (right, up, big) => move(i, values[i] + (right + up) * least * (big ? 5 : 1)),
    }),
  );
  function move(i, y) {
    if (settled) return;
    values[i] = clamp(Number((Math.round(y / least) * least).toPrecision(6)), -top, top);
    show();
  }
  function show() {
    if (!plot.width) return;
    line.setAttribute("d", plot.path(values.map((y, i) => [i, y])));
    at.forEach(i =>
      put[i].place(i, values[i], values[i], `${shown(values[i], 2)} ${q.unit}`.trim()),
    );
    marks.replaceChildren(
      ...(settled
        ? q.values.flatMap(([mean, low, high], i) => [
            svg("path", {
              class: "interval",
              d: plot.path([
                [i, low],
                [i, high],
              ]),
            }),
            svg("circle", {class: "on", cx: plot.x(i), cy: plot.y(mean), r: 5}),
          ])
        : []),
    );
    if (settled)
      marks.append(
        svg("path", {class: "measured", d: plot.path(q.values.map(([mean], i) => [i, mean]))}),
      );
  }
  return {
    element,
    answer: () => [...values],
    settle(answer) {
      settled = answer !== null;
      values = answer ? [...answer] : at.map(() => 0);
      show();
    },
    picture: () => null,
  };
}
