"""Frames: data comes back as it was, and bytes that anybody may have written do no harm."""

import contextlib
import io
import json
import math
import struct
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from relukit.checks.plain import DEPTH, Unusable, plain
from relukit.grading.jail.wire import LARGEST, Malformed, TooMuch, decode, encode

ARRAYS = hnp.arrays(
    st.sampled_from(["float64", "float32", "float16", "int64", "uint8", "bool", "complex64"]),
    hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3),
)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.builds(Unusable, st.text(max_size=200)),
    ARRAYS,
)
PLAIN = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.lists(inner, max_size=3).map(tuple)
)


def same(one: object, other: object) -> bool:
    if isinstance(one, np.ndarray):
        return type(other) is np.ndarray and (one.dtype, one.shape, one.tobytes()) == (
            other.dtype,
            other.shape,
            other.tobytes(),
        )
    if isinstance(one, tuple | list):
        pairs = zip(one, other, strict=True) if type(one) is type(other) else [(0, 1)]
        return all(same(a, b) for a, b in pairs)
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    return type(one) is type(other) and (one == other or one != one)


def frame(tree: object, arrays: bytes = b"") -> bytes:
    text = tree if isinstance(tree, bytes) else json.dumps(tree).encode()
    return struct.pack("<Q", len(text)) + text + arrays


def npy(array: np.ndarray, **options: bool) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, **options)
    return buffer.getvalue()


def with_header(text: str, data: bytes = b"") -> bytes:
    header = text.ljust(117).encode() + b"\n"
    array = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + data
    return frame({"array": len(array)}, array)


def header(dtype: str, shape: str) -> str:
    return f"{{'descr': {dtype}, 'fortran_order': False, 'shape': {shape}, }}"


@given(st.dictionaries(st.text(max_size=3), PLAIN, max_size=3) | PLAIN)
@settings(deadline=None)
def test_data_comes_back_as_it_was(value: object):
    assert same(value, decode(encode(value)))


def test_lists_as_deep_as_data_may_be_come_back_from_within_a_list_of_replies():
    value: object = 1.0
    for _ in range(DEPTH):
        value = [value]
    replies = [{"value": plain(value)}]
    assert decode(encode(replies)) == replies


def test_arrays_in_another_order_come_back():
    array = np.asfortranarray(np.arange(6.0).reshape(2, 3))
    assert same(decode(encode(array)).tolist(), array.tolist())


def test_an_integer_too_long_to_be_read_is_named_instead():
    assert isinstance(decode(encode(10**5000)), Unusable)
    assert decode(encode(10**3000)) == 10**3000


def test_halves_of_characters_become_question_marks():
    value = ["\ud800a", {"\udfff": Unusable("\ud800")}]
    assert decode(encode(value)) == ["?a", {"?": Unusable("?")}]


SAMPLE = encode([{"value": (1.5, [np.arange(3.0), "text"], None)}, Unusable("a set"), True])


def test_every_truncation_is_malformed():
    for length in range(len(SAMPLE)):
        with pytest.raises(Malformed):
            decode(SAMPLE[:length])


@given(
    st.lists(
        st.tuples(st.integers(0, len(SAMPLE) - 1), st.integers(0, 255)), min_size=1, max_size=9
    )
)
@settings(deadline=None, max_examples=400)
def test_corrupted_frames_are_data_or_malformed(changes: list[tuple[int, int]]):
    corrupted = bytearray(SAMPLE)
    for position, byte in changes:
        corrupted[position] = byte
    with contextlib.suppress(Malformed):
        decode(bytes(corrupted))


@given(st.binary(max_size=200))
@settings(deadline=None)
def test_random_bytes_are_data_or_malformed(data: bytes):
    for candidate in (data, frame(data), frame({"array": len(data)}, data)):
        with contextlib.suppress(Malformed):
            decode(candidate)


