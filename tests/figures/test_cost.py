"""The figure of costs keeps the order and says no number that varies."""

from relukit import figures


def named(axes, gid: str):
    """Return the one artist of the axes with this gid."""
    (artist,) = [a for a in axes.get_children() if a.get_gid() == gid]
    return artist


def test_cost_keeps_the_order_and_the_values_and_says_no_number_that_varies():
    times = {"relu": 5e-4, "tanh": 4e-3, "matrix product": 0.128}
    picture = figures.cost(times, highlight="matrix product")
    (axes,) = picture.axes
    assert axes.get_xscale() == "log"
    for name, seconds in times.items():
        assert named(axes, name).get_xdata() == [1e3 * seconds]
    assert [text.get_text() for text in axes.texts] == ["0.5", "4", "128"]
    assert named(axes, "matrix product").get_marker() != named(axes, "relu").get_marker()
    assert picture.alt == figures.cost(dict.fromkeys(times, 1.0)).alt
    assert [label.get_text() for label in axes.get_yticklabels()] == list(times)
