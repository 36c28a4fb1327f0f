"""Changes, citation and references agree with what they speak of."""

import re
import unicodedata
from pathlib import Path

import nbformat
import pytest
import yaml

import relukit

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").rglob("*.ipynb"))
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
REFERENCES = (ROOT / "REFERENCES.md").read_text(encoding="utf-8")
KEYS = re.findall(r"^- \*\*\[(\w+)\]", REFERENCES, flags=re.MULTILINE)
LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)")
NAME = r"(?:van )?[^\W\d_a-z][\w-]+"
CITED = re.compile(rf"({NAME})(?: et al\.| and ({NAME}))? (\d{{4}})\b")


def prose(path: Path) -> str:
    cells = nbformat.read(path, as_version=4).cells
    return "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


def text(path: Path) -> str:
    return prose(path) if path.suffix == ".ipynb" else path.read_text(encoding="utf-8")


def plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.removeprefix("van "))
    return "".join(c for c in letters if c.isalnum()).lower()


def anchors(path: Path) -> set[str]:
    """Return the anchors that a code host gives to the headings of a document."""
    found = re.findall(r"^#+ (.+)$", text(path), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in found}


def test_the_newest_changes_are_those_of_this_version():
    found = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), flags=re.MULTILINE)
    assert found[0] == relukit.__version__
    assert len(set(found)) == len(found)


def test_the_version_is_written_in_the_package_alone():
    """Elsewhere it is read from there; the list of changes is held equal above."""
    for name in ("pyproject.toml", "CITATION.cff", "environment.yml", "Makefile"):
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
        assert not [line for line in lines if re.match(r"version\s*[:=]\s*[\"'\d]", line)], name


def test_the_citation_file_is_complete():
    found = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"cff-version", "message", "title", "authors", "license"} <= found.keys()
    assert found["authors"][0]["name"]
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'license = "{" AND ".join(found["license"])}"' in project


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_of_a_document_lead_to_files_and_headings_that_exist(path):
    for target in LINK.findall(text(path)):
        if target.startswith("http"):
            continue
        name, _, anchor = target.partition("#")
        file = (path.parent / name) if name else path
        assert file.exists(), target
        assert not anchor or anchor in anchors(file), target


@pytest.mark.parametrize("path", [*DOCUMENTS, *NOTEBOOKS], ids=lambda path: path.name)
def test_a_link_to_the_web_stands_in_the_references(path):
    """So that one list says all that could break; what tools/links.py writes aside."""
    written = re.sub(r"<!-- pages: links -->.*?<!-- end -->", "", text(path))
    for target in LINK.findall(written):
        if target.startswith("http"):
            assert target in REFERENCES, target


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_who_is_cited_at_the_end_of_a_lesson_stands_in_the_references(path):
    section = prose(path).split("\n## References\n")[1].split("\n## ")[0]
    keys = {plain(key.rstrip("abc")) for key in KEYS}
    cited = CITED.findall(section)
    assert cited or path.stem == "00_start_here"
    for first, second, year in cited:
        assert {plain(first) + year, plain(second) + year} & keys, (first, second, year)
    assert re.search(r"\((\.\./)+REFERENCES\.md\)", section)


def test_identifiers_in_the_references_are_well_formed_and_no_two_entries_share_one():
    found = re.findall(r"\b(arXiv:|doi:)(\S+?)[.,;]?(?:\s|$)", REFERENCES)
    for kind, number in found:
        shape = r"(\d{4}\.\d{4,5}|[a-z-]+/\d{7})" if kind == "arXiv:" else r"10\.\d{4,}/\S+"
        assert re.fullmatch(shape, number), number
    assert len(set(found)) == len(found)
    assert len(found) > 50


@pytest.mark.parametrize("key", KEYS)
def test_an_entry_of_the_references_has_its_year(key):
    (entry,) = re.findall(rf"^- \*\*\[{key}\]\*\* (.*)$", REFERENCES, flags=re.MULTILINE)
    year = re.search(r"\d{4}", key)
    assert year is None or year[0] in entry or str(int(year[0]) + 1) in entry
