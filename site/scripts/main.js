/** Wires all that a page has. */

import {wireCalibration} from "./calibration.js";
import {wireCopying} from "./copying.js";
import {wireDrawers} from "./drawers.js";
import {wireExplorers} from "./explorers.js";
import {wireFilms} from "./films.js";
import {wireLate} from "./late.js";
import {wireLedger} from "./ledger.js";
import {wirePredictions} from "./predictions.js";
import {wireScrolling} from "./scrolling.js";
import {wireSearch} from "./search.js";

wirePredictions();
wireCalibration();
wireExplorers();
wireFilms();
wireLate();
wireScrolling();
wireDrawers();
wireCopying();
wireSearch();
wireLedger();
