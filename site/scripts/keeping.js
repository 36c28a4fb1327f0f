/** The learner's predictions, kept in this browser. */

const KEY = "relukit-predictions";
let memory = {}; // where the browser keeps nothing

/** All kept predictions by id: answer, sure and outcome. */
export function kept() {
  try {
    return Object(JSON.parse(localStorage.getItem(KEY)));
  } catch {
    return memory;
  }
}

/** Keep one prediction, or forget it where there is none; all parts of the page hear of it. */
export function keep(id, guess) {
  const all = kept();
  if (guess) all[id] = guess;
  else delete all[id];
  memory = all;
  try {
    localStorage.setItem(KEY, JSON.stringify(all));
  } catch {
    /* it stays in memory */
  }
  document.dispatchEvent(new CustomEvent("relukit:predicted", {detail: id}));
}
