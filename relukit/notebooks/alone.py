"""The cell by which a notebook that runs alone, as in Colab, gets the package."""

ID = "alone"
# The kernel's pip leaves what is installed as it is; at home nothing happens.
SOURCE = """\
from importlib.util import find_spec

if not find_spec("relukit"):  # this notebook runs alone, as in Colab or Kaggle
    get_ipython().run_line_magic("pip", "install --quiet relukit")"""
TAG = "remove-cell"  # pages and slides leave it out


def is_alone(source: str | None) -> bool:
    r"""Return whether a text is that of the cell, as the course gives it.

    Args:
        source: the text of a code cell.

    Example:
        >>> is_alone(SOURCE + "\n"), is_alone("x = 1"), is_alone(None)
        (True, False, False)
    """
    return source is not None and source.strip() == SOURCE
