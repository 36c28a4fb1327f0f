"""What a task's text allows a parameter to be: drawn from where a check is made, and tested."""

from dataclasses import dataclass

import numpy as np

SIZES = (0, 1, 2, 9, 100, 10_000)


@dataclass(frozen=True)
class Domain:
    """What a task's text allows one parameter to be.

    Attributes:
        dtypes: names of NumPy dtypes where it is an array; () where it is a number or a choice.
        values: the choices, where there are few; of a number, those that get inputs of their own
            whatever else is drawn.
        low: the smallest magnitude beside 0; None is the smallest number of the dtype.
        high: the largest finite magnitude; None is the largest number of the dtype.
        signs: "+-", "+" or "-".
        zero: whether 0 is allowed.
        special: whether nan and the infinities are.
        axes: for an array whose axes mean something, the sizes out of SIZES that each may have;
            () where any shape will do.
    """

    dtypes: tuple[str, ...] = ()
    values: tuple[float | str, ...] = ()
    low: float | None = None
    high: float | None = None
    signs: str = "+-"
    zero: bool = True
    special: bool = False
    axes: tuple[tuple[int, ...], ...] = ()

    def decades(self, dtype: str = "float64") -> range:
        """Return the powers of ten that a magnitude may begin with, as exponents.

        Example:
            >>> Domain(low=0.1, high=1e3).decades()
            range(-1, 4)
        """
        low, high = self.limits(dtype)
        return range(int(np.floor(np.log10(low))), int(np.floor(np.log10(high))) + 1)

    def limits(self, dtype: str = "float64") -> tuple[float, float]:
        """Return the smallest and the largest magnitude beside 0 and infinity."""
        kind = np.dtype(dtype)
        if kind.kind == "f":
            least = float(np.finfo(kind).smallest_subnormal), float(np.finfo(kind).max)
        else:
            least = (1.0, float(np.iinfo(kind).max) if kind.kind in "iu" else 1.0)
        given = (self.low, self.high)
        low, high = (a if b is None else b for a, b in zip(least, given, strict=True))
        return max(low, least[0]), min(high, least[1])

    def signs_of(self, dtype: str = "float64") -> tuple[int, ...]:
        """Return 1 and -1, as far as they are allowed."""
        unsigned = np.dtype(dtype).kind in "bu"
        allowed = [(1, "+")] if unsigned else [(1, "+"), (-1, "-")]
        return tuple(sign for sign, mark in allowed if mark in self.signs)

    def fits(self, value: object) -> bool:
        """Return whether an array is as long along each axis as the text demands at least."""
        if not self.axes or not isinstance(value, np.ndarray):
            return True
        pairs = zip(value.shape, self.axes, strict=False)
        return all(n >= min(sizes) for n, sizes in pairs)
