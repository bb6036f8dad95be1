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

from sqlalchemy import Connection, Select, and_, delete, func, insert, or_, select, union

from pos_app.head_office.records import TillRecord
from pos_app.head_office.store.later_tables import told
from pos_app.head_office.store.tables import branch, meter, sale

METERS: Final = ""
"""In place of another till: the last change of a meter that a till was told units for."""
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
    return act.execute(_states(news).limit(1)).first() is not None


def units(act: Connection, news: News) -> Iterator[dict[str, Any]]:
    """Yield the records of a pack: meter, month, tenths bought at all other tills."""
    options = {"stream_results": True, "yield_per": _PIECE}
    for row in act.execute(_states(news), execution_options=options):
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


def _states(news: News) -> Select[Any]:
    """Return the question for a meter's units of a month at all tills but this one."""
    sold = sale.alias("sold")
    month = func.substr(sold.c.day, 1, 7).label("month")
    return (
        select(sold.c.drn, month, func.sum(sold.c.tenths).label("tenths"))
        .where(sold.c.till != news.till.till, _counts(sold, news), sold.c.drn.in_(_changed(news)))
        .group_by(sold.c.drn, month)
        .order_by(sold.c.drn, month)
    )


def _counts(of: Any, news: News) -> Any:
    """Return the condition of a sale of the months that count, made in earnest or in training."""
    training = news.till.mode == "training"
    return and_(of.c.day >= news.from_day, of.c.training.is_(training))


def _changed(news: News) -> Any:
    """Return the question for meters whose state, or whose place at the till, is new to it."""
    name = news.till.till
    mine, earlier = sale.alias("mine"), sale.alias("earlier")
    fresh = and_(
        sale.c.till == branch.c.till,
        sale.c.branch == branch.c.branch,
        sale.c.seq > func.coalesce(told.c.seq, _NO_SEQ),
    )
    grown = branch.c.head_seq > func.coalesce(told.c.seq, _NO_SEQ)
    sold_here = select(mine.c.seq).where(mine.c.till == name, mine.c.drn == sale.c.drn).exists()
    before = and_(earlier.c.till == name, earlier.c.drn == sale.c.drn, earlier.c.seq < sale.c.seq)
    sent = select(meter.c.drn).where(meter.c.drn == sale.c.drn, meter.c.removed.is_(False))
    sent_here = and_(news.meters_sent > 0, sent.exists())
    known = sent.where(meter.c.revision <= news.meters_told).exists()
    first_here = and_(sale.c.till == name, ~known, ~select(earlier.c.seq).where(before).exists())
    elsewhere = and_(sale.c.till != name, or_(sold_here, sent_here))
    moved = (
        select(sale.c.drn)
        .select_from(branch.outerjoin(told, _to(name)).join(sale, fresh))
        .where(grown, _counts(sale, news), or_(elsewhere, first_here))
    )
    new = select(meter.c.drn).where(
        meter.c.revision > news.meters_told,
        meter.c.revision <= news.meters_sent,
        meter.c.removed.is_(False),
    )
    return union(moved, new)
