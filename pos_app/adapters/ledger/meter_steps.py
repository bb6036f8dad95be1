"""Steps of a ledger's form that came with the keys meters show and the money given to meters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sqlite_utils import Database

from pos_app.adapters.ledger import free_issues, hour_sums, key_change_projections, life_projections


def _meters_say(db: Database) -> None:
    """Make room for the keys that meters show, and for money that old meters still held."""
    db.execute(key_change_projections.WANTED)
    db.execute(life_projections.CREDIT_FINE)


def _money_given(db: Database) -> None:
    """Make room for money that is given away, and count the tokens of key changes."""
    for statement in free_issues.WITH_MONEY:
        db.execute(statement)
    hour_sums.refill_key_changes(db)


METER_STEPS: Final[tuple[tuple[str, Callable[[Database], None]], ...]] = (
    ("0092_meters_say", _meters_say),
    ("0093_money_given_key_tokens", _money_given),
)
