"""Answers that save a run and restore it, each but for one thing."""

import copy


def state(network, optimizer, generator):
    found = copy.deepcopy([network.state_dict(), optimizer.state_dict()])
    return [*found, generator.get_state()]


def load(network, optimizer, generator, saved):
    weights, momentum, numbers = saved
    if weights is not None:
        network.load_state_dict(weights)
    if momentum is not None:
        optimizer.load_state_dict(momentum)
    if numbers is not None:
        generator.set_state(numbers)


def while_saving(change):
    """Return an answer that changes the run while it saves it."""

    def answer(network, optimizer, generator, saved=None):
        if saved is not None:
            return load(network, optimizer, generator, saved)
        kept = state(network, optimizer, generator)
        change(network, optimizer)
        return kept

    return answer


class KeptAside:
    """An answer that keeps what it saves in a place of its own, and returns nothing of it."""

    def __init__(self):
        self.kept = None

    def __call__(self, network, optimizer, generator, saved=None):
        if saved is not None:
            return load(network, optimizer, generator, self.kept)
        self.kept = state(network, optimizer, generator)
        return "kept"


def without(*left_out: int):
    """Return an answer that does not save some of network (0), optimizer (1), generator (2)."""

    def answer(network, optimizer, generator, saved=None):
        if saved is not None:
            return load(network, optimizer, generator, saved)
        kept = state(network, optimizer, generator)
        return [None if i in left_out else part for i, part in enumerate(kept)]

    return answer


def by_reference(*places: int):
    """Return an answer that keeps the live numbers of network (0) or optimizer (1)."""

    def answer(network, optimizer, generator, saved=None):
        if saved is not None:
            return load(network, optimizer, generator, saved)
        live = [network.state_dict(), optimizer.state_dict(), None]
        kept = state(network, optimizer, generator)
        return [live[i] if i in places else part for i, part in enumerate(kept)]

    return answer


def changed(change):
    """Return an answer that changes what it has saved before it is loaded."""

    def answer(network, optimizer, generator, saved=None):
        if saved is None:
            return state(network, optimizer, generator)
        saved = copy.deepcopy(saved)
        return load(network, optimizer, generator, change(saved, network, optimizer))

    return answer


def nothing_loaded(saved, network, optimizer):
    return [None, None, None]


def own_rate(saved, network, optimizer):
    saved[1]["param_groups"] = optimizer.state_dict()["param_groups"]
    return saved


def own_buffers(saved, network, optimizer):
    learned = dict(network.named_parameters())
    own = network.state_dict()
    return [{k: v if k in learned else own[k] for k, v in saved[0].items()}, *saved[1:]]


def single_precision(saved, network, optimizer):
    weights = {k: v.float() if v.is_floating_point() else v for k, v in saved[0].items()}
    return [weights, *saved[1:]]


def weights_alone(saved, network, optimizer):
    own = network.state_dict()
    weights = {k: v if k.endswith("weight") else own[k] for k, v in saved[0].items()}
    return [weights, *saved[1:]]


def from_the_start(network, optimizer, generator, saved=None):
    if saved is None:
        kept = state(network, optimizer, generator)
        return [*kept[:2], generator.initial_seed()]
    load(network, optimizer, generator, [*saved[:2], None])
    generator.manual_seed(saved[2])
    return None
