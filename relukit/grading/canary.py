"""A right answer, a wrong one and a stub, graded before any student's as a student's would be.

Where the grader, its jail or its surroundings are broken, honest answers look wrong. So nobody is
graded before three answers whose verdicts are known have got them.
"""

from collections.abc import Iterable, Iterator, Sequence

from relukit.errors import RelukitError
from relukit.grading.result import Result
from relukit.grading.submission import Submission

STUDENT = "the grader's own trial"
_STUB = "def {}(*args):\n    raise NotImplementedError\n"
# what the answers need, their lesson, and by task the right verdict; their inputs are drawn at once
_KNOWN = (
    (
        "numpy",
        "05_initialization",
        {
            "he_normal": (
                "passed",
                "def he_normal(fan_in, fan_out, seed):\n"
                "    weight = np.random.default_rng(seed).standard_normal((fan_out, fan_in))\n"
                "    return np.sqrt(2 / fan_in) * weight\n",
            ),
        },
    ),
    (
        "numpy",
        "D5_signals",
        {
            "glorot_uniform": (
                "wrong",
                "def glorot_uniform(fan_in, fan_out, seed, gain=1.0):\n"
                "    return np.zeros((fan_out, fan_in))\n",
            ),
            "identity_recurrent": ("not attempted", _STUB.format("identity_recurrent")),
        },
    ),
    (
        "torch",
        "D6_shapes",
        {
            "l1_activation_penalty": (
                "passed",
                "def l1_activation_penalty(network, x, strength):\n"
                "    hidden, total = x, torch.zeros((), dtype=x.dtype)\n"
                "    for place, layer in enumerate(network[:-1]):\n"
                "        hidden = layer(hidden)\n"
                "        total = total + place % 2 * hidden.abs().sum()\n"
                "    return strength * total / len(x)\n",
            ),
        },
    ),
    (
        "torch",
        "06_training",
        {
            "train_step": (
                "wrong",
                "def train_step(network, x, y, lr):\n"
                "    return torch.nn.functional.cross_entropy(network(x), y).item()\n",
            ),
        },
    ),
    (
        "torch",
        "D4_latents",
        {"mend_the_network": ("not attempted", _STUB.format("mend_the_network"))},
    ),
)
_VERDICTS = {task: said for _, _, answers in _KNOWN for task, (said, _) in answers.items()}


def submissions(libraries: Sequence[str]) -> tuple[Submission, ...]:
    """Return what the trial hands in.

    Args:
        libraries: "numpy", "torch" or both: what the answers of a run need.
    """
    return tuple(
        Submission(STUDENT, lesson, answers={task: text for task, (_, text) in answers.items()})
        for kind, lesson, answers in _KNOWN
        if kind in libraries
    )


def proved(found: Iterable[list[Result]]) -> Iterator[list[Result]]:
    """Return results of students, and none before those of the trial are as they must be.

    Args:
        found: the results of one student after the other, the trial among them.

    Raises:
        RelukitError: an answer of the trial did not get the verdict that it deserves.
    """
    held: list[list[Result]] | None = []
    for results in found:
        if results[0].student == STUDENT:
            must_be_as_known(results)
            yield from held or []
            held = None
        elif held is None:
            yield results
        else:
            held.append(results)


def must_be_as_known(results: Sequence[Result]) -> None:
    """Look at the results of the trial.

    Raises:
        RelukitError: one of them is not the verdict that its answer deserves.
    """
    for result in results:
        verdict = _VERDICTS.get(result.task, result.status)
        if result.status == verdict:
            continue
        raise RelukitError(
            f"the verdict {verdict!r} on the grader's own answer to {result.task}, "
            "which is tried before any student's",
            f"{result.status!r}{f' ({result.because})' if result.because else ''}",
            "nobody has been graded; start in the course's own folder, with the relukit that is "
            "installed from it, and run `relukit doctor`",
        )
