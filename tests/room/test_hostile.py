"""What a network may send: each gets its answer in a sentence, and the room goes on."""

import http.client
import re
import socket
import subprocess
import sys
from html import unescape

import pytest
from served_room import FORM, JSON, ServedRoom

pytestmark = pytest.mark.slow
QUESTION = "ten-images"
LONG = "x" * 4097


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    room = ServedRoom(tmp_path_factory.mktemp("room"))
    room.do("open", QUESTION)
    yield room
    room.stop()
    assert "Traceback" not in room.log.read_text()


@pytest.fixture(autouse=True)
def goes_on(room):
    """After each attack somebody votes, and no attack has voted."""
    yield
    before = room.get("/api/state").json["voted"]
    assert room.vote(room.join(), QUESTION, 4).json == {"kept": True, "round": 1}
    assert room.get("/api/state").json["voted"] == before + 1


def sentence(answer) -> str:
    if "json" in answer.headers["content-type"]:
        return answer.json["error"]
    told = re.search(r"<p data-sentence>(.*?)</p>", answer.text)
    return unescape(told[1]) if told else answer.text.strip()


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ("", JSON, 422), ("[]", JSON, 422), ("{", JSON, 422), ("null", JSON, 422),
        ("[" * 4000, JSON, 422), (b"\xff\xfe", JSON, 422), ('{"device": "\\ud800"}', JSON, 422),
        ("{}", JSON, 401), ('{"device": 7}', JSON, 401), ("{}", FORM, 422), ("{}", "", 422),
        ('{"device": "x", "round": true}', JSON, 422), ("{}", "text/plain", 422),
        ('{"device": "x", "round": 1e999}', JSON, 422), (f'{{"device": "{LONG}"}}', JSON, 413),
        (f'{{"device": {"9" * 4000}}}', JSON, 401),
    ],
)  # fmt: skip
def test_documents_that_are_none(room, body, kind, status):
    for name in ("vote", "help", "leave", "outcome"):
        if name != "vote" and "round" in str(body):
            continue
        got = room.ask("POST", f"/api/{name}", body, Content_Type=kind)
        assert got.status == status, (name, got.text)
        assert sentence(got).endswith(".")


@pytest.mark.parametrize(
    "answer",
    ["4", None, [4], {}, True, 10**400, "<b>" * 999],
    ids=["text", "none", "list", "object", "bool", "huge", "markup"],
)
def test_answers_that_are_none(room, answer):
    got = room.vote(room.join(), QUESTION, answer)
    assert got.status == 422
    assert len(sentence(got)) < 300


def test_numbers_that_are_none_as_some_write_them_in_json(room):
    device = room.join()
    for word in ("NaN", "Infinity", "-Infinity", "1e999"):
        body = f'{{"device": "{device}", "question": "{QUESTION}", "answer": {word}}}'
        got = room.ask("POST", "/api/vote", body, Content_Type=JSON)
        assert got.status == 422
        assert "finite number" in sentence(got)


@pytest.mark.parametrize(
    "question", ["nope", "", None, 3, ["ten-images"], "'; DROP TABLE votes;--"]
)
def test_questions_that_are_none(room, question):
    assert room.vote(room.join(), question, 4).status == 404
    assert room.get("/api/guesses/nope").status == 404
    assert room.get("/api/guesses/%2e%2e%2f").status == 404


def test_guesses_of_an_open_vote_are_nobodys(room):
    got = room.get(f"/api/guesses/{QUESTION}")
    assert got.status == 403
    assert "is open" in sentence(got)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"}, {"Origin": "null"}, {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"}, {"Origin": "http://127.0.0.1:1"},
        {"Origin": "http://127.0.0.1.evil.example"},
    ],
)  # fmt: skip
def test_what_another_site_sends_is_refused(room, headers):
    for path in ("/vote", "/name", "/help", f"{room.board}/do", "/api/vote", "/api/join"):
        got = room.form(path, {"action": "close", "question": QUESTION}, **headers)
        assert got.status == 403
        assert "another site" in sentence(got)
    assert room.get("/api/state").json["phase"] == "open"


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "[x"]
)
def test_another_name_for_this_computer_is_refused(room, host):
    for path in ("/", "/api/state", room.board, "/room.js"):
        assert room.get(path, Host=host).status == 421


def test_no_host_and_two_hosts_are_refused(room):
    for hosts in ("", "Host: 127.0.0.1\r\nHost: evil.example\r\n"):
        with socket.create_connection(("127.0.0.1", room.port), timeout=30) as line:
            line.sendall(f"GET / HTTP/1.1\r\n{hosts}Connection: close\r\n\r\n".encode())
            assert re.match(rb"HTTP/1.1 4(00|21) ", line.recv(100))


