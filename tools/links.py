"""Links that need the repository's owner or the site's address, which pyproject.toml alone names.

`[project.urls]` may have `Repository`, on GitHub, and `Documentation`, the site. What needs one
that is not there is not written.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, urlsplit

from relukit.errors import InvalidValueError
from relukit.handout.lab import FIRST

BINDER = "https://mybinder.org"
COLAB = "https://colab.research.google.com"


def urls(root: Path) -> Mapping[str, str]:
    """Return `[project.urls]` of a repository, which may be missing.

    Args:
        root: the folder with pyproject.toml.
    """
    text = (root / "pyproject.toml").read_text(encoding="utf-8")
    found: Mapping[str, str] = tomllib.loads(text)["project"].get("urls", {})
    return found


def launchers(found: Mapping[str, str]) -> str:
    """Return the line of badges and links below the README's title, or "".

    Args:
        found: addresses by name, as `urls` returns them.

    Raises:
        InvalidValueError: the repository's address has no owner and name.

    Example:
        >>> launchers({})
        ''
        >>> launchers({"Documentation": "https://example.org/relukit"})
        '[Read it on the web](https://example.org/relukit)'
    """
    parts = []
    if site := found.get("Documentation"):
        parts.append(f"[Read it on the web]({site})")
    if repository := found.get("Repository"):
        owner = _owner(repository)
        lab = quote(f"lab/tree/{FIRST}", safe="")
        parts += [
            f"[![Open in Binder]({BINDER}/badge_logo.svg)]"
            f"({BINDER}/v2/gh/{owner}/main?urlpath={lab})",
            f"[Open in Colab]({COLAB}/github/{owner}/blob/main/{FIRST})",
            f"[Open in Codespaces](https://codespaces.new/{owner})",
            f"[![Tests]({repository}/actions/workflows/test.yml/badge.svg)]"
            f"({repository}/actions/workflows/test.yml)",
        ]
    return " · ".join(parts)


def _owner(repository: str) -> str:
    """Return the owner and the name, such as "somebody/relukit"."""
    parts = urlsplit(repository).path.strip("/").removesuffix(".git").split("/")
    if len(parts) != 2 or not all(parts):
        do = "write https://github.com/OWNER/NAME into [project.urls] of pyproject.toml"
        raise InvalidValueError("the address of a repository", repr(repository), do)
    return "/".join(parts)
