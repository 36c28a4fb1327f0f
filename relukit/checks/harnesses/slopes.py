"""How answers are used without overflow on the way, and as a module of torch."""

import numpy as np

from relukit.checks.call import Answer, Arguments


def without_overflow(answer: Answer, arguments: Arguments) -> object:
    """Return `answer(*arguments)`; where NumPy would warn of an overflow, it raises instead."""
    with np.errstate(over="raise"):
        return answer(*arguments)


def as_slope_module(answer: Answer, arguments: Arguments) -> object:
    """Build a module with one learned slope, set the slope, and run it forward and backward.

    It runs forward twice, the first time in evaluation mode, and must give the same twice.

    Args:
        answer: a class, or another thing that returns a torch.nn.Module when called.
        arguments: the input x, the slope to set, and the gradient that comes back from behind, an
            array of x's shape and dtype.

    Returns:
        The number that the slope starts from, the output, the gradient of x (0 where x is 0: at
        the kink every formula has its own) and the gradient of the slope, a missing gradient as
        None; or a text that says what was built instead.
    """
    import torch

    x, slope, upstream = arguments
    module = answer()
    if not isinstance(module, torch.nn.Module):
        return "no module"
    learned = list(module.parameters())
    size = sum(parameter.numel() for parameter in learned)
    if size != 1:
        return f"a module with {size} learned numbers"
    (parameter,) = (entry for entry in learned if entry.numel())
    start = parameter.item()
    leaf = torch.as_tensor(x).clone().requires_grad_()
    module.to(leaf.dtype)
    (parameter,) = (entry for entry in module.parameters() if entry.numel())
    with torch.no_grad():
        parameter.fill_(slope)
        before = module.eval()(leaf)
    output = module.train()(leaf)
    if not isinstance(output, torch.Tensor):
        return "a module that returns no tensor"
    if not torch.equal(leaf, torch.as_tensor(x)):
        return "a module that changes its input"
    if not torch.equal(before, output):
        return "a module whose output depends on its mode or on earlier calls"
    if output.requires_grad and output.shape == leaf.shape:
        output.backward(torch.as_tensor(upstream).to(output.dtype))
    x_gradient, slope_gradient = leaf.grad, parameter.grad
    if x_gradient is not None:
        x_gradient = x_gradient.masked_fill(leaf == 0, 0.0)
    if slope_gradient is not None:
        slope_gradient = slope_gradient.reshape(())
    return start, output, x_gradient, slope_gradient
