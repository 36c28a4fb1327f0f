"""Shapes of honest notebooks: how people write, try out and arrange what answers one task.

Each was run in Jupyter, where `check(relu)` passes unless `STATUS` says otherwise.
"""

import json
from dataclasses import dataclass
from pathlib import Path

LESSON = "02_definitions"
EXERCISE = Path(__file__).parents[2] / "exercises" / LESSON / f"{LESSON}.ipynb"
RELU = "def relu(x):\n    return np.maximum(x, 0)\n"


@dataclass(frozen=True)
class Shape:
    """Where the texts of a notebook stand.

    Attributes:
        relu: the answer cell.
        top: a cell of one's own below the course's imports; "" for none.
        before: one above the answer.
        after: cells between the answer and its check.
        end: cells at the end.
        imports: lines added to the course's cell with imports.
        others: further answers.
        status: of relu.
    """

    relu: str = RELU
    top: str = ""
    before: str = ""
    after: tuple[str, ...] = ()
    end: tuple[str, ...] = ()
    imports: str = ""
    others: tuple[tuple[str, str], ...] = ()
    status: str = "passed"


# what commands, displays and trials around a right answer do not change
BESIDE = {
    "matplotlib_inline": Shape("%matplotlib inline\n" + RELU),
    "time_cell": Shape("%%time\n" + RELU),
    "time_line": Shape(RELU + "%time y = relu(np.ones(2))\nprint(y)\n"),
    "pip": Shape("%pip install numpy\n!pip install -q numpy\n" + RELU),
    "help": Shape(RELU + "relu?\n?np.maximum\nnp.max??\n"),
    "autoreload": Shape("%load_ext autoreload\n%autoreload 2\n" + RELU),
    "await": Shape(
        "import asyncio\nasync def _r(x):\n    await asyncio.sleep(0)\n    return x\n"
        "res = await _r(np.ones(3))\n" + RELU
    ),
    "display": Shape(RELU + "display(relu(np.ones(2)))\n"),
    "get_ipython": Shape("get_ipython().run_line_magic('matplotlib', 'inline')\n" + RELU),
    "pickled_class": Shape(
        "import pickle\nclass Z:\n    z = 0\nz = pickle.loads(pickle.dumps(Z()))\n"
        "def relu(x): return np.maximum(x, z.z)\n"
    ),
    "main_module": Shape(RELU + "import __main__\nassert __main__.relu is relu\n"),
    "failing_assert": Shape(RELU + "assert relu(np.ones(1)) == 2\n"),
    "failing_trial": Shape(RELU + "relu('abc')\n"),
    "failing_trial_cell": Shape(before="def relu(x):\n    return max(0, x)\nrelu(np.ones(2))"),
    "input": Shape(RELU + "name = input('your name? ')\n"),
    "exit": Shape(RELU + "exit()\n"),
    "hard_exit": Shape(RELU + "import os\nos._exit(0)\n"),
    "exit_in_another": Shape(before="import sys\nsys.exit(3)"),
    "own_check": Shape(RELU + "out = check(relu)\nassert out\nprint(out.status, out.points)\n"),
    "nested_check": Shape(RELU + "if True:\n    check(relu)\n    hint(relu)\n"),
    "folder": Shape("d = %pwd\nprint(d.upper())\n%cd ..\n" + RELU),
    "lines_of_a_command": Shape(
        "n = !nproc\ncores = int(n[0])\nf = !ls\nprint(f[0], f.n)\n" + RELU
    ),
    "variable_of_the_system": Shape("%env A=1\nh = %env HOME\nh.lower()\n" + RELU),
    "time_as_a_result": Shape(RELU + "t = %timeit -o -n1 -r1 relu(np.ones(3))\nt.best\n"),
    "pylab": Shape("%pylab inline\ndef relu(x):\n    return maximum(x, 0)\n"),
    "written_file": Shape(
        "from mine import relu\n", before="%%writefile mine.py\nimport numpy as np\n" + RELU
    ),
    "future": Shape(
        "from __future__ import annotations\ndef relu(x: Nope):\n    return np.maximum(x, 0)\n"
    ),
    "lambda": Shape("relu = lambda x: np.maximum(x, 0)\n"),
    "walrus": Shape("(relu := lambda x: np.maximum(x, 0))\n"),
    "under_if": Shape("if True:\n    def relu(x):\n        return np.maximum(x, 0)\n"),
    "exec": Shape("exec('def relu(x):\\n    return np.maximum(x, 0)')\n"),
    "globals": Shape("globals()['relu'] = lambda x: np.maximum(x, 0)\n"),
    "pasted": Shape(">>> def relu(x):\n...     return np.maximum(x, 0)\n"),
    "stub_below": Shape("def relu(x):\n    raise NotImplementedError()\n", before=RELU),
    "experiment_at_the_end": Shape(end=("def relu(x):\n    return np.abs(x)  # what if?",)),
    "unwritten": Shape("def relu(x):\n    raise NotImplementedError()\n", status="not attempted"),
    "broken": Shape("def relu(x)\n    return x\n", status="raised"),
    "broken_after_trial": Shape("def relu(x)\n    return x\n", before=RELU, status="raised"),
    "wrong": Shape("def relu(x):\n    return np.abs(x)\n%matplotlib inline", status="wrong"),
    "raising": Shape("def relu(x):\n    return x / None\n", status="raised"),
}

