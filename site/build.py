"""Build the course's web site: `python site/build.py [OUT [SOURCES]]`.

All pages are written anew each time: a change of how pages are made would leave old ones behind.
"""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE / "ext"), str(HERE.parent / "tools"), str(HERE.parent)]

from relu_site.laying import lay  # noqa: E402
from sphinx.cmd.build import main  # noqa: E402


def build(out: Path, sources: Path) -> int:
    """Lay out the sources, write the site, and return Sphinx's exit status; a warning is an error.

    Args:
        out: the site's folder.
        sources: where its sources are laid out; emptied first.
    """
    lay(sources)
    doctrees = sources.with_name(f"{sources.name}-doctrees")
    options = ["-E", "-a", "-q", "-W", "--keep-going", "-b", "html", "-d", str(doctrees)]
    return main([*options, "-c", str(HERE), str(sources), str(out)])


if __name__ == "__main__":
    default = (HERE.parent / "build" / "site", HERE.parent / "build" / "site-sources")
    given = [Path(argument).resolve() for argument in sys.argv[1:3]]
    sys.exit(build(*given, *default[len(given) :]))
