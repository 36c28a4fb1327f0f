"""Files of answers that ran without a jail are removed by a grader who is root."""

import os
import time
from pathlib import Path

import pytest
from attacks.interpreter import readable_python, remove_copy

from relukit.errors import UnavailableError
from relukit.grading.jail import bubblewrap as jails
from relukit.grading.jail import remnants
from relukit.grading.jail.child import Child
from relukit.grading.jail.choice import choose
from relukit.grading.jail.exchange import Request

USER = 64_999
ONLY_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can remove what others own")


@ONLY_ROOT
def test_what_the_user_made_goes_and_what_others_made_stays(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").write_text("somebody else's")
    folder = tmp_path / "shared"
    (folder / "tree" / "deep").mkdir(parents=True)
    (folder / "tree" / "deep" / "file").write_text("")
    (folder / "tree" / "link").symlink_to(outside)
    (folder / "link").symlink_to(outside)
    (folder / "of root").write_text("")
    (folder / "file").write_text("")
    os.mkfifo(folder / "pipe")
    for name in ("tree", "link", "file", "pipe"):
        os.chown(folder / name, USER, USER, follow_symlinks=False)
    remnants.remove(USER, since=time.time() - 60, folders=(str(folder), "/no such folder"))
    assert [path.name for path in folder.iterdir()] == ["of root"]
    assert (outside / "kept").exists()


@ONLY_ROOT
def test_what_is_older_than_the_run_stays(tmp_path):
    (tmp_path / "old").write_text("")
    os.chown(tmp_path / "old", USER, USER)
    remnants.remove(USER, since=time.time() + 3600, folders=(str(tmp_path),))
    assert (tmp_path / "old").exists()


@ONLY_ROOT
def test_an_answer_without_a_jail_leaves_no_file(monkeypatch):
    monkeypatch.setattr(jails, "UNJAILED", readable_python())
    try:
        choose("none")
    except UnavailableError as error:
        pytest.skip(str(error))
    names = [f"{folder}/left_by_a_test_{os.getpid()}" for folder in ("/tmp", "/dev/shm")]
    source = (
        f"import os\ndef f():\n    for name in {names}: open(name, 'w').close()\n    os._exit(0)"
    )
    request = Request("f", (("f", source),), "relukit.checks.call:as_function", ((),), (), 5)
    before = set(Path("/tmp").iterdir())
    with Child("none") as child:
        assert child.ask(request).ended == "died"
        assert all(map(os.path.exists, names))
    assert not any(map(os.path.exists, names))
    assert not {path for path in set(Path("/tmp").iterdir()) - before if path.owner() == USER}
    remove_copy()
