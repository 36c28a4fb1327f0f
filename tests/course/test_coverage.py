"""Every idea of the source documents has its place, and every claim of theirs is in the ledger."""

import re
from pathlib import Path

import nbformat
import pytest

from relukit.ledger import claims

ROOT = Path(__file__).parents[2]
LESSONS = {path.stem: path for path in sorted((ROOT / "notebooks").rglob("*.ipynb"))}
ROWS = re.findall(
    r"^\| (.+?) \| \[(\w+)\]\(\.\./notebooks/(?:deeper/)?\2\.ipynb\) \| (.+?) \| "
    r"(?:main path|deeper page) \|$",
    (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8"),
    flags=re.MULTILINE,
)
# systems, functions, people and ideas that the source documents name
NAMED = (
    """
positive part|ramp|half-wave|hinge|softplus|logistic|sigmoid|tanh|softmax|LogSumExp|choice axiom
noisy ReLU|leaky|parametric|ELU|SELU|GELU|SiLU|Swish|Mish|squareplus|metallic mean|maxout|dropout
Householder|Fukushima|Hahnloser|Behnke|Nair|Glorot|Bordes|Maas|Dugas|He et al.|Clevert|Hendrycks
Ramachandran|Misra|Barron|Krizhevsky|Jarrett|LeCun|Tobi|Hansel|Kadmon|Engelken|Tóth|Zaslavsky
BERT|AlexNet|ResNet|LSTM|Boltzmann|autoencoder|pre-training|natural gradient|half of the hidden
biologically plausible|sparse|vanishing|exploding|scale-invariant|rescaling|subgradient|zero-centred
unbounded|dead|learning rate|Xavier|bias|standardiz|L1|speech|vision|probability|neural abstraction
convolution|recurrent|saturat|homogeneous|regression|most popular|default
""".replace("\n", "|")
    .strip("|")
    .split("|")
)


@pytest.fixture(scope="module")
def everything() -> str:
    """Return what a reader can see in all lessons: cells and the texts of their stored outputs."""
    seen = []
    for path in LESSONS.values():
        for cell in nbformat.read(path, as_version=4).cells:
            seen.append(cell.source)
            for output in cell.get("outputs", []):
                seen += [output.get("text", ""), output.get("data", {}).get("text/plain", "")]
    return "\n".join(seen).lower()


def test_the_table_of_ideas_has_rows_for_every_lesson():
    assert {lesson for _, lesson, _ in ROWS} == LESSONS.keys() - {"00_start_here"}
    assert len(ROWS) > 100


@pytest.mark.parametrize("name", NAMED)
def test_every_name_of_the_source_documents_is_met_in_a_lesson(name, everything):
    assert name.lower() in everything


def test_every_claim_of_the_fact_base_has_an_entry():
    # a test in somebody's code, which claims nothing, and a sentence without its source's limit
    said_by_nobody = {"3.9", 62}
    rows = {claim.row for claim in claims()} | said_by_nobody
    assert rows >= set(range(1, 112)) | {f"3.{group}" for group in range(1, 12)}
