/** Finds the explorers of a page and brings them to life. */
import {wire as wireFold} from "./explorers-fold.js";
import {wire as wireGain} from "./explorers-gain.js";
import {wire as wireHinges} from "./explorers-hinges.js";
import {wire as wireLeft} from "./explorers-left.js";
import {wire as wireRates} from "./explorers-rates.js";
import {wire as wireUnit} from "./explorers-unit.js";

const EXPLORERS = {
  "hinge-builder": wireHinges,
  "unit-explorer": wireUnit,
  fold: wireFold,
  "draw-the-left": wireLeft,
  "gain-explorer": wireGain,
  "learning-rate-explorer": wireRates,
};

export function wireExplorers(root = document) {
  for (const host of root.querySelectorAll(".explorer[data-explorer]"))
    EXPLORERS[host.dataset.explorer](host);
}
