"""How answers of lesson 06 are used: on networks from arrays, on digits, after a power cut."""

from functools import lru_cache

import numpy as np

from relukit.checks.call import Arguments

# what these harnesses import in the end; a grader that loads it beforehand pays for it once
LOADS = ("torch", "torch._dynamo", "sklearn.datasets")

N_SPLITS = 2  # of the digits, for one check of a learner
CLASSES, INPUTS = 3, 5  # of the task on which runs are interrupted


def network_of(weights, biases, activation: str = "ReLU"):
    """Return a torch.nn.Sequential of Linear layers, with an activation between them, in float64.

    Args:
        weights: arrays (units, inputs), one for each layer.
        biases: arrays (units,).
        activation: the name of a class of torch.nn.
    """
    import torch
    from torch import nn
    from torch.nn.utils import skip_init

    made = nn.Sequential()
    for weight, bias in zip(weights, biases, strict=True):
        if len(made):
            made.append(getattr(nn, activation)())
        made.append(skip_init(nn.Linear, *weight.shape[::-1], dtype=torch.float64))
        with torch.no_grad():
            made[-1].weight.copy_(torch.tensor(weight))
            made[-1].bias.copy_(torch.tensor(bias))
    return made


def _flat(tensors) -> np.ndarray:
    import torch

    return torch.cat([tensor.detach().double().flatten() for tensor in tensors]).numpy().copy()


def as_step(answer: object, arguments: Arguments) -> object:
    """Let the answer make one training step after the other, and look at the network each time.

    Args:
        answer: takes a network, a batch x, its labels y and a learning rate; returns the loss.
        arguments: weights and biases of a network, tuples of arrays; batches (steps, n, inputs)
            and labels (steps, n); the learning rate; a number that every gradient holds before
            the first step, 0 where there is none.

    Returns:
        The list of what came back from each step, and the parameters after each, float64
        (steps, parameters): weight and bias of each layer in turn, flattened; or a text that says
        what was done to the network.
    """
    import torch

    weights, biases, xs, ys, lr, *left = arguments
    network = network_of(weights, biases)
    layers = repr(network)
    for parameter in network.parameters():
        if left:
            parameter.grad = torch.full_like(parameter, left[0])
    returned, found = [], []
    with torch.random.fork_rng(devices=[]), torch.enable_grad():
        for x, y in zip(torch.as_tensor(xs), torch.as_tensor(ys), strict=True):
            returned.append(answer(network, x, y, lr))
            found.append(_flat(network.parameters()))
    if all(loss is None for loss in returned):
        return None
    if repr(network) != layers or len({len(flat) for flat in found}) > 1:
        return "the network must keep its layers and their parameters"
    return returned, np.stack(found)


def as_penalty(answer: object, arguments: Arguments) -> object:
    """Return a penalty on a network, with its gradient.

    Args:
        answer: takes a network, inputs and a strength; returns a tensor with one number.
        arguments: weights and biases, tuples of arrays; the activation between the layers, a class
            of torch.nn; inputs (n, features); the strength.

    Returns:
        The penalty, and its gradient with respect to all parameters, flattened in their order, None
        where there is none; or a text that says what was done to the network.
    """
    import torch

    weights, biases, activation, x, strength = arguments
    network = network_of(weights, biases, activation)
    parameters = list(network.parameters())
    before = _flat(parameters)
    with torch.random.fork_rng(devices=[]), torch.enable_grad():
        value = answer(network, torch.as_tensor(x), strength)
        if value is None:
            return None
        if any(parameter.grad is not None for parameter in parameters):
            return "it calls backward: return the penalty, the caller adds it to the loss"
        if not np.array_equal(before, _flat(network.parameters())):
            return "it changes the network's weights: they must stay as they are"
        if not isinstance(value, torch.Tensor) or value.numel() != 1 or not value.requires_grad:
            return value, None
        slopes = torch.autograd.grad(value.sum(), parameters, allow_unused=True)
    pairs = zip(slopes, parameters, strict=True)
    return value, _flat(torch.zeros_like(p) if slope is None else slope for slope, p in pairs)


