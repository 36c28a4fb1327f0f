"""Links of the repository's texts: to a page of the site, to the repository, or none."""

import posixpath
import re
from collections.abc import Mapping

from relu_site import course

_LINK = re.compile(r"\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)")


def linked(text: str, source: str, document: str, addresses: Mapping[str, str]) -> str:
    """Return Markdown whose links lead to pages of the site.

    A file that is no page is linked to in the repository, where its address is known; otherwise
    its name stays and the link goes.

    Args:
        text: Markdown.
        source: the file that it stands in, from the course's folder.
        document: the page of the site that it becomes.
        addresses: `[project.urls]`.
    """

    def link(found: re.Match[str]) -> str:
        words, target = found.groups()
        if re.match(r"\w+:|#", target):
            return found[0]
        path, _, anchor = target.partition("#")
        path = posixpath.normpath(posixpath.join(posixpath.dirname(source), path))
        if page := _page(path):
            to = posixpath.relpath(page, posixpath.dirname(document) or ".")
            return f"[{words}]({to}.md{'#' * bool(anchor)}{anchor})"
        repository = addresses.get("Repository")
        return f"[{words}]({repository}/blob/HEAD/{path})" if repository else words

    return _LINK.sub(link, text)


def _page(path: str) -> str:
    """Return the document for a file of the repository, or ""."""
    claims = path.endswith("claims.toml") or path == "relukit/lessons"
    return course.LEDGER if claims else course.pages().get(path, "")


def upwards(document: str) -> str:
    """Return the way from a page to the site's root: "" or "../" for each folder.

    Example:
        >>> upwards("notebooks/deeper/D2"), upwards("index")
        ('../../', '')
    """
    return "../" * document.count("/")
