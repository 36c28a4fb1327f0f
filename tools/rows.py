"""Tables of which authors write some columns: what the course knows of a row is written anew."""

import re
from collections.abc import Mapping

from facts import in_table

from relukit.errors import RelukitError, unknown_name
from relukit.ledger.questions import question
from relukit.syllabus import COURSE

HEADER = """| asked | is | answer | how | say before | the mistake to expect | the sentence after |
| --- | --- | --- | --- | --- | --- | --- |"""
UNWRITTEN = "... | ... | ... | ..."  # for its author
PREDICTION = re.compile(r"^\| `(?P<name>[\w-]+)` \| .*? \| .*? \| (?P<texts>.*) \|$", re.MULTILINE)
IDEA = re.compile(
    r"^(?P<idea>\| .+? \| \[(?P<lesson>\w+)\]\(.*?\) \| )(?P<number>\d+)\. (?P<title>.+?) \|.*$",
    re.MULTILINE,
)


def predictions(old: str, asked: Mapping[str, Mapping[str, str]]) -> str:
    """Return a table for each lesson of what it asks before: claims and questions.

    Args:
        old: the tables as they are, whose last four columns stay.
        asked: the claims and questions of each page of the course, in its order, with the answers.

    Raises:
        RelukitError: a row is about what no lesson asks.
    """
    texts = {row["name"]: row["texts"] for row in PREDICTION.finditer(old)}
    known = [name for names in asked.values() for name in names]
    for name in texts:
        if name not in known:
            error = unknown_name("prediction", name, known)
            do = f"take its row out of docs/predictions.md, or {error.do}"
            raise RelukitError("a claim or question that a lesson asks about", error.got, do)
    parts = []
    for lesson, names in ((lesson, names) for lesson, names in asked.items() if names):
        rows = [
            f"| `{name}` | {_kind(name)} | {answer} | {texts.get(name, UNWRITTEN)} |"
            for name, answer in names.items()
        ]
        parts.append("\n".join([f"## {COURSE[lesson].heading}", "", HEADER, *rows]))
    return "\n\n".join(parts)


def _kind(name: str) -> str:
    """Return the kind of a question, or that it is a claim."""
    asked = question(name)
    return asked.KIND if asked else "claim"


def coverage(old: str) -> str:
    """Return the table of ideas with the numbers and titles of sections as they are now, and where.

    A section is found by its title, and where it has another title now, by its number.

    Raises:
        RelukitError: a lesson has neither a section of that title nor one of that number.
    """

    def where(row: re.Match[str]) -> str:
        return "deeper page" if COURSE[row["lesson"]].deepens else "main path"

    return IDEA.sub(lambda row: f"{row['idea']}{_section(row)} | {where(row)} |", old)


def _section(row: re.Match[str]) -> str:
    if row["lesson"] not in COURSE:
        raise unknown_name("lesson", row["lesson"], COURSE)
    titles = [in_table(section.title) for section in COURSE[row["lesson"]].sections]
    number = titles.index(row["title"]) + 1 if row["title"] in titles else int(row["number"])
    if number > len(titles):
        got = repr(f"{row['number']}. {row['title']}")
        raise RelukitError(f"a section of {row['lesson']} in docs/coverage.md", got, "name another")
    return f"{number}. {titles[number - 1]}"
