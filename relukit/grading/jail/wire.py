"""Plain data as bytes, between the grader and a process that it does not trust.

A frame is a JSON tree followed by arrays in NumPy's npy format. Nothing is ever unpickled, and
reading checks every size before it allocates.
"""

import io
import json
import math
import struct
from functools import lru_cache
from typing import Any

import numpy as np

from relukit.checks.layouts import LAYOUTS, laid_out, layout_of
from relukit.checks.plain import DEPTH, Unusable

LARGEST = 16 * 2**20  # bytes of one frame
_LARGEST_TREE = 4 * 2**20  # bytes of its tree, which takes 30 times as much once it is read
_LARGEST_EMPTY = 10_000  # how long an axis may be of an array that holds nothing
_HEAD = struct.Struct("<Q")
_NODES = DEPTH + 4  # levels of nesting: an argument list and a record around the value
_LARGEST_INTEGER = 10_000  # bits; Python reads no more than 4,300 digits
_LARGEST_DESCRIPTION = 200  # characters of what a value was that is no data
_NPY = np.lib.format.magic(1, 0)
_MAGIC = len(_NPY)
_START = struct.Struct(f"<{_MAGIC}sH")  # and the length of the rest of the header
_LARGEST_HEADER = 1000  # bytes of an npy header; NumPy's own are below 200


class Malformed(Exception):  # noqa: N818 - a finding about the sender, not an error of ours
    """The bytes are no frame."""


class TooMuch(Malformed):
    """The frame is larger than any answer's."""


def encode(value: object) -> bytes:
    """Return plain data (None, bool, int, float, str, arrays, tuples, lists, dicts) as a frame.

    Args:
        value: as `relukit.checks.plain.plain` returns it; dicts with text as keys may be around.

    Example:
        >>> decode(encode((1.5, [np.arange(2)])))
        (1.5, [array([0, 1])])
    """
    arrays: list[bytes] = []
    text = json.dumps(_node(value, arrays)).encode()
    return b"".join([_HEAD.pack(len(text)), text, *arrays])


def decode(frame: bytes) -> Any:  # noqa: ANN401 - as of json.loads
    """Return the data in a frame that anybody may have written.

    Raises:
        Malformed: it is no frame, or describes more than it holds.
    """
    try:
        (length,) = _HEAD.unpack_from(frame)
        end = _HEAD.size + length
        if end > len(frame):
            raise Malformed("the frame ends in the middle")
        if length > _LARGEST_TREE or len(frame) > LARGEST:
            raise TooMuch(f"{len(frame)} bytes")
        arrays = io.BytesIO(frame[end:])
        value = _value(json.loads(frame[_HEAD.size : end]), arrays, _NODES)
        if arrays.read(1):
            raise Malformed("more than the frame describes")
        return value
    except Malformed:
        raise
    except Exception as cause:  # a parser of foreign bytes may raise anything, RecursionError too
        raise Malformed(f"{type(cause).__name__} while it was read") from None


def _node(value: object, arrays: list[bytes]) -> object:
    if isinstance(value, tuple | list):
        kind = "tuple" if isinstance(value, tuple) else "list"
        return {kind: [_node(item, arrays) for item in value]}
    if isinstance(value, dict):
        return {"dict": {key: _node(item, arrays) for key, item in value.items()}}
    if isinstance(value, Unusable):
        return {"unusable": value.description}
    if isinstance(value, np.ndarray):
        arrays.append(_beginning(value.dtype, value.shape) + value.tobytes())
        layout = layout_of(value)
        return {f"{layout} array" if layout else "array": len(arrays[-1])}
    if isinstance(value, int) and value.bit_length() > _LARGEST_INTEGER:
        return {"unusable": "an integer of thousands of digits"}
    return value


@lru_cache(maxsize=256)  # arrays of a few shapes come by the thousand
def _beginning(dtype: np.dtype, shape: tuple[int, ...]) -> bytes:
    """Return the beginning of an npy file in C order; the numbers come behind it."""
    buffer = io.BytesIO()
    descr = np.lib.format.dtype_to_descr(dtype)
    described = {"descr": descr, "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(buffer, described)
    return buffer.getvalue()


def _value(node: object, arrays: io.BytesIO, depth: int) -> object:
    if isinstance(node, str):
        return _writable(node)
    if not isinstance(node, dict | list):
        return node
    if isinstance(node, list) or len(node) != 1 or depth == 0:
        raise Malformed("a node that is none")
    ((kind, content),) = node.items()
    if kind in ("tuple", "list") and isinstance(content, list):
        items = [_value(item, arrays, depth - 1) for item in content]
        return tuple(items) if kind == "tuple" else items
    if kind == "dict" and isinstance(content, dict):
        return {_writable(key): _value(item, arrays, depth - 1) for key, item in content.items()}
    if kind == "unusable" and isinstance(content, str):
        return Unusable(_writable(content)[:_LARGEST_DESCRIPTION])
    layout, _, what = kind.rpartition(" ")
    if what == "array" and layout in ("", *LAYOUTS) and type(content) is int:
        array = _array(arrays, content)
        return laid_out(array, layout) if layout else array
    raise Malformed("a node of an unknown kind")


def _writable(text: str) -> str:
    """Return text that every file can hold: without halves of characters."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _array(arrays: io.BytesIO, size: int) -> np.ndarray:
    """Return the next array; each byte is read once, so that arrays take no more than the frame."""
    data = arrays.read(size) if 0 < size <= LARGEST else b""
    if len(data) != size:
        raise Malformed("an array outside the frame")
    if data[:8] != _NPY:
        raise Malformed("an array in another format")
    start = _START.size + _START.unpack_from(data)[1]
    shape, fortran_order, dtype = _header(data[:start])
    if dtype.kind not in "biufc" or dtype.subdtype is not None:
        raise Malformed("an array that does not hold numbers")
    if math.prod(shape) * dtype.itemsize != len(data) - start:
        raise Malformed("an array whose header does not fit its data")
    if 0 in shape and max(shape) > _LARGEST_EMPTY:
        raise Malformed("an array of nothing that is as long as the sender likes")
    flat = np.frombuffer(data, dtype, offset=start).copy()
    return flat.reshape(shape, order="F" if fortran_order else "C")


@lru_cache(maxsize=256)
def _header(head: bytes) -> tuple[tuple[int, ...], bool, np.dtype]:
    """Return shape, order and type as the beginning of an npy file states them."""
    buffer = io.BytesIO(head[_MAGIC:])
    return np.lib.format.read_array_header_1_0(buffer, max_header_size=_LARGEST_HEADER)
