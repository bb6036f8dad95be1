"""Exported journals: what is written reads back, what is changed is refused by its line."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.exchange.canonical import canonical
from pos_app.exchange.chain import EMPTY, Entry, Owner
from pos_app.exchange.journal_file import (
    LONGEST_LINE,
    PURPOSE,
    JournalFileInvalid,
    read_journal,
    write_journal,
)
from tests.unit.exchange.journals import KEY, OTHER_KEY, OWNER, grown, head_of

JOURNAL = grown([], 6)


def exported(entries: list[Entry] = JOURNAL, owner: Owner = OWNER) -> bytes:
    file = io.BytesIO()
    assert write_journal(file, owner, entries, KEY) == head_of(entries).seq
    return file.getvalue()


def read(raw: bytes) -> list[Entry]:
    journal = read_journal(io.BytesIO(raw))
    assert journal.owner == OWNER
    return list(journal.entries)


def refusal(raw: bytes) -> tuple[object, object]:
    with pytest.raises(JournalFileInvalid) as refused:
        read(raw)
    return refused.value.facts["line"], refused.value.facts["problem"]


LINES = exported().splitlines(keepends=True)


def test_what_is_exported_reads_back() -> None:
    assert read(exported()) == JOURNAL


def test_a_line_says_what_the_entry_says() -> None:
    values = json.loads(LINES[2])
    assert (values["seq"], values["kind"], values["body"]) == (2, "sale", {"n": 1, "word": ""})
    assert (values["hash"], values["prev"]) == (JOURNAL[1].hash.hex(), JOURNAL[0].hash.hex())


@given(place=st.integers(0, len(exported()) - 1), bit=st.integers(0, 7))
def test_no_flipped_bit_passes(place: int, bit: int) -> None:
    raw = bytearray(exported())
    raw[place] ^= 1 << bit
    with pytest.raises(JournalFileInvalid):
        list(read_journal(io.BytesIO(bytes(raw))).entries)


@given(length=st.integers(0, len(exported()) - 1))
def test_no_file_that_is_cut_off_passes(length: int) -> None:
    with pytest.raises(JournalFileInvalid):
        read(exported()[:length])


def test_a_missing_line_is_named() -> None:
    assert refusal(b"".join(LINES[:3] + LINES[4:])) == (4, "missing")


def test_lines_in_another_order_are_named() -> None:
    assert refusal(b"".join([*LINES[:2], LINES[3], LINES[2], *LINES[4:]])) == (3, "missing")


def test_an_end_cut_off_between_two_lines_is_named() -> None:
    assert refusal(b"".join(LINES[:-1])) == (8, "cut-off")
    assert refusal(b"".join([*LINES[:-2], LINES[-1]])) == (7, "end")


def test_an_end_written_anew_lacks_the_signature() -> None:
    end = {"entries": 5, "head": JOURNAL[4].hash.hex(), "till": OWNER.till}
    forged = canonical({"end": end, "signature": OTHER_KEY.sign(PURPOSE, canonical(end)).hex()})
    assert refusal(b"".join(LINES[:-2]) + forged + b"\n") == (7, "end")


def test_nothing_may_follow_the_end() -> None:
    assert refusal(exported() + b"{}\n") == (8, "end")


def test_a_title_that_names_another_till_than_the_first_entry_is_refused() -> None:
    title = LINES[0].replace(b"TILL7", b"TILL8")
    with pytest.raises(JournalFileInvalid):
        list(read_journal(io.BytesIO(title + b"".join(LINES[1:]))).entries)


def test_a_file_without_entries_is_what_it_says() -> None:
    assert read(exported([])) == []
    assert head_of([]) == EMPTY


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (b"", "cut-off"),
        (b"\n", "not-json"),
        (b"{}\n", "format"),
        (b"[]\n", "object"),
        (b"PK\x03\x04" + bytes(100) + b"\n", "not-json"),
        (b"x" * (LONGEST_LINE + 10), "length"),
        (b"[" * 100_000 + b"\n", "not-json"),
        (b'{"format":"tokentill journal","public_key":"00","till":"T","version":1}\n', "fields"),
        (b'{"format":"tokentill journal","public_key":7,"till":"T","version":1}\n', "fields"),
        (b'{"format":"tokentill journal","public_key":"00","till":7,"version":1}\n', "till"),
        (b'{"format":"tokentill journal","till":"T","version":2}\n', "format"),
    ],
)
def test_what_is_no_journal_is_refused_at_its_title(raw: bytes, problem: str) -> None:
    assert refusal(raw) == (1, problem)


@pytest.mark.parametrize(
    "line",
    [
        {},
        {"seq": 1},
        {"at": 1, "body": [], "hash": "", "kind": "", "prev": "", "seq": 1, "signature": ""},
        {"at": 1, "body": {}, "hash": "00", "kind": "", "prev": "", "seq": 1, "signature": ""},
        {"at": True, "body": {}, "hash": "", "kind": "", "prev": "", "seq": True, "signature": ""},
        {"end": 1, "signature": "00"},
        {"end": {"entries": 0}, "signature": "AA" * 64},
    ],
)
def test_hostile_lines_are_refused_by_number(line: dict[str, object]) -> None:
    assert refusal(LINES[0] + canonical(line) + b"\n")[0] == 2
