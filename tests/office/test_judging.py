"""A run of entries is proven by its last signature; the others are looked at afterwards."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest
import zstandard

from pos_app.exchange.chain import Entry, next_entry
from pos_app.exchange.entry_line import entry_line, entry_of, read_entry
from pos_app.exchange.errors import ExchangeInvalid
from pos_app.exchange.fields import Fields
from pos_app.head_office.judging import CONTENT, SIGNATURE, judge, judge_run
from pos_app.head_office.rooms import Rooms
from pos_app.head_office.store import due
from tests.office.makers import MadeTill, sale_body, send
from tests.office.seen import entries, evidence, one, open_findings, rows

Change = Callable[[Entry], Entry]


def edited(entry: Entry) -> Entry:
    return replace(entry, body=entry.body.replace('"total_minor":5000', '"total_minor":1'))


def unsigned(entry: Entry) -> Entry:
    return replace(entry, signature=bytes(64))


def strange(entry: Entry) -> Entry:
    """Return an entry of somebody else in its place, with a hash that fits."""
    stranger = MadeTill(seed=b"somebody else")
    head = replace(stranger.head, seq=entry.seq - 1, hash=entry.prev_hash)
    return next_entry(head, entry.at_ms, "sale", sale_body(77, entry.at_ms), stranger.key)


def moved(entry: Entry) -> Entry:
    return replace(entry, prev_hash=bytes(32))


@pytest.fixture(scope="module")
def journal() -> MadeTill:
    till = MadeTill()
    till.sell(20)
    return till


def problems(given: list[Entry], public: bytes) -> list[str]:
    return [problem for problem, _ in judge_run(given, public)]


def test_one_signature_proves_a_whole_run(journal: MadeTill) -> None:
    found = judge_run(journal.entries, journal.key.public)
    assert found == [("", False)] * 21 + [("", True)]


@pytest.mark.parametrize("change", [edited, strange, moved])
@pytest.mark.parametrize("at", [2, 9, 21])
def test_a_changed_entry_is_named_as_if_every_signature_had_been_proven(
    journal: MadeTill, change: Change, at: int
) -> None:
    given = list(journal.entries)
    given[at] = change(given[at])
    found = problems(given, journal.key.public)
    assert found == [judge(each, journal.key.public) for each in given]
    assert [number for number, problem in enumerate(found) if problem] == [at]


def test_any_mixture_of_changes_is_judged_as_one_by_one(journal: MadeTill) -> None:
    chance = random.Random(8)  # noqa: S311 - repeatable
    changes: list[Change] = [edited, strange, moved]
    for _ in range(40):
        given = [
            chance.choice(changes)(each) if chance.random() < 0.2 else each
            for each in journal.entries
            if chance.random() < 0.9
        ]
        found = problems(given, journal.key.public)
        assert found == [judge(each, journal.key.public) for each in given]


def test_an_entry_without_its_signature_counts_only_where_a_later_one_seals_it(
    journal: MadeTill,
) -> None:
    public = journal.key.public
    inner = [*journal.entries[:5], unsigned(journal.entries[5]), *journal.entries[6:]]
    assert problems(inner, public) == [""] * 22
    last = [*journal.entries[:21], unsigned(journal.entries[21])]
    assert problems(last, public) == [""] * 21 + [SIGNATURE]
    before_an_edited = [*inner[:6], edited(inner[6]), *inner[7:]]
    assert problems(before_an_edited, public)[5:7] == [SIGNATURE, CONTENT]


def test_a_signature_that_somebody_changed_is_told_with_its_entry_afterwards(
    rooms: Rooms, till: MadeTill
) -> None:
    till.sell(10)
    sent = [*till.entries[:6], unsigned(till.entries[6]), *till.entries[7:]]
    answer = send(rooms, till, till.bundle_of(sent))
    assert (answer["acknowledged"]["seq"], answer["refused"]) == (12, [])
    assert one(rooms, "select sum(total_minor) from sale") == 50_000
    assert open_findings(rooms) == []
    assert rooms.second_look() == 11  # the last one's was proven before
    assert open_findings(rooms) == ["edited"]
    assert evidence(rooms, "edited")["seq"] == 7
    raw = bytes(one(rooms, "select raw from quarantine"))
    assert raw == entry_line(sent[6])
    assert rooms.second_look() == 0
    send(rooms, till, till.bundle())
    assert open_findings(rooms) == ["edited"]


def test_bytes_changed_on_the_way_bring_no_false_signature_in(rooms: Rooms, till: MadeTill) -> None:
    till.sell(10)
    stranger = MadeTill(seed=b"who carries the stick")
    true_key, till.key = till.key, stranger.key
    sent = [*till.entries[:6], unsigned(till.entries[6]), *till.entries[7:]]
    raw = bytearray(till.bundle_of(sent))  # its end bears another's signature
    till.key = true_key
    raw = bytearray(_as_if_of(till, bytes(raw), stranger))
    with pytest.raises(ExchangeInvalid):
        send(rooms, till, bytes(raw))
    assert one(rooms, "select reason from quarantine where seq = 7") == SIGNATURE
    assert 7 not in entries(rooms)
    assert send(rooms, till, till.bundle())["acknowledged"]["seq"] == 12
    assert [
        bytes(each) for (each,) in rows(rooms, "select signature from entry where seq = 7")
    ] == [till.entries[6].signature]


def _as_if_of(till: MadeTill, raw: bytes, stranger: MadeTill) -> bytes:
    lines = zstandard.ZstdDecompressor().decompressobj().decompress(raw)
    lines = lines.replace(stranger.key.public.hex().encode(), till.key.public.hex().encode(), 1)
    return zstandard.ZstdCompressor().compress(lines)


def test_what_is_due_is_known_for_each_till_and_done_in_pieces(
    rooms: Rooms, till: MadeTill
) -> None:
    till.sell(700)
    send(rooms, till, till.bundle())
    with rooms.office.store.reading() as act:
        assert due.count(act) == 1
    assert rooms.second_look.piece() == 500
    assert rooms.second_look() >= 201
    with rooms.office.store.reading() as act:
        assert due.count(act) == 0
    send(rooms, till, till.bundle())  # a replay is not looked at again
    assert rooms.second_look() == 0


LINES = [
    b'{"at":01,', b'"seq":1e3', b'"at":1.0,', b'"seq":-1', b'"x":1,"at"', b'"kind":"A B\\u0041"',
    b'"body":"{}"', b'"body":[]', b'"hash":"AA"', b'"body":{"b":1,"a":2}', b'"body":{"a":1.5}',
    b'"body":{"a":9007199254740993}', b'"body":{"a":"\\u0041"}', b'"seq":9007199254740993',
]  # fmt: skip


@pytest.mark.parametrize("part", LINES)
def test_the_quick_reader_of_a_line_says_what_the_careful_one_says(
    journal: MadeTill, part: bytes
) -> None:
    usual = entry_line(journal.entries[4])
    name = part.split(b":")[0]
    start = usual.index(name) if name in usual else 1
    end = usual.index(b',"', start + 1)
    lines = [usual, usual[:start] + part + usual[end:], usual.replace(b"Ada", "Ádá".encode())]
    for line in lines:
        assert quick(line) == careful(line)


def quick(line: bytes) -> object:
    try:
        return read_entry(line, "bundle", 3)[0]
    except ExchangeInvalid as bad:
        return bad.facts


def careful(line: bytes) -> object:
    try:
        return entry_of(Fields.read(line, "bundle", 3))
    except ExchangeInvalid as bad:
        return bad.facts
