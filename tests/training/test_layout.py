"""Memory in blocks or in rows: the same networks come out, and an update is one call in rows."""

import pytest
import torch
from torch import nn

from relukit.datasets import moons
from relukit.networks import convolutional, mlp
from relukit.training import SGD, Adam, Factors, Record, loop, train
from relukit.training.layout import Layout

pytestmark = pytest.mark.usefixtures("one_thread")

DATA = moons(200, noise=0.2, seed=1)
SHAPES = {"weight": torch.Size([3, 2]), "scale": torch.Size([]), "bias": torch.Size([3])}
RULES = [
    SGD(0.9, nesterov=True, schedule="cosine"),
    Adam(clip=0.2, warm_up=4, schedule="linear"),
    Adam(decoupled=True),
]


def layered(seed):
    return mlp([2, 9, 7, 2], "gelu", seed=seed, dtype=torch.float64)


class Skipping(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.first, self.act, self.last = nn.Linear(2, 5), nn.ReLU(), nn.Linear(5, 2)
        self.scale = nn.Parameter(torch.ones(()))

    def forward(self, x):
        a = self.act(self.first(x))
        return self.last(a + self.scale * torch.tanh(a))


@pytest.mark.parametrize("rows", [False, True])
def test_each_number_of_a_parameter_has_one_place(rows):
    layout = Layout(SHAPES, 4, rows=rows)
    memory = torch.zeros(layout.size)
    views = layout.views(memory)
    assert {name: view.shape[1:] for name, view in views.items()} == SHAPES
    for i, view in enumerate(views.values()):
        assert not view.any()
        view.fill_(i + 1)
    assert [view.unique().tolist() for view in views.values()] == [[1], [2], [3]]
    assert sum(piece.sum() for piece in layout.pieces(memory)) == 4 * (6 * 1 + 1 * 2 + 3 * 3)
    assert len(layout.pieces(memory)) == (1 if rows else 3)


def test_in_rows_a_members_numbers_are_beside_each_other_and_begin_at_multiples_of_four():
    layout = Layout(SHAPES, 4, rows=True)
    memory = torch.zeros(layout.size)
    assert memory.shape == (4, 8 + 4 + 4)
    for name, view in layout.views(memory).items():
        assert view.storage_offset() % 4 == 0
        assert view[0].is_contiguous(), name
        view[2].fill_(1.0)
    assert memory.sum(1).tolist() == [0, 0, 10, 0]


@pytest.mark.parametrize("rule", RULES, ids=["nesterov", "adam", "adamw"])
@pytest.mark.parametrize("build", [layered, lambda seed: Skipping().double()], ids=["stack", "own"])
def test_rows_give_the_networks_that_blocks_give(build, rule, monkeypatch):
    options = {
        "lr": [0.02, 0.1, 1e300], "seeds": 3, "steps": 30, "optimizer": rule, "device": "cpu",
        "factors": Factors(weight_decay=0.01), "record": Record(10, layers=True, parameters=True),
    }  # fmt: skip
    blocks = train(build, DATA, **options)
    monkeypatch.setattr(loop, "in_rows", lambda device: True)
    monkeypatch.setattr(loop, "may_ask", lambda device: False)
    rows = train(build, DATA, **options)
    assert torch.equal(blocks.diverged_at, rows.diverged_at)
    assert blocks.diverged.any()
    near = {"rtol": 1e-12, "atol": 1e-12, "equal_nan": True}
    assert torch.allclose(blocks.loss[:2], rows.loss[:2], **near)
    for name, value in blocks.parameters.items():
        assert torch.allclose(value[:2], rows.parameters[name][:2], **near), name
        assert torch.allclose(blocks.kept[name][:2], rows.kept[name][:2], **near), name


def test_convolutions_train_in_rows_and_go_on_from_a_checkpoint(monkeypatch, tmp_path):
    x = torch.randn(40, 64, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    data, options = (x, torch.arange(40) % 10), {"lr": 0.05, "seeds": 2, "steps": 12}
    build = lambda seed: convolutional((3, 4), seed=seed, dtype=torch.float64)  # noqa: E731
    blocks = train(build, data, optimizer="adam", device="cpu", **options)
    monkeypatch.setattr(loop, "in_rows", lambda device: True)
    update = loop.Chunk._update

    def interrupted(self):
        if self.step == 7:
            raise KeyboardInterrupt
        update(self)

    options |= {"checkpoint": tmp_path / "run.pt", "optimizer": "adam", "device": "cpu"}
    with monkeypatch.context() as patch:
        patch.setattr(loop.Chunk, "_update", interrupted)
        assert train(build, data, **options).partial
    rows = train(build, data, **options)
    for name, value in blocks.parameters.items():
        assert torch.allclose(value, rows.parameters[name], rtol=1e-10, atol=1e-12), name


def test_an_update_in_rows_is_one_call_for_all_parameters(monkeypatch):
    calls = []
    where = torch.where
    monkeypatch.setattr(loop, "in_rows", lambda device: True)
    monkeypatch.setattr(loop, "may_ask", lambda device: False)
    monkeypatch.setattr(
        torch, "where", lambda *parts, **into: calls.append(into) or where(*parts, **into)
    )
    train(layered, DATA, lr=0.1, seeds=2, steps=5, device="cpu", record=5)
    assert sum("out" in into for into in calls) == 5
