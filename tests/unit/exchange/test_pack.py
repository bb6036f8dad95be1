"""Packs: what head office says is taken whole, from head office, or refused."""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_app.exchange.canonical import canonical, read_canonical
from pos_app.exchange.errors import ExchangeInvalid, ExchangeNewer, SectionUnknown
from pos_app.exchange.pack import (
    NONE_BEFORE,
    PackTitle,
    Section,
    pack_records,
    prove_pack,
    read_title,
    write_pack,
)
from tests.unit.exchange.journals import KEY as OFFICE
from tests.unit.exchange.journals import OTHER_KEY, TILL

RECORDS: list[tuple[Section, dict[str, Any]]] = [
    (Section.TARIFFS, {"content": "id = 1"}),
    (Section.METERS, {"drn": "1", "remove": True}),
    (Section.METERS, {"drn": "2", "remove": True}),
]
TITLE = PackTitle(OFFICE.public, TILL, 7, NONE_BEFORE, 5_000, 0, (Section.TARIFFS, Section.METERS))


def packed(title: PackTitle = TITLE) -> bytes:
    file = io.BytesIO()
    digest = write_pack(file, title, RECORDS, OFFICE)
    assert prove_pack(io.BytesIO(file.getvalue())).digest == digest
    return file.getvalue()


def read(raw: bytes) -> tuple[PackTitle, list[tuple[Section, dict[str, Any]]]]:
    proven = prove_pack(io.BytesIO(raw), OFFICE.public)
    records = [(each.section, each.values) for each in pack_records(io.BytesIO(raw))]
    assert proven.count == len(records)
    return proven.title, records


def refusal(raw: bytes) -> object:
    with pytest.raises(ExchangeInvalid) as refused:
        read(raw)
    return refused.value.facts["problem"]


LINES = zstandard.ZstdDecompressor().decompressobj().decompress(packed()).splitlines()


def repacked(lines: list[bytes]) -> bytes:
    return zstandard.ZstdCompressor().compress(b"".join(line + b"\n" for line in lines))


def changed(number: int, **values: object) -> bytes:
    lines = list(LINES)
    lines[number] = canonical({**read_canonical(lines[number]), **values})
    return repacked(lines)


def test_what_is_packed_reads_back() -> None:
    assert read(packed()) == (TITLE, RECORDS)
    assert read_title(io.BytesIO(packed())) == TITLE


def test_the_file_is_called_after_its_till_and_number() -> None:
    assert TITLE.file_name == "TILL7-000007.ttp"


def test_a_record_knows_its_line() -> None:
    assert [each.line for each in pack_records(io.BytesIO(packed()))] == [2, 3, 4]


@settings(max_examples=200)
@given(place=st.integers(0, len(packed()) - 1), byte=st.integers(1, 255))
def test_one_changed_byte_is_refused_or_changes_nothing_that_is_read(place: int, byte: int) -> None:
    raw = bytearray(packed())
    raw[place] ^= byte
    try:
        found = read(bytes(raw))
    except (ExchangeInvalid, ExchangeNewer, SectionUnknown):
        return
    assert found == (TITLE, RECORDS)


@settings(max_examples=200)
@given(data=st.data(), number=st.integers(0, len(LINES) - 1), byte=st.integers(1, 255))
def test_every_changed_byte_of_what_is_packed_is_refused(
    data: st.DataObject, number: int, byte: int
) -> None:
    lines = list(LINES)
    line = bytearray(lines[number])
    line[data.draw(st.integers(0, len(line) - 1))] ^= byte
    lines[number] = bytes(line)
    with pytest.raises((ExchangeInvalid, ExchangeNewer, SectionUnknown)):
        read(repacked(lines))


@pytest.mark.parametrize("number", range(len(LINES)))
def test_a_line_that_is_left_out_or_comes_twice_is_refused(number: int) -> None:
    assert refusal(repacked(LINES[:number] + LINES[number + 1 :]))
    assert refusal(repacked(LINES[:number] + LINES[number : number + 1] + LINES[number:]))


def test_a_pack_of_another_office_is_refused() -> None:
    file = io.BytesIO()
    write_pack(file, replace(TITLE, office=OTHER_KEY.public), RECORDS, OTHER_KEY)
    assert refusal(file.getvalue()) == "office"
    assert prove_pack(io.BytesIO(file.getvalue())).title.office == OTHER_KEY.public


def test_an_unknown_section_or_version_is_refused_whole() -> None:
    with pytest.raises(SectionUnknown) as unknown:
        read(changed(0, sections=["tariffs", "dreams"]))
    assert unknown.value.facts == {"section": "dreams"}
    with pytest.raises(ExchangeNewer):
        read(changed(0, version=2))
    assert refusal(changed(0, sections=["meters", "meters"])) == "sections"
    assert refusal(changed(0, sections="meters")) == "sections"


def test_records_keep_to_the_order_of_the_sections() -> None:
    assert refusal(changed(1, section="meters"))
    assert refusal(repacked([LINES[0], LINES[2], LINES[1], LINES[3], LINES[4]])) == "section"
    assert refusal(changed(1, section="blocks")) == "section"
    with pytest.raises(ValueError, match=r"."):
        write_pack(io.BytesIO(), TITLE, [RECORDS[1], RECORDS[0]], OFFICE)
    with pytest.raises(ValueError, match=r"."):
        write_pack(io.BytesIO(), TITLE, RECORDS, OTHER_KEY)


def test_a_large_pack_is_proven_in_constant_memory() -> None:
    def meters(count: int) -> Iterator[tuple[Section, dict[str, Any]]]:
        for number in range(count):
            yield Section.METERS, {"drn": f"{number:011d}", "name": "someone", "remove": True}

    def peak(count: int) -> int:
        file = io.BytesIO()
        write_pack(file, replace(TITLE, sections=(Section.METERS,)), meters(count), OFFICE)
        file.seek(0)
        tracemalloc.start()
        try:
            assert prove_pack(file).count == count
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    small, large = peak(2_000), peak(20_000)
    assert large < small + 500_000
