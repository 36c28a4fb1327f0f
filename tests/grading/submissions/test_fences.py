"""Code between fences is found as CommonMark has it, in one pass over the text."""

from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from relukit.grading.submissions.fences import fenced

LINES = (
    "x = 1",
    "```",
    "```py",
    "````",
    "~~~",
    "~~~~",
    "~~~ py",
    "``` ```",
    " ```",
    "``",
    "  ~~~  ",
)


def by_markdown_it(text: str) -> str:
    """Return what stands inside the fences, by a parser of CommonMark."""
    blocks = [token for token in MarkdownIt("commonmark").parse(text) if token.type == "fence"]
    return "".join(block.content for block in blocks).strip("\n")


@given(st.lists(st.sampled_from(LINES), max_size=12))
@example(["~~~~ x", "```", "~~~", "x = 1", "~~~~~", "x = 1"])
def test_it_is_what_a_parser_of_commonmark_finds(lines):
    text = "\n".join(lines)
    ours = "\n".join(line.lstrip(" ") for line in fenced(text).split("\n"))
    theirs = "\n".join(line.lstrip(" ") for line in by_markdown_it(text).split("\n"))
    assert ours.strip("\n") == theirs


def test_every_line_is_looked_at_once(monkeypatch):
    class Counted:
        def __init__(self, pattern):
            self.pattern, self.n = pattern, 0

        def match(self, line):
            self.n += 1
            return self.pattern.match(line)

    from relukit.grading.submissions import fences

    for line in ("~~~x\n", "```x\n", "````\n~~~\n"):
        counted = Counted(fences._OPENS)
        with monkeypatch.context() as patch:
            patch.setattr(fences, "_OPENS", counted)
            fenced(line * 10_000)
        assert counted.n == (line * 10_000).count("\n") + 1
