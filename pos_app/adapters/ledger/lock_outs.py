"""Wrong PINs and codes in a row, under the name of whoever or whatever they lock."""

from __future__ import annotations

from typing import Any, Final

from pos_app.domain.lockout import NOT_KNOWN
from pos_app.exchange.chain import Entry

STEADY: Final = """
alter table lock_out add column steady_ms integer not null default -1;
"""
UNLOCK: Final = "delete from lock_out where operator = ?"
_FAILED: Final = """insert into lock_out (operator, failures, last_ms, steady_ms)
    values (?, 1, ?, ?) on conflict (operator) do update set failures = failures + 1,
    last_ms = max(last_ms, excluded.last_ms), steady_ms = excluded.steady_ms"""


def failed(name: str, entry: Entry, body: Any) -> tuple[str, tuple[Any, ...]]:
    """Return the change of one more wrong try; old entries do not say the steady time."""
    return _FAILED, (name, entry.at_ms, body.get("steady_ms", NOT_KNOWN))
