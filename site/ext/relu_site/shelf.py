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
        """Store a picture, its pixels as they are, and return its path from the site's root."""
        return self._webp(f"pictures/{_name(png)}.webp", _opened(png), lossless=True, quality=60)

    def thumbnail(self, png: bytes) -> str:
        """Store a picture small, and return its path from the site's root."""
        image = _opened(png)
        image.thumbnail((_WIDTH, _WIDTH))
        return self._webp(f"cards/{_name(png)}.webp", image, quality=72, method=6)

    def _webp(self, path: str, image: Image.Image, **options: float) -> str:
        out = io.BytesIO()
        image.save(out, format="webp", **options)
        return self.put(path, out.getvalue())

    def film(self, address: str) -> str:
        """Store a film's frames as a script, which a page may load from a disk too.

        Args:
            address: the picture that moves, as its data.
        """
        name = _name(address.encode("utf-8"))
        text = f"reluFilm({json.dumps(name)}, {json.dumps(address)});\n"
        return self.put(f"films/{name}.js", text.encode("utf-8"))


def _opened(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGB")


def _name(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]
