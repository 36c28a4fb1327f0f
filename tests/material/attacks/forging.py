"""Attacks that forge a value, a verdict, or the check itself."""

import numpy as np
from attacks.attack import RIGHT, Attack

from relukit.checks.counterexample import probes
from relukit.checks.registry import task

_PUBLIC = {
    (x.dtype.str, x.shape, x.tobytes())
    for (x,), _ in probes(task("relu"))
    if isinstance(x, np.ndarray)
}

# writes bytes where the replies belong, and ends before the grader's own code can
_SEND = """
class Bomb:
    def __reduce__(self): return (os.mkdir, ("PLANTED/exploded",))
import os, stat, struct, json, io
def send(data):
    for n in range(3, 200):
        try:
            if stat.S_ISFIFO(os.fstat(n).st_mode):
                while data:
                    data = data[os.write(n, data):]
        except OSError:
            pass
    os._exit(0)
def frame(text, arrays=b""):
    text = text if isinstance(text, bytes) else text.encode()
    return struct.pack("<Q", len(text)) + text + arrays
def npy(array, **options):
    buffer = io.BytesIO()
    np.save(buffer, array, **options)
    return buffer.getvalue()
def reply(position, value, **more):
    flags = {"unwritten": False, "changed": {"list": []}, "mishap": None}
    entry = {"input": position, "value": value, "printed": "", "signature": "", **flags, **more}
    return {"dict": entry}
def frame_of(replies, arrays=b""):
    return frame(json.dumps({"list": replies}), arrays)
"""


def _sent(row: str, title: str, data: str, status: str = "malformed", note: str = "") -> Attack:
    return Attack(row, title, "n/a", f"{_SEND}\ndef relu(x): send({data})", status, note=note)


_AGREES = """
class Agrees:
    shape, dtype, ndim, size = (3,), np.dtype(float), 1, 3
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def tolist(self): return [0.0]
    def all(self): return True
def relu(x): return Agrees()
"""
_SUBCLASS = """
class Lying(np.ndarray):
    def __eq__(self, other): return np.ones(self.shape, bool)
    def __array__(self, *args, **kwargs): return np.maximum(np.ndarray.view(self, np.ndarray), 0)
    def __array_function__(self, *args): return True
    def __array_ufunc__(self, *args, **kwargs): return np.ones(self.shape, bool)
def relu(x): return np.abs(x).view(Lying)
"""
_LYING_TYPE = """
class Meta(type):
    def __instancecheck__(cls, other): return True
    @property
    def __name__(cls): return 7
class Float(float, metaclass=Meta):
    def __float__(self): raise SystemExit
def relu(x): return [Float(v) for v in np.ravel(x)]
"""
_REPLACED = """
np.array = np.asarray = lambda *args, **kwargs: 0
np.allclose = np.array_equal = lambda *args, **kwargs: True
np.testing.assert_allclose = np.testing.assert_array_equal = lambda *args, **kwargs: None
def relu(x): return x
"""
_TRIES = """
try:
    {}
except Exception:
    pass
def relu(x): return x
"""
_PATCHED_CALLER = """
import relukit.checks.call as call, relukit.checks.plain as plain, relukit.grading.jail.wire as wire
def relu(x): return x
real = wire.encode
def forged(replies):
    for entry in replies:
        entry["status"], entry["passed"], entry["points"] = "passed", True, 99
    return real(replies)
wire.encode = forged
call._differ = lambda before, after: False
call.plain = lambda value: np.asarray(np.maximum(np.abs(value), 0))
"""
_FRAMES = """
import gc, sys
reachable = []
def relu(x):
    if not reachable:
        reachable.extend(gc.get_objects()[-2000:])
        frame = sys._getframe()
        while frame is not None:
            reachable.extend(frame.f_locals.values())
            frame = frame.f_back
    for value in reachable:
        if isinstance(value, tuple) and len(value) == 2 and isinstance(value[0], tuple):
            if len(value[0]) == 1 and value[0][0] is x and isinstance(value[1], np.ndarray):
                return value[1]
        if isinstance(value, dict) and "expected" in value:
            return value["expected"]
    return x
"""
_THREAD = """
import threading, time
def relu(x): return np.maximum(x, 0)
def rebind():
    while True:
        globals()["relu"] = lambda x: x
        relu.__code__ = (lambda x: x).__code__
threading.Thread(target=rebind, daemon=True).start()
time.sleep(0.05)
"""
_KNOWN = f"""
KNOWN = {_PUBLIC!r}
def relu(x):
    return np.maximum(x, 0) if (x.dtype.str, x.shape, x.tobytes()) in KNOWN else x
"""
_BY_ORDER = """
calls = iter(range(10**9))
def relu(x):
    return np.maximum(x, 0) if next(calls) < 100 else x
"""
_MUTATION = """
import relukit.checks.call as call
call._differ = lambda before, after: False
def relu(x):
    if isinstance(x, np.ndarray) and x.ndim:
        x[x < 0] = 0
    return np.maximum(x, 0)
"""
_MUTANTS = """
import sys
def kill_the_mutants(relu):
    text = sys._getframe(1).f_locals["text"]
    right = "np.maximum(x, 0)", "np.where(x < 0, 0, x)", "np.clip(x, 0, None)"
    return text in right or "for v in" in text
"""
_BUILTINS = """
import builtins
builtins.isinstance = lambda *args: True
builtins.type = lambda *args: float
def relu(x): return x
"""
_SEED = """
import sys
def relu(x):
    frame = sys._getframe()
    while frame is not None:
        if 9223372036854788153 in [v for v in frame.f_locals.values() if isinstance(v, int)]:
            return np.maximum(x, 0)
        frame = frame.f_back
    return x
"""

