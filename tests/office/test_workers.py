"""Reading in other processes: the same as here, and none of them is needed."""

from __future__ import annotations

import io
import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import active_children

import pytest
import zstandard

from pos_app.exchange.bundle import bundle_lines
from pos_app.exchange.errors import ExchangeInvalid
from pos_app.head_office import reading
from pos_app.head_office.proving import KeyRing, TokenProver
from pos_app.head_office.reading import Readings, batches
from pos_app.head_office.rooms import Rooms
from pos_app.head_office.workers import Workers
from tests.office.makers import MadeTill, send
from tests.office.seen import entries, one, open_findings


@pytest.fixture
def journal(monkeypatch: pytest.MonkeyPatch) -> MadeTill:
    monkeypatch.setattr(reading, "MOST_LINES", 20)
    till = MadeTill()
    till.sell(200)
    return till


@pytest.fixture
def workers() -> Iterator[Workers]:
    made = Workers(TokenProver(KeyRing()))
    made.start(2)
    yield made
    made.close()


def read_all(workers: Workers, till: MadeTill, raw: bytes) -> list[Readings]:
    lines = bundle_lines(io.BytesIO(raw)).lines
    found = []
    try:
        for _, each in workers.read_all(batches(lines, till.key.public, chained=True)):
            assert isinstance(each, Readings)
            found.append(each)
            each.stop()
    except ExchangeInvalid:
        found.append(Readings([], 0, "refused"))
    return found


def with_nonsense(raw: bytes) -> bytes:
    """Return a bundle with a line in its middle that is none."""
    lines = zstandard.ZstdDecompressor().decompressobj().decompress(raw).splitlines()
    lines[100] = b'{"at":1}'
    return zstandard.ZstdCompressor().compress(b"".join(line + b"\n" for line in lines))


def test_other_processes_read_what_is_read_here(workers: Workers, journal: MadeTill) -> None:
    alone = Workers(TokenProver(KeyRing()))
    raw = journal.bundle()
    for given in (raw, with_nonsense(raw)):
        found = read_all(workers, journal, given)
        assert found == read_all(alone, journal, given)
        assert len(found) > 4
    assert [each.entry for part in read_all(workers, journal, raw) for each in part.readings] == (
        journal.entries
    )


def test_a_process_that_dies_takes_nothing_with_it(workers: Workers, journal: MadeTill) -> None:
    whole = read_all(workers, journal, journal.bundle())
    first, *_ = active_children()
    os.kill(first.pid or 0, signal.SIGKILL)
    assert read_all(workers, journal, journal.bundle()) == whole
    for each in active_children():
        os.kill(each.pid or 0, signal.SIGKILL)
    assert read_all(workers, journal, journal.bundle()) == whole
    assert workers.number == 0


def test_a_reader_that_gives_up_leaves_the_processes_free(
    workers: Workers, journal: MadeTill
) -> None:
    for _ in range(5):
        lines = bundle_lines(io.BytesIO(journal.bundle())).lines
        reader = workers.read_all(batches(lines, journal.key.public, chained=True))
        _, found = next(reader)
        assert isinstance(found, Readings)
        del reader
    assert workers.number == 2
    assert len(read_all(workers, journal, journal.bundle())) == 11


def test_processes_end_when_their_pipes_do() -> None:
    others = set(active_children())  # of tests before, on their way to their end
    made = Workers(TokenProver(KeyRing()))
    made.start(2)
    ours = set(active_children()) - others
    made.close()
    for each in ours:
        each.join(20)
    assert [each.exitcode for each in ours] == [0, 0]


def test_replays_in_parts_in_any_order_by_many_connections_change_nothing(
    rooms: Rooms, till: MadeTill, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_LINES", 20)
    rooms.employ(2)
    till.sell(118)
    parts = [till.bundle(at, at + 29) for at in range(1, 121, 30)]
    given = [till.bundle(), *reversed(parts), till.bundle(31, 90), *parts, till.bundle()]
    try:
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda raw: send(rooms, till, raw), given))
    finally:
        rooms.ingest.workers.close()
    assert max(each["acknowledged"]["seq"] for each in answers) == 120
    assert entries(rooms) == list(range(1, 121))
    assert one(rooms, "select count(*) from entry where branch = 0") == 120
    assert one(rooms, "select sum(total_minor) from sale") == 118 * 5000
    assert one(rooms, "select count(*) from token") == 118
    rooms.second_look()
    assert open_findings(rooms) == []
