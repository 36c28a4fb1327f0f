"""Three ways to scale grey values before a network sees them."""

import numpy as np

from relukit.errors import InvalidValueError, unknown_name

SCALINGS = ("standard", "unit", "raw")


def scale_pixels(
    x_train: np.ndarray, x_test: np.ndarray, *, top: float, scaling: str
) -> tuple[np.ndarray, np.ndarray]:
    r"""Return both parts scaled: "standard" is $(x/\mathrm{top} - m_j)/s$.

    $m_j$ is the mean of pixel j and $s$ the one standard deviation of all centred pixels, both
    over the training part only.

    Args:
        x_train: grey values (n_train, n_pixels) from 0 to `top`.
        x_test: grey values (n_test, n_pixels) from 0 to `top`.
        top: the largest grey value, such as 16 or 255.
        scaling: "standard", "unit" (divide by `top`: 0 to 1) or "raw" (leave as it is).

    Returns:
        The training and the test part, float32, in the shapes that were given.

    Raises:
        InvalidValueError: an unknown scaling, or "standard" of images that are all the same.

    Conventions: one standard deviation for all pixels, because a pixel that is constant in the
        training part has none of its own (0/0); such a pixel becomes 0.

    Example:
        >>> train, test = scale_pixels(np.array([[0, 8], [16, 8]]), np.array([[16, 16]]),
        ...                            top=16, scaling="unit")
        >>> train.tolist(), test.tolist()
        ([[0.0, 0.5], [1.0, 0.5]], [[1.0, 1.0]])
    """
    if scaling not in SCALINGS:
        raise unknown_name("scaling", scaling, SCALINGS)
    train, test = (np.array(x, dtype=np.float32) for x in (x_train, x_test))
    if scaling == "raw":
        return train, test
    train /= top
    test /= top
    if scaling == "standard":
        mean = train.mean(axis=0, dtype=np.float64).astype(np.float32)
        train -= mean
        test -= mean
        spread = np.float32(train.std(dtype=np.float64))
        if spread == 0:
            raise InvalidValueError(
                "images that differ from each other", "identical images", "pass scaling='unit'"
            )
        train /= spread
        test /= spread
    return train, test
