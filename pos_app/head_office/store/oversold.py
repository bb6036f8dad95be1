"""Meters that bought at several tills in one month: their sales, and what was corrected so far."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, and_, func, insert, select, text, tuple_, update

from pos_app.head_office.store.later_tables import oversold, rebuilt
from pos_app.head_office.store.tables import branch, draft, draft_record, entry, fact, sale, till

Row = dict[str, Any]
_CLOCKS_MS: Final = 86_400_000
"""A till's clock may be behind the server's by so much."""
_TURN: Final = "authority"
"""A row that every office has, and that nothing else holds."""
STANDING: Final = ("waiting", "issued")
"""The states of drafts that count; what was refused was never asked."""
_MANY: Final = text("""
    select s.drn, s.training from till cross join sale s
    where s.till = till.till and s.day >= :first and s.day <= :last
    and (s.drn > :drn or s.drn = :drn and s.training and not :training)
    group by s.drn, s.training having count(distinct s.till) > 1
    and (:till = '' or max(case when s.till = :till then 1 else 0 end) = 1)
    order by s.drn, s.training limit :most""")
"""By till and day: a month is read, and not every year that there was (as in `elsewhere`)."""


class Key(NamedTuple):
    """A meter's month; training and earnest are never mixed."""

    drn: str
    training: bool
    month: str

    @property
    def days(self) -> tuple[str, str]:
        """Return the month's first and last day."""
        first = date.fromisoformat(f"{self.month}-01")
        after = (first + timedelta(days=31)).replace(day=1)
        return first.isoformat(), (after - timedelta(days=1)).isoformat()


def sold_by_many(act: Connection, after: Key, of: str, most: int) -> list[Key]:
    """Return the meters after `after` that several tills (`of` among them) sold to in its month."""
    first, last = after.days
    asked = {"first": first, "last": last, "drn": after.drn, "training": after.training}
    rows = act.execute(_MANY, asked | {"till": of, "most": most})
    return [Key(row.drn, bool(row.training), after.month) for row in rows]


def _in_month(key: Key) -> Any:
    first, last = key.days
    return and_(
        sale.c.drn == key.drn, sale.c.training.is_(key.training), sale.c.day.between(first, last)
    )


def sales_of(act: Connection, key: Key) -> list[Row]:
    """Return the month's sales to a meter with their bodies, by time."""
    wanted = (
        select(sale.c.till, sale.c.seq, sale.c.branch, sale.c.at_ms, sale.c.day, entry.c.body)
        .join(
            entry,
            and_(
                entry.c.till == sale.c.till,
                entry.c.seq == sale.c.seq,
                entry.c.branch == sale.c.branch,
            ),
        )
        .where(_in_month(key))
        .order_by(sale.c.at_ms, sale.c.till, sale.c.seq)
    )
    rows = act.execute(wanted).mappings()
    return [dict(row) | {"body": json.loads(row["body"])} for row in rows]


def last_day_before(act: Connection, key: Key) -> str | None:
    """Return the last day before the month on which a meter bought anything."""
    wanted = select(func.max(sale.c.day)).where(
        sale.c.drn == key.drn, sale.c.training.is_(key.training), sale.c.day < key.days[0]
    )
    day: str | None = act.execute(wanted).scalar_one()
    return day


def is_rebuilt(act: Connection, key: Key) -> bool:
    """Tell whether the month has a sale of which only the receipt came."""
    wanted = select(rebuilt.c.seq).where(
        rebuilt.c.drn == key.drn,
        rebuilt.c.training.is_(key.training),
        rebuilt.c.day.between(*key.days),
        rebuilt.c.settled_ms.is_(None),
    )
    return act.execute(wanted.limit(1)).first() is not None


def journals_of(act: Connection, name: str) -> list[Row]:
    """Return how far each branch of a till's journal has come, and what it counted."""
    wanted = select(branch.c.branch, branch.c.head_at_ms, branch.c.books)
    rows = act.execute(wanted.where(branch.c.till == name)).mappings()
    return [dict(row) | {"books": json.loads(row["books"])} for row in rows]


