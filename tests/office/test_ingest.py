"""Bundles come in exactly once, in whatever parts, order and company; a bad entry stops nothing."""

from __future__ import annotations

import io
import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from pos_app.domain.errors import PosError
from pos_app.exchange.acknowledgement import read_acknowledgement
from pos_app.exchange.canonical import canonical
from pos_app.exchange.chain import next_entry
from pos_app.exchange.errors import ExchangeInvalid
from pos_app.head_office.errors import BundleOfAnother
from pos_app.head_office.rooms import Rooms
from pos_app.head_office.store.journals import MOST_BUNDLES
from tests.office.makers import MadeTill, enrolled, sale_body, send, token
from tests.office.seen import entries, one, open_findings, rows


def test_a_bundle_is_stored_booked_and_acknowledged_with_a_signature(
    rooms: Rooms, till: MadeTill
) -> None:
    till.sell(10)
    answer = send(rooms, till, till.bundle())
    said = read_acknowledgement(answer["acknowledged"], "TILL7", rooms.office.authority.public)
    assert (said.seq, said.hash) == (12, till.head.hash)
    assert answer["refused"] == []
    assert entries(rooms) == list(range(1, 13))
    assert rows(rooms, "select count(*), sum(total_minor), sum(tenths) from sale") == [
        (10, 50_000, 1000)
    ]
    assert one(rooms, "select count(*) from token") == 10
    assert open_findings(rooms) == []


def test_what_is_stored_is_the_very_entry_that_was_sent(rooms: Rooms, till: MadeTill) -> None:
    entry = till.sell()
    send(rooms, till, till.bundle())
    stored = rows(
        rooms,
        "select seq, prev_hash, at_ms, kind, body, hash, signature from entry where seq = 3",
    )[0]
    assert tuple(bytes(v) if isinstance(v, memoryview) else v for v in stored) == (
        entry.seq, entry.prev_hash, entry.at_ms, entry.kind, entry.body, entry.hash,
        entry.signature,
    )  # fmt: skip


def test_a_replay_whole_or_in_parts_in_any_order_changes_nothing(
    rooms: Rooms, till: MadeTill
) -> None:
    till.sell(30)
    send(rooms, till, till.bundle())
    before = rows(rooms, "select * from entry order by seq"), rows(rooms, "select * from sale")
    chance = random.Random(5)  # noqa: S311 - repeatable
    for _ in range(12):
        first = chance.randint(1, 32)
        answer = send(rooms, till, till.bundle(first, chance.randint(first, 32)))
        assert answer["acknowledged"]["seq"] == 32
    after = rows(rooms, "select * from entry order by seq"), rows(rooms, "select * from sale")
    assert after == before
    assert open_findings(rooms) == []


@pytest.mark.parametrize("seed", range(4))
def test_parts_in_any_order_make_the_same_books_as_one_bundle(
    rooms: Rooms, till: MadeTill, seed: int
) -> None:
    till.sell(40)
    parts = [till.bundle(at, at + 5) for at in range(1, 43, 6)]
    random.Random(seed).shuffle(parts)  # noqa: S311 - repeatable
    for part in parts:
        answer = send(rooms, till, part)
    assert answer["acknowledged"]["seq"] == 42
    assert rows(rooms, "select seq, branch from entry order by seq") == [
        (seq, 0) for seq in range(1, 43)
    ]
    assert one(rooms, "select count(*) from sale") == 40
    assert open_findings(rooms) == []


def test_a_gap_is_told_while_it_lasts_and_the_mark_stops_before_it(
    rooms: Rooms, till: MadeTill
) -> None:
    till.sell(20)
    send(rooms, till, till.bundle(1, 5))
    answer = send(rooms, till, till.bundle(11, 22))
    assert answer["acknowledged"]["seq"] == 5
    assert open_findings(rooms) == ["gap"]
    assert one(rooms, "select count(*) from sale") == 3
    answer = send(rooms, till, till.bundle(6, 10))
    assert answer["acknowledged"]["seq"] == 22
    assert open_findings(rooms) == []
    assert one(rooms, "select count(*) from sale") == 20


