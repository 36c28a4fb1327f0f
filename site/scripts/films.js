/** Films: a still picture until its frames come, then the player that the notebooks have. */

import {play} from "./player.js";

const NEAR = "600px"; // how far below the window a film is when its frames are asked for

export function wireFilms(root = document) {
  const films = [...root.querySelectorAll(".film[data-frames]")];
  const named = name => films.filter(film => film.dataset.frames.includes(name));
  globalThis.reluFilm = (name, address) => {
    for (const film of named(name)) {
      const image = film.querySelector("img");
      image.addEventListener("load", () => {
        film.classList.add("relukit-film");
        play();
      }, {once: true});
      image.loading = "eager";
      image.src = address;
    }
  };
  const asked = new Set();
  const watch = new IntersectionObserver(entries => {
    for (const {target, isIntersecting} of entries) {
      if (!isIntersecting || asked.has(target.dataset.frames)) continue;
      watch.unobserve(target);
      asked.add(target.dataset.frames);
      const script = document.createElement("script");
      script.src = target.dataset.frames;
      document.head.append(script);
    }
  }, {rootMargin: NEAR});
  for (const film of films) watch.observe(film);
}
