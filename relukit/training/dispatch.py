"""Where chunks are trained: here one after the other, or by an executor's workers."""

import os
import pickle
import warnings
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future, as_completed

from relukit.errors import InvalidTypeError
from relukit.training.checkpoint import Store
from relukit.training.jobs import Job, State
from relukit.training.loop import Chunk, run_job
from relukit.waiting import bar, stopped


def run_jobs(
    jobs: dict[int, Job],
    states: dict[int, State],
    store: Store,
    *,
    executor: Executor | None,
    progress: bool | None,
) -> dict[int, State]:
    """Return the last state of every job that was begun; a KeyboardInterrupt ends the work.

    Args:
        jobs: by the position of their first member, as in `states`.
        states: what an earlier run has reached.
        store: where states are kept while the jobs run.
        executor: whose workers run the jobs; None runs them here, one after the other.
        progress: True shows a bar, False none, None one after 2 seconds; never with an executor.

    Raises:
        InvalidTypeError: progress of another kind.

    Conventions: when a pool breaks because a worker died, the jobs that are missing run in this
        process, with a warning. What warns in another process warns here.
    """
    if progress not in (None, True, False):
        raise InvalidTypeError("True, False or None as progress", repr(progress), "pass None")
    if executor is None:
        return _run_here(jobs, states, store, progress)
    return _run_elsewhere(jobs, states, store, executor)


def _run_here(
    jobs: dict[int, Job], states: dict[int, State], store: Store, progress: bool | None
) -> dict[int, State]:
    total = sum(job.settings.steps * len(job.which) for job in jobs.values())
    with bar(asked=progress, total=total, unit=" member-steps", unit_scale=True) as moving:
        for i, job in jobs.items():
            chunk = Chunk(job, states.get(i))
            moving.update(chunk.step * chunk.n_members)

            def after_step(chunk: Chunk, i: int = i) -> None:
                moving.update(chunk.n_members)
                if store.due(chunk.step):
                    states[i] = chunk.state()
                    store.write(states)

            states[i] = chunk.run(after_step)
            del chunk  # its memory is free for the next
            if states[i].pop("interrupted"):
                stopped()
                break
            store.write(states)
    return states


def _run_elsewhere(
    jobs: dict[int, Job], states: dict[int, State], store: Store, executor: Executor
) -> dict[int, State]:
    def is_open(i: int) -> bool:
        return i not in states or states[i]["step"] < jobs[i].settings.steps

    def finish(i: int, state: State) -> None:
        if state.pop("interrupted"):
            stopped()
        states[i] = state
        store.write(states)

    waiting: dict[Future[bytes], int] = {}
    try:
        for i in filter(is_open, jobs):
            packed = _pickler()((jobs[i].alone(), states.get(i), os.getpid()))
            waiting[executor.submit(_run_packed, packed)] = i
        for future in as_completed(waiting):
            state, messages = pickle.loads(future.result())
            for message in messages:
                warnings.warn(message, stacklevel=4)
            finish(waiting[future], state)
    except KeyboardInterrupt:
        stopped()
    except BrokenExecutor as cause:
        warnings.warn(f"a worker died ({cause}); this process trains what it left", stacklevel=4)
        for i in filter(is_open, jobs):
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