def test_many_connections_with_the_same_journal_store_it_once(rooms: Rooms, till: MadeTill) -> None:
    till.sell(200)
    whole, half = till.bundle(), till.bundle(90, 180)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda raw: send(rooms, till, raw), [whole, half, whole, half]))
    assert max(answer["acknowledged"]["seq"] for answer in answers) == 202
    assert entries(rooms) == list(range(1, 203))
    assert one(rooms, "select count(*) from sale") == 200
    assert open_findings(rooms) == []


def test_an_edited_entry_is_set_aside_and_the_rest_goes_on(rooms: Rooms, till: MadeTill) -> None:
    till.sell(10)
    good = till.entries[6]
    edited = replace(good, body=good.body.replace('"total_minor":5000', '"total_minor":1'))
    sent = [*till.entries[:6], edited, *till.entries[7:]]
    answer = send(rooms, till, till.bundle_of(sent))
    assert answer["refused"] == [{"seq": 7, "reason": "content"}]
    assert answer["acknowledged"]["seq"] == 12
    assert open_findings(rooms)[0] == "edited"
    assert 7 not in entries(rooms)
    raw = bytes(one(rooms, "select raw from quarantine"))
    assert b'"total_minor":1' in raw
    assert good.hash.hex().encode() in raw


def test_the_true_entry_takes_the_place_of_an_edited_one(rooms: Rooms, till: MadeTill) -> None:
    till.sell(10)
    good = till.entries[6]
    edited = replace(good, body=good.body.replace('"total_minor":5000', '"total_minor":1'))
    send(rooms, till, till.bundle_of([*till.entries[:6], edited, *till.entries[7:]]))
    send(rooms, till, till.bundle())
    assert entries(rooms) == list(range(1, 13))
    assert one(rooms, "select sum(total_minor) from sale") == 50_000
    assert one(rooms, "select count(*) from quarantine where settled_ms is null") == 0


def test_a_forged_signature_is_refused_and_what_follows_waits(rooms: Rooms, till: MadeTill) -> None:
    till.sell(3)
    stranger = MadeTill(seed=b"somebody else")
    forged = next_entry(till.head, till.at_ms, "sale", sale_body(99, till.at_ms), stranger.key)
    answer = send(rooms, till, till.bundle_of([*till.entries, forged]))
    assert answer["refused"] == [{"seq": 6, "reason": "signature"}]
    assert answer["acknowledged"]["seq"] == 5
    assert open_findings(rooms) == ["forged"]
    till.sell()
    assert send(rooms, till, till.bundle())["acknowledged"]["seq"] == 6


POISON = [
    {"total_minor": "much"},
    {"decimals": 2**40},
    {"receipt": 7},
    {"meter": None},
    {"tokens": [{"digits": "1"}]},
    {"currency": "ZAR" * 30},
    {"at_ms": 2**53 - 1},
    {"total_minor": 2**53 - 1, "tenths": -(2**53 - 1)},
    {"shift": "9" * 30},
]


@pytest.mark.parametrize("poison", POISON, ids=lambda each: next(iter(each)))
def test_a_genuine_entry_that_says_nonsense_is_kept_told_and_passed(
    rooms: Rooms, till: MadeTill, poison: dict[str, object]
) -> None:
    till.sell(2)
    till.sell(1, **poison)
    till.sell(2)
    answer = send(rooms, till, till.bundle())
    assert answer["acknowledged"]["seq"] == 7
    assert entries(rooms) == [1, 2, 3, 4, 5, 6, 7]
    assert one(rooms, "select count(*) from sale where seq <> 5") == 4
    assert open_findings(rooms)


@pytest.mark.parametrize("kind", ["x" * 100, "x\0y"])
def test_a_kind_that_no_table_holds_keeps_its_place_and_stops_nothing(
    rooms: Rooms, till: MadeTill, kind: str
) -> None:
    till.add(kind, {"text": "\0"})
    till.sell()
    assert send(rooms, till, till.bundle())["acknowledged"]["seq"] == 4
    assert one(rooms, "select count(*) from sale") == 1


