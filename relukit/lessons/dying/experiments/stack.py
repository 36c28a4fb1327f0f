"""Many small networks at once, with a hand between their updates.

The engine trains from the first update to the last. Where tasks follow each other and units begin
anew, something happens in between; so here the engine's own gradients and rules stand alone.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from relukit.training import SGD, Adam
from relukit.training.layered import Layered

Data = tuple[Tensor, Tensor]


class Stack:
    """n networks of one shape, of Linear layers and one kind of activation between them.

    Args:
        networks: the networks; they are copied.
        optimizer: the rule.

    Attributes:
        weights: of each layer, (n, outputs, inputs); changing them changes the networks.
        biases: of each layer, (n, outputs).
        memory: what the rule keeps of past gradients: for each of its buffers the tensors of
            `weights`, then of `biases`.
    """

    def __init__(self, networks: Sequence[nn.Sequential], optimizer: SGD | Adam) -> None:
        shapes = {name: p.shape for name, p in networks[0].named_parameters()}
        n, self.optimizer, self.step = len(networks), optimizer, 0
        size = n * sum(shape.numel() for shape in shapes.values())
        kept = [torch.zeros(size, dtype=next(networks[0].parameters()).dtype) for _ in range(2)]
        self.flat, self.grad = kept
        self.buffers = [torch.zeros_like(self.flat) for _ in range(optimizer.buffers)]

        def views(flat: Tensor) -> dict[str, Tensor]:
            parts = flat.split([n * shape.numel() for shape in shapes.values()])
            return {
                name: part.view(n, *shape)
                for (name, shape), part in zip(shapes.items(), parts, strict=True)
            }

        own = views(self.flat)
        for name, values in own.items():
            values.copy_(torch.stack([made.get_parameter(name).detach() for made in networks]))
        self.network = Layered(networks[0], own, views(self.grad))
        self.weights, self.biases = _by_kind(own)
        self.memory = [_by_kind(views(flat)) for flat in self.buffers]

    def learn(self, data: Data, rate: float) -> None:
        """Make one update.

        Args:
            data: inputs (n, examples, inputs) and classes (n, examples).
            rate: learning rate.
        """
        self.network.gradient(*data, None)
        move = self.optimizer.direction(self.grad, self.buffers, self.step)
        self.flat.sub_(move, alpha=rate)
        self.step += 1

    def hidden(self, x: Tensor) -> list[Tensor]:
        """Return what each hidden layer puts out, (n, examples, units) a layer.

        Args:
            x: inputs, (n, examples, inputs).
        """
        return self.network.outputs(x)[1]

    def accuracy(self, data: Data) -> Tensor:
        """Return the share of examples that each network gets right, float64 (n,).

        Args:
            data: as for `learn`.
        """
        x, y = data
        return (self.network.outputs(x)[0].argmax(-1) == y).double().mean(-1)


def _by_kind(parts: dict[str, Tensor]) -> tuple[list[Tensor], list[Tensor]]:
    """Return the weights and the biases of named parameters."""
    weights = [part for name, part in parts.items() if name.endswith("weight")]
    return weights, [part for name, part in parts.items() if name.endswith("bias")]