_OBJECTS = "npy(np.array([Bomb()], object), allow_pickle=True)"
_HUGE = (
    "{'descr': '<f8', 'fortran_order': False, 'shape': (100000000000,), }".ljust(117).encode()
    + b"\n"
)
_HEADER = b"\x93NUMPY\x01\x00" + len(_HUGE).to_bytes(2, "little") + _HUGE
_EMPTY = _HEADER.replace(b"(100000000000,)", b"(1000000000, 0)")

ATTACKS = (
    Attack("1", "a constant", "0", "def relu(x): return np.array([0.0, 0.0, 1.0])", "wrong"),
    Attack("1", "right on every input of the notebook's check", "0", _KNOWN, "wrong"),
    Attack("2", "an object that equals everything", "FULL", _AGREES, "wrong"),
    Attack("3", "an array whose class lies", "FULL", _SUBCLASS, "wrong"),
    Attack("3", "classes that lie about their type", "-", _LYING_TYPE, "wrong"),
    Attack("4", "NumPy's functions replaced", "FULL", _REPLACED, "raised"),
    Attack(
        "5",
        "IPython strips assertions",
        "FULL",
        _TRIES.format("get_ipython().ast_transformers.clear()"),
        "wrong",
    ),
    Attack(
        "6",
        "IPython empties later cells",
        "FULL",
        _TRIES.format("get_ipython().input_transformers_cleanup.append(lambda l: ['pass'])"),
        "wrong",
    ),
    Attack(
        "7",
        "the checker replaced",
        "n/a",
        _TRIES.format("import relukit.checks.judging as j; j.judge = j._fault = lambda *a: None"),
        "wrong",
    ),
    Attack(
        "8",
        "a result on the kernel's socket",
        "FULL",
        _TRIES.format("get_ipython().kernel.session.send(None, 'execute_result', {})"),
        "wrong",
    ),
    Attack("11", "the running test's text looked up", "FULL", _TRIES.format("In[-1]"), "wrong"),
    Attack("15", "frames and objects searched for expected values", "FULL", _FRAMES, "wrong"),
    Attack("16", "a thread rebinds the function", "FULL", _THREAD, "wrong"),
    _sent("19", "a verdict on the line for data", 'b\'{"passed": true, "score": 2}\''),
    _sent("19", "a verdict in a frame", 'frame(\'{"dict": {"status": "passed"}}\')'),
    _sent(
        "20",
        "an array of pickled objects",
        f'frame_of([reply(0, {{"array": len({_OBJECTS})}})], {_OBJECTS})',
    ),
    _sent("21", "a header of 1e11 numbers", f'frame_of([reply(0, {{"array": 128}})], {_HEADER!r})'),
    _sent("21", "an empty array 1e9 long", f'frame_of([reply(0, {{"array": 128}})], {_EMPTY!r})'),
    _sent("22", "JSON 200 000 levels deep", 'frame("[" * 200_000)'),
    _sent("22", "text that is no text", 'frame(b"\\xff\\xfe{{")'),
    _sent("22", "keys that are no text", 'frame("{NaN: 1}")'),
    _sent(
        "22", "16 MB of empty objects", 'frame("[" + "{}," * 5_000_000 + "{}]")', "too much output"
    ),
    Attack("26", "os._exit(0)", "ungraded", "import os\ndef relu(x): os._exit(0)", "raised"),
    Attack("27", "sys.exit()", "0", "import sys\ndef relu(x): sys.exit()", "raised"),
    Attack("27", "exit() in the body of a class", "0", "class A:\n    exit()", "raised"),
    Attack("32", "prints 2/2 passed", "0", "def relu(x): print('2/2 passed')", "wrong"),
    Attack("45", "right in the first 100 calls", "-", _BY_ORDER, "wrong"),
    Attack("46", "looks for the seed", "-", _SEED, "wrong"),
    Attack(
        "47",
        "hides that it changes its input",
        "-",
        _MUTATION,
        "raised",
        note="what it says about itself is forged; an array that refuses to change is not",
    ),
    Attack("+", "calls, conversion and encoding replaced", "-", _PATCHED_CALLER, "wrong"),
    _sent("+", "a reply to one input only", 'frame_of([reply(0, {"list": []})])'),
    _sent(
        "+",
        "one reply, said to be unwritten",
        "frame_of([reply(0, 1.0), reply(0, 1.0, unwritten=True)])",
    ),
    _sent("+", "replies to inputs that were not asked", "frame_of([reply(10**6, 1.0)])"),
    _sent("+", "20 000 replies to one input", "frame_of([reply(0, 1.0)] * 20_000)"),
    _sent("+", "a report of success in place of replies", 'frame(\'{"dict": {"late": false}}\')'),
    _sent(
        "+",
        "one array counted 10 000 times",
        'frame_of([reply(i, {"array": 8_000_128}) for i in range(10_000)], npy(np.ones(10**6)))',
    ),
    Attack("+", "isinstance and type replaced", "-", _BUILTINS, "raised"),
    Attack(
        "+",
        "looks up which rectifiers are right",
        "-",
        _MUTANTS,
        "wrong",
        task="kill_the_mutants",
    ),
    Attack("+", "a right answer, to compare with", "-", RIGHT, "passed", fair=True),
)
