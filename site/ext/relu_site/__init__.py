"""What the course's web site adds to Sphinx: formulas, docstrings, the search's data."""

from pathlib import Path
from typing import Any

from relu_site import docstrings, mathml, search

_UNUSED = {
    f"_static/{name}.js" for name in ("documentation_options", "doctools", "sphinx_highlight")
}


def _found(app: Any, config: Any) -> None:
    """Add what was laid out beside the pages: made scripts and styles, pictures and films."""
    sources = Path(app.srcdir)
    config.html_static_path.append(str(sources / "_made"))
    config.html_extra_path.append(str(sources / "_extra"))


def _no_search(app: Any) -> None:
    """Leave out Sphinx's own search: its index would tell every verdict."""
    app.builder.search = False


def _no_extras(app: Any, page: str, template: str, context: dict[str, Any], tree: Any) -> None:
    """Leave out the scripts that serve Sphinx's search and its index."""
    context["script_files"] = [
        script for script in context["script_files"] if str(script.filename) not in _UNUSED
    ]


def setup(app: Any) -> dict[str, bool]:
    app.connect("config-inited", _found)
    app.connect("builder-inited", _no_search)
    app.connect("html-page-context", _no_extras)
    for part in (mathml, docstrings, search):
        part.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
