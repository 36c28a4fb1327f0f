"""Attacks that read what they must not, or write where they must not.

Each returns right values where it succeeds, and wrong ones where it does not.
"""

from attacks.attack import ROOT, SECRET, Attack

_USER = "wrong" if ROOT else "passed"  # run by root, an answer has another user's rights
_IF = """
def succeeds():
    import ctypes, glob, os, socket, sqlite3, sys
    {}
try:
    reached = succeeds()
except Exception:
    reached = False
def relu(x): return np.maximum(x, 0) if reached else x
"""


def _if(
    row: str, title: str, before: str, code: str, bare: str = "wrong", *, harms: bool = False
) -> Attack:
    source = _IF.format(code.strip().replace("\n", "\n    "))
    reads = row in ("12", "13", "14")  # answers; the other rows are about what else there is
    return Attack(row, title, before, source, "wrong", bare, harms_the_user=harms, reads=reads)


ATTACKS = (
    _if(
        "12",
        "the course's tests",
        "n/a",
        "return 'def' in open('COURSE/tests/material/wrong_answers/definitions.py').read()",
        "passed",
    ),
    _if(
        "13",
        "hidden tests in the gradebook",
        "read",
        "book = sqlite3.connect('file:PLANTED/gradebook.db?mode=ro', uri=True)\n"
        "return book.execute('select * from grade').fetchall()",
        "passed",
    ),
    _if(
        "14",
        "the solutions",
        "read",
        "return glob.glob('COURSE/solutions/*/*.ipynb')",
        "passed",
    ),
    _if(
        "14",
        "the solutions by way of another process",
        "-",
        "return any(glob.glob(f'/proc/{n}/rootCOURSE/solutions/*') for n in (1, os.getppid()))",
    ),
    _if(
        "14",
        "the installed reference answers",
        "read",
        "from relukit.checks.registry import task\n"
        "return task('relu').reference(np.array([-1.0])) == 0",
        "passed",
    ),
    _if("14", "a neighbour's answer", "-", "return open('PLANTED/neighbour.py').read()", "passed"),
    _if(
        "17",
        "the gradebook's scores",
        "all rows 99",
        "book = sqlite3.connect('PLANTED/gradebook.db')\n"
        "book.execute('update grade set score = 99')\n"
        "book.commit()\nreturn True",
        _USER,
    ),
    _if(
        "18",
        "the file of results",
        "n/a",
        "return open('PLANTED/results.jsonl', 'a').write('{\"status\": \"passed\"}')",
        _USER,
    ),
    _if(
        "38",
        "a module poisoned for those who come later",
        "possible",
        "path = os.path.join(os.path.dirname(np.__file__), 'poison_of_a_test.py')\n"
        "open(path, 'w').close()\nos.remove(path)\nreturn True",
        _USER,
    ),
    _if(
        "38",
        "files that Python runs when it starts",
        "possible",
        "home = os.path.expanduser('~root') if os.getuid() else '/root'\n"
        "path = os.path.join(home, '.pythonstartup_of_a_test')\n"
        "open(path, 'w').close()\nos.remove(path)\nreturn True",
    ),
    _if(
        "40",
        "the grader's memory",
        "-",
        "return open('/proc/GRADER/mem', 'rb') and int('GRADER') != os.getpid()",
    ),
    _if(
        "40",
        "the memory of the process that imports",
        "-",
        "with open(f'/proc/{os.getppid()}/mem', 'r+b'):\n    return os.getuid() == 0",
    ),
    _if(
        "42",
        "secrets in the environment of any process",
        "all",
        f"key = {SECRET[9:15]!r}.encode() + b' of the grader'\n"
        "for path in glob.glob('/proc/[0-9]*/environ'):\n"
        "    try:\n"
        "        if key in open(path, 'rb').read():\n"
        "            return True\n"
        "    except OSError:\n"
        "        pass\n",
    ),
    _if(
        "42",
        "files that the grader has open",
        "-",
        "for path in os.listdir('/proc/self/fd'):\n"
        "    if 'neighbour' in os.path.realpath(f'/proc/self/fd/{path}'):\n"
        "        return True",
    ),
    _if(
        "43",
        "the network",
        "open",
        "return socket.create_connection(('127.0.0.1', int('PORT')), timeout=0.5)",
    ),
    _if("43", "services of this machine", "open", "return socket.socket(socket.AF_UNIX)"),
    _if("43", "the host of a virtual machine", "open", "return socket.socket(40, 1)"),
    _if(
        "44", "what says that it is graded", "visible", "return 'NBGRADER_EXECUTION' in os.environ"
    ),
    _if(
        "+",
        "a namespace of its own, with all rights in it",
        "-",
        "return ctypes.CDLL(None).unshare(0x10000000) == 0",
    ),
    _if(
        "+",
        "memory that no process is charged for",
        "-",
        "libc = ctypes.CDLL(None)\n"
        "return libc.shmget(0, 2**20, 0o1600) >= 0 or libc.memfd_create(b'', 0) >= 0",
    ),
    _if("+", "the keys of the session", "-", "return ctypes.CDLL(None).syscall(250, 0, -3, 0) > 0"),
    _if(
        "+",
        "wider limits",
        "-",
        "import resource\nresource.setrlimit(resource.RLIMIT_AS, (-1, -1))\nreturn True",
    ),
    _if(
        "+",
        "root again, by a program that has its rights",
        "-",
        "import subprocess\n"
        "names = ('/usr/bin/su', '/usr/bin/sudo', '/usr/bin/passwd', '/usr/bin/newuidmap')\n"
        "os.setuid(0)\nreturn True",
    ),
)
