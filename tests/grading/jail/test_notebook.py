"""A cell does in the jail's notebook what it does in IPython."""

import json
import os
import subprocess
import sys

import pytest

from relukit.grading.jail.notebook import Anything, without_commands

CELLS = {
    "a function": "def f(x): return x + 1\ny = f(1)",
    "a class that pickles": "import pickle\nclass A: pass\n"
    "ok = isinstance(pickle.loads(pickle.dumps(A())), A)",
    "a dataclass": "from __future__ import annotations\nimport dataclasses, typing\n"
    "@dataclasses.dataclass\nclass P:\n    k: typing.ClassVar[int] = 0\n    a: int = 1\n"
    "fields = len(dataclasses.fields(P))",
    "its module": "import sys\nsame = vars(sys.modules['__main__']) is globals()\nn = __name__",
    "await": "import asyncio\nasync def f():\n    await asyncio.sleep(0)\n    return 3\n"
    "y = await f()",
    "gather": "import asyncio\nasync def f(): return 1\ny = await asyncio.gather(f(), f())",
    "async for": "async def g():\n    yield 1\n    yield 2\ny = [i async for i in g()]",
    "a magic": "%matplotlib inline\ny = 1",
    "a statement that is timed": "%time y = 4\nz = y",
    "a cell that is timed": "%%time\ny = 5\ndef f(): return y",
    "a cell that is captured": "%%capture\ny = 6\nprint(y)",
    "a cell that is timed often": "%%timeit -n 1 -r 1\ny = 7",
    "another language": "%%bash\ny=8",
    "after empty lines": "\n\n%%time\ny = 9",
    "the shell": "!true\ny = 10",
    "help": "y = 11\ny?",
    "indented": "    y = 12\n    z = 13",
    "pasted": ">>> y = 14\n... z = 15",
    "an exit": "y = 16\nimport sys\nsys.exit()\nz = 17",
    "an error": "y = 18\n1 / 0\nz = 19",
    "no Python": "y = 20\nz = = 21",
    "no magic": "y = 7\nz = (y\n% 2)",
    "display": "shown = display(3) is None or True\ny = get_ipython() is not None",
    "the shell's names": "get_ipython().push({'y': 22})\nz = get_ipython().ev('y')",
}
_SHOW = """
def told(names, known):
    kept = {}
    for name, value in names.items():
        if name not in known and not name.startswith("_"):
            plain = isinstance(value, (int, str, bool, list))
            kept[name] = value if plain else type(value).__name__
    return kept
"""
_IPYTHON = """
from IPython.core.interactiveshell import InteractiveShell
for title, source in cells.items():
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance()
    sys.modules["__main__"] = shell.user_module
    shell.enable_matplotlib = lambda *args: (None, None)
    known = set(shell.user_ns)
    shell.run_cell(source)
    found[title] = told(shell.user_ns, known)
"""
_OURS = """
from relukit.grading.jail.notebook import Notebook
for title, source in cells.items():
    book = Notebook()
    book.open()
    known = set(book.names)
    try:
        book.run(source, "<cell>")
    except BaseException:
        pass
    found[title] = told(book.names, known)
"""


def _defined_by(script: str, tmp_path) -> dict:
    code = f"import json, sys\ncells, found = json.loads(sys.argv[1]), {{}}\n{_SHOW}{script}"
    out = tmp_path / "found.json"
    code += f"\nopen({str(out)!r}, 'w').write(json.dumps(found))"
    command = [sys.executable, "-c", code, json.dumps(CELLS)]
    env = os.environ | {"IPYTHONDIR": str(tmp_path)}
    subprocess.run(command, check=True, capture_output=True, cwd=tmp_path, env=env)
    return json.loads(out.read_text())


def test_a_cell_defines_what_it_defines_in_ipython(tmp_path):
    pytest.importorskip("IPython")
    ours, theirs = (_defined_by(script, tmp_path) for script in (_OURS, _IPYTHON))
    assert ours == theirs
    assert theirs["await"] == {"asyncio": "module", "f": "function", "y": 3}


def test_what_stands_for_a_check_is_true_whatever_is_asked_of_it():
    one = Anything()
    assert one
    assert one.earned == one.points
    assert one.status == "passed"
    assert one(3).of("anything")[0]
    assert (str(one), list(one)) == ("", [])
    assert not hasattr(one, "__array__")


def test_lines_stay_where_they_are():
    source = "\n\n%matplotlib inline\nx = 1\n!ls\ny = 2\n"
    plain = without_commands(source).split("\n")
    assert (plain[3], plain[5]) == ("x = 1", "y = 2")
    assert without_commands("x = = 1").strip() == "x = = 1"
