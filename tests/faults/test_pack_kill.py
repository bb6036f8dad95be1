"""Power cuts amid a pack of meters: taken again from its start, every meter is there once."""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path

from pos_app.adapters.ledger.book import FILE_NAME
from pos_app.bootstrap.inspection import verify_shop
from pos_app.bootstrap.office_stick import import_packs
from pos_app.bootstrap.training import training_meters
from pos_app.bootstrap.training_file import training_passphrase
from pos_app.exchange.pack import NONE_BEFORE, PackTitle, Section, write_pack
from tests.bench.catalogue import records
from tests.head_office import KEY, TILL, enrol
from tests.shops import make_shop, opened

METERS = 300
CUTS = 2
PATIENCE_S = 60


def pack_file(folder: Path) -> Path:
    path = folder / f"{TILL}-000001.ttp"
    title = PackTitle(KEY.public, TILL, 1, NONE_BEFORE, 1, 0, (Section.METERS,))
    with path.open("wb") as file:
        made = (each for piece in records(training_meters(METERS)) for each in piece)
        write_pack(file, title, ((Section.METERS, each) for each in made), KEY)
    return path


def cut(folder: Path, pack: Path, after: int) -> bool:
    """Take a pack in another process and kill it once so many bytes were written of it."""
    log = folder / f"{FILE_NAME}-wal"
    before = log.stat().st_size if log.exists() else 0
    child = os.fork()
    if not child:
        list(import_packs(opened(folder), [pack]))
        os._exit(0)
    until = time.monotonic() + PATIENCE_S
    ended, status = 0, 0
    while not ended and time.monotonic() < until:
        if log.exists() and log.stat().st_size > before + after:
            os.kill(child, signal.SIGKILL)
        ended, status = os.waitpid(child, os.WNOHANG)
        time.sleep(0.001)
    return os.WIFSIGNALED(status)


def test_a_pack_survives_power_cuts(tmp_path: Path) -> None:
    folder, pack = make_shop(tmp_path), pack_file(tmp_path)
    shop = opened(folder)
    enrol(shop)
    shop.close()
    chance = random.Random(7)  # noqa: S311 - when to cut, no secret
    killed = [cut(folder, pack, chance.randrange(10_000, 400_000)) for _ in range(CUTS)]
    assert any(killed)
    shop = opened(folder)
    some = shop.ledger.db.execute("select count(*) from meter").fetchone()[0]
    done = next(import_packs(shop, [pack]))
    assert (done.counts, done.refused_count) == ({"meters": METERS}, 0)
    assert next(import_packs(shop, [pack])).again
    kinds = [entry.kind for entry in shop.ledger.entries()]
    assert kinds.count("pack_imported") == 1
    there = shop.ledger.db.execute("select count(*), count(distinct drn) from meter").fetchone()
    assert there[0] == there[1] >= METERS > 0
    assert some <= there[0]
    for each in training_meters(METERS):
        assert shop.ledger.meter(each.drn)
    # The search index says what the meters say (https://sqlite.org/fts5.html, integrity-check).
    shop.ledger.db.execute("insert into meter_part(meter_part, rank) values('integrity-check', 1)")
    shop.close()
    assert verify_shop(folder, training_passphrase()).fault is None
