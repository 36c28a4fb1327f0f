"""A room behind a proxy that passes it on under a path, as a JupyterHub does with its services."""

import re

import pytest
from served_room import ServedRoom

from relukit.room.asking import Address

pytestmark = pytest.mark.slow
BASE = "/services/room"
OUTER = "hub.example"
QUESTION = "survive"


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    room = ServedRoom(tmp_path_factory.mktemp("behind"), base=BASE, outer=f"https://{OUTER}")
    yield room
    room.stop()


def addresses(html: str) -> list[str]:
    """Return what a page links to, asks for or sends its forms to."""
    found = re.findall(r'\b(?:href|src|action|data-follow|data-state)="([^"]*)"', html)
    return [address for address in found if not address.startswith(("data:", "#"))]


def test_every_address_on_a_page_stands_behind_the_prefix_and_answers(room):
    for path in (f"{BASE}/", room.board, f"{BASE}/nowhere"):
        shown = room.get(path, Host=OUTER)
        found = addresses(shown.text)
        assert found
        assert all(address.startswith(f"{BASE}/") for address in found), found
        for address in found:
            if address.endswith((".css", ".js")) or "?" in address:
                assert room.get(address, Host=OUTER).status == 200, address


def test_the_printed_address_has_no_slash_behind_it_and_leads_in(room):
    found = room.get(BASE, Host=OUTER)
    assert (found.status, found.headers["location"]) == (307, f"{BASE}/")


def test_a_phone_is_known_again_by_a_cookie_of_the_prefix_alone(room):
    cookie = room.get(f"{BASE}/", Host=OUTER).headers["set-cookie"]
    assert f"Path={BASE}/;" in f"{cookie};"
    assert "Secure" in cookie
    known = room.get(f"{BASE}/", Host=OUTER, Cookie=cookie.split(";")[0])
    assert "set-cookie" not in known.headers


def test_a_vote_by_the_form_counts_and_leads_back(room):
    cookie = room.get(f"{BASE}/", Host=OUTER).headers["set-cookie"].split(";")[0]
    words = {"Host": OUTER, "Cookie": cookie, "Origin": f"https://{OUTER}"}
    for action in ("go", "open"):
        did = room.form(f"{room.board}/do", {"action": action, "question": QUESTION}, **words)
        assert (did.status, did.headers.get("location")) == (303, room.board), did.text
    stage = room.get(f"{BASE}/api/state", Host=OUTER).json
    sent = {"question": stage["question"], "round": stage["round"], "answer": "a"}
    voted = room.form(f"{BASE}/vote", sent, **words)
    assert (voted.status, voted.headers["location"]) == (303, f"{BASE}/")
    assert room.get(f"{BASE}/api/state", Host=OUTER).json["voted"] == 1


def test_outside_of_the_prefix_there_is_nothing(room):
    for path in ("/", "/api/state", room.board.removeprefix(BASE), "/room.css"):
        assert room.get(path, Host=OUTER).status == 404, path


def test_another_host_and_another_site_are_refused(room):
    assert room.get(f"{BASE}/", Host="elsewhere.example").status == 421
    words = {"Host": OUTER, "Origin": "https://elsewhere.example"}
    assert room.form(f"{BASE}/help", {}, **words).status == 403


def test_a_notebook_finds_the_room_by_its_whole_address(room):
    address = Address.parse(f"http://127.0.0.1:{room.port}{BASE}/")
    assert address.ask("/api/state").data["lesson"] == room.lesson
