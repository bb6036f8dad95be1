from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_app.sts.conformance import check_file, check_vector, run
from pos_app.sts.errors import VectorFileInvalid

DATA = Path(__file__).parents[2] / "data" / "sts"
ALL = [
    vector
    for path in sorted(DATA.glob("*.json"))
    for vector in json.loads(path.read_text("utf-8"))["vectors"]
]
CREDIT: dict[str, Any] = next(each for each in ALL if each["id"] == "STS531-1-07/CTSA01.3")


def got(vector: object) -> str:
    result = check_vector(vector, 7)
    assert not result.passed
    return result.got


def as_file(*vectors: object) -> bytes:
    return json.dumps({"format": 1, "sources": {}, "vectors": vectors}).encode()


def test_a_wrong_expectation_is_reported_beside_what_came_out(tmp_path: Path) -> None:
    wrong = CREDIT | {"id": "mine/1", "expect": "00000000000000000001"}
    path = tmp_path / "mine.json"
    path.write_bytes(as_file(CREDIT, wrong))
    report = run(path)
    assert (report.passed, report.failed) == (1, 1)
    (failure,) = report.failures
    assert failure.id == "mine/1"
    assert failure.expected == "00000000000000000001"
    assert failure.got == CREDIT["expect"]


@pytest.mark.parametrize("kind", sorted({each["kind"] for each in ALL}))
def test_every_kind_notices_a_wrong_expectation(kind: str) -> None:
    vector = next(each for each in ALL if each["kind"] == kind)
    expected = vector["expect"]
    if isinstance(expected, bool):
        wrong: object = not expected
    elif isinstance(expected, list):
        wrong = expected[::-1]
    else:
        wrong = ("1" if expected[0] == "0" else "0") + expected[1:]
    assert not check_vector(vector | {"expect": wrong}, 1).passed


@pytest.mark.parametrize(
    ("digits", "expect"),
    [
        (CREDIT["expect"], "accepted"),
        (CREDIT["expect"][:-1] + "0", "crc"),
        ("73786976294838206464", "format"),
        ("123", "format"),
        ("1234567890123456789x", "format"),
    ],
)
def test_rejections_are_told_apart(digits: str, expect: str) -> None:
    vector = {"id": "r", "kind": "reject", "key": CREDIT["key"], "digits": digits}
    assert check_vector(vector | {"expect": expect}, 1).passed


def test_numbers_may_be_strings_and_hex_may_be_upper_case() -> None:
    args = {name: str(value) for name, value in CREDIT["args"].items()}
    key = CREDIT["key"] | {"vk": CREDIT["key"]["vk"].upper(), "ti": "1", "krn": "1", "base": "2014"}
    assert check_vector(CREDIT | {"args": args, "key": key, "ea": "7"}, 1).passed
    crc = {"id": "c", "kind": "crc", "data": "00004A2D900FF2", "expect": "0FFA"}
    assert check_vector(crc, 1).passed


def test_the_sample_tables_serve_tokens_too() -> None:
    vector = {
        "id": "s",
        "kind": "reject",
        "tables": "sample",
        "key": {"dk": "0abc12def3456789"},
        "digits": "51043465443420856213",
        "expect": "accepted",
    }
    assert check_vector(vector, 1).passed


def test_an_extended_read_is_a_token_like_others() -> None:
    # by the layout of the standard: class 1, subclass 2, 36 bits of value, 8 zero bits
    vector = {
        "id": "x",
        "kind": "token",
        "type": "extended_read",
        "args": {"value": 0},
        "expect": "0",
    }
    made = check_vector(vector, 1).got
    assert len(made) == 20
    assert check_vector(vector | {"expect": made}, 1).passed


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "horoscope"}, "'horoscope' are not known"),
        ({"kind": None}, "'kind' is missing"),
        ({"type": "gift"}, "'gift' are not known"),
        ({"args": None}, "'args' is missing"),
        ({"args": []}, "'args' is not an object"),
        ({"args": {"sub": 0, "units": 1, "rnd": 5}}, "'args.tid' is missing"),
        ({"args": CREDIT["args"] | {"units": "many"}}, "'args.units' is not a whole number"),
        ({"args": CREDIT["args"] | {"units": True}}, "'args.units' is not a whole number"),
        ({"args": CREDIT["args"] | {"units": 1.5}}, "'args.units' is not a whole number"),
        ({"args": CREDIT["args"] | {"units": 10**9}}, "amount-too-large"),
        ({"args": CREDIT["args"] | {"tid": 1}}, "the TID of that minute is 85750"),
        ({"issued": "yesterday"}, "'issued' is not a date"),
        ({"key": None}, "key-missing"),
        ({"key": {}}, "'key.dkga' is missing"),
        ({"key": {"dk": "zz"}}, "'key.dk' is not hex"),
        ({"key": {"dk": "00"}}, "key-length"),
        ({"key": {"dk": "00" * 16}}, "not one of EA 7"),
        ({"key": CREDIT["key"] | {"dkga": 1}}, "not-established (what dkga01)"),
        ({"key": CREDIT["key"] | {"kt": 3}}, "not-established (what dkga04-kt3)"),
        ({"key": CREDIT["key"] | {"vk": "00" * 8, "dkga": 2}}, "vending-key-parity"),
        ({"ea": 9}, "not-established (what ea09)"),
        ({"tables": "secret"}, "sta-tables-unknown"),
        ({"expect": None}, "'expect' is missing"),
        ({"expect": {}}, "'expect' is not a text"),
    ],
)
def test_what_cannot_be_checked_fails_with_a_sentence(change: dict[str, Any], said: str) -> None:
    assert said in got(CREDIT | change)


