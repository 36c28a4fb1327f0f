"""A notebook becomes a page: what unfolds, where links lead, how scripts are joined."""

import doctest
import re

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from relu_site import course, home, laying, mathml, wording
from relu_site.bundle import joined
from relu_site.links import linked, upwards
from relu_site.reader import Reader, anchor, headed
from relu_site.search import plain, records
from relu_site.shelf import Shelf

from relukit.syllabus import COURSE

PRINTED = new_output("stream", text="1.5\n")
ADDRESSES = {"Repository": "https://example.org/owner/relukit"}


def read(tmp_path, *cells):
    """Return the blocks of a page, a text for each string and a cell for each pair."""
    made = [
        new_markdown_cell(cell)
        if isinstance(cell, str)
        else new_code_cell(cell[0], outputs=[PRINTED], metadata=dict(cell[2:] and [cell[2]]))
        for cell in cells
    ]
    return list(Reader(Shelf(tmp_path), "").blocks(new_notebook(cells=made)))


def unfolds(blocks, text: str) -> bool:
    """Return whether a text stands inside a block that unfolds."""
    depth = 0
    for block in blocks:
        depth += block.text.count('<details class="reveal') - block.text.count("</div></details>")
        if text in block.text:
            return depth > 0
    raise AssertionError(f"{text!r} is not on the page")


def test_from_a_prediction_to_what_is_said_of_its_verdict_all_unfolds(tmp_path):
    blocks = read(
        tmp_path,
        "## 1. Draw (5 minutes)\n\n**Predict.** Where?",
        ('predict("kink", ...)', ""),
        ("print(1.5)", ""),
        ('verdict("kink")', ""),
        "**Read.** At 1.5.\n\nMore on it.\n\n**Take away.** One bend.\n\nExercise `relu`.",
        "## 2. Then",
    )
    for text in ("print(1.5)", "**Read.** At 1.5.", "More on it.", "**Take away.** One bend."):
        assert unfolds(blocks, text)
    for text in ("Where?", "Exercise `relu`.", "## 2. Then"):
        assert not unfolds(blocks, text)


def test_a_second_question_waits_for_both_predictions_and_its_words_stay_in_view(tmp_path):
    blocks = read(
        tmp_path,
        "# 04 Two",
        ('predict("kink", ...)', ""),
        ('predict("twice", ...)', ""),
        ("print(2)", ""),
        ('verdict("kink", "twice")', ""),
        "**Read.** Both.\n\nNow a third.\n\n**Predict.** And?",
    )
    (opening,) = [b.text for b in blocks if 'class="reveal"' in b.text]
    assert 'data-ids="kink twice"' in opening
    assert unfolds(blocks, "**Read.** Both.")
    assert not unfolds(blocks, "Now a third.")


def test_the_search_takes_what_is_told_before_predictions_alone(tmp_path):
    blocks = read(
        tmp_path,
        "# 02 Bends\n\nA line.\n\n## 1. One kink (5 minutes)\n\nIt bends $x$ `once`.",
        ('predict("kink", ...)', ""),
        ('verdict("kink")', ""),
        "**Read.** At 1.5.\n\n## Summary\n\nAt 1.5.",
    )
    found = list(records("notebooks/02", blocks))
    assert [(r["u"], r["t"]) for r in found] == [
        ("notebooks/02.html#bends", "02 Bends"),
        ("notebooks/02.html#one-kink", "1. One kink"),
    ]
    assert "1.5" not in "".join(r["x"] for r in found)
    assert "It bends $x$ once." in found[1]["x"]


@pytest.mark.parametrize("notebook", [lesson.notebook for lesson in COURSE.values()])
def test_a_page_tells_nobody_to_run_a_cell_that_it_does_not_have(tmp_path, notebook):
    blocks = Reader(Shelf(tmp_path), "").blocks(course.notebook(notebook))
    text = "\n".join(block.text for block in blocks)
    assert not re.search(r"\bRun (?:the|a) cell\b|Without a running kernel|Replace the dots", text)
    for sentence in re.findall(r"[^.!?\n]*\brun the cell\b", text):
        assert sentence.strip().startswith("In the notebook, ")


def test_the_examples_of_the_wording_run():
    assert doctest.testmod(wording).failed == 0


