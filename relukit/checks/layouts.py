"""How an array lies in memory: what a right answer never notices, and a wrong one may."""

import numpy as np

LAYOUTS = ("strided", "Fortran", "read-only")


def laid_out(array: np.ndarray, layout: str) -> np.ndarray:
    """Return a copy of an array that lies in memory in a certain way.

    Args:
        array: of any shape.
        layout: "strided" takes every second place of a longer array, "Fortran" lays columns side
            by side, "read-only" refuses to be written to; "" is NumPy's own.

    Example:
        >>> laid_out(np.arange(3), "strided").flags.c_contiguous
        False
    """
    if layout == "strided" and array.ndim:
        room = np.zeros((*array.shape[:-1], 2 * array.shape[-1]), array.dtype)
        room[..., ::2] = array
        return room[..., ::2]
    fresh = array.copy(order="F" if layout == "Fortran" else "C")
    fresh.setflags(write=layout != "read-only")
    return fresh


def layout_of(array: np.ndarray) -> str:
    """Return one of LAYOUTS, or "" for NumPy's own.

    Example:
        >>> layout_of(np.ones((2, 3)).T), layout_of(np.ones(4)[::2]), layout_of(np.ones(4))
        ('Fortran', 'strided', '')
    """
    if not array.flags.writeable:
        return "read-only"
    if array.flags.c_contiguous:
        return ""
    return "Fortran" if array.flags.f_contiguous else "strided"
