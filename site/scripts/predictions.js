/** Predict first: each question asks, keeps the answer, and says what was measured. */
import {fits, said, score} from "./judging.js";
import {dataOf, el, svg} from "./elements.js";
import {keep, kept} from "./keeping.js";
import {orderControl, sketchControl} from "./predictions-drawn.js";

/** A choice: buttons of which one is down. */
function choiceControl(q) {
  const short = q.options.every(([, words]) => words.length < 16);
  const labels = q.options.map(([letter, words]) => {
    const input = el("input", {
      type: "radio",
      name: `answer-${q.id}`,
      value: letter,
      required: true,
    });
    const name = letter === words ? [] : [el("b", {"aria-hidden": true}, letter)];
    return el("label", {class: "option"}, input, ...name, el("span", {}, words));
  });
  return {
    element: el(
      "div",
      {
        class: short ? "choices short" : "choices",
        role: "radiogroup",
        "aria-labelledby": `asks-${q.id}`,
      },
      ...labels,
    ),
    answer: () => labels.map(label => label.firstChild).find(input => input.checked)?.value ?? null,
    settle(answer) {
      q.options.forEach(([letter], i) => {
        labels[i].firstChild.checked = letter === answer;
        labels[i].classList.toggle("holds", answer !== null && q.holds.includes(letter));
      });
    },
    picture: () => null,
  };
}

/** A number in a field with its unit. */
function numberControl(q) {
  const input = el("input", {
    type: "number",
    step: "any",
    required: true,
    id: `answer-${q.id}`,
    autocomplete: "off",
  });
  return {
    element: el(
      "p",
      {class: "number"},
      el("label", {for: input.id}, "Your number"),
      input,
      el("span", {}, q.unit),
    ),
    answer: () =>
      input.value === "" || !Number.isFinite(input.valueAsNumber) ? null : input.valueAsNumber,
    settle(answer) {
      input.value = answer ?? "";
    },
    picture: answer => numberLine(q, answer),
  };
}

/** The learner's number and the measured one on a line. */
function numberLine(q, answer) {
  const [mean, low, high] = q.value;
  const ends = [Math.min(low, answer), Math.max(high, answer)];
  const margin = 0.15 * (ends[1] - ends[0]) || Math.abs(mean) || 1;
  const x = v => 12 + (276 * (v - ends[0] + margin)) / (ends[1] - ends[0] + 2 * margin);
  const anchor = v => (x(v) < 60 ? "start" : x(v) > 240 ? "end" : "middle");
  const near = (w, to) => Math.max(1.5, Math.abs(x(w) - x(to)));
  return svg(
    "svg",
    {
      viewBox: "0 0 300 66",
      class: "line",
      role: "img",
      "aria-label": `A line with your number, ${said(q, answer)}, and what was measured`,
    },
    svg("path", {d: "M6 33H294", class: "frame"}),
    svg("rect", {
      x: x(low) - 1,
      width: near(low, high),
      y: 26,
      height: 14,
      rx: 4,
      class: "interval",
    }),
    svg("circle", {cx: x(mean), cy: 33, r: 6, class: "on"}),
    svg("path", {d: `M${x(answer)} 24l8 9l-8 9l-8 -9z`, class: "mine"}),
    svg("text", {x: x(answer), y: 14, "text-anchor": anchor(answer)}, `you: ${said(q, answer)}`),
    svg(
      "text",
      {x: x(mean), y: 60, "text-anchor": anchor(mean), class: "measured"},
      q.rows[0][1].split(" ")[0],
    ),
  );
}

const CONTROLS = {
  choice: choiceControl,
  number: numberControl,
  order: orderControl,
  sketch: sketchControl,
};