def test_outputs_that_a_notebook_folds_are_folded(tmp_path):
    blocks = read(tmp_path, ("print(1.5)", "", ("jupyter", {"outputs_hidden": True})))
    assert any('<details class="fold">' in b.text and "1.5" in b.text for b in blocks)


def test_the_cell_that_installs_the_package_elsewhere_is_on_no_page(tmp_path):
    away = read(tmp_path, ("print(1.5)", "", ("tags", ["remove-cell"])))
    assert away == []


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("[02](02_definitions.ipynb)", "[02](02_definitions.md)"),
        ("[`relu`](../exercises/01_history/01_history.ipynb)",
         "[`relu`](../exercises/01_history/01_history.md)"),
        ("[claims](../relukit/lessons/dying/claims.toml)", "[claims](../ledger.md)"),
        ("[list](../REFERENCES.md)", "[list](../references.md)"),
        ("[code](../relukit/streams.py)", "code"),
        ("[a page](https://example.org/a)", "[a page](https://example.org/a)"),
        ("[below](#summary)", "[below](#summary)"),
    ],
)  # fmt: skip
def test_a_link_into_the_repository_leads_to_a_page_or_is_none(written, shown):
    assert linked(written, "notebooks/01_history.ipynb", "notebooks/01_history", {}) == shown


def test_what_is_no_page_is_linked_to_where_the_repository_has_an_address():
    text = linked("[code](../relukit/streams.py)", "notebooks/a.ipynb", "notebooks/a", ADDRESSES)
    assert text == "[code](https://example.org/owner/relukit/blob/HEAD/relukit/streams.py)"


def test_a_service_is_linked_to_where_its_address_is_set_and_nowhere_else(tmp_path, monkeypatch):
    path = COURSE["04_dying_relu"].notebook
    monkeypatch.setattr(course, "addresses", dict)
    bar = laying.launch(path, "../", Shelf(tmp_path))
    assert "http" not in bar
    assert "Binder" not in bar
    assert "Colab" not in bar
    monkeypatch.setattr(course, "addresses", lambda: ADDRESSES)
    bar = laying.launch(path, "../", Shelf(tmp_path))
    assert '/gh/owner/relukit/main?urlpath=lab%2Ftree%2Fnotebooks%2F04_dying_relu.ipynb"' in bar
    assert 'github/owner/relukit/blob/main/notebooks/04_dying_relu.ipynb"' in bar
    assert (tmp_path / "downloads" / path).read_bytes() == (course.ROOT / path).read_bytes()


def test_each_module_keeps_its_own_names_in_the_joined_script():
    script = joined(
        {
            "main": 'import {area as size} from "./shape.js";\nconst hidden = size(2);\n',
            "shape": "const hidden = 3;\nexport const area = (x) => hidden * x;\n",
        }
    )
    assert script.index("modules['shape']") < script.index("const hidden = size(2);")
    assert "const {area: size} = modules['shape'];" in script
    assert "return {area};" in script
    with pytest.raises(ValueError, match=r"in main\.js, got 'export default 3;'"):
        joined({"main": "export default 3;\n"})


def test_a_heading_keeps_its_anchor_without_its_minutes():
    assert anchor("## 7. Blame walks home (21 minutes)") == "blame-walks-home"
    assert headed("## 7. Blame walks home (21 minutes)").startswith("## 7. Blame walks home\n")
    assert headed("## Summary") == "## Summary"


def test_formulas_become_mathml_and_other_text_stays_text():
    html = mathml.with_formulas("a < $x^2$")
    assert html.startswith("a &lt; <math")
    assert "<msup>" in html


def test_markup_is_left_out_of_what_is_searched():
    assert (
        plain("**Read** the [page](a.md), `relu`\n\n```python\nx = 1\n```") == "Read the page, relu"
    )


def test_every_page_has_a_card_with_a_stored_picture(tmp_path):
    cards = home.cards(Shelf(tmp_path))
    assert cards.count("<li>") == len(COURSE) == len(list(tmp_path.rglob("*.webp")))


def test_the_way_up_counts_folders():
    assert [upwards(name) for name in ("index", "api/index", "notebooks/deeper/D2")] == [
        "",
        "../",
        "../../",
    ]
