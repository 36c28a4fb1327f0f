"""The glossary's words: explained where it says, and used by no lesson before that."""

import re

import pytest
from bs4 import BeautifulSoup
from relu_site import course, glossary

from relukit.syllabus import COURSE

# the lessons that are written with these words in mind
PATH = [name for name, lesson in COURSE.items() if not lesson.deepens]  # the main one
WORDS = glossary.words()
NO_PROSE = re.compile(
    r"<!-- pages: (\w+) -->.*?<!-- end -->|```.*?```|`[^`]*`|\$[^$]*\$|\]\([^)]*\)|^#[^\n]*",
    re.DOTALL | re.MULTILINE,
)


def prose(lesson: str) -> str:
    """Return what a lesson says, without code, formulas, headings and references."""
    cells = course.notebook(COURSE[lesson].notebook).cells
    text = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    return NO_PROSE.sub(" ", text.partition("## References")[0])


def used(word: glossary.Word, text: str) -> re.Match[str] | None:
    forms = "|".join(map(re.escape, word.forms))
    return re.search(rf"(?<![\w-])(?:{forms})s?(?![\w-])", text, re.IGNORECASE)


def test_words_stand_in_the_order_of_the_lessons_and_none_stands_twice():
    order = [PATH.index(word.lesson.name) for word in WORDS]
    assert order == sorted(order)
    names = [word.name.lower() for word in WORDS]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("lesson", PATH)
def test_no_word_is_used_before_the_lesson_that_explains_it(lesson):
    text = prose(lesson)
    later = [w for w in WORDS if PATH.index(w.lesson.name) > PATH.index(lesson)]
    early = {word.name: found for word in later if (found := used(word, text))}
    assert early == {}


@pytest.mark.parametrize("word", WORDS, ids=lambda word: word.name)
def test_the_lesson_of_a_word_uses_it_and_explains_it(word):
    text = prose(word.lesson.name)
    assert used(word, text)
    forms = "|".join(map(re.escape, (word.name, *word.forms)))
    explained = rf"\*(?:{forms})s?\*|\b(?:{forms})\b(?: \w+){{0,3}} is\b"
    assert re.search(explained, text, re.IGNORECASE)


def test_the_page_has_every_word_from_a_to_z_with_a_link_to_its_lesson():
    page = BeautifulSoup(glossary.listed(), "html.parser")
    names = [dt.get_text() for dt in page("dt")]
    assert names == sorted((word.name for word in WORDS), key=str.lower)
    lessons = {word.name: word.lesson.heading for word in WORDS}
    assert [a.get_text() for a in page("a")] == [lessons[name] for name in names]
    assert len({dt["id"] for dt in page("dt")}) == len(WORDS)