@lru_cache(maxsize=2 * N_SPLITS)
def _given(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    from relukit.datasets import digits

    data = digits(scaling="raw", seed=seed)
    return data.x_train.numpy(), data.y_train.numpy(), data.x_test.numpy()


def splits_of(seed: int) -> range:
    """Return the seeds of the splits that belong to one seed of a check."""
    return range(N_SPLITS * seed, N_SPLITS * seed + N_SPLITS)


def as_learner(answer: object, arguments: Arguments) -> object:
    """Let the answer learn from the training part of some splits of the digits.

    Args:
        answer: takes images and labels to learn from, images to name, and a seed; returns labels.
        arguments: the seed that the splits are drawn from.

    Returns:
        The list of what came back for each split.
    """
    import torch

    (seed,) = arguments
    found = []
    for split in splits_of(seed):
        given = [array.copy() for array in _given(split)]
        with torch.random.fork_rng(devices=[]), torch.enable_grad():
            found.append(answer(*given, split))
        if found[-1] is None:
            return None
    return found


class Interruptible:
    """A network that is being trained on numbers drawn from a generator.

    Args:
        method: "SGD" with momentum 0.9, or "Adam".
        normalized: whether batch normalization stands behind the first layer.
        seed: of the weights and of the generator.
    """

    def __init__(self, method: str, normalized: bool, seed: int) -> None:
        import torch
        from torch import nn

        from relukit.networks import mlp

        self.network = mlp((INPUTS, 8, CLASSES), seed=seed, dtype=torch.float64)
        if normalized:
            self.network.insert(1, nn.BatchNorm1d(8, dtype=torch.float64))
        options = {"lr": 0.1, "momentum": 0.9} if method == "SGD" else {"lr": 0.01}
        self.optimizer = getattr(torch.optim, method)(self.network.parameters(), **options)
        self.generator = torch.Generator().manual_seed(seed)

    @property
    def parts(self) -> tuple:
        """What a run consists of."""
        return self.network, self.optimizer, self.generator

    def advance(self, steps: int) -> None:
        """Train for so many steps of 8 examples."""
        import torch

        for _ in range(steps):
            x = torch.randn(8, INPUTS, generator=self.generator, dtype=torch.float64)
            y = x[:, :CLASSES].argmax(1)
            self.optimizer.zero_grad()
            torch.nn.functional.cross_entropy(self.network(x), y).backward()
            self.optimizer.step()

    def lower(self) -> None:
        """Halve the learning rate."""
        for group in self.optimizer.param_groups:
            group["lr"] /= 2

    def state(self) -> np.ndarray:
        """Return all numbers of the network, float64: weights, biases, and running averages."""
        return _flat(self.network.state_dict().values())

    def next_draws(self) -> np.ndarray:
        """Return what the generator would draw next, and leave it as it is."""
        import torch

        twin = torch.Generator()
        twin.set_state(self.generator.get_state())
        return torch.rand(4, generator=twin).numpy()

    def finish(self, steps: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the state and the next draws, and the state after so many steps more."""
        found = self.state(), self.next_draws()
        self.advance(steps)
        return *found, self.state()


def through_a_power_cut(answer: object, arguments: Arguments) -> object:
    """Train, let the answer save, train on, lose all, let the answer restore, and finish.

    Args:
        answer: takes a network, an optimizer and a generator, and returns what it saves of them;
            with that as a fourth argument, puts it back into other ones.
        arguments: method and normalized as for `Interruptible`; the steps before saving, those
            that are lost, and those after restoring; the seed.

    Returns:
        What `Interruptible.finish` returns of the restored run.
    """
    import torch

    method, normalized, before, lost, after, seed = arguments
    first, second = (Interruptible(method, normalized, s) for s in (seed, seed + 1))
    with torch.random.fork_rng(devices=[]), torch.enable_grad():
        first.advance(before)
        first.lower()
        kept = first.state()
        saved = answer(*first.parts)
        if saved is None:
            return "without a fourth argument it must return what it saves, and it returns None"
        if not np.array_equal(first.state(), kept):
            return "saving changes the network: the run must be able to go on"
        first.advance(lost)
        answer(*second.parts, saved)
        return second.finish(after)
