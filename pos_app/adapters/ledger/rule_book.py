"""What the journal says of the rules for money, found by the index of the kinds of entries."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from sqlite_utils import Database

from pos_app.adapters.ledger.engine import shop_problems

_NEWEST: Final = """select seq, body from journal where kind = ? and kind <> 'sale'
    order by at_ms desc, seq desc limit 1"""
"""No entry is stamped before the one before it, so the index alone answers."""

_AFTER: Final = """select 1 from journal not indexed
    where seq > ? and kind in (select value from json_each(?)) limit 1"""
"""By number: between two sales there is one entry to look at."""


class SqliteRules:
    """Implements `pos_app.application.rules_guard.RuleBook`."""

    def __init__(self, db: Database, path: Path) -> None:
        self._db = db
        self._path = path

    def any_after(self, seq: int, *kinds: str) -> bool:
        """Tell whether an entry of these kinds stands behind entry `seq`."""
        with shop_problems(self._path):
            found = self._db.execute(_AFTER, (seq, json.dumps(kinds))).fetchone()
        return found is not None

    def newest(self, *kinds: str) -> dict[str, Mapping[str, Any]]:
        """Return the body of the newest entry of each kind that has one, in journal order."""
        with shop_problems(self._path):
            rows = [(kind, self._db.execute(_NEWEST, (kind,)).fetchone()) for kind in kinds]
        found = sorted((row[0], kind, row[1]) for kind, row in rows if row is not None)
        return {kind: json.loads(body) for _, kind, body in found}
