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
        run = runners(found, FIRST)
        parts += [
            f"[![Open in Binder]({BINDER}/badge_logo.svg)]({run['Binder']})",
            f"[Open in Colab]({run['Colab']})",
            f"[Open in Codespaces](https://codespaces.new/{_owner(repository)})",
            f"[![Tests]({repository}/actions/workflows/test.yml/badge.svg)]"
            f"({repository}/actions/workflows/test.yml)",
        ]
    return " · ".join(parts)


def runners(found: Mapping[str, str], notebook: str) -> dict[str, str]:
    """Return where a notebook can be run without installing anything, by the service's name.

    Args:
        found: addresses by name, as `urls` returns them.
        notebook: its path in the repository.

    Example:
        >>> runners({"Repository": "https://github.com/a/b"}, "n.ipynb")["Colab"]
        'https://colab.research.google.com/github/a/b/blob/main/n.ipynb'
    """
    if not (repository := found.get("Repository")):
        return {}
    owner, lab = _owner(repository), quote(f"lab/tree/{notebook}", safe="")
    return {
        "Binder": f"{BINDER}/v2/gh/{owner}/main?urlpath={lab}",
        "Colab": f"{COLAB}/github/{owner}/blob/main/{notebook}",
    }


def _owner(repository: str) -> str:
    """Return the owner and the name, such as "somebody/relukit"."""
    parts = urlsplit(repository).path.strip("/").removesuffix(".git").split("/")
    if len(parts) != 2 or not all(parts):
        do = "write https://github.com/OWNER/NAME into [project.urls] of pyproject.toml"
        raise InvalidValueError("the address of a repository", repr(repository), do)
    return "/".join(parts)
