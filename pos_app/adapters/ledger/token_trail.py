"""Where a token came from and what followed it; every question is bounded."""

from __future__ import annotations

from typing import Final

from sqlite_utils import Database

from pos_app.application.ports import KeyAttributes
from pos_app.domain.reject import TID_MEMORY

ENTRIES_LOOKED_AT: Final = 2000
"""A token is looked for in so many of the newest entries; no index holds its digits."""

_AFTER: Final = """select count(*) from
    (select 1 from token where drn = ? and minute > ? limit ?)"""
_SALE_OF: Final = """select sale.receipt, sale.drn from journal join sale using (seq)
    where journal.seq > (select max(seq) from journal) - :most and kind = 'sale'
    and instr(body, :digits) order by journal.seq desc limit 1"""
_HELD: Final = """select distinct kind, sgc, krn, kt, base, ken, dkga, '', 0, 0, pan, ti, ea
    from sealed_key where pan in (?, '') order by sgc, krn, ti"""


def tokens_after(db: Database, drn: str, minute: int) -> int:
    """Return how many tokens of a meter are younger than `minute`, at most what it remembers."""
    return int(db.execute(_AFTER, (drn, minute, TID_MEMORY)).fetchone()[0])


def sale_of_token(db: Database, digits: str) -> tuple[str, str]:
    """Return (receipt, DRN) of the newest of the latest sales with these 20 digits."""
    values = {"most": ENTRIES_LOOKED_AT, "digits": f'"{digits}"'}
    row = db.execute(_SALE_OF, values).fetchone()
    return (str(row[0]), str(row[1])) if row else ("", "")


def held_keys(db: Database, pan: str) -> tuple[KeyAttributes, ...]:
    """Return which keys lie here, without check values and times: for reading tokens only."""
    return tuple(KeyAttributes(*row) for row in db.execute(_HELD, (pan,)).fetchall())
