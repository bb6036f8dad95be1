"""Steps of a ledger's form that came with the keys meters show and the money given to meters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sqlite_utils import Database

from pos_app.adapters.ledger import free_issues, hour_sums, key_change_projections, life_projections


def _keys_shown(db: Database) -> None:
    db.execute(key_change_projections.WANTED)


def _money_given(db: Database) -> None:
    """Make room for money that is given away, and count the tokens of key changes."""
    db.execute(life_projections.CREDIT_FINE)
    for statement in free_issues.WITH_MONEY:
        db.execute(statement)
    hour_sums.refill_key_changes(db)


METER_STEPS: Final[tuple[tuple[str, Callable[[Database], None]], ...]] = (
    ("0092_keys_shown", _keys_shown),
    ("0093_money_given_key_tokens", _money_given),
)
