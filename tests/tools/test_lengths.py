"""A section's minutes follow its length, and answers are read from what verdicts have stored."""

import json
from pathlib import Path

import pytest
from lengths import Length, answers, lengths, shared

from relukit.ledger.questions import questions
from relukit.syllabus import COURSE

ROOT = Path(__file__).parents[2]
TIMED = [name for name, page in COURSE.items() if not page.deepens or name.startswith("D2")]


def notebook(name: str) -> dict:
    return json.loads((ROOT / COURSE[name].notebook).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", TIMED)
def test_the_sections_of_a_lesson_share_its_minutes_by_their_length(name):
    sections = COURSE[name].sections
    found = lengths(notebook(name))
    assert len(found) == len(sections)
    for section, minutes in zip(sections, shared(found, COURSE[name].minutes), strict=True):
        assert abs(section.minutes - minutes) <= max(1.5, minutes / 4), section.title


def test_what_is_folded_is_not_counted_and_a_table_half():
    text = "# T\n\nno\n\n## 1. A (5 minutes)\n\none two\n\n<details>no no</details>\n\n| a | b |"
    film = {"data": {"text/html": "<svg>@keyframes f1{}@keyframes f2{}</svg>"}}
    cells = [
        {"cell_type": "markdown", "source": f"{text}\n\n## 2. B\n\nthree"},
        {"cell_type": "code", "source": 'predict("a-b", ...)\ncheck(f)', "outputs": [film]},
        {"cell_type": "markdown", "source": "## Summary\n\nno"},
    ]
    assert lengths({"cells": cells}) == (
        Length(words=3),
        Length(words=1, predictions=1, frames=2, exercises=1, hands=True),
    )


def test_every_kind_of_question_gives_its_answer_in_short():
    stored = {}
    for name in COURSE:
        stored |= answers(notebook(name))
    kinds = {q.KIND: q.id for q in questions() if q.id in stored}
    assert len(kinds) == 4
    assert all(stored[name] for name in kinds.values())
    assert stored["which-half"] == "d"
    assert stored["ten-lines"] == "56"
    assert stored["five-curves"].startswith("nerve, car, ")
    assert stored["lead"].endswith(" points")
