"""Single sales, those of the journal and those rebuilt from receipts in one list, each once.

Every list goes on after a key. Both kinds are asked for by an index, as many of each as the list
may have, and the database puts them in order, so that a list is as fast as one kind of them. A
rebuilt sale has a branch below 0; what its receipt does not say is empty (None).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Connection,
    Select,
    String,
    Table,
    cast,
    literal,
    null,
    select,
    tuple_,
    union_all,
)

from pos_app.head_office.store.later_tables import rebuilt
from pos_app.head_office.store.receipts import COUNTS
from pos_app.head_office.store.tables import sale

MOST: Final = 1000
SaleKey = tuple[str, int, int]
"""Till, entry, branch: where a list of sales goes on."""

Row = dict[str, Any]
Key = tuple[Any, ...]
_UNSAID: Final = {"sale_id": String, "shift": BigInteger, "utility": String}
"""What a receipt's code does not say, with its type: both halves of a list need the same."""
_NAMES: Final = tuple(column.name for column in sale.c)
_BOOKED: Final[Select[Any]] = select(*sale.c, literal(False, Boolean).label("rebuilt"))  # noqa: FBT003 - a value
_REBUILT: Final[Select[Any]] = select(
    *(
        cast(null(), _UNSAID[name]).label(name) if name in _UNSAID else rebuilt.c[name]
        for name in _NAMES
    ),
    literal(True, Boolean).label("rebuilt"),  # noqa: FBT003 - a value
).where(COUNTS)


def _beyond(columns: tuple[Any, ...], key: Key, *, falling: bool) -> Any:
    """Return the condition of rows after `key`: as one row, so that an index begins there."""
    place = tuple_(*columns)
    return place < key if falling else place > key


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Rows with the `equal` values, of some days or of all, in the order of `names`."""

    equal: Row
    names: tuple[str, ...]
    days: tuple[str, str] | None = None
    falling: bool = True

    def half(self, kind: Select[Any], table: Table, after: Key | None, most: int) -> Any:
        """Return the question for up to `most` rows of one kind after a key."""
        columns = tuple(table.c[name] for name in self.names)
        wanted = kind.where(*(table.c[name] == value for name, value in self.equal.items()))
        if self.days is not None:
            wanted = wanted.where(table.c.day.between(*self.days))
        if after is not None:
            wanted = wanted.where(_beyond(columns, after, falling=self.falling))
        return select(wanted.order_by(*self.ordered(columns)).limit(most).subquery())

    def ordered(self, columns: Iterable[Any]) -> list[Any]:
        """Return columns in the direction of this list."""
        return [each.desc() if self.falling else each for each in columns]

    def rows(self, act: Connection, after: Key | None, most: int) -> list[Row]:
        """Return up to `most` rows of both kinds after a key."""
        halves = (
            self.half(_BOOKED, sale, after, most),
            self.half(_REBUILT, rebuilt, after, most),
        )
        both = union_all(*halves).subquery()
        order = self.ordered(both.c[name] for name in self.names)
        found = act.execute(select(both).order_by(*order).limit(most)).mappings()
        return [dict(row) for row in found]


def between(
    act: Connection, days: tuple[str, str], of: str, after: SaleKey, most: int
) -> list[Row]:
    """Return sales of some days after a key, of one till or (empty) of all, by till and entry."""
    equal = {"till": of} if of else {}
    wanted = _Wanted(equal, ("till", "seq", "branch"), days, falling=False)
    return wanted.rows(act, after, min(most, MOST))


def of_meter(act: Connection, drn: str, after: Key | None, most: int) -> list[Row]:
    """Return sales to a meter, the newest first; the key is (at_ms, till, seq, branch)."""
    wanted = _Wanted({"drn": drn}, ("at_ms", "till", "seq", "branch"))
    return wanted.rows(act, after, most)


def of_till(
    act: Connection, of: str, days: tuple[str, str], after: Key | None, most: int
) -> list[Row]:
    """Return a till's sales of some days, the newest first; the key is (day, seq, branch)."""
    return _Wanted({"till": of}, ("day", "seq", "branch"), days).rows(act, after, most)


def one(act: Connection, name: str, seq: int, on: int) -> Row | None:
    """Return one sale; a rebuilt one also after its entry came, with who scanned it when."""
    if on >= 0:
        wanted = _BOOKED.where(sale.c.till == name, sale.c.seq == seq, sale.c.branch == on)
    else:
        more = select(rebuilt, literal(True, Boolean).label("rebuilt"))  # noqa: FBT003 - a value
        wanted = more.where(rebuilt.c.till == name, rebuilt.c.seq == seq, rebuilt.c.branch == on)
    found = act.execute(wanted).mappings().one_or_none()
    return None if found is None else dict(found)
