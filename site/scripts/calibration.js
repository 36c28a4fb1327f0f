/** How many predictions came true, and how surely, in words of relukit/ledger/calibration.py. */
import {fixed} from "./judging.js";
import {el, svg} from "./elements.js";
import {keep, kept} from "./keeping.js";

const OUTCOMES = ["right", "close", "off"];
const ENOUGH = 5;
const step = percent => 10 * Math.floor(percent / 10 + 0.5);
const answered = guesses => guesses.filter(g => g.outcome && g.sure != null);

/** Steps of ten percent, the surest first: right ones of how many, and whether said exactly. */
export function steps(guesses) {
  const found = new Map();
  for (const guess of answered(guesses).sort((a, b) => b.sure - a.sure)) {
    const at = step(guess.sure);
    const row = found.get(at) ?? {at, right: 0, n: 0, exact: true};
    row.n += 1;
    row.right += guess.outcome === "right";
    row.exact &&= guess.sure === at;
    found.set(at, row);
  }
  return [...found.values()];
}

/** One sentence each: the counts, each step of ten percent, and all together. */
export function calibrationLines(guesses) {
  const counts = OUTCOMES.map(word => guesses.filter(g => g.outcome === word).length);
  const waiting = guesses.filter(g => !g.outcome).length;
  const parts = counts.map((n, i) => `${n} ${OUTCOMES[i]}`);
  if (waiting) parts.push(`${waiting} whose verdict you haven't read`);
  const made = guesses.length ? ` (${parts.join(", ")})` : "";
  const by = steps(guesses).map(({at, right, n, exact}) => {
    const times = right === 1 ? "1 time" : `${right} times`;
    return `When you were ${exact ? "" : "about "}${at} % sure, you were right ${times} of ${n}.`;
  });
  return [`predictions made: ${guesses.length}${made}`, ...by, ...overall(answered(guesses))];
}

function overall(sure) {
  if (sure.length < ENOUGH) return [];
  const shares = sure.map(g => g.sure / 100);
  const right = sure.filter(g => g.outcome === "right").length;
  const expected = shares.reduce((sum, p) => sum + p, 0);
  const spread = Math.sqrt(shares.reduce((sum, p) => sum + p * (1 - p), 0));
  const came = `${fixed(expected, 1)} right of ${sure.length}, and had ${right}`;
  const said = `All in all you expected ${came}: `;
  if (Math.abs(right - expected) <= Math.max(2 * spread, 0.5))
    return [`${said}you know well how much you know.`];
  if (right < expected) return [`${said}a little too sure. Believe yourself a bit less.`];
  return [`${said}you know more than you trust yourself to.`];
}

/** The kept answers as a cell for the notebook. */
export function exported(all) {
  const lines = Object.entries(all).map(
    ([id, {answer, sure}]) =>
      `predict("${id}", ${JSON.stringify(answer)}${sure == null ? "" : `, sure=${sure}`})`,
  );
  return ["from relukit import predict", "", ...lines].join("\n");
}

function chart(rows) {
  const dots = rows.map(({at, right, n}) =>
    svg("circle", {
      cx: 30 + 2 * at,
      cy: 220 - (200 * right) / n,
      r: 4 + 2.5 * Math.sqrt(n),
      class: "on",
    }),
  );
  const ticks = [0, 50, 100].flatMap(v => [
    svg("text", {x: 30 + 2 * v, y: 238, "text-anchor": "middle"}, String(v)),
    svg("text", {x: 22, y: 224 - 2 * v, "text-anchor": "end"}, String(v)),
  ]);
  const told = rows.map(({at, right, n}) => `${at} %, ${right} of ${n}`).join("; ");
  const label = `How often you were right, against how sure you were: ${told}`;
  return svg(
    "svg",
    {viewBox: "-12 4 260 258", class: "chart", role: "img", "aria-label": label},
    svg("path", {d: "M30 220L230 20", class: "ideal"}),
    svg("path", {d: "M30 20V220H230", class: "frame"}),
    ...ticks,
    svg("text", {x: 130, y: 256, "text-anchor": "middle"}, "% sure"),
    svg("text", {x: 38, y: 18}, "% right"),
    ...dots,
  );
}

/** Fill each place for the learner's own predictions, and keep it up to date. */
export function wireCalibration(root = document) {
  for (const host of root.querySelectorAll(".calibration")) {
    const said = el("div", {role: "status"});
    const cells = el("pre", {
      tabindex: 0,
      "aria-label": "Your predictions as a cell for the notebook",
    });
    const copied = el("span", {role: "status", class: "note"});
    const picture = el("div");
    const more = el(
      "div",
      {},
      el("h3", {}, "Take them into the notebook"),
      el("p", {}, "Paste this into a cell and run it: there your predictions count as well."),
      cells,
      el(
        "p",
        {class: "buttons"},
        el(
          "button",
          {
            type: "button",
            class: "primary",
            onclick: () =>
              navigator.clipboard.writeText(cells.textContent).then(
                () => copied.replaceChildren("Copied."),
                () => {
                  getSelection().selectAllChildren(cells);
                  copied.replaceChildren("Select and copy the text above.");
                },
              ),
          },
          "Copy",
        ),
        el(
          "button",
          {
            type: "button",
            class: "quiet",
            onclick: () => {
              if (confirm("Forget all your predictions in this browser?"))
                for (const id of Object.keys(kept())) keep(id, null);
            },
          },
          "Forget all of them",
        ),
        copied,
      ),
    );
    const show = () => {
      const all = kept(),
        guesses = Object.values(all),
        rows = steps(guesses);
      said.replaceChildren(
        ...(guesses.length
          ? calibrationLines(guesses).map((line, i) => el("p", {class: i ? "" : "count"}, line))
          : [
              el("p", {class: "count"}, "No predictions yet."),
              el("p", {}, "Guess in any lesson, and come back."),
            ]),
      );
      picture.replaceChildren(...(rows.length ? [chart(rows)] : []));
      cells.replaceChildren(exported(all));
      more.hidden = !guesses.length;
    };
    host.replaceChildren(el("div", {class: "counted"}, said, picture), more);
    document.addEventListener("relukit:predicted", show);
    show();
  }
}
