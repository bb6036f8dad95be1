"""Units that a till's meters bought at other tills, month by month, as its packs say them.

What is said is a state, never a sum to add: a meter's units of one month at all other tills,
counted from the booked sales at the moment of the pack. Which meters have one to be said follows
from how far each journal had grown when the till was told last (`told`): entries are booked along
their branch only, so nothing is kept while they are taken in, and what comes late is not missed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, and_, delete, func, insert, or_, select, text

from pos_app.head_office.records import TillRecord
from pos_app.head_office.store.later_tables import told
from pos_app.head_office.store.tables import branch, sale

METERS: Final = ""
"""In place of another till: the last change of a meter that a till was told units for."""
MANY: Final = 20_000
"""So many entries are not looked through again and again."""
_PIECE: Final = 1000
_NOTED: Final = 300
_NO_SEQ: Final = 0
_NAMES: Final = ("other", "branch", "seq")

_Head = tuple[str, int, int, int]
"""Till, branch, how far it was told (0: nothing), how far it has grown."""


@dataclass(frozen=True, slots=True)
class News:
    """What a till is to be told; `heads` have grown since, `from_day` begins the oldest month.

    Meters that changed after `meters_told` up to `meters_sent` are new to the till.
    """

    till: TillRecord
    from_day: str
    heads: tuple[_Head, ...]
    meters_told: int
    meters_sent: int

    @property
    def behind(self) -> int:
        """Return how many entries the till was not told of."""
        return sum(head - known for _, _, known, head in self.heads)


def news_for(act: Connection, till: TillRecord, meters_sent: int, from_day: str) -> News:
    """Return what there may be to tell a till that holds the meters up to `meters_sent`."""
    grown = branch.c.head_seq > func.coalesce(told.c.seq, _NO_SEQ)
    known = func.coalesce(told.c.seq, _NO_SEQ)
    wanted = select(branch.c.till, branch.c.branch, known, branch.c.head_seq)
    rows = act.execute(wanted.outerjoin(told, _to(till.till)).where(grown)).all()
    here = and_(told.c.till == till.till, told.c.other == METERS)
    meters_told = act.execute(select(told.c.seq).where(here)).scalar_one_or_none() or _NO_SEQ
    return News(till, from_day, tuple((*row,) for row in rows), meters_told, meters_sent)


def any_units(act: Connection, news: News) -> bool:
    """Tell whether some meter has units to be said."""
    if not news.heads and news.meters_sent <= news.meters_told:
        return False
    return act.execute(select(sale.c.seq).where(_elsewhere(news)).limit(1)).first() is not None


def units(act: Connection, news: News) -> Iterator[dict[str, Any]]:
    """Yield the records of a pack: meter, month, tenths bought at all other tills."""
    month = func.substr(sale.c.day, 1, 7).label("month")
    wanted = (
        select(sale.c.drn, month, func.sum(sale.c.tenths).label("tenths"))
        .where(_elsewhere(news))
        .group_by(sale.c.drn, month)
        .order_by(sale.c.drn, month)
    )
    options = {"stream_results": True, "yield_per": _PIECE}
    for row in act.execute(wanted, execution_options=options):
        yield {"drn": row.drn, "month": row.month, "tenths": int(row.tenths)}


def note(act: Connection, news: News) -> None:
    """Note that the till was told."""
    rows = [(other, number, head) for other, number, _, head in news.heads]
    if news.meters_sent > news.meters_told:
        rows.append((METERS, 0, news.meters_sent))
    for start in range(0, len(rows), _NOTED):
        piece = rows[start : start + _NOTED]
        here = or_(*(and_(told.c.other == row[0], told.c.branch == row[1]) for row in piece))
        act.execute(delete(told).where(told.c.till == news.till.till, here))
        values = [{"till": news.till.till, **dict(zip(_NAMES, row, strict=True))} for row in piece]
        act.execute(insert(told), values)


def forget(act: Connection, till: str) -> None:
    """Let a till be told everything again."""
    act.execute(delete(told).where(told.c.till == till))


def _to(till: str) -> Any:
    return and_(
        told.c.till == till, told.c.other == branch.c.till, told.c.branch == branch.c.branch
    )


def _elsewhere(news: News) -> Any:
    """Return the condition of a sale that counts: of the month, at another till, its meter new."""
    training = news.till.mode == "training"
    moved = _MOVED_IN_MONTH if news.behind > MANY else _MOVED
    asked = moved.bindparams(
        till=news.till.till,
        training=training,
        from_day=news.from_day,
        sent=news.meters_sent,
        known=news.meters_told,
    )
    return and_(
        sale.c.till != news.till.till,
        sale.c.day >= news.from_day,
        sale.c.training.is_(training),
        sale.c.drn.in_(asked.columns(sale.c.drn)),
    )


_WHERE_MOVED: Final = """select s.drn from branch
    left join told on told.till = :till and told.other = branch.till
        and told.branch = branch.branch
    cross join sale s
    where branch.head_seq > coalesce(told.seq, 0) and s.till = branch.till
    and s.branch = branch.branch and {since} and s.training = :training
    and (s.till <> :till and (
        exists (select 1 from sale mine where mine.drn = s.drn and mine.till = :till)
        or :sent > 0 and exists (
            select 1 from meter where meter.drn = s.drn and not meter.removed))
    or s.till = :till and not exists (
            select 1 from meter where meter.drn = s.drn and not meter.removed
            and meter.revision <= :known)
        and not exists (select 1 from sale earlier where earlier.drn = s.drn
            and coalesce(earlier.till, '') = :till and earlier.seq < s.seq))
    union all
    select meter.drn from meter
    where meter.revision > :known and meter.revision <= :sent and not meter.removed"""
_MOVED: Final = text(
    _WHERE_MOVED.format(since="s.seq > coalesce(told.seq, 0) and coalesce(s.day, '') >= :from_day")
)
_MOVED_IN_MONTH: Final = text(
    _WHERE_MOVED.format(since="coalesce(s.seq, 0) > coalesce(told.seq, 0) and s.day >= :from_day")
)
"""Meters that other tills sold to since, and meters that are new here: sold to, or in a pack.

SQLite keeps no statistics: ``cross join`` says that the journals that grew come first, and
``coalesce`` around a column that it is not the one to look up by. A union without ``all`` would be
put in order, for which every sale is read.
"""
