"""The processor or graphics card, memory, disk, and the grader's jail."""

import shutil
import time
from pathlib import Path

from relukit.doctor.files import course_folder
from relukit.doctor.finding import Finding
from relukit.errors import RelukitError
from relukit.processors import usable

SIDE = 1024  # of the two matrices that are multiplied
ENOUGH_MEMORY = 2**30  # bytes; no lesson takes more
ENOUGH_DISK = 200 * 2**20  # bytes; the course and its environment are there already
CGROUP = Path("/sys/fs/cgroup")


def device() -> Finding:
    """Name the device that the course would use, and time a product of two matrices on it."""
    import torch

    if not torch.cuda.is_available():
        said = f"CPU, {_product('cpu')}"
        return Finding("device", "ok", said)
    try:
        free, total = (f"{size / 2**30:.1f}" for size in torch.cuda.mem_get_info())
        said = f"{torch.cuda.get_device_name()}, {free} of {total} GiB free, {_product('cuda')}"
    except RuntimeError as error:
        first = str(error).splitlines()[0].rstrip(".")
        do = "set CUDA_VISIBLE_DEVICES to nothing, and the course runs on the CPU"
        return Finding("device", "problem", f"a CUDA card that does not work: {first}", do)
    return Finding("device", "ok", said)


def _product(name: str) -> str:
    import torch

    matrix = torch.ones(SIDE, SIDE, device=name)
    times = []
    for _ in range(4):  # the first one loads libraries
        start = time.perf_counter()
        corner = (matrix @ matrix)[0, 0].item()  # waits for the device
        times.append(time.perf_counter() - start)
    assert corner == SIDE
    return f"a product of {SIDE} x {SIDE} in {1000 * min(times):.1f} ms"


def threads() -> Finding:
    """Compare the threads with the processors that this process may use."""
    import torch

    free, taken = usable(), torch.get_num_threads()
    said = f"{taken} on {free} processor{'s' * (free != 1)}"
    if taken > free:
        do = f"unset OMP_NUM_THREADS, or set it to {free}; more only wait for each other"
        return Finding("threads", "note", said, do)
    return Finding("threads", "ok", said)


def memory() -> Finding:
    """Compare the free memory, of the machine or of the container, with what a lesson takes."""
    free = free_memory()
    said = f"{free / 2**30:.1f} GiB free"
    if free < ENOUGH_MEMORY:
        return Finding("memory", "note", f"{said}; a lesson may take 1 GiB", "close other programs")
    return Finding("memory", "ok", said)


def free_memory() -> int:
    """Return how many bytes may still be taken: a container's own limit counts."""
    import psutil

    free = psutil.virtual_memory().available
    try:
        limit = (CGROUP / "memory.max").read_text(encoding="ascii").strip()
        taken = int((CGROUP / "memory.current").read_text(encoding="ascii"))
    except OSError:
        return free
    return free if limit == "max" else min(free, max(int(limit) - taken, 0))


def disk() -> Finding:
    """Compare the free space where the course lies with what outputs and progress take."""
    folder = course_folder() or Path.cwd()
    free = shutil.disk_usage(folder).free
    said = f"{free / 2**30:.1f} GiB free in {folder}"
    if free < ENOUGH_DISK:
        return Finding("disk", "note", said, "make room, or notebooks may not be saved")
    return Finding("disk", "ok", said)


def jail() -> Finding:
    """Say whether answers can be graded in a jail; learners don't need one."""
    from relukit.grading.jail.choice import choose

    try:
        return Finding("jail", "ok", f"{choose()} works: `relukit grade` keeps answers apart")
    except RelukitError as error:
        said = f"only for instructors: {error.expected} expected, {error.got} found"
        return Finding("jail", "note", said, error.do)
