"""An explorer's still picture, for readers without scripts: one that its notebook stores."""

import base64
import re

from relu_site import course, outputs
from relu_site.explorers import INSTEAD
from relu_site.shelf import Shelf
from relukit.syllabus import COURSE


def still(name: str, shelf: Shelf) -> str:
    """Return the picture as HTML, for a page at the site's root; "" where no notebook has one.

    It is the last one before the explorer's own cell, or that of the film of the same name.

    Args:
        name: of an explorer, with hyphens, such as "hinge-builder".
        shelf: where its file is put.
    """
    calls = [key for key, other in INSTEAD.items() if other == name] or [name]
    explorer = re.compile(rf"^explorers\.(?:{'|'.join(calls).replace('-', '_')})\(", re.MULTILINE)
    for lesson in COURSE.values():
        last = None
        for cell in course.notebook(lesson.notebook).cells:
            if cell.cell_type != "code":
                continue
            pictures = [o for o in cell.outputs if "image/png" in o.get("data", {})]
            last = pictures[-1] if pictures else last
            if last and (explorer.search(cell.source) or cell.source == f"figures.{name}()"):
                png = base64.b64decode(last.data["image/png"])
                return outputs.picture(png, last.metadata["image/png"], shelf, "")
    return ""
