"""Many small networks at once, update by update, where something happens between the updates.

The engine trains with one rule from the first update to the last. Clipping, warm-up, tasks that
follow each other and units that begin anew need a hand in between; so here is that loop, for
stacks of equally wide layers. Where none of them is asked for it does what the engine does.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

Data = tuple[Tensor, Tensor]


@dataclass(eq=False)
class Stack:
    """n networks of one shape with SGD's memory, or Adam's.

    Attributes:
        weights: of each layer, (n, outputs, inputs).
        biases: of each layer, (n, 1, outputs).
        leak: slope of the hidden units below 0, dimensionless; None for tanh.
        memory: for each parameter what the rule keeps of past gradients.
        updates: made so far.
        alive: which networks still learn, bool (n,); one whose gradient is no longer finite keeps
            its weights.
    """

    weights: list[Tensor]
    biases: list[Tensor]
    leak: float | None = 0.0
    memory: list[tuple[Tensor, Tensor]] = field(default_factory=list)
    updates: int = 0
    alive: Tensor = field(init=False)

    def __post_init__(self) -> None:
        self.alive = torch.ones(len(self.weights[0]), dtype=torch.bool)
        self.memory = [(torch.zeros_like(p), torch.zeros_like(p)) for p in self.parameters]

    @classmethod
    def of(cls, networks: Sequence[nn.Sequential], *, leak: float | None = 0.0) -> "Stack":
        """Return a stack with copies of the weights and biases of networks.

        Args:
            networks: of linear layers and activations, all of one shape.
            leak: as for the attribute.
        """
        layers = [[part for part in made if isinstance(part, nn.Linear)] for made in networks]
        alike = list(zip(*layers, strict=True))
        return cls(
            [torch.stack([part.weight.detach() for part in each]) for each in alike],
            [torch.stack([part.bias.detach()[None] for part in each]) for each in alike],
            leak,
        )

    @property
    def parameters(self) -> list[Tensor]:
        """Weights, then biases."""
        return [*self.weights, *self.biases]

    def hidden(self, x: Tensor) -> list[Tensor]:
        """Return what each hidden layer puts out, (n, examples, units) a layer.

        Args:
            x: inputs, (n, examples, inputs).
        """
        found = [x]
        for weight, bias in zip(self.weights[:-1], self.biases[:-1], strict=True):
            z = torch.baddbmm(bias, found[-1], weight.mT)
            found.append(_bent(z, self.leak))
        return found[1:]

    def scores(self, x: Tensor) -> Tensor:
        """Return the scores of the last layer, (n, examples, classes).

        Args:
            x: as for `hidden`.
        """
        return torch.baddbmm(self.biases[-1], self.hidden(x)[-1], self.weights[-1].mT)

    def accuracy(self, data: Data) -> Tensor:
        """Return the share of examples that each network gets right, float64 (n,).

        Args:
            data: inputs (n, examples, inputs) and classes (n, examples).
        """
        x, y = data
        return (self.scores(x).argmax(-1) == y).double().mean(-1)

    def gradients(self, data: Data) -> list[Tensor]:
        """Return the gradients of each network's mean cross-entropy, as `parameters` lists them.

        Args:
            data: as for `accuracy`.
        """
        x, y = data
        layers = [x, *self.hidden(x)]
        scores = torch.baddbmm(self.biases[-1], layers[-1], self.weights[-1].mT)
        blame = scores.softmax(-1)
        blame.scatter_add_(-1, y[..., None], blame.new_full((*y.shape, 1), -1.0))
        blame /= y.shape[-1]
        weights, biases = [], []
        for place in reversed(range(len(self.weights))):
            weights.append(blame.mT @ layers[place])
            biases.append(blame.sum(1, keepdim=True))
            if place:
                a = layers[place]
                blame = (blame @ self.weights[place]) * _slope(a, self.leak)
        return [*reversed(weights), *reversed(biases)]

    def learn(
        self, data: Data, rate: float, *, momentum: float = 0.9, limit: float | None = None
    ) -> None:
        """Make one update of gradient descent with momentum.

        Args:
            data: as for `accuracy`.
            rate: learning rate.
            momentum: share of the last move that goes on, dimensionless.
            limit: longest gradient, over all weights and biases of a network; a longer one is
                shortened to it. None leaves all as they are.
        """
        found = self.gradients(data)
        length = torch.stack([part.square().sum((1, 2)) for part in found]).sum(0).sqrt()
        self.alive &= length.isfinite()
        if limit is not None:
            scale = (limit / length).clamp(max=1)[:, None, None]
            found = [part * scale for part in found]
        self.updates += 1
        frozen = ~self.alive[:, None, None] if not self.alive.all() else None
        for value, new, (past, _) in zip(self.parameters, found, self.memory, strict=True):
            past.mul_(momentum).add_(new)
            if frozen is not None:
                past.masked_fill_(frozen, 0.0)
            value.sub_(past, alpha=rate)

    def learn_by_adam(self, data: Data, rate: float) -> None:
        """Make one update of Adam with its usual numbers, 0.9, 0.999 and 1e-8.

        Args:
            data: as for `accuracy`.
            rate: learning rate.
        """
        self.updates += 1
        first, second = 1 - 0.9**self.updates, 1 - 0.999**self.updates
        for value, new, (mean, square) in zip(
            self.parameters, self.gradients(data), self.memory, strict=True
        ):
            mean.mul_(0.9).add_(new, alpha=0.1)
            square.mul_(0.999).addcmul_(new, new, value=0.001)
            value.addcdiv_(mean, (square / second).sqrt().add_(1e-8), value=-rate / first)

    def dead(self, x: Tensor) -> Tensor:
        """Return which share of each hidden layer puts out 0 for every example, (n, layers).

        Args:
            x: as for `hidden`.
        """
        shares = [(a == 0).all(1).double().mean(-1) for a in self.hidden(x)]
        return torch.stack(shares, -1)


def _bent(z: Tensor, leak: float | None) -> Tensor:
    if leak is None:
        return torch.tanh_(z)
    return z.relu_() if leak == 0 else nn.functional.leaky_relu_(z, leak)


def _slope(a: Tensor, leak: float | None) -> Tensor:
    """Return the slope of the hidden units, from what they put out."""
    if leak is None:
        return 1 - a.square()
    on = (a > 0).to(a.dtype)
    return on if leak == 0 else on.mul_(1 - leak).add_(leak)
