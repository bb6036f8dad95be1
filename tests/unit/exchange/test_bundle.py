"""Bundles: what the till sends is read back; what is changed on the way is refused."""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_app.exchange.bundle import BundleTitle, proven, read_bundle, write_bundle
from pos_app.exchange.canonical import canonical, read_canonical
from pos_app.exchange.chain import EMPTY, Entry, Head, next_entry
from pos_app.exchange.errors import ExchangeInvalid, ExchangeNewer
from tests.unit.exchange.journals import KEY, OTHER_KEY, OWNER, grown, head_of

JOURNAL = grown([], 8)
TITLE = BundleTitle(OWNER, 4, 8, JOURNAL[2].hash, 5_000)


def bundled(entries: list[Entry] = JOURNAL[3:], title: BundleTitle = TITLE) -> bytes:
    file = io.BytesIO()
    write_bundle(file, title, entries, KEY)
    return file.getvalue()


def read(raw: bytes) -> tuple[BundleTitle, list[Entry]]:
    bundle = read_bundle(io.BytesIO(raw))
    return bundle.title, list(bundle.entries)


def checked(raw: bytes, after: Head | None = None) -> list[Entry]:
    return list(proven(read_bundle(io.BytesIO(raw)), after))


def refusal(raw: bytes, after: Head | None = None) -> object:
    with pytest.raises(ExchangeInvalid) as refused:
        checked(raw, after)
    return refused.value.facts["problem"]


def unpacked(raw: bytes) -> list[bytes]:
    return zstandard.ZstdDecompressor().decompressobj().decompress(raw).splitlines()


def repacked(lines: list[bytes]) -> bytes:
    return zstandard.ZstdCompressor().compress(b"".join(line + b"\n" for line in lines))


def changed(number: int, **values: object) -> bytes:
    lines = unpacked(bundled())
    lines[number] = canonical({**read_canonical(lines[number]), **values})
    return repacked(lines)


@given(first=st.integers(1, 8), length=st.integers(0, 7))
def test_any_stretch_of_the_journal_reads_back(first: int, length: int) -> None:
    part = JOURNAL[first - 1 : first + length]
    before = head_of(JOURNAL[: first - 1])
    title = BundleTitle(OWNER, first, part[-1].seq, before.hash, 5_000)
    assert read(bundled(part, title)) == (title, part)
    assert checked(bundled(part, title), before) == part


def test_the_file_is_called_after_its_till_and_its_entries() -> None:
    assert TITLE.file_name == "TILL7-000004-000008.ttb"


@settings(max_examples=200)
@given(place=st.integers(0, len(bundled()) - 1), byte=st.integers(1, 255))
def test_one_changed_byte_is_refused_or_changes_nothing_that_is_read(place: int, byte: int) -> None:
    raw = bytearray(bundled())
    raw[place] ^= byte
    try:
        found = read(bytes(raw))
    except (ExchangeInvalid, ExchangeNewer):
        return
    assert found == (TITLE, JOURNAL[3:])  # bits of the frame's head that stand for nothing


LINES = unpacked(bundled())


@settings(max_examples=200)
@given(data=st.data(), number=st.integers(0, len(LINES) - 1), byte=st.integers(1, 255))
def test_every_changed_byte_of_what_is_packed_is_refused(
    data: st.DataObject, number: int, byte: int
) -> None:
    lines = list(LINES)
    line = bytearray(lines[number])
    line[data.draw(st.integers(0, len(line) - 1))] ^= byte
    lines[number] = bytes(line)
    with pytest.raises((ExchangeInvalid, ExchangeNewer)):
        read(repacked(lines))


@pytest.mark.parametrize("number", range(len(LINES)))
def test_a_line_that_is_left_out_or_comes_twice_is_refused(number: int) -> None:
    assert refusal(repacked(LINES[:number] + LINES[number + 1 :]))
    assert refusal(repacked(LINES[:number] + LINES[number : number + 1] + LINES[number:]))


def test_an_entry_of_another_till_or_with_other_content_is_found_by_the_chain() -> None:
    other = grown(JOURNAL[:3], 5, key=OTHER_KEY)
    assert refusal(bundled(other[3:])) == "signature"
    edited = [*JOURNAL[3:5], replace(JOURNAL[5], body='{"n":5,"word":"x"}'), *JOURNAL[6:]]
    assert refusal(bundled(edited)) == "content"
    assert read(bundled(edited))[1] == edited


def test_a_gap_and_a_fork_are_found_by_the_chain() -> None:
    assert refusal(bundled([*JOURNAL[3:5], *JOURNAL[6:]])) == "missing"
    assert refusal(bundled(JOURNAL[3:7])) == "missing"
    forked = grown(JOURNAL[:3], 5, word="else")
    assert refusal(bundled(forked[3:]), head_of(grown(JOURNAL[:2], 1, "else"))) == "chain"
    assert checked(bundled(forked[3:])) == forked[3:]


def test_a_body_that_is_no_json_any_more_travels_as_it_is() -> None:
    broken = [replace(JOURNAL[3], body='{"n": 3}'), *JOURNAL[4:]]
    assert read(bundled(broken))[1] == broken
    assert refusal(bundled(broken)) == "content"


def test_other_versions_and_formats_are_refused_with_their_own_words() -> None:
    with pytest.raises(ExchangeNewer) as newer:
        read(changed(0, version=2))
    assert newer.value.facts == {"format": "bundle", "version": "2"}
    assert refusal(changed(0, format="tokentill-pack")) == "format"
    assert refusal(changed(0, more=1)) == "fields"
    assert refusal(repacked([b"[1]"])) == "object"


def test_a_signature_of_another_key_is_refused() -> None:
    file = io.BytesIO()
    write_bundle(file, TITLE, JOURNAL[3:], OTHER_KEY)
    assert refusal(file.getvalue()) == "signature"


def many(count: int) -> Iterator[Entry]:
    head = EMPTY
    for number in range(count):
        entry = next_entry(head, number, "sale", {"n": number, "word": "x" * 200}, KEY)
        head = Head(entry.seq, entry.hash, entry.at_ms)
        yield entry


def test_a_large_bundle_is_written_and_read_in_constant_memory(tmp_path: Path) -> None:
    def peak(count: int) -> int:
        title = BundleTitle(OWNER, 1, count, EMPTY.hash, 0)
        tracemalloc.start()
        try:
            with (tmp_path / "bundle").open("w+b") as file:
                write_bundle(file, title, many(count), KEY)
                file.seek(0)
                assert sum(1 for _ in read_bundle(file).entries) == count
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    small, large = peak(1_500), peak(6_000)
    assert large < small + 500_000
