"""Attacks that take all time, memory, disk or processes."""

from attacks.attack import RIGHT, Attack

_IMPORTS = "import ctypes, mmap, os, resource, signal, socket, sys, time\n"
_PIPE = """
import stat
def replies():
    return [n for n in range(3, 200) if is_pipe(n)]
def is_pipe(n):
    try:
        return stat.S_ISFIFO(os.fstat(n).st_mode)
    except OSError:
        return False
"""


def _in_a_call(row: str, title: str, before: str, body: str, status: str, **more: object) -> Attack:
    lines = body.strip().replace("\n", "\n    ")
    source = f"{_IMPORTS}{_PIPE}\ndef relu(x):\n    {lines}\n    return x\n"
    return Attack(row, title, before, source, status, **more)


ATTACKS = (
    _in_a_call("23", "a loop without an end", "0", "while True: pass", "timed out"),
    Attack("23", "a loop in the cell", "0", "while True: pass", "timed out"),
    _in_a_call(
        "24",
        "a loop that catches everything",
        "0",
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
        "timed out",
    ),
    _in_a_call(
        "24",
        "a loop that ignores every signal",
        "-",
        "for n in range(1, 32):\n"
        "    try: signal.signal(n, signal.SIG_IGN)\n"
        "    except OSError: pass\n"
        "while True: pass",
        "timed out",
    ),
    _in_a_call("25", "sleeps", "-", "time.sleep(10**6)", "timed out"),
    _in_a_call("25", "stops itself", "-", "os.kill(os.getpid(), signal.SIGSTOP)", "timed out"),
    _in_a_call(
        "33", "100 MB on standard output", "in memory", "os.write(1, bytes(10**8))", "wrong"
    ),
    _in_a_call("33", "prints without an end", "in memory", "while True: print('x')", "timed out"),
    _in_a_call(
        "33",
        "100 MB where the replies belong",
        "-",
        "for n in replies(): \n    for _ in range(100): os.write(n, bytes(10**6))",
        "too much output",
    ),
    _in_a_call("33", "returns 16 MB in all", "-", "return np.zeros(20_000)", "too much output"),
    _in_a_call("34", "8 GiB at once", "-", "np.ones(2**30)", "too much memory"),
    Attack(
        "34",
        "8 GiB bit by bit",
        "-",
        "kept = []\nwhile True: kept.append(np.empty(10**6))",
        "too much memory",
        seconds=5,
    ),
    _in_a_call(
        "34",
        "shared memory of many processes",
        "-",
        "for _ in range(8):\n"
        "    if os.fork() == 0:\n"
        "        m = mmap.mmap(-1, 400 * 2**20)\n"
        "        for i in range(400): m[i * 2**20 : (i + 1) * 2**20] = bytes([1]) * 2**20\n"
        "        time.sleep(60)\n"
        "time.sleep(60)",
        "too much memory",
        seconds=5,
        together=2**28,
    ),
    _in_a_call(
        "34",
        "memory of many processes, while the replies trickle",
        "-",
        "if not os.fork():\n"
        "    for _ in range(8):\n"
        "        if os.fork() == 0:\n"
        "            m = np.ones(50 * 2**20)\n"
        "            time.sleep(60)\n"
        "    time.sleep(60)\n"
        "while True:\n"
        "    for n in replies(): os.write(n, bytes(1))\n"
        "    time.sleep(0.02)",
        "too much memory",
        seconds=5,
        together=2**28,
    ),
    Attack(
        "35",
        "a fork bomb",
        "-",
        _IMPORTS + "def relu(x):\n    born = 0\n    while born < 200:\n"
        "        try:\n            if os.fork() == 0: time.sleep(60)\n"
        "        except OSError: return x\n        born += 1\n    return np.maximum(x, 0)",
        "wrong",
    ),
    Attack(
        "35",
        "threads without an end",
        "-",
        "import threading, time\ndef relu(x):\n    for _ in range(200):\n"
        "        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"
        "    return np.maximum(x, 0)",
        "raised",
    ),
    Attack(
        "36",
        "fills the disk",
        "-",
        _IMPORTS
        + "names = [f'{d}/{n}_of_a_test' for d in ('.', '/tmp', '/dev/shm') for n in range(9)]\n"
        "written = 0\n"
        "for name in names:\n"
        "    try:\n"
        "        with open(name, 'wb') as file: written += file.write(bytes(2**23))\n"
        "    except OSError: pass\n"
        "for name in names:\n"
        "    try: os.remove(name)\n"
        "    except OSError: pass\n"
        "def relu(x): return np.maximum(x, 0) if written > 64 * 2**20 else x",
        "wrong",
        "passed",
        seconds=3,  # a slow disk must not stop it
    ),
    Attack(
        "36",
        "one file of 100 MB",
        "-",
        "open('big', 'wb').write(bytes(10**8))\n" + RIGHT,
        "raised",
    ),
    _in_a_call(
        "+",
        "shared memory that nobody maps any more",
        "-",
        "kept = []\n"
        "for _ in range(25):\n"
        "    m = mmap.mmap(-1, 16 * 2**20)\n"
        "    for i in range(16): m[i * 2**20 : (i + 1) * 2**20] = bytes([1]) * 2**20\n"
        "    m.madvise(mmap.MADV_DONTNEED)\n"
        "    kept.append(m)\n"
        "time.sleep(60)",
        "too much memory",
        seconds=5,
        together=2**28,
    ),
    _in_a_call(
        "+",
        "memory in the buffers of sockets",
        "-",
        "for _ in range(10):\n"
        "    if os.fork() == 0: break\n"
        "kept = []\n"
        "try:\n"
        "    while True:\n"
        "        kept.append(socket.socketpair())\n"
        "        for end in kept[-1]:\n"
        "            end.setblocking(False)\n"
        "            try:\n"
        "                while True: end.send(bytes(2**16))\n"
        "            except BlockingIOError: pass\n"
        "except OSError: time.sleep(60)",
        "too much memory",
        seconds=5,
        together=2**27,
    ),
    _in_a_call(
        "+",
        "a flood of empty files",
        "-",
        "for _ in range(4):\n"
        "    if os.fork() == 0: break\n"
        "for n in range(10**5):\n"
        "    os.close(os.open(f'/dev/shm/{os.getpid()}-{n}', os.O_CREAT | os.O_WRONLY))\n"
        "time.sleep(60)",
        "too much memory",
        seconds=5,
        together=2**26,
        harms_the_user=True,
    ),
    _in_a_call(
        "+",
        "pages pinned in a pipe",
        "-",
        "page, ends = ctypes.create_string_buffer(4096), os.pipe()\n"
        "part = (ctypes.c_size_t * 2)(ctypes.addressof(page), 4096)\n"
        "pinned = ctypes.CDLL(None).vmsplice(ends[1], part, 1, 0) > 0\n"
        "for end in ends: os.close(end)\n"
        "if pinned: return np.maximum(x, 0)",
        "wrong",
        note="it passes where the system call is allowed",
    ),
    _in_a_call(
        "+",
        "a message queue that outlives all",
        "-",
        "opened = ctypes.CDLL('librt.so.1').mq_open(b'/of-a-test', os.O_CREAT, 0o600, None)\n"
        "if opened >= 0: return np.maximum(x, 0)",
        "wrong",
        note="it passes where the system call is allowed",
    ),
    _in_a_call(
        "+",
        "forty spinners in sessions of their own",
        "-",
        "for _ in range(40):\n"
        "    try:\n"
        "        if os.fork() == 0: os.setsid(), [None for _ in iter(int, 1)]\n"
        "    except OSError: break\n"
        "time.sleep(60)",
        "timed out",
    ),
    Attack(
        "+",
        "folders three thousand deep",
        "-",
        "import os, tempfile\n"
        "os.chdir(tempfile.mkdtemp(dir='/tmp'))\n"
        "for _ in range(3000): os.mkdir('d'), os.chdir('d')\n"
        "def relu(x): return x",
        "wrong",
        seconds=2,
        note="what removes them without a jail must need no path and no call for each level",
    ),
    Attack("+", "a crash", "-", "import ctypes\ndef relu(x): ctypes.string_at(0)", "raised"),
    Attack("+", "a message of 10 MB", "-", "raise ValueError('x' * 10**7)", "raised"),
    Attack(
        "+",
        "brackets 100 000 deep",
        "-",
        "def relu(x): return " + "-" * 100_000 + "x",
        "too much memory",
    ),
    Attack(
        "+",
        "a destructor without an end",
        "-",
        "class D:\n    def __del__(self):\n        while True: pass\ndef relu(x): D()",
        "timed out",
    ),
    Attack(
        "+",
        "threads and exit handlers without an end, around a right answer",
        "-",
        "import atexit, threading, time\n"
        "threading.Thread(target=time.sleep, args=(60,)).start()\n"
        "atexit.register(time.sleep, 60)\n" + RIGHT,
        "passed",
        fair=True,
    ),
)
