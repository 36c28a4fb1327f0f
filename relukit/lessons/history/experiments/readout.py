"""How good features are: what a linear read-out makes of them."""

import torch
from torch import Tensor

from relukit.datasets import digits


def read_out(train: Tensor, test: Tensor, *, penalty: float = 1e-2) -> Tensor:
    """Return the share of digits that a linear read-out of features gets right, (members,).

    The read-out is ridge regression of the ten classes on the centred features; the largest
    output is the answer. It has no local minima and no learning rate.

    Args:
        train: features of the training images, (members, 1347, k).
        test: features of the test images, (members, 450, k).
        penalty: of the ridge, relative to the mean variance of a feature.
    """
    data = digits()
    target = torch.nn.functional.one_hot(data.y_train, 10).to(train.dtype)
    centre, wanted = train.mean(1, keepdim=True), target - target.mean(0)
    a, b = train - centre, test - centre
    gram = a.mT @ a / len(target)
    ridge = penalty * gram.diagonal(dim1=-2, dim2=-1).mean(-1)[:, None, None]
    solution = torch.linalg.solve(
        gram + ridge * torch.eye(gram.shape[-1]), a.mT @ wanted / len(target)
    )
    output = b @ solution + target.mean(0)
    return (output.argmax(-1) == data.y_test).double().mean(-1)
