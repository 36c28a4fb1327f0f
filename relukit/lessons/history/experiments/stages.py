"""One stage of a recognizer: filters, a nonlinearity, contrast normalization, pooling, read-out.

Each factor is changed by itself, with all else as in the plainest stage: random filters, tanh, no
normalization. The read-out sees 300 images, about 30 of a kind, few enough for features to matter.
"""

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, conv2d, pad

from relukit.ledger import kept
from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED, Setting
from relukit.lessons.history.experiments.readout import Parts, read_out
from relukit.statistics import Interval, paired_difference
from relukit.streams import generator

N_FILTERS = 16
N_TRAIN = 300
RECTIFIERS = {
    "tanh": torch.tanh,
    "absolute value of tanh": lambda z: torch.tanh(z).abs(),
    "positive part of tanh": lambda z: torch.tanh(z).clamp_min(0),
}
PLAIN = "tanh"


def random_filters(seed: int) -> Tensor:
    """Return 16 filters of 3 x 3 standard normal numbers, (16, 1, 3, 3).

    Args:
        seed: of the numbers.
    """
    return torch.randn(N_FILTERS, 1, 3, 3, generator=torch.Generator().manual_seed(seed))


def learned_filters(images: Tensor, seed: int) -> Tensor:
    """Return 16 filters learned without labels: the centres of 16 clusters of patches.

    Each patch has mean 0; the clusters are those of k-means, from 5000 patches.

    Args:
        images: (n, 64), 8 x 8 pixels each.
        seed: which patches, and where the search begins.
    """
    from sklearn.cluster import KMeans

    patches = torch.nn.functional.unfold(images.view(-1, 1, 8, 8), 3).mT.reshape(-1, 9)
    some = torch.randperm(len(patches), generator=generator(seed, "patches"))[:5000]
    centred = patches[some] - patches[some].mean(1, keepdim=True)
    search = KMeans(N_FILTERS, n_init=1, random_state=seed).fit(centred.numpy())
    return torch.as_tensor(search.cluster_centers_, dtype=images.dtype).view(-1, 1, 3, 3)


def normalized(maps: Tensor) -> Tensor:
    """Return maps without their local mean, over their local spread where that is large.

    The neighbourhood is 3 x 3 in all maps. A spread below its mean over the image counts as that.

    Args:
        maps: (n, k, rows, columns).

    References: [Jarrett2009].
    """

    def around(values: Tensor) -> Tensor:
        return avg_pool2d(pad(values.mean(1, keepdim=True), (1, 1, 1, 1), "replicate"), 3, 1)

    centred = maps - around(maps)
    spread = around(centred.square()).sqrt()
    floor = spread.mean((2, 3), keepdim=True).clamp_min(1e-6)
    return centred / torch.maximum(spread, floor)


def pooled(images: Tensor, filters: Tensor, name: str, *, normalize: bool = False) -> Tensor:
    """Return what filters, a nonlinearity and 2 x 2 average pooling make of digits.

    Args:
        images: (n, 64), 8 x 8 pixels each.
        filters: (k, 1, 3, 3).
        name: a key of RECTIFIERS.
        normalize: whether contrast is normalized before pooling.

    Returns:
        Features, (n, 9 k).

    References: [Jarrett2009].
    """
    maps = RECTIFIERS[name](conv2d(images.view(-1, 1, 8, 8), filters))
    return avg_pool2d(normalized(maps) if normalize else maps, 2).flatten(1)


@kept.cache
def stage_accuracies(
    name: str = PLAIN, *, learned: bool = False, normalize: bool = False, setting: Setting = STATED
) -> tuple[float, ...]:
    """Return the accuracy of a linear read-out of one stage, for each seed's filters and split.

    All filters are scaled so that their responses to the training images have deviation 1.

    Args:
        name: the nonlinearity, a key of RECTIFIERS.
        learned: whether filters are learned without labels instead of drawn.
        normalize: whether contrast is normalized.
        setting: the seeds.
    """
    drawn = setting.dataset("digits")
    parts = Parts.of([drawn(seed) for seed in setting.seeds]).first(N_TRAIN)
    seen, new = [], []
    for seed, train, test in zip(setting.seeds, parts.x_train, parts.x_test, strict=True):
        filters = learned_filters(train, seed) if learned else random_filters(seed)
        filters = filters / conv2d(train.view(-1, 1, 8, 8), filters).std()
        seen.append(pooled(train, filters, name, normalize=normalize))
        new.append(pooled(test, filters, name, normalize=normalize))
    return tuple(read_out(torch.stack(seen), torch.stack(new), parts).tolist())


def random_filter_accuracies(setting: Setting = STATED) -> dict[str, tuple[float, ...]]:
    """Return the accuracy of a read-out of random filters for each seed, by nonlinearity.

    Args:
        setting: the seeds.
    """
    return {name: stage_accuracies(name, setting=setting) for name in RECTIFIERS}


def _gap(first: list[float], second: list[float]) -> Interval:
    return paired_difference(first, second).difference


def rectification_matters(setting: Setting = STATED) -> Measured:
    """Change a stage in one factor at a time: rectifier, contrast normalization, filters."""
    setting = setting.only()
    plain = torch.tensor(stage_accuracies(setting=setting))
    changed = {
        "the positive part": stage_accuracies("positive part of tanh", setting=setting),
        "the absolute value": stage_accuracies("absolute value of tanh", setting=setting),
        "normalization": stage_accuracies(normalize=True, setting=setting),
        "learned filters": stage_accuracies(learned=True, setting=setting),
    }
    gain = {words: (torch.tensor(values) - plain).tolist() for words, values in changed.items()}
    none = [0.0] * len(plain)
    return {
        "accuracy gained by the positive part": _gap(gain["the positive part"], none),
        "accuracy gained by the absolute value": _gap(gain["the absolute value"], none),
        "gain of the positive part minus that of contrast normalization": _gap(
            gain["the positive part"], gain["normalization"]
        ),
        "gain of the positive part minus that of learned filters": _gap(
            gain["the positive part"], gain["learned filters"]
        ),
    }


def leads(setting: Setting = STATED) -> Measured:
    """Return by how much each nonlinearity is ahead of the better one of the two others."""
    arms, found = random_filter_accuracies(setting.only()), {}
    for name, values in arms.items():
        rest = [others for other, others in arms.items() if other != name]
        best = max(rest, key=lambda others: sum(others))
        found[f"{name}, minus the better of the other two"] = paired_difference(
            values, best
        ).difference
    return found
