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


class SqliteRules:
    """Implements `pos_app.application.rules_guard.RuleBook`."""

    def __init__(self, db: Database, path: Path) -> None:
        self._db = db
        self._path = path

    def newest(self, *kinds: str) -> dict[str, Mapping[str, Any]]:
        """Return the body of the newest entry of each kind that has one, in journal order."""
        with shop_problems(self._path):
            rows = [(kind, self._db.execute(_NEWEST, (kind,)).fetchone()) for kind in kinds]
        found = sorted((row[0], kind, row[1]) for kind, row in rows if row is not None)
        return {kind: json.loads(body) for _, kind, body in found}