def kind_of(act: Connection, name: str, number: int, seq: int) -> str:
    """Return the kind of an entry on a branch, empty where there is none."""
    wanted = select(entry.c.kind).where(
        entry.c.till == name, entry.c.seq == seq, entry.c.branch == number
    )
    return str(act.execute(wanted).scalar() or "")


def modes(act: Connection, names: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Return the mode and the state of tills."""
    wanted = select(till.c.till, till.c.mode, till.c.state).where(till.c.till.in_([*names]))
    return {row.till: (row.mode, row.state) for row in act.execute(wanted)}


def tariff_files(act: Connection) -> list[str]:
    """Return every tariff file that went to tills or waits to go, once."""
    wanted = (
        select(draft_record.c.record)
        .join(draft, draft.c.id == draft_record.c.draft)
        .where(draft_record.c.section == "tariffs", draft.c.state.in_(STANDING))
        .distinct()
    )
    return [str(json.loads(text_).get("content", "")) for text_ in act.execute(wanted).scalars()]


def sent(act: Connection, key: Key) -> tuple[int, int]:
    """Return what corrections of a meter's month come to, and how many were ever drafted."""
    wanted = (
        select(oversold.c.amount_minor, oversold.c.training, draft.c.state)
        .join(draft, draft.c.id == oversold.c.draft)
        .where(oversold.c.drn == key.drn, oversold.c.month == key.month)
    )
    rows = act.execute(wanted).all()
    counted = (row for row in rows if row.state in STANDING and row.training == key.training)
    return sum(int(row.amount_minor) for row in counted), len(rows)


def take_turn(act: Connection) -> None:
    """Let nobody else draft corrections until this transaction ends."""
    act.execute(select(fact.c.name).where(fact.c.name == _TURN).with_for_update())


def add(act: Connection, rows: Sequence[Row]) -> None:
    """Keep corrections that are drafted."""
    act.execute(insert(oversold), [*rows])


def of_draft(act: Connection, number: int) -> dict[str, Row]:
    """Return the corrections of a draft by their `ref`, with their working."""
    rows = act.execute(select(oversold).where(oversold.c.draft == number)).mappings()
    return {row["ref"]: dict(row) | {"working": json.loads(row["working"])} for row in rows}


def drafted(act: Connection, month: str, after: tuple[str, str] | None, most: int) -> list[Row]:
    """Return a month's corrections with their draft's state, by meter, one row more than `most`.

    Of each `collected_minor` is what sales settled of it so far.
    """
    wanted = select(oversold, draft.c.state, draft.c.made_by, draft.c.decided_by, draft.c.made_ms)
    wanted = wanted.join(draft, draft.c.id == oversold.c.draft).where(oversold.c.month == month)
    if after is not None:
        wanted = wanted.where(tuple_(oversold.c.drn, oversold.c.ref) > tuple_(*after))
    wanted = wanted.order_by(oversold.c.drn, oversold.c.ref).limit(most + 1)
    rows = [dict(row) for row in act.execute(wanted).mappings()]
    return [row | {"collected_minor": _collected(act, row)} for row in rows]


def _collected(act: Connection, row: Row) -> int:
    if not row["number"]:
        return 0
    wanted = (
        select(entry.c.body)
        .join(
            sale,
            and_(
                entry.c.till == sale.c.till,
                entry.c.seq == sale.c.seq,
                entry.c.branch == sale.c.branch,
            ),
        )
        .where(
            sale.c.drn == row["drn"],
            func.coalesce(sale.c.till, "") == row["till"],
            sale.c.at_ms > row["made_ms"] - _CLOCKS_MS,
        )
    )
    bodies = (json.loads(body) for body in act.execute(wanted).scalars())
    lines = (line for body in bodies for line in body["lines"] if line.get("ref") == row["ref"])
    return sum(int(line["amount_minor"]) for line in lines)


def numbered(act: Connection, name: str, ref: str) -> int:
    """Give a correction that is issued its account file's number, above all before at its till."""
    highest = act.execute(select(func.max(oversold.c.number)).where(oversold.c.till == name))
    number = int(highest.scalar_one() or 0) + 1
    here = and_(oversold.c.till == name, oversold.c.ref == ref)
    act.execute(update(oversold).where(here).values(number=number))
    return number
