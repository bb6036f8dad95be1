"""The ledger's side of keys."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from sqlite_utils import Database

from pos_app.adapters.ledger import queries
from pos_app.adapters.ledger.engine import shop_problems
from pos_app.adapters.ledger.key_projections import DESTROYED, MOVING, TURN
from pos_app.adapters.ledger.transaction import mark
from pos_app.application.key_records import KeyGroup, ServedGroup
from pos_app.application.ports import SealedKey
from pos_app.exchange.chain import Entry

_SERVED: Final = """with part as (
        select sgc, utility, ti, count(*) as meters from meter group by sgc, utility, ti)
    select part.sgc, json_group_array(distinct coalesce(utility.name, part.utility)),
        json_group_array(distinct part.ti), sum(part.meters)
    from part left join utility on utility.id = part.utility group by part.sgc"""

_PAPERS: Final = """select seq from journal where kind in ('key_file_imported', 'keys_destroyed')
    order by seq desc limit ?"""


class SqliteKeys:
    """Implements `pos_app.application.key_ports.KeyBook`."""

    def __init__(self, db: Database, path: Path) -> None:
        self._db, self._path = db, path

    def authorities(self) -> dict[str, tuple[str, int]]:
        """Return {public key in hex: (name, newest sequence taken)}."""
        with shop_problems(self._path):
            rows = self._db.execute("select key, name, sequence from key_authority order by name")
            return {str(key): (str(name), int(sequence)) for key, name, sequence in rows}

    def groups(self) -> tuple[KeyGroup, ...]:
        """Return all keys by group."""
        with shop_problems(self._path):
            return tuple(KeyGroup(*row) for row in self._db.execute("select * from key_group"))

    def vending(self) -> tuple[SealedKey, ...]:
        """Return the records of all vending keys."""
        with shop_problems(self._path):
            return queries.vending_keys(self._db)

    def moving(self) -> bool:
        """Tell whether a move of keys into the module began and did not end."""
        with shop_problems(self._path):
            return bool(mark(self._db, MOVING, 0))

    def served(self) -> dict[str, ServedGroup]:
        """Return whom the keys of each supply group serve."""
        found: dict[str, ServedGroup] = {}
        with shop_problems(self._path):
            for sgc, utilities, tariffs, meters in self._db.execute(_SERVED):
                named = tuple(sorted(json.loads(utilities)))
                found[sgc] = ServedGroup(named, tuple(sorted(json.loads(tariffs))), meters)
        return found

    def passphrase_turn(self) -> int:
        """Return how many changes of the passphrase the journal tells of."""
        with shop_problems(self._path):
            return mark(self._db, TURN, 0)

    def papers(self, limit: int) -> tuple[Entry, ...]:
        """Return the entries that have a receipt of keys, newest first."""
        with shop_problems(self._path):
            seqs = [int(row[0]) for row in self._db.execute(_PAPERS, (limit,)).fetchall()]
            found = [queries.entry(self._db, seq) for seq in seqs]
        return tuple(each for each in found if each is not None)

    def destroyed(self) -> Entry | None:
        """Return the entry that tells of the keys' end."""
        with shop_problems(self._path):
            seq = mark(self._db, DESTROYED, 0)
            return queries.entry(self._db, seq) if seq else None
