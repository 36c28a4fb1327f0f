"""A JupyterHub in processes of its own, set up by the files that docs/jupyterhub.md prints."""

import contextlib
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import requests
from hub.needs import BIN, PROXY, ROOT
from hub.people import people
from lab import free_port

GUIDE = ROOT / "docs" / "jupyterhub.md"
# fewer for a machine on which a whole class takes too long
N_LEARNERS = int(os.environ.get("RELUKIT_HUB_LEARNERS", "10"))
LEAST = 4  # of whom two have a browser, and two are there to compare
if N_LEARNERS < LEAST:
    raise ValueError(
        f"Expected RELUKIT_HUB_LEARNERS of {LEAST} or more, got: {N_LEARNERS}. What to do: "
        "let more learners come, or unset it for ten"
    )
LEARNERS = tuple(f"relu-learner-{n:02}" for n in range(1, N_LEARNERS + 1))
TEACHER = "relu-teacher"
STARTING = 120.0  # seconds that a hub may take to open


def printed(name: str) -> str:
    """Return what the guide prints below a first line, such as the name of a file."""
    blocks = re.findall(
        r"^```python\n(.*?)^```", GUIDE.read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    (text,) = [block for block in blocks if block.startswith(f"# {name}\n")]
    return text


@dataclass
class Hub:
    """A hub that runs, with its people, its exchange and the course's repository.

    Attributes:
        folder: where all of it lies; homes/ has the homes.
        passwords: by the name of the user.
        port: where the proxy listens, on the loopback address.
    """

    folder: Path
    passwords: dict[str, str]
    port: int
    process: subprocess.Popen = field(repr=False)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def repository(self) -> str:
        return f"file://{self.folder}/relukit.git"

    @property
    def log(self) -> str:
        return (self.folder / "hub.log").read_text(errors="replace")

    def home(self, user: str) -> Path:
        return self.folder / "homes" / user

    def proxy(self) -> psutil.Process:
        """Return the process of the proxy."""
        parts = psutil.Process(self.process.pid).children(recursive=True)
        (found,) = [p for p in parts if any("configurable-http" in word for word in p.cmdline())]
        return found


def environment(folder: Path) -> dict[str, str]:
    """Return what the hub's processes, and those of its users, are told."""
    return {
        "PATH": f"{BIN}:/usr/local/bin:/usr/bin:/bin",
        "JUPYTER_CONFIG_PATH": str(folder / "etc"),
        "GIT_CONFIG_SYSTEM": str(folder / "gitconfig"),
        "LANG": "C.UTF-8",
    }


def write_settings(folder: Path, port: int, users: tuple[str, ...]) -> None:
    """Write the guide's two files, and what is different for a test behind each."""
    (folder / "etc").mkdir()
    exchange = f'c.Exchange.root = "{folder}/exchange"\n'
    told = printed("nbgrader_config.py") + exchange
    (folder / "etc" / "nbgrader_config.py").write_text(told)
    # a repository on the same disk belongs to another user, which git refuses unless told
    (folder / "gitconfig").write_text(f"[safe]\n\tdirectory = {folder}/relukit.git\n")
    inner, programs = free_port(), free_port()
    lines = (
        f"c.JupyterHub.bind_url = 'http://127.0.0.1:{port}'",
        f"c.JupyterHub.hub_bind_url = 'http://127.0.0.1:{inner}'",
        f"c.ConfigurableHTTPProxy.api_url = 'http://127.0.0.1:{programs}'",
        f"c.ConfigurableHTTPProxy.command = ['{PROXY}']",
        "c.Authenticator.allow_all = False",
        f"c.Authenticator.allowed_users = {set(users)!r}",
        f"c.Spawner.environment.update({environment(folder)!r})",
    )
    board = printed("jupyterhub_config.py, for a live board")
    board = board.replace("https://HUB", f"http://127.0.0.1:{port}").replace("TEACHER", TEACHER)
    board = board.replace("8765", str(free_port()))
    told = printed("jupyterhub_config.py") + "\n".join(lines) + f"\n{board}"
    (folder / "jupyterhub_config.py").write_text(told)


@contextlib.contextmanager
def served_hub() -> Iterator[Hub]:
    """Start a hub for the learners and a teacher; end it, and remove them, whatever happens."""
    users = (*LEARNERS, TEACHER)
    folder = Path(tempfile.mkdtemp(prefix="relukit-hub-", dir="/var/tmp"))
    folder.chmod(0o755)
    try:
        (folder / "homes").mkdir()
        (folder / "exchange").mkdir()
        (folder / "exchange").chmod(0o777)
        (folder / "state").mkdir(mode=0o700)
        with people(users, folder / "homes") as passwords:
            port = free_port()
            write_settings(folder, port, users)
            with (folder / "hub.log").open("w") as output:
                process = subprocess.Popen(
                    [BIN / "jupyterhub", "--config", folder / "jupyterhub_config.py"],
                    cwd=folder / "state",
                    env=environment(folder) | {"HOME": str(folder / "state")},
                    stdout=output,
                    stderr=output,
                )
            hub = Hub(folder, passwords, port, process)
            try:
                wait_until_open(hub)
                yield hub
            finally:
                end(process)
    finally:
        shutil.rmtree(folder)


def wait_until_open(hub: Hub) -> None:
    """Ask until the proxy passes on what the hub answers."""
    deadline = time.monotonic() + STARTING
    while time.monotonic() < deadline and hub.process.poll() is None:
        with contextlib.suppress(requests.RequestException):
            if requests.get(f"{hub.address}/hub/health", timeout=STARTING).ok:
                return
        time.sleep(0.2)
    raise RuntimeError(f"Expected a hub within {STARTING:.0f} s, got:\n{hub.log}")


def end(process: subprocess.Popen) -> None:
    """End a hub, its proxy and its servers."""
    with contextlib.suppress(psutil.NoSuchProcess):
        family = psutil.Process(process.pid).children(recursive=True)
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(30)
        for left in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                left.kill()
        process.kill()
        process.wait(10)


def as_user(hub: Hub, user: str, folder: Path, *command: str) -> str:
    """Run a command as one of the hub's users, as in a terminal; return what it said."""
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment(hub.folder) | {"HOME": str(hub.home(user)), "USER": user, "COLUMNS": "160"},
        user=user,
        group=user,
        extra_groups=[],
        umask=0o022,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        timeout=600,
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}")
    return done.stdout
