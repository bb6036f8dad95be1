"""The ledger's side of key changes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from sqlite_utils import Database

from pos_app.adapters.ledger import queries
from pos_app.adapters.ledger.engine import shop_problems
from pos_app.adapters.ledger.key_change_projections import read
from pos_app.application.key_change_records import KeyChangeRow, KeyChangeState, key_of
from pos_app.application.ports import KeyAttributes, SealedKey
from pos_app.domain.meter_key import KeyAsk, MeterKey, merged

_RECORDED: Final = """select drn, sgc, krn, ti, ken, kt, ea, dkga, base from meter
    where drn in (select value from json_each(?))"""
_BEFORE: Final = "select record from meter_key where drn = ?"
_WANTED: Final = "select wanted from meter_key where drn = ? and wanted <> ''"
_KEYS: Final = """select kind, sgc, krn, kt, base, ken, dkga, kcv, active_from_ms, issue_until_ms,
    pan, ti, ea from sealed_key where pan in (?, '')"""
_SETS: Final = """select kind, sgc, krn, kt, base, ken, dkga, kcv, active_from_ms, issue_until_ms,
    pan, ti, ea, blob from sealed_key where pan = ? and kind = 'change' order by id desc"""
_ASKS: Final = """select utility, tariff, sgc, krn, ti, base, tokens, due_ms from key_ask
    where utility = ? and tariff in (?, '') order by tariff"""
_ALL_ASKS: Final = """select utility, tariff, sgc, krn, ti, base, tokens, due_ms from key_ask
    order by utility, tariff"""
_OF_METER: Final = """select seq, drn, old, tokens, settled_seq, copies from key_change
    where drn = ? order by seq desc limit ?"""
_NEWEST: Final = """select seq, drn, old, tokens, settled_seq, copies from key_change
    order by seq desc limit ?"""
_ONE: Final = """select seq, drn, old, tokens, settled_seq, copies from key_change where seq = ?"""
_BASES: Final = """select utility, tariff, sgc, base, count(*) from meter group by 1, 2, 3, 4"""
# A cross join is walked from the left (https://sqlite.org/optoverview.html): few keys were changed.
_MOVED: Final = """select utility, tariff, meter.sgc, meter.base, meter_key.base, count(*)
    from meter_key cross join meter using (drn) where meter_key.base <> meter.base
    group by 1, 2, 3, 4, 5"""
_ROLLED: Final = """select utility, new_base, sum(settled_seq = 0), sum(settled_seq > 0)
    from key_change join meter using (drn) where old_base <> new_base group by 1, 2"""
_ON_BASE: Final = """select drn, name, address from meter left join meter_key using (drn)
    where utility = ? and coalesce(meter_key.base, meter.base) = ? and drn > ?
    order by drn limit ?"""


class SqliteKeyChanges:
    """Implements `pos_app.application.key_change_ports.KeyChangeBook`."""

    def __init__(self, db: Database, path: Path) -> None:
        self._db, self._path = db, path

    def recorded(self, drns: list[str]) -> dict[str, MeterKey]:
        """Return the keys in the utility's own records."""
        with shop_problems(self._path):
            rows = self._db.execute(_RECORDED, (json.dumps(drns),)).fetchall()
            return {str(drn): MeterKey(*key) for drn, *key in rows}

    def record_before(self, drn: str) -> MeterKey | None:
        """Return what the record said when the meter's key was last noted here."""
        with shop_problems(self._path):
            row = self._db.execute(_BEFORE, (drn,)).fetchone()
            return read(row[0]) if row else None

    def wanted_before(self, drn: str) -> MeterKey | None:
        """Return what a meter shall hold that showed another key than believed."""
        with shop_problems(self._path):
            row = self._db.execute(_WANTED, (drn,)).fetchone()
            return read(row[0]) if row else None

    def keys_for(self, pan: str) -> tuple[KeyAttributes, ...]:
        """Return every vending key, and the keys and key-change sets of one meter."""
        with shop_problems(self._path):
            return tuple(KeyAttributes(*row) for row in self._db.execute(_KEYS, (pan,)))

    def sets_for(self, pan: str) -> tuple[SealedKey, ...]:
        """Return the key-change sets of one meter, the newest first."""
        with shop_problems(self._path):
            rows = self._db.execute(_SETS, (pan,)).fetchall()
            return tuple(SealedKey(KeyAttributes(*row[:-1]), row[-1]) for row in rows)

    def asks(self) -> tuple[KeyAsk, ...]:
        """Return everything that is asked of keys."""
        with shop_problems(self._path):
            return tuple(KeyAsk(*row) for row in self._db.execute(_ALL_ASKS))

    def ask_for(self, utility: str, tariff: str) -> KeyAsk:
        """Return what is asked of the meters of a utility on a tariff."""
        asked = KeyAsk(utility, tariff)
        with shop_problems(self._path):
            for row in self._db.execute(_ASKS, (utility, tariff)).fetchall():
                asked = merged(asked, KeyAsk(*row))
        return asked

    def changes(self, drn: str, limit: int) -> tuple[KeyChangeRow, ...]:
        """Return the key changes of a meter, or of all, newest first."""
        with shop_problems(self._path):
            if drn:
                rows = self._db.execute(_OF_METER, (drn, limit)).fetchall()
            else:
                rows = self._db.execute(_NEWEST, (limit,)).fetchall()
            return tuple(self._row(*row) for row in rows)

    def change(self, seq: int) -> KeyChangeRow | None:
        """Return the key change of a sale's entry."""
        with shop_problems(self._path):
            row = self._db.execute(_ONE, (seq,)).fetchone()
            return self._row(*row) if row else None

    def _row(self, *row: Any) -> KeyChangeRow:
        seq, drn, old, tokens, settled, copies = row
        found = queries.sale(self._db, "seq", seq)
        later = queries.sale(self._db, "seq", settled) if settled > 0 else None
        if found is None:  # a key change is part of a sale: its foreign key says so
            raise LookupError(seq)
        sale = found[1]
        return KeyChangeRow(
            seq=seq,
            drn=drn,
            name=sale.meter.name,
            receipt=sale.receipt,
            at_ms=sale.at_ms,
            old=read(old),
            new=key_of(sale.meter),
            tokens=tokens,
            settled=later[1].receipt if later else "",
            copies=copies,
            state=_state(settled, sold=later is not None),
        )

    def base_counts(self) -> list[tuple[str, str, str, int, int]]:
        """Return (utility, tariff, SGC, base date, meters) of the utility's own records."""
        with shop_problems(self._path):
            return [tuple(row) for row in self._db.execute(_BASES).fetchall()]

    def moved_counts(self) -> list[tuple[str, str, str, int, int, int]]:
        """Return (utility, tariff, SGC and base date on record, base date held, meters)."""
        with shop_problems(self._path):
            return [tuple(row) for row in self._db.execute(_MOVED).fetchall()]

    def rolled_over(self) -> dict[tuple[str, int], tuple[int, int]]:
        """Return {(utility, new base date): (issued, confirmed)} of the roll-overs given here."""
        with shop_problems(self._path):
            rows = self._db.execute(_ROLLED).fetchall()
        return {(row[0], row[1]): (row[2], row[3]) for row in rows}

    def on_base(
        self, utility: str, base: int, after: str, limit: int
    ) -> list[tuple[str, str, str]]:
        """Return (DRN, name, address) of meters on a base date, in the order of their numbers."""
        values = (utility, base, after, limit)
        with shop_problems(self._path):
            return [tuple(row) for row in self._db.execute(_ON_BASE, values).fetchall()]


def _state(settled: int, *, sold: bool) -> KeyChangeState:
    """Return where a key change stands; an entry below zero told that it was not taken."""
    if settled < 0:
        return KeyChangeState.NOT_TAKEN
    if settled and not sold:
        return KeyChangeState.SHOWN
    return KeyChangeState.CONFIRMED if settled else KeyChangeState.ISSUED
