"""Thirty tasks in other settings: what of the loss is seen there."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from relukit.lessons.dying.experiments.plasticity import ARMS, Learned, thirty

ELSEWHERE: MappingProxyType[str, Mapping[str, Any]] = MappingProxyType(
    {
        "a third of the rate": {"rate": 0.01},
        "64 units a layer": {"width": 64},
        "all digits, pixels in a new order": {"permuted": True},
        "Adam at 0.001": {"adam": True, "rate": 0.001},
    }
)
KINDS = ("ReLU", "leaky ReLU", "tanh")
# in percent, of the first task and of the thirtieth; a test measures them again
SEEN: MappingProxyType[str, Mapping[str, tuple[int, int]]] = MappingProxyType(
    {
        "a third of the rate": {"ReLU": (40, 20), "leaky ReLU": (40, 30), "tanh": (40, 40)},
        "64 units a layer": {"ReLU": (94, 13), "leaky ReLU": (93, 68), "tanh": (89, 99)},
        "all digits, pixels in a new order": {
            "ReLU": (99, 86), "leaky ReLU": (99, 93), "tanh": (98, 93),
        },
        "Adam at 0.001": {"ReLU": (30, 33), "leaky ReLU": (30, 33), "tanh": (33, 34)},
    }
)  # fmt: skip


def elsewhere() -> dict[str, dict[str, Learned]]:
    """Return what ReLU, leaky and tanh networks learn of thirty tasks in other settings."""
    return {
        setting: {kind: thirty(replace(ARMS[kind], **changes)) for kind in KINDS}
        for setting, changes in ELSEWHERE.items()
    }
