"""A small network that reads letters: batch sizes, number formats, copies to a card."""

import os
import sys
import time

import torch
from torch import nn
from torch.nn import functional

from relukit.datasets import Dataset, letters

BATCHES = (64, 256, 1024, 4096)
SECONDS = 2.0  # that each row is trained for, after three steps to warm up


def reader() -> nn.Sequential:
    """Return two layers of filters with pools behind them, and a layer of 26 scores."""
    return nn.Sequential(
        nn.Unflatten(1, (1, 20, 20)), nn.Conv2d(1, 8, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(8, 16, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(16 * 5 * 5, 26),
    )  # fmt: skip


class Training:
    """A network, its optimizer and its images on one device.

    Args:
        data: the letters.
        device: torch's name of it.
        batch: images a step.
        half: whether the forward pass runs in bfloat16.
    """

    def __init__(self, data: Dataset, device: str, batch: int, *, half: bool) -> None:
        torch.manual_seed(0)
        self.network = reader().to(device)
        self.optimizer = torch.optim.Adam(self.network.parameters(), lr=0.003)
        self.x, self.y = data.x_train.to(device), data.y_train.to(device)
        self.device, self.batch, self.half = device, batch, half

    def step(self) -> None:
        """Update the parameters once, from images that are drawn anew."""
        rows = torch.randint(len(self.x), (self.batch,), device=self.device)
        with torch.autocast(self.device, torch.bfloat16, enabled=self.half):
            loss = functional.cross_entropy(self.network(self.x[rows]), self.y[rows])
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()

    def rate(self) -> float:
        """Return how many images it learns from in a second."""
        for _ in range(3):
            self.step()
        wait(self.device)
        start, steps = time.perf_counter(), 0
        while time.perf_counter() - start < SECONDS:
            for _ in range(10):
                self.step()
            wait(self.device)
            steps += 10
        return steps * self.batch / (time.perf_counter() - start)


def wait(device: str) -> None:
    """Return when the device has done all that it was asked for."""
    if device == "cuda":
        torch.cuda.synchronize()


def clocked(training: Training, *, patient: bool) -> float:
    """Return the milliseconds of one step by the clock, with or without waiting for its end."""
    wait(training.device)
    start = time.perf_counter()
    for _ in range(20):
        training.step()
    if patient:
        wait(training.device)
    seconds = time.perf_counter() - start
    wait(training.device)
    return 1000 * seconds / 20


def copied(data: Dataset) -> tuple[float, float]:
    """Return the milliseconds in which all images, and one, are copied to the card."""
    found = []
    for images in (data.x_train, data.x_train[:1]):
        wait("cuda")
        start = time.perf_counter()
        for _ in range(20):
            images.to("cuda")
        wait("cuda")
        found.append(1000 * (time.perf_counter() - start) / 20)
    return found[0], found[1]


def main(batches: tuple[int, ...] = BATCHES) -> None:
    """Print images a second on each device, in each number format, and what copies cost."""
    data = letters()
    devices = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]
    print("## Reading letters\n")
    print(
        f"Images a second; Adam, 8 and 16 filters of 5 x 5; {torch.get_num_threads()} threads, "
        f"{os.cpu_count()} cores.\n"
    )
    print("| device | batch | float32 | bfloat16 | ratio |\n| --- | --- | --- | --- | --- |")
    for device in devices:
        for batch in batches:
            rates = [Training(data, device, batch, half=half).rate() for half in (False, True)]
            one, other = rates
            print(f"| {device} | {batch} | {one:,.0f} | {other:,.0f} | {other / one:.2f} |")
    if "cuda" not in devices:
        print("\nNo CUDA device at hand: its rows were not measured.")
        return
    training = Training(data, "cuda", 1024, half=False)
    training.rate()
    said, true = clocked(training, patient=False), clocked(training, patient=True)
    whole, one = copied(data)
    print(
        f"\nOn {torch.cuda.get_device_name()} a step of 1024 images takes {true:.2f} ms; a clock "
        f"that does not wait says {said:.2f}. Copying all 6000 images takes {whole:.2f} ms, "
        f"one image {one:.3f} ms."
    )


if __name__ == "__main__":
    main(BATCHES[:1] if "--short" in sys.argv else BATCHES)
