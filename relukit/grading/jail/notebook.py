"""What a notebook gives to a cell beside the language: harmless stand-ins, and commands.

A cell runs here as in Jupyter: `display` and `get_ipython` are there, a top-level `await` works,
and commands (`%magic`, `!shell`, `name?`) are understood as IPython understands them. Those that
only run Python run it; all others do nothing.
"""

import __future__

import ast
import builtins
import functools
import importlib
import inspect
import linecache
import os
import sys
import types
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio

_FUTURES = functools.reduce(
    int.__or__, (getattr(__future__, n).compiler_flag for n in __future__.all_feature_names)
)
_RUN_A_LINE = ("time", "prun", "memit", "mprun", "lprun")  # their argument is a statement
_PYLAB = (
    "import numpy, matplotlib\nfrom matplotlib import pyplot\nnp, plt = numpy, pyplot\n"
    "from pylab import *\nfrom numpy import *"
)
_RUN_A_CELL = ("time", "capture", "prun", "memit")
_FLAGS = ("-", ">")  # what a magic's options begin with


class Anything:
    """Stands for whatever a check, a display or a shell gives back: true, and good for anything.

    Example:
        >>> bool(Anything()), Anything().earned == Anything().points, str(Anything())
        (True, True, '')
    """

    def __bool__(self) -> bool:
        return True

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = object.__hash__

    def __str__(self) -> str:
        return ""

    def __iter__(self) -> Iterator[object]:
        return iter(())

    def __call__(self, *args: object, **kwargs: object) -> "Anything":
        """Return itself, whatever it is called with."""
        return self

    def __getattr__(self, name: str) -> "Anything":
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __getitem__(self, key: object) -> "Anything":
        return self


class Notebook:
    r"""Runs cells one after the other in a module of the name `__main__`.

    Example:
        >>> book = Notebook()
        >>> book.run("async def two(): return 2\nx = await two()", "<cell a>")
        >>> book.names["x"]
        2
    """

    def __init__(self) -> None:
        self.module = types.ModuleType("__main__")
        self.names = vars(self.module)
        self.names |= {"__builtins__": builtins, "In": [""], "Out": {}}
        self._flags = 0
        self._loop: asyncio.AbstractEventLoop | None = None

    def open(self) -> None:
        """Make this process look as a notebook's does: `__main__`, `display`, nobody at the keys.

        It stays so until the process ends.
        """
        sys.modules["__main__"] = self.module
        sys.argv = [""]
        vars(builtins).update(
            display=display, get_ipython=lambda: _Shell(self), input=_nobody_answers
        )
        sys.breakpointhook = lambda *args, **kwargs: None

    def run(self, source: str, title: str) -> None:
        """Run a cell; whatever it raises is raised.

        Args:
            source: its text.
            title: the name of its file in tracebacks.
        """
        linecache.cache[title] = (len(source), None, source.splitlines(keepends=True), title)
        code = self._compiled(source, title)
        self._flags |= code.co_flags & _FUTURES  # as in IPython, for the cells that follow
        if code.co_flags & inspect.CO_COROUTINE:
            self._await(eval(code, self.names))
        else:
            exec(code, self.names)

    def _compiled(self, source: str, title: str) -> types.CodeType:
        flags = self._flags | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        try:
            return compile(source, title, "exec", flags, dont_inherit=True)
        except SyntaxError:
            plain = without_commands(source)
            if plain == source:
                raise
            return compile(plain, title, "exec", flags, dont_inherit=True)

    def _await(self, coroutine: types.CoroutineType) -> None:
        import asyncio

        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(coroutine)


def without_commands(source: str) -> str:
    r"""Return the text of a cell as plain Python, as IPython would make it; line numbers stay.

    Example:
        >>> without_commands("\nfiles = !ls")
        "\nfiles = get_ipython().getoutput('ls')\n"
    """
    try:
        from IPython.core.inputtransformer2 import TransformerManager
    except ImportError:  # a grader without Jupyter
        return source
    lines = source.split("\n")
    empty = next((i for i, line in enumerate(lines) if line.strip()), 0)  # IPython drops them
    try:
        return "\n" * empty + TransformerManager().transform_cell(source)
    except Exception:  # what is no Python at all
        return source


def display(*objects: object, **options: object) -> Anything:
    """Do what a notebook's `display` does, with nobody to look at it."""
    return Anything()


def _nobody_answers(prompt: object = "") -> str:
    raise EOFError("nobody is here to answer input()")


class _Shell:
    """What `get_ipython()` returns: magics that run Python run it, others do nothing."""

    def __init__(self, notebook: Notebook) -> None:
        self._notebook = notebook
        self.user_ns = notebook.names
        self.user_module = notebook.module

    def run_line_magic(self, name: str, line: str = "", **options: object) -> object:
        if name in _RUN_A_LINE:
            self._run(_without_options(line), f"<%{name}>")
        if name == "pylab":
            self._run(_PYLAB, "<%pylab>")
        given = {
            "pwd": os.getcwd,
            "env": lambda: os.environ.get(line, "") if line else dict(os.environ),
            "who_ls": lambda: [key for key in self.user_ns if not key.startswith("_")],
            "timeit": lambda: Anything() if "-o" in line.split() else None,
        }
        return given.get(name, lambda: None)()

    def run_cell_magic(self, name: str, line: str = "", cell: str = "") -> object:
        if name in _RUN_A_CELL:
            title = sys._getframe(1).f_code.co_filename
            self._run("\n" + cell, title)  # the magic was the first line
        if name in ("writefile", "file"):
            words = line.split()
            with open(words[-1].strip("'\""), "a" if "-a" in words else "w") as file:
                file.write(cell)
            sys.path += [""] if "" not in sys.path else []  # what is written may be imported
            importlib.invalidate_caches()
        return None

    def magic(self, command: str) -> object:
        name, _, line = command.lstrip("%").partition(" ")
        return self.run_line_magic(name, line)

    def getoutput(self, command: str = "", *args: object, **kwargs: object) -> "_Lines":
        said = {"pwd": [os.getcwd()], "ls": sorted(os.listdir()), "nproc": [str(os.cpu_count())]}
        return _Lines(said.get(command.strip()) or ["1"])  # a text and a number

    def run_cell(self, source: str, *args: object, **kwargs: object) -> Anything:
        self._run(source, "<cell of get_ipython>")
        return Anything()

    ex = run_cell

    def ev(self, source: str) -> object:
        return eval(source, self.user_ns)

    def push(self, variables: dict, **options: object) -> None:
        self.user_ns.update(variables)

    def __getattr__(self, name: str) -> Anything:
        if name.startswith("__"):
            raise AttributeError(name)
        return Anything()

    def _run(self, source: str, title: str) -> None:
        self._notebook.run(source, title)


class _Lines(list):
    """What a shell has written, line by line: commands are not run, so it is made up."""

    @property
    def n(self) -> str:
        return "\n".join(self)

    @property
    def s(self) -> str:
        return " ".join(self)

    @property
    def l(self) -> list[str]:  # noqa: E743 - IPython's name for it
        return list(self)


def _without_options(line: str) -> str:
    words = line.split(" ")
    while words and words[0].startswith(_FLAGS):
        words.pop(0)
    return " ".join(words)
