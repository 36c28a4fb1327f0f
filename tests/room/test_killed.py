"""A vote that was confirmed outlives `kill -9`, and the room goes on where it was."""

import threading

import pytest
from served_room import ServedRoom

pytestmark = pytest.mark.slow
QUESTION = "ten-images"


def test_confirmed_votes_outlive_a_kill_and_none_counts_twice(tmp_path):
    room = ServedRoom(tmp_path)
    room.do("open", QUESTION)
    devices = [room.join() for _ in range(12)]
    confirmed: dict[str, float] = {}
    tried: dict[str, set[float]] = {device: set() for device in devices}
    link = room.board

    def keep_voting(device):
        for number in range(40):
            tried[device].add(float(number))
            try:
                if room.vote(device, QUESTION, number).status == 200:
                    confirmed[device] = float(number)
            except OSError:
                return

    for _ in range(2):
        threads = [threading.Thread(target=keep_voting, args=(d,)) for d in devices]
        for thread in threads:
            thread.start()
        while len(confirmed) < len(devices) // 2:
            pass
        room.kill()
        for thread in threads:
            thread.join()
        room.start()
    assert room.board == link
    assert room.get("/api/state").json["phase"] == "open"
    voted = room.get("/api/state").json["voted"]
    assert len(confirmed) <= voted <= len(devices)
    for device in devices:  # known to the room that came back
        assert room.vote(device, QUESTION, 99).status == 200
        confirmed[device] = 99.0
    room.do("close", QUESTION)
    (only,) = room.get(f"/api/guesses/{QUESTION}").json["rounds"]
    assert sorted(only["guesses"]) == sorted(confirmed.values())
    room.stop()


def test_a_vote_is_on_disk_when_it_is_answered(tmp_path):
    room = ServedRoom(tmp_path)
    room.do("open", QUESTION)
    votes = {}
    for number in range(2):
        device = room.join()
        assert room.vote(device, QUESTION, number).status == 200
        votes[device] = number
        room.kill()
        room.start()
    room.do("close", QUESTION)
    (only,) = room.get(f"/api/guesses/{QUESTION}").json["rounds"]
    assert sorted(only["guesses"]) == [0, 1]
    room.stop()


def test_a_restart_takes_the_port_it_had_before(tmp_path):
    room = ServedRoom(tmp_path)
    room.stop()
    assert f"It is kept in {room.database}" in room.log.read_text()
    room.start()
    assert f"It goes on in {room.database}" in room.log.read_text()
    room.stop()
