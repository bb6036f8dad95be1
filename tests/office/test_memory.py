"""Memory: a bundle of many entries takes no more than one of some."""

from __future__ import annotations

import tracemalloc

import pytest

from pos_app.head_office import ingest, reading
from pos_app.head_office.rooms import Rooms
from tests.bench.ingest import bundle_file
from tests.office.makers import MadeTill, enrolled
from tests.office.seen import one

MIB = 1 << 20


def peak_of(rooms: Rooms, name: str, count: int) -> int:
    till = MadeTill(name)
    record = enrolled(rooms, till)
    with bundle_file(till, count) as file:
        tracemalloc.start()
        try:
            rooms.ingest(record, file)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()


def test_many_times_the_entries_take_no_more_memory(
    rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_LINES", 100)  # several batches under way in both
    monkeypatch.setattr(ingest, "_MOST_HELD", 100_000)  # both bundles are larger
    peak_of(rooms, "FIRST", 50)  # what is loaded and cached once
    some, many = peak_of(rooms, "SOME", 400), peak_of(rooms, "MANY", 2400)
    assert one(rooms, "select count(*) from entry") == 2850
    assert many - some < MIB
