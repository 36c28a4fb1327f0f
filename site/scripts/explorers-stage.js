/** What all explorers have: a title, a hint, words that are read out, sliders and buttons. */
import {el, svg} from "./elements.js";

/** Empty a host and give it its frame; `say` reads out what a reader changed. */
export function stage(host, title, hint) {
  const status = el("p", {class: "spoken", role: "status"});
  const pictures = el("div", {class: "pictures"});
  const below = el("div", {class: "below"});
  host.replaceChildren(
    el("p", {class: "title"}, title),
    el("p", {class: "hint"}, hint),
    pictures,
    below,
    status,
  );
  host.setAttribute("role", "group");
  host.setAttribute("aria-label", title);
  host.classList.add("live");
  let waiting = 0,
    touched = false;
  for (const kind of ["pointerdown", "keydown", "input"])
    host.addEventListener(kind, () => (touched = true), {capture: true, once: true});
  const say = words => {
    clearTimeout(waiting);
    if (touched) waiting = setTimeout(() => status.replaceChildren(words), 400);
  };
  return {pictures, below, say};
}

/** A slider with its label and its value in words; returns the element and how to set it. */
export function slider(label, {min, max, step, value, words = String, moved}) {
  const output = el("output");
  const input = el("input", {type: "range", min, max, step, value, "aria-label": label});
  const tell = v => {
    output.replaceChildren(words(v));
    input.setAttribute("aria-valuetext", words(v));
  };
  input.addEventListener("input", () => {
    tell(input.valueAsNumber);
    moved(input.valueAsNumber);
  });
  tell(value);
  const set = v => {
    input.value = v;
    tell(v);
  };
  return {element: el("label", {class: "slider"}, el("span", {}, label), input, output), set};
}

export const button = (words, pressed, kind = "") =>
  el("button", {type: "button", class: kind, onclick: pressed}, words);

/** What each kind of line is, by its class. */
export const legend = names =>
  el(
    "p",
    {class: "legend"},
    ...Object.entries(names).map(([kind, words]) =>
      el(
        "span",
        {},
        svg(
          "svg",
          {width: 30, height: 10, "aria-hidden": true},
          svg("g", {class: kind}, svg("path", {class: kind, d: "M0 5H30"})),
        ),
        words,
      ),
    ),
  );

/** Numbers that matter, each with its name. */
export function readings(names) {
  const values = names.map(() => el("b"));
  const element = el(
    "p",
    {class: "readings"},
    ...names.map((name, i) => el("span", {}, values[i], ` ${name}`)),
  );
  return {element, set: all => all.forEach((words, i) => values[i].replaceChildren(words))};
}

export const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
