"""Where chunks are trained: here one after the other, or by an executor's workers."""

import contextlib
import os
import pickle
import warnings
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future, as_completed

from tqdm.auto import tqdm

from relukit.training.checkpoint import Checkpoint
from relukit.training.loop import Chunk, Job, run_job

_SECONDS_BEFORE_BAR = 10.0


def train_here(
    jobs: dict[int, Job],
    states: dict[int, dict],
    checkpoint: Checkpoint | None,
    settings: dict[str, str],
    *,
    progress: bool | None,
) -> dict[int, dict]:
    """Return the final state of every chunk that was begun, trained in this process.

    Args:
        jobs: the chunks by the position of their first member, as in `states`.
        states: of each chunk that the checkpoint has; updated.
        checkpoint: where states are kept, or None.
        settings: what the checkpoint says of this run.
        progress: as for `train`.
    """
    bar = tqdm(
        total=sum(job.steps * len(job.which) for job in jobs.values()),
        unit=" member-steps",
        unit_scale=True,
        disable=progress is False,
        delay=0 if progress else _SECONDS_BEFORE_BAR,
        leave=False,
    )
    with bar:
        for i, job in jobs.items():
            chunk = Chunk(job, states.get(i))
            bar.update(chunk.step * chunk.n_members)

            def after_step(chunk: Chunk, i: int = i) -> None:
                bar.update(chunk.n_members)
                if checkpoint is not None and chunk.step % checkpoint.every == 0:
                    states[i] = chunk.state()
                    checkpoint.write(settings, states)

            states[i] = chunk.run(after_step)
            del chunk  # its memory is free for the next
            if states[i].pop("interrupted"):
                break
            if checkpoint is not None:
                checkpoint.write(settings, states)
    return states


def train_elsewhere(
    jobs: dict[int, Job],
    states: dict[int, dict],
    checkpoint: Checkpoint | None,
    settings: dict[str, str],
    *,
    executor: Executor,
) -> dict[int, dict]:
    """Return the final state of every chunk, trained by an executor's workers.

    Conventions: chunks that finish are kept in the checkpoint; when a pool breaks because a
        worker died, the chunks that are missing are trained in this process, with a warning.
        What warns in another process warns here.
    """

    def finish(i: int, state: dict) -> None:
        state.pop("interrupted")
        states[i] = state
        if checkpoint is not None:
            checkpoint.write(settings, states)

    open_chunks = [i for i, job in jobs.items() if i not in states or states[i]["step"] < job.steps]
    waiting: dict[Future, int] = {}
    with contextlib.suppress(KeyboardInterrupt):
        try:
            for i in open_chunks:
                packed = _pickler()((jobs[i], states.get(i), os.getpid()))
                waiting[executor.submit(_run_packed, packed)] = i
            for future in as_completed(waiting):
                state, messages = pickle.loads(future.result())
                for message in messages:
                    warnings.warn(message, stacklevel=3)
                finish(waiting[future], state)
        except BrokenExecutor as cause:
            warnings.warn(
                f"a worker died ({cause}); this process trains what it left", stacklevel=3
            )
            for i in open_chunks:
                if i not in states or states[i]["step"] < jobs[i].steps:
                    finish(i, run_job(jobs[i], states.get(i)))
        finally:
            for future in waiting:
                future.cancel()
    return states


def _pickler() -> Callable[[object], bytes]:
    try:
        import cloudpickle  # comes with dask, and knows classes that a notebook defines
    except ImportError:
        return pickle.dumps
    return cloudpickle.dumps


def _run_packed(packed: bytes) -> bytes:
    job, state, home = pickle.loads(packed)
    if os.getpid() == home:  # a thread, whose warnings are seen as they are
        return pickle.dumps((run_job(job, state), []))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("default")
        trained = run_job(job, state)
    messages = [warning.message for warning in caught]
    return _pickler()((trained, messages))
