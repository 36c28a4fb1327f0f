"""A file is the old one or the new one: after a full disk, an interrupt and a kill."""

import os
import signal
import subprocess
import sys

import pytest

from relukit.files import drafts, replaced, write_whole


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("old")
    return path


@pytest.mark.parametrize("private", [False, True])
@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_full_disk_leaves_the_old_file_and_nothing_else(file, monkeypatch, call, private):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, call, full)
    with pytest.raises(OSError, match="No space left"):
        write_whole(file, "new", private=private)
    assert file.read_text() == "old"
    assert list(file.parent.iterdir()) == [file]


def test_an_interrupt_in_the_middle_leaves_the_old_file_and_nothing_else(file):
    def interrupted():
        with replaced(file) as stream:
            stream.write(b"ne")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert file.read_text() == "old"
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL")
def test_a_kill_leaves_the_old_file_and_a_draft_that_is_found(file):
    code = (
        "import os, sys, pathlib\nfrom relukit.files import replaced\n"
        "with replaced(pathlib.Path(sys.argv[1])) as stream:\n"
        "    stream.write(b'new')\n    os.kill(os.getpid(), 9)\n"
    )
    killed = subprocess.run([sys.executable, "-c", code, file], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert file.read_text() == "old"
    assert drafts(file) == [path for path in file.parent.iterdir() if path != file]
    assert len(drafts(file)) == 1
    assert drafts(file.with_name("other.txt")) == []


@pytest.mark.skipif(os.name == "nt", reason="no such permissions")
@pytest.mark.parametrize(
    ("old", "private", "new"), [(0o640, False, 0o640), (0o666, True, 0o600), (None, True, 0o600)]
)
def test_permissions_stay_unless_the_file_is_private(file, old, private, new):
    file.unlink() if old is None else file.chmod(old)
    write_whole(file, "new", private=private)
    assert file.stat().st_mode & 0o777 == new


@pytest.mark.skipif(os.name == "nt", reason="no umask")
def test_a_new_file_has_the_permissions_that_every_other_would(file):
    plain = file.with_name("plain.txt")
    plain.write_text("")
    write_whole(file.with_name("new.txt"), "")
    assert file.with_name("new.txt").stat().st_mode == plain.stat().st_mode


@pytest.mark.skipif(os.name == "nt", reason="links need rights")
@pytest.mark.parametrize("private", [False, True])
def test_a_link_is_followed_unless_the_file_is_private(file, private):
    link = file.with_name("link")
    link.symlink_to(file)
    write_whole(link, "new", private=private)
    assert link.read_text() == "new"
    assert link.is_symlink() == (not private)
    assert file.read_text() == ("old" if private else "new")


@pytest.mark.skipif(os.name == "nt", reason="no named pipes")
def test_a_pipe_is_written_to_and_never_replaced(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_whole(pipe, "new")
        assert os.read(reader, 9) == b"new"
    finally:
        os.close(reader)
    assert pipe.is_fifo()


def test_line_ends_and_encoding_are_kept_and_a_long_name_is_no_trouble(tmp_path):
    path = tmp_path / ("n" * 250)
    write_whole(path, "a\r\nb\nä", encoding="utf-8-sig")
    assert path.read_bytes() == b"\xef\xbb\xbfa\r\nb\n\xc3\xa4"


def test_text_that_cannot_be_encoded_touches_nothing(file):
    with pytest.raises(UnicodeEncodeError):
        write_whole(file, "\ud800")
    assert file.read_text() == "old"
    assert list(file.parent.iterdir()) == [file]
