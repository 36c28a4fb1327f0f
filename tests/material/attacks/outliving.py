"""Attacks on the processes around the answer, and processes that outlive it."""

from attacks.attack import Attack

OUTLIVES = "evil-of-a-test"  # the name that such processes give themselves
_IMPORTS = f"""
import ctypes, os, signal, sys, threading, time
def daemon(work):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            ctypes.CDLL(None).prctl(15, b"{OUTLIVES}", 0, 0, 0)
            for n in range(1, 32):
                try: signal.signal(n, signal.SIG_IGN)
                except OSError: pass
            try: work()
            except OSError: os._exit(0)
            time.sleep(600)
        os._exit(0)
    time.sleep(0.1)
"""


def _attack(row: str, title: str, before: str, code: str, status: str, **more: object) -> Attack:
    body = code.strip().replace("\n", "\n    ")
    source = f"{_IMPORTS}\ndef relu(x):\n    {body}\n    return x\n"
    return Attack(row, title, before, source, status, **more)


ATTACKS = (
    Attack(
        "37",
        "a daemon outlives its cell",
        "alive",
        f"{_IMPORTS}\ndaemon(lambda: None)\ndef relu(x): return x",
        "wrong",
    ),
    Attack(
        "37",
        "a daemon that is born again and again",
        "alive",
        f"{_IMPORTS}\n"
        "def again():\n"
        "    while True:\n"
        "        if os.fork(): os._exit(0)\n"
        "        os.setsid()\n"
        "daemon(again)\n"
        "def relu(x): return x",
        "wrong",
        note="it may outrun the killing for a while; then the wall clock ends it",
    ),
    _attack(
        "41",
        "kills the process that imports",
        "-",
        "os.kill(os.getppid(), 9)",
        "raised",
        harms_the_user=True,
    ),
    _attack(
        "41",
        "stops the process that imports",
        "-",
        "os.kill(os.getppid(), signal.SIGSTOP)",
        "timed out",
        harms_the_user=True,
    ),
    Attack(
        "41",
        "a daemon kills the process that imports",
        "-",
        f"{_IMPORTS}\nparent = os.getppid()\n"
        "daemon(lambda: (time.sleep(0.1), os.kill(parent, 9)))\n"
        "def relu(x): time.sleep(60)",
        "raised",
        seconds=5,
    ),
    _attack(
        "41",
        "kills all that it may",
        "-",
        "os.kill(-1, 9)",
        "raised",
        harms_the_user=True,
    ),
    _attack(
        "41",
        "kills the grader",
        "-",
        "try: os.kill(int('GRADER'), 9) if int('GRADER') != os.getpid() else None\n"
        "except OSError: pass",
        "wrong",
        harms_the_user=True,
    ),
    _attack("+", "closes every descriptor", "-", "os.closerange(3, 256)", "raised"),
    _attack(
        "+",
        "a report by way of the process that imports",
        "-",
        "for n in range(3, 64):\n"
        "    try:\n"
        "        with open(f'/proc/{os.getppid()}/fd/{n}', 'wb', buffering=0) as line:\n"
        "            line.write(bytes([2, 0, 0, 0, 0, 0, 0, 0]) + b'{}')\n"
        "    except OSError: pass",
        "wrong",
    ),
)