HOSTILE = {
    "nothing": b"",
    "a length beyond the end": struct.pack("<Q", 2**63) + b"{}",
    "a list": frame([1]),
    "an object with two keys": frame({"tuple": [], "list": []}),
    "an object of an unknown kind": frame({"set": []}),
    "a tuple that is text": frame({"tuple": "ab"}),
    "a tuple that is a dict": frame({"tuple": {}}),
    "200 000 lists in one another": frame(b"[" * 200_000),
    "200 000 objects in one another": frame(b'{"list":[' * 200_000),
    "20 tuples in one another": frame(b'{"list":[' * 20 + b"]}" * 20),
    "no text": frame(b"\xff\xfe{"),
    "a key that is no text": frame(b"{NaN: 1}"),
    "an integer of 5000 digits": frame(b"1" * 5000),
    "an array of half a byte": frame({"array": 0.5}),
    "an array of true bytes": frame({"array": True}, b"1"),
    "an array before the beginning": frame({"array": -1}),
    "an array beyond the end": frame({"array": 10**18}, npy(np.ones(2))),
    "an array that nobody mentions": frame(1, npy(np.ones(2))),
    "an array that is counted twice": frame(
        {"list": [{"array": 144}, {"array": 144}]}, npy(np.ones(2))
    ),
    "a header of 1e11 numbers": with_header(header("'<f8'", "(100000000000,)")),
    "a header of more numbers than there are": with_header(header("'<f8'", "(3,)"), bytes(16)),
    "a header of fewer numbers than there are": with_header(header("'<f8'", "(1,)"), bytes(16)),
    "a negative shape": with_header(header("'<f8'", "(-1, -2)"), bytes(16)),
    "an empty array with a long axis": with_header(header("'<f8'", "(1000000000, 0)")),
    "a shape that is a text": with_header(header("'<f8'", "'ab'")),
    "a shape with a fraction": with_header(header("'<f8'", "(2.0,)"), bytes(16)),
    "no shape": with_header("{'descr': '<f8'}"),
    "a call in the header": with_header(header("'<f8'", "(__import__('os').getpid(),)")),
    "a header of 60 kB": with_header(header("'<f8'", "(1" + "+1" * 30_000 + ",)")),
    "objects": frame({"array": 200}, npy(np.array([{1}], object), allow_pickle=True).ljust(200)),
    "fields": with_header(header("[('a', '<f8')]", "(1,)"), bytes(8)),
    "arrays in an array": with_header(header("('<f8', (2,))", "(1,)"), bytes(16)),
    "texts": with_header(header("'<U2'", "(1,)"), bytes(8)),
    "times": with_header(header("'<M8[s]'", "(1,)"), bytes(8)),
    "raw bytes": with_header(header("'|V8'", "(1,)"), bytes(8)),
    "an archive": frame({"array": 4}, b"PK\x03\x04"),
    "a pickle": frame({"array": 9}, b"\x80\x04K\x01.aaaa"),
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_hostile_frames_are_malformed_and_take_little_memory(data: bytes):
    tracemalloc.start()
    try:
        with pytest.raises(Malformed):
            decode(data)
        assert tracemalloc.get_traced_memory()[1] < 20 * 2**20
    finally:
        tracemalloc.stop()


def test_a_hostile_pickle_is_not_run(tmp_path):
    class Bomb:
        def __reduce__(self):
            return (tmp_path.joinpath("exploded").mkdir, ())

    data = npy(np.array([Bomb()], object), allow_pickle=True)
    with pytest.raises(Malformed):
        decode(frame({"array": len(data)}, data))
    assert not tmp_path.joinpath("exploded").exists()


@pytest.mark.parametrize(
    "data", [frame(b"[" + b"{}," * 2_000_000 + b"{}]"), frame(1, bytes(LARGEST))], ids=len
)
def test_frames_beyond_the_limit_are_not_even_parsed(data: bytes):
    tracemalloc.start()
    try:
        with pytest.raises(TooMuch):
            decode(data)
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()


def test_special_numbers_come_back():
    values = decode(encode([math.nan, math.inf, -math.inf, -0.0]))
    assert str(values) == "[nan, inf, -inf, -0.0]"
