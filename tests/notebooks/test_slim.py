"""A notebook's file is read in any encoding and any size, and outputs cost next to no memory."""

import io
import json
import tracemalloc
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relukit.notebooks import MAX_KEPT, NotANotebook, decoded, read_cells, read_slim, slim

PASSED_OVER = ("outputs", "attachments", "widgets")
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from([*PASSED_OVER, "a", 'b"', "\\", "{["]), inner, max_size=4)
    ),
    max_leaves=30,
)


def without_outputs(value):
    """Return what must be left of a value, made from the value and not from its text."""
    if isinstance(value, list):
        return list(map(without_outputs, value))
    if not isinstance(value, dict):
        return value
    return {k: None if k in PASSED_OVER else without_outputs(v) for k, v in value.items()}


@given(VALUES, st.booleans(), st.sampled_from([None, 0, 1]), st.integers(1, 9))
@settings(deadline=None, max_examples=300)
def test_what_is_read_is_the_json_without_what_is_passed_over(value, plain, indent, chunk):
    text = json.dumps(value, ensure_ascii=plain, indent=indent)
    data = text.encode("utf-8", "surrogatepass" if plain else "replace")
    expected = repr(without_outputs(json.loads(data.decode())))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(slim, "_CHUNK", max(chunk, 4))  # cut anywhere, also inside a key
        assert repr(read_slim(data)) == expected


@given(st.lists(st.sampled_from([*'{}[]",:\\ao1 \n', '"outputs":']), max_size=40))
@settings(deadline=None, max_examples=300)
def test_whatever_the_text_reading_ends(parts):
    with suppress(NotANotebook):
        read_cells("".join(parts).encode())


OUTPUTS = {
    "a picture": '[{"data": {"image/png": "' + "iVBORw0KGgo" * 1_000_000 + '"}}]',
    "printed lines": "[" + ",".join([r'"a \"line\" \\ \n"'] * 500_000) + "]",
    "points": "[" + ",".join(["[0.5, NaN, 3]"] * 800_000) + "]",
}


@pytest.mark.parametrize("name", OUTPUTS)
def test_large_outputs_take_no_memory(name):
    text = '{"cells": [{"cell_type": "code", "outputs": OUT, "source": "x = 1"}], "metadata": {}}'
    data = io.BytesIO(text.replace("OUT", OUTPUTS[name]).encode())
    size = data.getbuffer().nbytes
    tracemalloc.start()
    (found,) = read_cells(data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.source == "x = 1"
    assert size > 9_000_000
    assert peak < 8 * 2**20


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'{"cells": ["' + b"a" * (MAX_KEPT + 1) + b'"]}', "without its outputs"),
        (b'{"cells": [' + b'{"outputs": []},' * 600_000, "more than any notebook"),
        (b'{"cells": [{"outputs": ' + b"[" * 600_000, "more than any notebook"),
        (b'{"cells": [{"outputs": "', "some of it is not JSON"),
        (b'{"cells": [{"outputs"', "line 1 is not JSON"),
        (b'{"cells": [{"outputs": "\\', "some of it is not JSON"),
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf \n", "the file is empty"),
    ],
)
def test_what_is_no_notebook_is_told(data, said):
    with pytest.raises(NotANotebook, match=said):
        read_cells(data)


def test_a_file_without_an_end_is_read_no_further_than_the_limit(monkeypatch):
    monkeypatch.setattr(slim, "MAX_FILE", 3 * 2**20)

    class Endless(io.RawIOBase):
        given = 0

        def read(self, size=-1):
            self.given += size
            return b'{"outputs": "' + b"a" * size if self.given == size else b"a" * size

    endless = Endless()
    with pytest.raises(NotANotebook, match="it is larger than 3 MiB"):
        read_cells(endless)
    assert endless.given <= 5 * 2**20


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32"])
def test_every_encoding_of_json_is_read(encoding):
    text = json.dumps({"cells": [{"cell_type": "raw", "source": "ü€\U0001f600"}]})
    for shown in (text, json.dumps(json.loads(text), ensure_ascii=False)):
        (cell,) = read_cells(shown.encode(encoding))
        assert (cell.kind, cell.source) == ("raw", "ü€\U0001f600")
        assert decoded(shown.encode(encoding)) == shown


def test_line_ends_of_windows_are_lines():
    (cell,) = read_cells(b'{"cells":\r\n [{"source": ["a\\r\\n", "b"]}]}')
    assert cell.source == "a\r\nb"
