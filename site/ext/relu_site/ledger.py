"""The ledger of claims as one table: an anchor for each, and all that settles it unfolds."""

import re
from collections.abc import Iterable
from functools import cache
from html import escape

from relu_site import course
from relu_site.mathml import with_formulas
from relu_site.outputs import badge
from relukit.ledger import VERDICTS, Claim, claims
from relukit.ledger.replication import reach
from relukit.syllabus import COURSE

_NAME = re.compile(r"([\w-]+): ")
_MEASURED = re.compile(r"  measured +(.+)")
_REFERENCE = re.compile(r"^- \*\*\[(\w+)\]\*\* (.*)$", re.MULTILINE)


@cache
def measured() -> dict[str, tuple[str, ...]]:
    """Return what the notebooks store of each claim: a line for each quantity."""
    found: dict[str, tuple[str, ...]] = {}
    for lesson in COURSE.values():
        for cell in course.notebook(lesson.notebook).cells:
            for output in cell.get("outputs", ()) if "verdict(" in cell.source else ():
                name = ""
                for line in output.get("data", {}).get("text/plain", "").splitlines():
                    if heading := _NAME.match(line):
                        name, fresh = heading[1], heading[1] not in found
                    elif name and fresh and (row := _MEASURED.match(line)):
                        found[name] = (*found.get(name, ()), row[1])
    return found


@cache
def references() -> dict[str, str]:
    """Return the literature by key, each entry as HTML."""
    text = (course.ROOT / "REFERENCES.md").read_text(encoding="utf-8")
    return {key: _cited(entry) for key, entry in _REFERENCE.findall(text)}


def _cited(entry: str) -> str:
    return re.sub(r"\*([^*]+)\*", r"<cite>\1</cite>", escape(entry, quote=False))


def _listed(items: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"


def _sources(claim: Claim) -> str:
    return _listed(
        f"{escape(said.source.key)}: <cite>{escape(said.source.title)}</cite>, "
        f"{escape(said.source.revision)}; {escape(said.where)}"
        for said in claim.said_by
    )


def _stated(claim: Claim) -> str:
    """Return the bounds and why they are there, or the document that settles the claim."""
    if claim.document:
        return f"settled on paper: {escape(claim.document)}"
    bounds = _listed(
        f"{with_formulas(demand.what)}: "
        + " and ".join(f"{relation} {number:g}" for relation, number in demand.bounds)
        for demand in claim.holds
    )
    return bounds + f"<p>{with_formulas(claim.reason)}</p>"


def _elsewhere(claim: Claim) -> str:
    """Return the table of the settings in which the claim was measured anew, or ""."""
    found = reach(claim)
    if found is None:
        return ""
    rows = "".join(
        f'<tr><th scope="row">{escape(setting)}</th>'
        f"<td>{badge(verdict) or escape(verdict)}</td></tr>"
        for setting, verdict in found.found.items()
    )
    head = '<tr><th scope="col">setting</th><th scope="col">verdict there</th></tr>'
    caption = f"<caption>measured anew on {escape(found.made)}</caption>"
    return f'<table class="replication">{caption}<thead>{head}</thead><tbody>{rows}</tbody></table>'


def _details(claim: Claim) -> str:
    rows = {
        "what holds": with_formulas(claim.correct),
        "depends on": with_formulas(claim.on),
        "its words": escape(f"“{claim.words}”") if claim.words else "",
        "said by": _sources(claim),
        "stated before": _stated(claim),
        "measured": _listed(map(with_formulas, measured()[claim.id])),
        "elsewhere": _elsewhere(claim),
        "literature": _listed(references()[key] for key in claim.references),
        "measure again": f"<code>relukit claims {claim.id}</code>" if claim.experiment else "",
    }
    if claim.document:
        del rows["measured"]
    return "".join(f"<dt>{name}</dt><dd>{html}</dd>" for name, html in rows.items() if html)


def _row(claim: Claim) -> str:
    said = " | ".join(dict.fromkeys(saying.source.key for saying in claim.said_by))
    lesson = COURSE[claim.lesson]
    page = lesson.notebook.removesuffix(".ipynb")
    anew = "yes" if reach(claim) else ""
    return (
        f'<tr role="row" id="{claim.id}" data-verdict="{claim.verdict}" data-anew="{anew}" '
        f'data-lesson="{lesson.name}" data-said="{escape(said)}">'
        f'<td role="cell" class="c-verdict">{badge(claim.verdict)}</td>'
        '<th role="rowheader" scope="row" class="c-claim">'
        f'<p class="claim">{with_formulas(claim.text)}</p>'
        f'<a class="c-id" href="#{claim.id}"><code>{claim.id}</code></a>'
        "<details><summary>what holds, and how it was settled</summary>"
        f"<dl>{_details(claim)}</dl></details></th>"
        f'<td role="cell" class="c-said">{escape(said.replace(" | ", ", "))}</td>'
        f'<td role="cell" class="c-lesson"><a href="{page}.html" title="{escape(lesson.heading)}">'
        f"{lesson.name[:2]}</a></td></tr>"
    )


def _select(name: str, label: str, values: Iterable[tuple[str, str]]) -> str:
    options = "".join(
        f'<option value="{escape(v)}">{escape(words)}</option>' for v, words in values
    )
    return (
        f'<label>{label} <select name="{name}"><option value="">all</option>{options}'
        "</select></label>"
    )


def table() -> str:
    """Return the filter and the table of all claims."""
    entries = claims()
    said = sorted({saying.source.key for claim in entries for saying in claim.said_by})
    treated = dict.fromkeys(claim.lesson for claim in entries)
    heads = "".join(
        f'<th role="columnheader" scope="col" aria-sort="none" data-key="{key}">{label}</th>'
        for key, label in (
            ("verdict", "Verdict"), ("claim", "Claim"), ("said", "Said by"), ("lesson", "Lesson"),
        )
    )  # fmt: skip
    choices = (
        _select("verdict", "Verdict", [(word, word) for word in VERDICTS]),
        _select("lesson", "Lesson", [(name, COURSE[name].heading) for name in treated]),
        _select("said", "Said by", [(key, key) for key in said]),
        _select("anew", "Elsewhere", [("yes", "measured in other settings")]),
    )
    return (
        '<div class="wide">'
        '<form class="ledger-filter" role="search" aria-label="Filter the claims" hidden>'
        '<label>Text <input type="search" name="q" autocomplete="off"></label>'
        f'{"".join(choices)}<p role="status" class="ledger-count">{len(entries)} claims</p></form>'
        f'<table role="table" class="ledger" data-verdicts="{"|".join(VERDICTS)}">'
        "<caption>Claims in print about the rectifier, and what holds</caption>"
        f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead>'
        f'<tbody role="rowgroup">{"".join(map(_row, entries))}</tbody></table></div>'
    )