def test_a_bundle_of_another_till_is_refused(rooms: Rooms, till: MadeTill) -> None:
    other = MadeTill("TILL8")
    enrolled(rooms, other)
    with pytest.raises(BundleOfAnother):
        rooms.take(rooms.till("TILL7"), io.BytesIO(other.bundle()))
    stranger = MadeTill("TILL7", b"other key")
    with pytest.raises(BundleOfAnother):
        rooms.take(rooms.till("TILL7"), io.BytesIO(stranger.bundle()))
    assert entries(rooms) == []


def test_a_bundle_that_was_cut_off_leaves_what_came_and_the_rest_may_follow(
    rooms: Rooms, till: MadeTill
) -> None:
    till.sell(1500)
    raw = till.bundle()
    with pytest.raises(ExchangeInvalid):
        send(rooms, till, raw[: len(raw) * 2 // 3])
    assert 0 < one(rooms, "select count(*) from entry") < 1502
    assert one(rooms, "select count(*) from quarantine") == 0
    assert send(rooms, till, raw)["acknowledged"]["seq"] == 1502
    assert one(rooms, "select count(*) from sale") == 1500


def test_the_bytes_of_a_bundle_that_cannot_be_read_are_kept(rooms: Rooms, till: MadeTill) -> None:
    till.sell(3)
    raw = bytearray(till.bundle())
    raw[len(raw) // 2] ^= 0xFF
    for _ in range(2):
        with pytest.raises(ExchangeInvalid):
            send(rooms, till, bytes(raw))
    kept = rows(rooms, "select raw from quarantine")
    assert [bytes(each) for (each,) in kept] == [bytes(raw)]


def test_nothing_of_what_a_till_says_becomes_a_command(rooms: Rooms, till: MadeTill) -> None:
    evil = "'); drop table sale; --"
    till.sell(1, operator=evil, receipt=evil, sale_id=evil)
    till.add(evil, {"x": evil})
    send(rooms, till, till.bundle())
    assert rows(rooms, "select operator, receipt, sale_id from sale") == [(evil, evil, evil)]
    assert canonical({"x": evil}).decode() == one(rooms, "select body from entry where seq = 4")


def test_a_till_cannot_fill_the_disk_with_bundles_that_are_none(
    rooms: Rooms, till: MadeTill
) -> None:
    good = bytearray(till.bundle())
    for place in range(MOST_BUNDLES + 5):
        bad = bytearray(good)
        bad[10 + place] ^= 0xFF
        with pytest.raises(PosError):
            send(rooms, till, bytes(bad))
    assert one(rooms, "select count(*) from quarantine") == MOST_BUNDLES


def test_a_meter_is_found_again_whatever_its_number_is(rooms: Rooms, till: MadeTill) -> None:
    for number in ('14"56', "1\\4", "{},", "NULL", "Ñ 7", "'"):
        meter = sale_body(1, till.at_ms)["meter"] | {"drn": number}
        tokens = [token(17_500_000)]
        till.sell(1, meter=meter, tokens=tokens)
        send(rooms, till, till.bundle())
        till.sell(1, meter=meter, tokens=tokens)
        send(rooms, till, till.bundle())
    said = "select count(*) from finding where kind = 'tid-twice'"
    assert one(rooms, said) == 6


def test_what_follows_an_edited_entry_waits_for_the_past_of_both(
    rooms: Rooms, till: MadeTill
) -> None:
    till.sell(10)
    good = till.entries[6]
    edited = replace(good, body=good.body.replace('"total_minor":5000', '"total_minor":1'))
    for part in ([till.entries[5], edited], till.entries[7:]):
        send(rooms, till, till.bundle_of(part))
    assert open_findings(rooms) == ["edited", "gap"]
    for _ in range(2):
        answer = send(rooms, till, till.bundle_of([*till.entries[:6], edited, *till.entries[7:]]))
    assert answer["acknowledged"]["seq"] == 12
    assert open_findings(rooms) == ["edited", "receipt-gap"]
    send(rooms, till, till.bundle())
    assert one(rooms, "select sum(total_minor) from sale") == 50_000