HELPED = "def relu(x):\n    return helper(x)\n"
HELPER = "def helper(x):\n    return np.maximum(x, 0)\n"
# names that only cells of one's own define
OWN = {
    "own_import": Shape("def relu(x):\n    return numpy.maximum(x, 0)\n", top="import numpy"),
    "added_import": Shape(
        "def relu(x):\n    return numpy.maximum(x, 0)\n", imports="\nimport numpy"
    ),
    "own_torch": Shape(
        "def relu(x):\n    return torch.relu(torch.from_numpy(np.array(x))).numpy()\n",
        top="import torch",
    ),
    "own_star_import": Shape(
        "def relu(x):\n    return maximum(x, 0)\n", top="%matplotlib inline\nfrom numpy import *"
    ),
    "own_helper": Shape(HELPED, before=HELPER),
    "own_helper_under_if": Shape(
        HELPED, before="if True:\n    def helper(x):\n        return np.maximum(x, 0)\n"
    ),
    "own_helper_under_try": Shape(
        HELPED,
        before="try:\n    helper = nothing\nexcept NameError:\n"
        "    helper = lambda x: np.maximum(x, 0)\n",
    ),
    "own_loop": Shape(
        "def relu(x):\n    return np.maximum(x, e)\n", before="for e in [0]:\n    pass"
    ),
    "own_with": Shape(
        "def relu(x):\n    return np.maximum(x, len(f.name) * 0)\n",
        before="import os\nwith open(os.devnull) as f:\n    pass",
    ),
    "own_walrus": Shape("def relu(x):\n    return np.maximum(x, z)\n", before="print(z := 0)"),
    "own_chain": Shape(
        HELPED, top="zero = 0", before="def helper(x):\n    return np.maximum(x, zero)\n"
    ),
    "own_helper_of_another_answer": Shape(
        HELPED,
        before="def helper(x):\n    return other(x)\n",
        others=(
            (
                "hinge_weights",
                "def other(x):\n    return np.maximum(x, 0)\nhinge_weights = other\n",
            ),
        ),
    ),
    "own_helper_in_try": Shape(
        "def relu(x):\n    try:\n        return helper(x)\n    except NameError:\n        pass\n",
        before=HELPER,
    ),
    "own_helper_by_name": Shape(
        "def relu(x):\n    return globals()['hel' + 'per'](x)\n", before=HELPER
    ),
    "own_helper_and_commands": Shape(
        "%matplotlib inline\n" + HELPED, before="!echo\n" + HELPER + "n = !nproc\n"
    ),
    "own_settings": Shape("settings['calls'] = 1\n" + RELU, top="settings = {}"),
    "own_default": Shape(
        "def relu(x, zero=zero):\n    return np.maximum(x, zero)\n", top="zero = 0"
    ),
    "own_decorator": Shape("@same\n" + RELU, top="def same(f):\n    return f"),
    "own_base": Shape(
        "class R(Base):\n    pass\nrelu = R()\n",
        before="class Base:\n    def __call__(self, x):\n        return np.maximum(x, 0)\n",
    ),
    "own_helper_that_fails_later": Shape(HELPED, before=HELPER + "1 / 0\n"),
    "check_beside_helper": Shape(
        "def relu(x):\n    return np.maximum(x, zero())\ncheck(relu)",
        before="check\ndef zero(): return 0",
    ),
    "own_name_used_by_two": Shape(
        "def relu(x):\n    return np.maximum(x, zero)\n",
        top="zero = 0",
        others=(("hinge_weights", "one = 5\ndef hinge_weights(x):\n    return one\n"),),
    ),
    "shadowed_by_another_answer": Shape(
        "zero = 0\ndef relu(x):\n    return np.maximum(x, zero)\n",
        others=(("hinge_weights", "zero = 5\ndef hinge_weights(x):\n    return zero\n"),),
    ),
    "undefined": Shape("def relu(x):\n    return helper(x)\n", status="raised"),
}

WRONG = "def relu(x):\n    return x * (x > 0)\n"  # at -inf
# of several definitions the last one counts that stands above a check
AGAIN = {
    "better_below": Shape(WRONG, after=("# better\n" + RELU, "check(relu)")),
    "better_below_without_check": Shape(WRONG, after=(RELU,)),
    "worse_below": Shape(after=(WRONG,), status="wrong"),
    "better_at_the_end_and_checked": Shape(WRONG, end=(RELU, "check(relu)")),
    "better_at_the_end_checks_itself": Shape(WRONG, end=(RELU + "check(relu)",)),
    "better_uses_the_first": Shape(
        "def relu(x):\n    return x\n",
        after=("old = relu\ndef relu(x):\n    return np.maximum(old(x), 0)\n",),
    ),
    "three": Shape(WRONG, after=("def relu(x):\n    return x\n", RELU)),
    "trial_at_the_end": Shape(end=(WRONG, "relu(np.ones(1))")),
    "better_above": Shape(WRONG, before=RELU, status="wrong"),
    "unchecked_at_the_end": Shape(WRONG, end=(RELU,), status="wrong"),
}


def notebook(shape: Shape) -> dict:
    """Return an exercise notebook of a shape."""
    book = json.loads(EXERCISE.read_text(encoding="utf-8"))
    cells = []
    for cell in book["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        answers = dict(shape.others, relu=shape.relu)
        if name in answers:
            cell["source"] = answers[name]
        elif name not in ("imports", "check-relu"):  # other tasks take time, and tell nothing
            continue
        if name == "relu":
            cells += [_own(shape.before)] if shape.before else []
        cells.append(cell)
        if name == "imports":
            cell["source"] = "".join(cell["source"]) + shape.imports
            cells += [_own(shape.top)] if shape.top else []
        if name == "relu":
            cells += map(_own, shape.after)
    book["cells"] = [*cells, *map(_own, shape.end)]
    for number, cell in enumerate(book["cells"]):
        cell.setdefault("id", f"own-{number}")
    return book


def _own(source: str) -> dict:
    return {
        "cell_type": "code",
        "metadata": {},
        "source": source,
        "outputs": [],
        "execution_count": None,
    }
