/** Films: a still picture until somebody plays it, then the player that the notebooks have. */

import {el} from "./elements.js";
import {play} from "./player.js";

/** Give a film the button that asks for its frames, and the words of the picture that it shows. */
function wireOne(film, asked) {
  const listed = film.querySelectorAll("details")[1];
  const captions = [...listed.querySelectorAll("li")].map(item => item.textContent);
  const ask = () => {
    if (asked.has(film.dataset.frames)) return;
    asked.add(film.dataset.frames);
    document.head.append(el("script", {src: film.dataset.frames}));
  };
  const start = () => {
    film.dataset.waits = "yes";
    ask();
  };
  const button = el("button", {type: "button", onclick: start, onpointerenter: ask}, "Play");
  const count = el("span", {}, `${captions.length} pictures`);
  listed.before(
    el("div", {class: "controls waiting"}, button, count),
    el("p", {class: "waiting"}, captions[film.dataset.still]),
  );
}

/** Put a film's frames in place of its picture; it begins if somebody waits for it. */
function wake(film, address) {
  const image = film.querySelector("img");
  image.addEventListener(
    "load",
    () => {
      const focused = film.querySelector(".waiting button") === document.activeElement;
      for (const part of film.querySelectorAll(".waiting")) part.remove();
      film.classList.add("relukit-film");
      play();
      const button = film.querySelector(".controls button");
      if (focused) button.focus();
      if (film.dataset.waits) button.click();
    },
    {once: true},
  );
  image.loading = "eager";
  image.src = address;
}

export function wireFilms(root = document) {
  const films = [...root.querySelectorAll(".film[data-frames]")];
  const asked = new Set();
  globalThis.reluFilm = (name, address) => {
    for (const film of films) if (film.dataset.frames.includes(name)) wake(film, address);
  };
  for (const film of films) wireOne(film, asked);
}