@pytest.mark.parametrize(
    "path", ["/board/", "/board/x", "/board/" + "0" * 32, "/board/%C3%A9", "/board/" + "a" * 3000]
)
def test_a_forged_board_link_leads_nowhere(room, path):
    for end in ("", "/state", "/events"):
        assert room.get(path + end).status == 404
    assert room.form(f"{path}/do", {"action": "close", "question": QUESTION}).status == 404
    assert room.get("/api/state").json["phase"] == "open"


def test_a_body_that_does_not_say_how_long_it_is_is_cut_off(room):
    line = http.client.HTTPConnection("127.0.0.1", room.port, timeout=30)
    line.request("POST", "/api/vote", iter([b"x" * 1000] * 9), {"Content-Type": JSON},
                 encode_chunked=True)  # fmt: skip
    assert line.getresponse().status == 413
    line.close()


@pytest.mark.parametrize("length", ["-1", "x", "99999999999999999999", "4097"])
def test_a_false_length_is_refused(room, length):
    with socket.create_connection(("127.0.0.1", room.port), timeout=30) as line:
        head = f"POST /api/vote HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {length}\r\n\r\n"
        line.sendall(head.encode())
        assert re.match(rb"HTTP/1.1 4(00|13) ", line.recv(100))


def test_forms_that_are_none(room):
    def status(body, kind=FORM):
        cookie = room.get("/").headers["set-cookie"].partition(";")[0]
        return room.ask("POST", "/vote", body, Content_Type=kind, Cookie=cookie).status

    named = f"question={QUESTION}&answer="
    assert status(f"{named}x&round=1") == 422
    for turn in ("", "2", "x", "%C2%B2", "-1", "9" * 40):
        assert status(f"{named}4&round={turn}") == 409
    for body in ("a=1&" * 99, b"\xff", "%ff=%fe", "a;b", "question=nope"):
        assert status(body) in (404, 422)
    assert status("--x", "multipart/form-data; boundary=x") == 422
    nobody = room.form("/vote", {"question": QUESTION, "round": "1", "answer": "4"})
    assert (nobody.status, "does not know" in sentence(nobody)) == (401, True)


def test_a_device_that_hurries_is_asked_to_wait_and_keeps_its_vote(room):
    device = room.join()
    answers = [room.vote(device, QUESTION, n) for n in range(12)]
    assert [a.status for a in answers[:5]] == [200] * 5
    fast = [a for a in answers if a.status == 429]
    assert len(fast) >= 4
    assert "too fast" in sentence(fast[0])
    assert fast[0].headers["retry-after"] == "1"


def test_a_name_that_is_markup_is_shown_as_it_is_written(room):
    name = "<script>alert(1)</script>"
    assert room.send("/api/join", {"nickname": name}).status == 422  # 25 letters
    device = room.join(nickname="<b>\"'&</b>", named=True)
    room.send("/api/help", {"device": device})
    task = {"device": device, "task": "autopsy", "outcome": "wrong", "diagnosis": "<img src=x>"}
    assert room.send("/api/outcome", task).status == 200
    page = room.get(room.board).text
    assert "<b>&#34;" not in page
    assert "&lt;b&gt;&#34;&#39;&amp;&lt;/b&gt;" in page
    assert "<img" not in page
    room.send("/api/leave", {"device": device})


def test_pages_carry_what_keeps_scripts_of_others_out(room):
    for path in ("/", room.board, "/nothing", "/room.js"):
        headers = room.get(path).headers
        assert "default-src 'none'; script-src 'self'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
    cookie = room.get("/").headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert room.get("/", Cookie="device=" + "0" * 49).headers["set-cookie"]


def test_many_streams_of_one_device_are_too_many(room):
    cookie = room.get("/").headers["set-cookie"].partition(";")[0]
    lines, statuses = [], []
    for _ in range(6):
        line = http.client.HTTPConnection("127.0.0.1", room.port, timeout=30)
        line.request("GET", "/events", headers={"Cookie": cookie})
        lines.append(line)
        statuses.append(line.getresponse().status)
    assert statuses == [200] * 4 + [503] * 2
    for line in lines:
        line.close()


def test_odd_methods_and_addresses_get_an_answer(room):
    assert room.ask("PUT", "/vote").status == 405
    assert room.get("/vote").status == 405
    assert room.get("/../../etc/passwd").status == 404
    assert room.get("/room.css/../room.sqlite").status == 404


def test_a_second_room_on_the_port_says_so(room, tmp_path):
    command = [sys.executable, "-m", "relukit", "room", "--port", str(room.port)]
    command += ["--database", str(tmp_path / "second.sqlite")]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert run.returncode == 2
    assert f"Expected port {room.port} to be free, got it is taken" in run.stderr
    assert f"--port {room.port + 1}" in run.stderr
    assert "Traceback" not in run.stderr
