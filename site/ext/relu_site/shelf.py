"""Where what pages load by and by is put: pictures, films, notebooks to take home."""

import hashlib
import io
import json
from pathlib import Path

from PIL import Image

_WIDTH = 480  # stored pixels of a card's picture


class Shelf:
    """A folder whose content is copied to the site's root as it is.

    Args:
        folder: the folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, path: str, data: bytes) -> str:
        """Store a file, and return its path from the site's root."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        return path

    def picture(self, png: bytes) -> str:
        """Store a picture, and return its path from the site's root."""
        return self.put(f"pictures/{_name(png)}.png", png)

    def thumbnail(self, png: bytes) -> str:
        """Store a picture small, and return its path from the site's root."""
        image = Image.open(io.BytesIO(png)).convert("RGB")
        image.thumbnail((_WIDTH, _WIDTH))
        out = io.BytesIO()
        image.save(out, format="webp", quality=72, method=6)
        return self.put(f"pictures/{_name(png)}.webp", out.getvalue())

    def film(self, address: str) -> str:
        """Store a film's frames as a script, which a page may load from a disk too.

        Args:
            address: the picture that moves, as its data.
        """
        name = _name(address.encode("utf-8"))
        text = f"reluFilm({json.dumps(name)}, {json.dumps(address)});\n"
        return self.put(f"films/{name}.js", text.encode("utf-8"))


def _name(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]
