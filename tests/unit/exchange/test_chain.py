"""The chain finds every change and names the first bad entry; forks are told from copies."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.exchange.chain import (
    EMPTY,
    Entry,
    Fault,
    FaultKind,
    Fork,
    Head,
    Owner,
    belongs_to,
    compare,
    next_entry,
    seal,
    verify,
)
from tests.unit.exchange.journals import KEY, OTHER_KEY, OWNER, TILL, grown, head_of

LENGTH = 12
JOURNAL = grown([], LENGTH)


def outcome(entries: list[Entry]) -> Head | Fault:
    return [EMPTY, *verify(entries, KEY.public)][-1]


def fault_of(entries: list[Entry]) -> tuple[int, FaultKind]:
    found = outcome(entries)
    assert isinstance(found, Fault)
    return found.seq, found.kind


def flipped(content: bytes, bit: int) -> bytes:
    at, place = divmod(bit % (len(content) * 8), 8)
    return content[:at] + bytes([content[at] ^ 1 << place]) + content[at + 1 :]


def test_a_journal_as_it_was_written_is_sound() -> None:
    assert outcome(JOURNAL) == head_of(JOURNAL)


def test_the_hash_is_the_one_that_is_documented() -> None:
    # Written out by hand from the module's description, for the second entry.
    first, second = JOURNAL[:2]
    head = b'{"at":1010,"kind":"sale","seq":2}'
    body = b'{"n":1,"word":""}'
    assert second.hash == hashlib.sha256(first.hash + head + b"\0" + body).digest()


@given(
    place=st.integers(0, LENGTH - 1),
    part=st.sampled_from(["prev_hash", "hash", "signature"]),
    bit=st.integers(0, 511),
)
def test_any_flipped_bit_of_a_seal_is_found_at_its_entry(place: int, part: str, bit: int) -> None:
    entry = JOURNAL[place]
    changes: Any = {part: flipped(getattr(entry, part), bit)}
    changed = replace(entry, **changes)
    seq, kind = fault_of([*JOURNAL[:place], changed, *JOURNAL[place + 1 :]])
    kinds = {
        "prev_hash": FaultKind.CHAIN,
        "hash": FaultKind.CONTENT,
        "signature": FaultKind.SIGNATURE,
    }
    assert (seq, kind) == (place + 1, kinds[part])


@given(
    place=st.integers(0, LENGTH - 1),
    body=st.text(max_size=30),
    kind=st.text(min_size=1, max_size=9),
    at_ms=st.integers(-(2**53) + 1, 2**53 - 1),
)
def test_any_other_content_is_found_at_its_entry(
    place: int, body: str, kind: str, at_ms: int
) -> None:
    entry = JOURNAL[place]
    for changed in (
        replace(entry, body=body),
        replace(entry, kind=kind),
        replace(entry, at_ms=at_ms),
    ):
        if changed == entry:
            continue
        seq, found = fault_of([*JOURNAL[:place], changed, *JOURNAL[place + 1 :]])
        assert (seq, found) == (place + 1, FaultKind.CONTENT)


@given(place=st.integers(0, LENGTH - 2), count=st.integers(1, LENGTH))
def test_missing_entries_are_found_where_they_should_stand(place: int, count: int) -> None:
    rest = JOURNAL[place + count :]
    if not rest:
        return
    assert fault_of(JOURNAL[:place] + rest) == (place + 1, FaultKind.MISSING)


@given(st.permutations(range(LENGTH)))
def test_any_other_order_is_found_at_the_first_wrong_place(order: list[int]) -> None:
    moved = [JOURNAL[place] for place in order]
    found = outcome(moved)
    if order == sorted(order):
        assert found == head_of(JOURNAL)
        return
    first = next(place for place, was in enumerate(order) if place != was)
    assert isinstance(found, Fault)
    assert (found.seq, found.kind) == (first + 1, FaultKind.MISSING)


def test_an_entry_given_twice_stands_in_the_wrong_place() -> None:
    assert fault_of([*JOURNAL[:4], JOURNAL[3], *JOURNAL[4:]]) == (4, FaultKind.REORDERED)


@given(place=st.integers(0, LENGTH - 1))
def test_entries_chained_again_without_the_tills_key_lack_its_signature(place: int) -> None:
    forged = grown(JOURNAL[:place], LENGTH - place, "forged", OTHER_KEY)
    assert fault_of(forged) == (place + 1, FaultKind.SIGNATURE)


@given(place=st.integers(0, LENGTH - 2))
def test_a_signature_taken_from_another_entry_does_not_hold(place: int) -> None:
    borrowed = replace(JOURNAL[place], signature=JOURNAL[place + 1].signature)
    entries = [*JOURNAL[:place], borrowed, *JOURNAL[place + 1 :]]
    assert fault_of(entries) == (place + 1, FaultKind.SIGNATURE)


def test_time_goes_back_only_when_a_supervisor_settled_the_clock() -> None:
    back = next_entry(head_of(JOURNAL), 5, "sale", {}, KEY)
    assert fault_of([*JOURNAL, back]) == (LENGTH + 1, FaultKind.TIME)
    settled = next_entry(head_of(JOURNAL), 5, "clock_settled", {}, KEY)
    assert outcome([*JOURNAL, settled]) == Head(LENGTH + 1, settled.hash, 5)


def test_a_part_of_a_journal_is_verified_from_the_head_before_it() -> None:
    found = list(verify(JOURNAL[5:], KEY.public, head_of(JOURNAL[:5])))
    assert found[-1] == head_of(JOURNAL)


def test_the_first_entry_names_its_till() -> None:
    assert belongs_to(JOURNAL[0], OWNER)
    assert not belongs_to(JOURNAL[0], Owner("TILL8", KEY.public))
    assert not belongs_to(JOURNAL[0], Owner(TILL, OTHER_KEY.public))


@given(common=st.integers(0, 6), left=st.integers(0, 5), right=st.integers(0, 5))
def test_a_fork_is_where_both_went_on_and_not_where_one_continues(
    common: int, left: int, right: int
) -> None:
    start = JOURNAL[:common] or []
    ours = grown(start, left, "ours") if start else JOURNAL[:left]
    theirs = grown(start, right, "theirs") if start else []
    found = compare(ours, theirs)
    assert found == (Fork(common, left, right) if start and left and right else None)
    assert compare(theirs, ours) == (Fork(common, right, left) if found else None)


def test_the_same_content_signed_by_another_key_is_a_fork() -> None:
    other = [replace(entry, signature=bytes(64)) for entry in JOURNAL]
    assert compare(JOURNAL, other) == Fork(0, LENGTH, LENGTH)


@pytest.mark.parametrize("field", ["at_ms", "kind", "seq"])
def test_the_head_of_an_entry_is_sealed(field: str) -> None:
    values: dict[str, Any] = {"seq": 2, "at_ms": 5, "kind": "sale"}
    other: dict[str, Any] = {"seq": 3, "at_ms": 6, "kind": "sales"}
    as_it_is = seal(bytes(32), body=b"{}", **values)
    assert seal(bytes(32), body=b"{}", **(values | {field: other[field]})) != as_it_is
