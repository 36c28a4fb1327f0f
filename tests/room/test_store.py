"""A change is answered when it is on disk; one that is refused leaves its neighbours alone."""

import sqlite3
import stat
import threading

import pytest

from relukit.errors import UnavailableError
from relukit.room.store import Store, set_fact


def test_what_was_answered_is_what_another_connection_reads(tmp_path):
    store = Store(tmp_path / "rooms" / "room.sqlite")
    assert stat.S_IMODE(store.file.stat().st_mode) == 0o600
    other = sqlite3.connect(store.file)
    for number in range(50):
        store.do(lambda db, n=number: set_fact(db, f"n{n}", n)).result()
        (count,) = other.execute("SELECT count(*) FROM facts").fetchone()
        assert count == number + 1
    other.close()
    store.close()


def test_changes_that_come_together_are_each_kept_or_refused_alone(tmp_path):
    store = Store(tmp_path / "room.sqlite")
    gate = threading.Event()
    first = store.do(lambda db: gate.wait(10))

    def half(db):
        set_fact(db, "bad", 1)
        raise ValueError("refused")

    futures = [store.do(half if n % 2 else lambda db, n=n: set_fact(db, f"n{n}", n))
               for n in range(20)]  # fmt: skip
    left = store.do(lambda db: set_fact(db, "left", 1))
    assert left.cancel()  # whoever asked has gone
    gate.set()
    first.result()
    for number, future in enumerate(futures):
        if number % 2:
            with pytest.raises(ValueError, match="refused"):
                future.result()
        else:
            future.result()
    names = store.do(lambda db: {n for (n,) in db.execute("SELECT name FROM facts")}).result()
    assert names == {f"n{n}" for n in range(0, 20, 2)}
    store.close()


def test_a_full_disk_is_told_to_all_who_wait_and_the_room_goes_on(tmp_path):
    store = Store(tmp_path / "room.sqlite")
    store.do(lambda db: set_fact(db, "before", 1)).result()

    def full(db):
        (pages,) = db.execute("PRAGMA page_count").fetchone()
        return db.execute(f"PRAGMA max_page_count = {pages}").fetchone()

    store.do(full).result()
    with pytest.raises(UnavailableError, match="make room on the disk"):
        store.do(lambda db: set_fact(db, "long", "x" * 100_000)).result()
    store.do(lambda db: db.execute("PRAGMA max_page_count = 100000").fetchone()).result()
    store.do(lambda db: set_fact(db, "after", 1)).result()
    names = store.do(lambda db: {n for (n,) in db.execute("SELECT name FROM facts")}).result()
    assert names == {"before", "after"}
    store.close()
