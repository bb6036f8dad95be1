"""Units that a till's meters bought at other tills, month by month, as its packs say them.

What is said is a state, never a sum to add: a meter's units of one month at all other tills,
counted from the booked sales at the moment of the pack. Which meters have one to be said follows
from how far each journal had grown when the till was told last (`told`): entries are booked along
their branch only, so nothing is kept while they are taken in, and what comes late is not missed.

Each question goes through a temporary table whose size the database then knows: PostgreSQL that
was never analysed guesses wrong, and compared every sale with every meter (181 s at 400,000).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, TextClause, and_, delete, func, insert, or_, select, text

from pos_app.head_office.records import TillRecord
from pos_app.head_office.store.later_tables import told
from pos_app.head_office.store.tables import branch

METERS: Final = ""
"""In place of another till: the last change of a meter that a till was told units for."""
MANY: Final = 20_000
"""So many entries are not looked through again and again."""
_PIECE: Final = 1000
_NOTED: Final = 300
_NO_SEQ: Final = 0
_EASTMOST: Final = timedelta(hours=14)
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
    found = gather(act, news)
    _clear(act)
    return found


def gather(act: Connection, news: News) -> bool:
    """Put what is to be said into a table of this transaction; tell whether there is anything."""
    if not news.heads and news.meters_sent <= news.meters_told:
        return False
    _clear(act)
    lasting = " on commit drop" if act.dialect.name == "postgresql" else ""
    for made in _MADE:
        act.exec_driver_sql(f"create temporary table {made}{lasting}")
    asked = {
        "till": news.till.till,
        "training": news.till.mode == "training",
        "from_day": news.from_day,
        "from_ms": _begins_ms(news.from_day),
        "sent": news.meters_sent,
        "known": news.meters_told,
    }
    for statement in _MOVED_IN_MONTH if news.behind > MANY else _MOVED:
        wanted = statement.compile().params
        act.execute(statement, {name: asked[name] for name in wanted})
        _count(act, "tokentill_moved")
    act.execute(_SAID, {name: asked[name] for name in _SAID.compile().params})
    return act.execute(_ANY).first() is not None


def units(act: Connection) -> Iterator[dict[str, Any]]:
    """Yield the records that were gathered: meter, month, tenths bought at all other tills."""
    options = {"stream_results": True, "yield_per": _PIECE}
    for row in act.execute(_ALL, execution_options=options):
        yield {"drn": row.drn, "month": row.month, "tenths": int(row.tenths)}


def note(act: Connection, news: News) -> None:
    """Note that the till was told."""
    _clear(act)
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


def _begins_ms(day: str) -> int:
    """Return the first instant of a day in the place where days begin first."""
    return int((datetime.fromisoformat(day).replace(tzinfo=UTC) - _EASTMOST).timestamp() * 1000)


def _clear(act: Connection) -> None:
    for name in ("tokentill_moved", "tokentill_said"):
        act.exec_driver_sql(f"drop table if exists {name}")


def _count(act: Connection, table: str) -> None:
    """Let PostgreSQL know how large a table is; SQLite would only look at the large ones."""
    if act.dialect.name == "postgresql":
        act.exec_driver_sql(f"analyze {table}")


_MADE: Final = (
    "tokentill_moved (drn varchar(20) primary key)",
    "tokentill_said (drn varchar(20), month varchar(7), tenths bigint)",
)
_GROWN: Final = """insert into tokentill_moved select distinct s.drn from branch
    left join told on told.till = :till and told.other = branch.till
        and told.branch = branch.branch
    cross join sale s
    where branch.head_seq > coalesce(told.seq, 0) and s.till = branch.till
    and s.branch = branch.branch and {since} and s.training = :training and {of}
    on conflict do nothing"""
_OTHERS: Final = "s.till <> :till"
_UNKNOWN: Final = text("""delete from tokentill_moved where not (
    exists (select 1 from sale mine where mine.drn = tokentill_moved.drn
        and coalesce(mine.till, '') = :till)
    or :sent > 0 and exists (
        select 1 from meter where meter.drn = tokentill_moved.drn and not meter.removed))""")
_OWN: Final = """s.till = :till
    and not exists (select 1 from meter where meter.drn = s.drn and not meter.removed
        and meter.revision <= :known)
    and not exists (select 1 from sale earlier where earlier.drn = s.drn
        and coalesce(earlier.till, '') = :till and earlier.seq < s.seq)"""
_SENT: Final = text("""insert into tokentill_moved select meter.drn from meter
    where meter.revision > :known and meter.revision <= :sent and not meter.removed
    on conflict do nothing""")


def _moved(since: str) -> tuple[TextClause, ...]:
    others, own = (text(_GROWN.format(since=since, of=of)) for of in (_OTHERS, _OWN))
    return others, _UNKNOWN, own, _SENT


_MOVED: Final = _moved("s.seq > coalesce(told.seq, 0) and coalesce(s.day, '') >= :from_day")
_MOVED_IN_MONTH: Final = _moved("coalesce(s.seq, 0) > coalesce(told.seq, 0) and s.day >= :from_day")
"""Meters that other tills sold to since, less those the till has nothing to do with, and meters
that are new to it: sold to, or in a pack.

SQLite keeps no statistics: ``cross join`` says that the journals that grew come first, and
``coalesce`` around a column that it is not the one to look up by, for PostgreSQL as well.
"""
_SAID: Final = text("""insert into tokentill_said
    select s.drn, substr(s.day, 1, 7), sum(s.tenths) from tokentill_moved cross join sale s
    where s.drn = tokentill_moved.drn and s.at_ms >= :from_ms and s.day >= :from_day
    and s.till <> :till and s.training = :training group by s.drn, substr(s.day, 1, 7)""")
_ANY: Final = text("select 1 from tokentill_said limit 1")
_ALL: Final = text("select drn, month, tenths from tokentill_said order by drn, month")
