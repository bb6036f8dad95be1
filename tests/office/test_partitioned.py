"""The tables that grow, partitioned by till: the program neither knows nor minds."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import text

from pos_app.head_office.store.engine import open_store
from tests.office.makers import MadeTill, enrolled, make_rooms, send
from tests.office.postgres import Cluster
from tests.office.seen import one, open_findings, rows

GROWING = ("branch", "entry", "sale", "token", "quarantine", "signature_due", "pack", "pack_part",
           "tally", "closing", "key_fact", "key_head")  # fmt: skip
PARTS = 4


def test_every_table_that_grows_can_be_partitioned_by_till(
    postgresql: Cluster, tmp_path: Path
) -> None:
    store = open_store(postgresql.fresh(), tmp_path)
    with store.writing() as act:
        for name in GROWING:
            act.execute(text(f"alter table {name} rename to plain_{name}"))
            made = f"create table {name} (like plain_{name} including all) partition by hash (till)"
            act.execute(text(made))
            for part in range(PARTS):
                of = f"partition of {name} for values with (modulus {PARTS}, remainder {part})"
                act.execute(text(f"create table {name}_{part} {of}"))
    rooms = make_rooms(store)
    for number in range(6):
        till = MadeTill(f"SHOP{number}")
        enrolled(rooms, till)
        till.sell(8, tokens=[])
        send(rooms, till, till.bundle(6))
        send(rooms, till, till.bundle())
    rooms.second_look()
    assert open_findings(rooms) == []
    assert rows(rooms, "select count(*), sum(total_minor) from sale") == [(48, 240_000)]
    parts = [one(rooms, f"select count(*) from entry_{part}") for part in range(PARTS)]  # noqa: S608 - ours
    assert sum(parts) == 60
    assert sum(map(bool, parts)) > 1
    store.close()
