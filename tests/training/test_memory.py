"""A population's measured peak stays under the budget that it was given."""

import subprocess
import sys
from pathlib import Path

import pytest
import torch

from relukit.networks import mlp
from relukit.training import SGD, Adam, Factors, Record
from relukit.training.examples import Examples
from relukit.training.members import members_for
from relukit.training.memory import bytes_of_copies, bytes_of_member, numbers_passed
from relukit.training.population import Population
from relukit.training.settings import Settings
from relukit.training.sweep import sweep_of

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
MEBI = 2**20
PEAK = """
import sys
import torch
from pathlib import Path
from relukit.networks import convolutional, mlp, recurrent
from relukit.training import Machine, Record, train
from relukit.training import dispatch

def status(key):
    lines = Path('/proc/self/status').read_text().splitlines()
    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith(key))

def run(seeds, n, steps, budget):
    return train(build, (x[:n], y[:n]), seeds=seeds, steps=steps, lr=1e-4, optimizer='adam',
                 batch_size=min(n, batch_size), device=Machine('cpu', budget),
                 progress=False, **more)

name, budget = sys.argv[1], int(sys.argv[2])
x, y, more = torch.randn(700, 64), torch.arange(700) % 10, {}
if name == 'mlp':
    build, batch_size = lambda seed: mlp([64, 512, 512, 10], 'gelu', seed=seed), 512
    more = {'record': Record(1, layers=True, units=True)}
if name == 'convolutional':
    build, batch_size = lambda seed: convolutional((16, 32), seed=seed), 256
if name == 'recurrent':
    build, batch_size = lambda seed: recurrent([2, 64, 1], seed=seed), 128
    x = torch.randn(700, 24, 2)
    y = x[:, :, 0].sum(1, keepdim=True)
torch.set_num_threads(1)
run(1, 4, 1, 2**30)  # everything is loaded
sizes, Chunk = [], dispatch.Chunk
dispatch.Chunk = lambda job, state: sizes.append(job.n_kept) or Chunk(job, state)
Path('/proc/self/clear_refs').write_text('5')  # the high-water mark starts here
before = status('VmRSS')
run(20, 700, 1, budget)
print(status('VmHWM') - before, *sizes)
"""


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="only Linux says its peak")
@pytest.mark.parametrize(
    ("name", "budget"),
    [("mlp", 240 * MEBI), ("convolutional", 160 * MEBI), ("recurrent", 160 * MEBI)],
)
def test_the_measured_peak_stays_under_the_budget_and_uses_it(name, budget):
    found = subprocess.run(
        [sys.executable, "-c", PEAK, name, str(budget)], cwd=ROOT, capture_output=True, text=True
    )
    assert not found.returncode, found.stderr
    peak, *sizes = map(int, found.stdout.split())
    assert 0.25 * budget < peak < budget
    assert sum(sizes) == 20
    assert max(sizes) < 16  # it is the budget that cuts, not the processor's cache


def test_calls_that_are_no_modules_are_counted_too():
    class Calls(torch.nn.Linear):
        def forward(self, x):
            return torch.relu(super().forward(x)) + 1.0

    assert numbers_passed(Calls(2, 5), torch.ones(9, 2)) == (2 + 5 + 5 + 5, 0)


def test_what_needs_more_is_counted_as_more():
    sweep, examples = sweep_of(0.1, Factors(), 1), Examples(torch.ones(500, 2), torch.ones(500, 1))
    networks = members_for(lambda seed: mlp([2, 30, 1], seed=seed), sweep.seeds)

    def needed(optimizer, batch_size, record):
        settings = Settings(optimizer, 9, batch_size, record, "cpu")
        return bytes_of_member(Population(networks, examples, settings, sweep))

    few, plain = needed(SGD(), 10, Record(1))
    assert few > plain
    assert needed(SGD(), 10, Record(1, units=True))[0] > few
    assert needed(Adam(), 10, Record(1))[1] > plain
    assert needed(SGD(), 200, Record(1))[1] > plain


def test_a_recorded_step_keeps_its_memory_while_others_are_measured():
    sweep, examples = sweep_of(0.1, Factors(), 1), Examples(torch.ones(500, 2), torch.ones(500, 1))
    networks = members_for(lambda seed: mlp([2, 30, 1], seed=seed), sweep.seeds)

    def peak(device, graphs):
        settings = Settings(SGD(), 9, 100, Record(1), device, graphs=graphs)
        return bytes_of_member(Population(networks, examples, settings, sweep))[0]

    assert peak("cuda", True) > peak("cuda", False) == peak("cpu", True)


def test_each_copy_of_the_parameters_is_counted():
    sweep, examples = sweep_of(0.1, Factors(), 1), Examples(torch.ones(500, 2), torch.ones(500, 1))
    networks = members_for(lambda seed: mlp([2, 30, 1], seed=seed), sweep.seeds)

    def copies(record):
        settings = Settings(SGD(), 9, 10, record, "cpu")
        return bytes_of_copies(Population(networks, examples, settings, sweep))

    assert copies(Record(4)) == 0
    n_parameters = sum(p.numel() for p in networks.template.parameters())
    assert copies(Record(4, parameters=True)) == 4 * 4 * n_parameters  # at 0, 4, 8, 9; float32