/** How sure the learner is: a slider whose first stop says nothing. */
function sureControl(q) {
  const stops = [
    null,
    q.least,
    ...Array.from({length: 10}, (_, i) => 10 * (i + 1)).filter(v => v > q.least),
  ];
  const words = i => (stops[i] === null ? "not said" : `${stops[i]} %`);
  const output = el("output", {}, words(0));
  const input = el("input", {
    type: "range",
    "aria-label": "How sure are you?",
    min: 0,
    max: stops.length - 1,
    value: 0,
    "aria-valuetext": words(0),
    oninput: show,
  });
  function show() {
    output.replaceChildren(words(input.value));
    input.setAttribute("aria-valuetext", words(input.value));
  }
  return {
    element: el("label", {class: "sure"}, el("span", {}, "How sure are you?"), input, output),
    value: () => stops[input.value],
    clear() {
      input.value = 0;
      show();
    },
  };
}

/** What it came to, as the reply's first words. */
function head(q, outcome, by) {
  if (outcome === "right") return "Right.";
  if (!by) return "Not this time.";
  const close = outcome === "close" ? "Close: " : "";
  if (q.kind === "order") return `${close || "Off: "}${by} the wrong way round.`;
  return close ? `${close}off by ${by}.` : `Off by ${by}.`;
}

function reply(q, guess, picture) {
  const [outcome, by] = score(q, guess.answer);
  const sure = guess.sure == null ? "" : ` (${guess.sure} % sure)`;
  const rows = [["you said", said(q, guess.answer) + sure], ...q.rows];
  const list = el(
    "dl",
    {"data-ranked": q.kind === "order"},
    ...rows.flatMap(([label, text]) => [el("dt", {}, label), el("dd", {}, text)]),
  );
  return [
    el("p", {class: "head"}, head(q, outcome, by)),
    ...(picture ? [picture] : []),
    list,
    el("p", {class: "because"}, q.because),
  ];
}

function wireOne(section) {
  const q = dataOf(section);
  const control = CONTROLS[q.kind](q);
  const sure = sureControl(q);
  const spoken = el("div", {class: "reply", "aria-live": "polite", tabindex: -1});
  const rule = q.rule ? el("p", {class: "rule"}, `What counts: ${q.rule}.`) : "";
  const ask = el(
    "div",
    {class: "ask"},
    sure.element,
    el("button", {class: "primary"}, "This is my prediction"),
  );
  const forget = el(
    "button",
    {
      type: "button",
      class: "quiet",
      onclick: () => {
        keep(q.id, null);
        form.querySelector("input, button, [tabindex='0']")?.focus();
      },
    },
    "Forget it and ask again",
  );
  const form = el("form", {}, control.element, rule, ask);
  form.addEventListener("submit", event => {
    event.preventDefault();
    const answer = control.answer();
    if (answer === null) return;
    keep(q.id, {answer, sure: sure.value(), outcome: score(q, answer)[0]});
    spoken.focus({preventScroll: true});
  });
  section.querySelector(".options")?.remove();
  section.querySelector(".without").before(form, spoken);
  const show = () => {
    const guess = kept()[q.id];
    if (guess && !fits(q, guess.answer)) return keep(q.id, null);
    const old = section.dataset.outcome;
    section.dataset.outcome = guess?.outcome ?? "";
    for (const part of form.querySelectorAll("input, button")) part.disabled = Boolean(guess);
    control.element.inert = Boolean(guess) && q.kind !== "choice" && q.kind !== "number";
    ask.hidden = Boolean(guess);
    if (guess) {
      control.settle(guess.answer);
      spoken.replaceChildren(...reply(q, guess, control.picture(guess.answer)), forget);
    } else {
      spoken.replaceChildren();
      if (old) [control.settle(null), sure.clear()];
    }
  };
  document.addEventListener("relukit:predicted", event => event.detail === q.id && show());
  show();
}

/** Open what was measured once all that it answers is predicted, and close what is forgotten. */
function wireReveal(details) {
  const ids = details.dataset.ids.split(" ");
  const show = () => {
    const all = kept(),
      ready = ids.every(id => all[id]);
    if (ready !== details.classList.contains("ready")) details.open = ready;
    details.classList.toggle("ready", ready);
  };
  document.addEventListener("relukit:predicted", event => ids.includes(event.detail) && show());
  show();
}

export function wirePredictions(root = document) {
  for (const section of root.querySelectorAll(".prediction")) wireOne(section);
  for (const details of root.querySelectorAll("details.reveal")) wireReveal(details);
}