@pytest.mark.parametrize(
    ("kind", "change", "said"),
    [
        ("cipher", {"ea": 9}, "the cipher of EA 9 is not established"),
        ("cipher", {"ea": 7, "key": "00"}, "'key' is not 8 bytes of hex"),
        ("class_bits", {"token_class": 4}, "a token class is 0 to 3"),
        ("luhn", {"expect": "perhaps"}, "'expect' is not true or false"),
        ("key_expired", {"base": 2000}, "key-attribute (field base, value 2000)"),
        ("kct_set", {"expect": "12345678901234567890"}, "'expect' is not a list of tokens"),
        ("pan", {"drn": "11111111113"}, "drn-check-digit"),
        ("pan_block", {"drn": "1"}, "drn-invalid"),
        ("reject", {"digits": None}, "'digits' is missing"),
    ],
)
def test_the_other_kinds_have_their_sentences_too(
    kind: str, change: dict[str, Any], said: str
) -> None:
    reject = {"kind": "reject", "key": CREDIT["key"], "expect": "crc"}
    vector = next((each for each in ALL if each["kind"] == kind), reject)
    assert said in got(vector | change)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"type": "kct3", "args": {"new_dk": "00" * 8, "sgc": "1"}}, "token-field"),
        ({"type": "kct3", "args": {"new_dk": "00" * 8, "sgc": "000001"}}, "no such section"),
        ({"type": "kct2", "args": {"new_dk": "00" * 8, "ken": 256, "ti": 1}}, "not 0 to 255"),
        ({"type": "kct2", "args": {"new_dk": "00", "ken": 1, "ti": 1}}, "8 or 16 bytes of hex"),
    ],
)
def test_key_change_vectors_are_read_strictly(change: dict[str, Any], said: str) -> None:
    vector = {key: value for key, value in CREDIT.items() if key != "issued"}
    assert said in got(vector | change)


def test_a_vector_without_a_name_is_called_by_its_place() -> None:
    nameless = {key: value for key, value in CREDIT.items() if key != "id"}
    results = list(check_file(as_file(nameless, 5, None)))
    assert [result.id for result in results] == ["vector 1", "vector 2", "vector 3"]
    assert [result.passed for result in results] == [True, False, False]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b"5",
        b'{"format": 1}',
        b'{"format": 1, "vectors": {}}',
        b'{"format": 2, "vectors": []}',
        b"[" * 100_000,
        b'{"format": 1, "vectors": [' + b"9" * 5000 + b"]}",
    ],
)
def test_a_file_that_is_none_is_an_error_with_a_reason(raw: bytes) -> None:
    with pytest.raises(VectorFileInvalid) as caught:
        run(raw)
    assert caught.value.facts["reason"]


def test_a_missing_file_is_an_error_with_a_reason(tmp_path: Path) -> None:
    with pytest.raises(VectorFileInvalid):
        run(tmp_path / "none.json")


def test_a_byte_order_mark_does_no_harm() -> None:
    assert run(b"\xef\xbb\xbf" + as_file(CREDIT)).passed == 1


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.just([]),
    st.just({}),
    st.text("0123456789abcdef", max_size=40),
)


@settings(max_examples=200)
@given(st.sampled_from(ALL), st.data())
def test_no_damage_to_a_vector_is_worse_than_a_failure_line(
    vector: dict[str, Any], data: st.DataObject
) -> None:
    damaged = json.loads(json.dumps(vector))
    places = [damaged] + [each for each in damaged.values() if isinstance(each, dict)]
    place = data.draw(st.sampled_from(places))
    name = data.draw(st.sampled_from(sorted(place)))
    place[name] = data.draw(SCALARS)
    result = check_vector(damaged, 1)
    assert isinstance(result.got, str)
