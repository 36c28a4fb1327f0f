"""The scripts: written as modules, joined into one classic script.

A browser loads no module from a disk, so pages ask for `course.js`, which needs none. Each module
keeps a scope of its own.
"""

import re
from graphlib import TopologicalSorter
from pathlib import Path

from relu_site.course import ROOT
from relu_site.lean import lean

SCRIPTS = Path(__file__).parents[2] / "scripts"
FILM = ROOT / "relukit" / "figures" / "film.js"  # the player that notebooks use
_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([\w-]+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function\*?|const|let|class) (\w+))", re.MULTILINE)


def joined(texts: dict[str, str]) -> str:
    """Return one script that does what the modules do.

    Args:
        texts: each module by its name, without ".js".

    Raises:
        ValueError: an import or an export in a form that is not known here.
    """
    needs = {name: [found[2] for found in _IMPORT.finditer(texts[name])] for name in sorted(texts)}
    order = TopologicalSorter(needs).static_order()  # the same on every machine
    parts = [_scoped(name, texts[name]) for name in order]
    return '"use strict";\n(() => {\nconst modules = {};\n' + "".join(parts) + "})();\n"


def _scoped(name: str, text: str) -> str:
    exported = [found[1] for found in _EXPORT.finditer(text)]
    text = _IMPORT.sub(lambda found: _taken(found[1], found[2]), text)
    text = _EXPORT.sub("", text)
    if wrong := re.search(r"^(?:import|export) .*", text, re.MULTILINE):
        form = 'import {a} from "./b.js"; or export before function, const, let or class'
        raise ValueError(f"Expected {form} in {name}.js, got {wrong[0]!r}.")
    return f"modules[{name!r}] = (() => {{\n{text}return {{{', '.join(exported)}}};\n}})();\n"


def _taken(names: str, module: str) -> str:
    return f"const {{{names.replace(' as ', ': ')}}} = modules[{module!r}];\n"


def course_script() -> str:
    """Return the one script of all pages, the player of films in it."""
    texts = {path.stem: lean(path.read_text("utf-8")) for path in SCRIPTS.glob("*.js")}
    texts["player"] = f"export function play() {{\n{FILM.read_text('utf-8')}}}\n"
    return joined(texts)
