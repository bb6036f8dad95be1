"""What reports ask: sums from ``hour_sum``, lists by index, single bodies only where few.

A sale's local day stands in its row; ``hour_sum`` says in which part of the journal such days are.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, Final

from sqlcipher3 import dbapi2 as sqlite
from sqlite_utils import Database

from pos_app.adapters.ledger import queries
from pos_app.adapters.ledger.book import SqliteLedger
from pos_app.adapters.ledger.engine import shop_problems
from pos_app.adapters.ledger.hour_sums import ROOM
from pos_app.application.reports.period import Period
from pos_app.application.reports.report import ReportCancelled, Watch
from pos_app.application.reports.source import (
    CopyMade,
    MeterSale,
    Oddity,
    PartSum,
    QuietMeter,
    SaleMade,
    Sold,
)
from pos_app.domain.money import Currency, Money

_STEPS: Final = 200_000
"""SQLite's own steps between two looks at whether the reader still waits; about 5 ms."""
_LONG_DAYS: Final = 92
"""From here on looking at every token of the ledger is quicker than at every sale of the time."""
_SUMS: Final = """sum(sales * (page = 0)), currency, decimals, sum(total_minor), sum(tenths), unit
    from hour_sum where day between :first and :last"""
_BY_DAY: Final = f"select day, {_SUMS} group by day, currency, unit order by 1, 3, 7"
_BY_HOUR: Final = (
    f"select printf('%02d', hour), {_SUMS} group by hour, currency, unit order by 1, 3, 7"
)
_BY_OPERATOR: Final = f"select operator, {_SUMS} group by operator, currency, unit order by 1, 3, 7"
_PARTS: Final = """select shape, currency, decimals, unit, sum(sales), sum(a1), sum(a2), sum(a3),
    sum(a4), sum(a5), sum(a6), sum(a7), sum(a8), sum(a9), sum(a10), sum(a11), sum(a12)
    from hour_sum where day between :first and :last group by shape, currency, unit"""
_SALES: Final = """select currency, decimals, total_minor, at_ms, receipt, drn, name, tenths, unit,
    operator, (select count(*) from reprint where reprint.sale_seq = sale.seq) from sale
    where seq between :oldest and :newest and day between :first and :last
    order by seq desc limit :most"""
_COPIES: Final = """select journal.at_ms, sale.receipt, sale.drn, reprint.copy,
    (select max(copy) from reprint as all_of where all_of.sale_seq = reprint.sale_seq),
    journal.body from journal join reprint on reprint.seq = journal.seq
    join sale on sale.seq = reprint.sale_seq
    where journal.kind = 'reprint' and journal.kind <> 'sale'
    and journal.at_ms >= ? and journal.at_ms < ? order by journal.at_ms desc, journal.seq desc"""
_OTHER: Final = """select at_ms, body from journal where kind = ? and kind <> 'sale'
    and at_ms >= ? and at_ms < ? order by at_ms, seq"""
_METER: Final = """select at_ms, day, receipt, total_minor, currency, decimals, tenths, unit
    from sale where seq in (select seq from token where drn = :drn)
    and day between :first and :last order by seq"""
_QUIET: Final = """select bought.drn, coalesce(meter.name, ''), coalesce(meter.address, ''),
    coalesce(meter.phone, ''), purchases, first, last from (
        select drn, count(distinct seq) as purchases, min(minute) as first, max(minute) as last
        from token group by drn having max(minute) < :before and count(distinct seq) >= :least
    ) as bought left join meter on meter.drn = bought.drn"""
_OFTEN: Final = """select day, group_concat(distinct operator), drn, count(*), sum(total_minor),
    currency, decimals from sale where seq between :oldest and :newest
    and day between :first and :last group by day, drn, currency having count(*) >= :least"""
_OFTEN_LONG: Final = """with busy as (select drn, seq, minute from (
        select drn, seq, minute, minute - lag(minute, :before)
            over (partition by drn order by minute) as span from token) where span <= 1510),
    found as (select distinct sale.day as day, token.seq as seq from busy
        join sale on sale.seq = busy.seq join token on token.drn = busy.drn
            and token.minute between busy.minute - 1510 and busy.minute + 1510
        where sale.day between :first and :last)
    select sale.day, group_concat(distinct operator), sale.drn, count(*), sum(total_minor),
        currency, decimals from found join sale on sale.seq = found.seq and sale.day = found.day
    group by sale.day, sale.drn, currency having count(*) >= :least"""
"""The same for a long time: first the tokens of a meter that follow `least` - 1 others within the
25 hours that the longest local day has, then the days of those."""
_OUTSIDE: Final = """select day, operator, printf('%02d:00', min(hour)), sum(sales * (page = 0)),
    sum(total_minor), currency, decimals from hour_sum where day between :first and :last
    and (hour < :opens or hour >= :closes) group by day, operator, currency"""
_NEAR_DAYS: Final = """select distinct day from hour_sum join allowance using (currency)
    where day between :first and :last and largest_minor * 100 >= per_vend_minor * :percent"""
_NEAR: Final = """select sale.day, sale.operator, sale.receipt, 1, sale.total_minor,
    sale.currency, sale.decimals from allowance join sale on sale.currency = allowance.currency
    and sale.total_minor * 100 >= allowance.per_vend_minor * :percent
    where sale.seq between :oldest and :newest and sale.day between :first and :last"""


class SqliteReports:
    """Implements `pos_app.application.reports.source.ReportSource`; belongs to its thread.

    `local_day` says the shop's day of an instant, for entries that do not carry their own.
    """

    def __init__(self, ledger: SqliteLedger, local_day: Callable[[int], str]) -> None:
        self._db: Database = ledger.db
        self._path = ledger.path
        self._local_day = local_day

    @contextmanager
    def watched(self, watch: Watch) -> Iterator[None]:
        """Ask `watch` whether to go on, about every 5 ms of SQLite's work."""
        work = 0

        def stop() -> int:
            nonlocal work
            work += 1
            return int(not watch(work, 0))

        connection = self._db.conn
        connection.set_progress_handler(stop, _STEPS)
        try:
            yield
        except sqlite.OperationalError as problem:
            if getattr(problem, "sqlite_errorcode", 0) == sqlite.SQLITE_INTERRUPT:
                raise ReportCancelled from problem
            raise
        finally:
            connection.set_progress_handler(None, 0)

    def operator_names(self) -> Mapping[str, str]:
        """Return every operator's name by id."""
        return dict(self._rows("select id, name from operator", {}))

    def sold_by_day(self, period: Period) -> tuple[Sold, ...]:
        """Return sums by day, currency and unit."""
        return self._sold(_BY_DAY, period)

    def sold_by_hour(self, period: Period) -> tuple[Sold, ...]:
        """Return sums by hour of the day, currency and unit."""
        return self._sold(_BY_HOUR, period)

    def sold_by_operator(self, period: Period) -> tuple[Sold, ...]:
        """Return sums by operator, currency and unit."""
        return self._sold(_BY_OPERATOR, period)

    def parts(self, period: Period, prefixes: tuple[str, ...]) -> tuple[PartSum, ...]:
        """Return the sums of the parts whose kind starts with one of `prefixes`."""
        return tuple(
            PartSum(kind, name, detail, Currency(code, decimals), unit, times, amount)
            for shape, code, decimals, unit, times, *amounts in self._rows(_PARTS, _days(period))
            for (kind, name, detail), amount in zip(json.loads(shape), amounts[:ROOM], strict=False)
            if kind.startswith(prefixes)
        )

    def sales(self, period: Period, most: int | None) -> tuple[SaleMade, ...]:
        """Return single sales, newest first."""
        values = self._narrow(period) | {"most": -1 if most is None else most}
        currencies: dict[tuple[str, int], Currency] = {}
        made = []
        for code, decimals, minor, at_ms, receipt, drn, name, *rest in self._rows(_SALES, values):
            currency = currencies.setdefault((code, decimals), Currency(code, decimals))
            made.append(SaleMade(at_ms, receipt, drn, name, Money(minor, currency), *rest))
        return tuple(made)

    def copies(self, period: Period) -> tuple[CopyMade, ...]:
        """Return the copies made, newest first."""
        made = []
        for at_ms, receipt, drn, copy, copies, text in self._rows(_COPIES, period.span_ms()):
            if self._within(period, at_ms):
                body = json.loads(text)
                who = (str(body.get("reason", "")), str(body.get("operator", "")))
                made.append(CopyMade(at_ms, receipt, drn, copy, copies, *who))
        return tuple(made)

    def meter_sales(self, drn: str, period: Period) -> tuple[MeterSale, ...]:
        """Return a meter's sales, oldest first."""
        return tuple(
            MeterSale(at, day, receipt, Money(minor, Currency(code, decimals)), tenths, unit)
            for at, day, receipt, minor, code, decimals, tenths, unit in self._rows(
                _METER, _days(period) | {"drn": drn}
            )
        )

    def quiet_meters(self, before_minute: int, purchases: int) -> tuple[QuietMeter, ...]:
        """Return meters that bought at least so often, and not since a TID minute."""
        values = {"before": before_minute, "least": purchases}
        return tuple(QuietMeter(*row) for row in self._rows(_QUIET, values))

    def often(self, period: Period, least: int) -> tuple[Oddity, ...]:
        """Return meters with many sales on a day; `operator` holds all who sold."""
        if len(period) > _LONG_DAYS:
            return self._oddities(
                _OFTEN_LONG, _days(period) | {"least": least, "before": least - 1}
            )
        return self._oddities(_OFTEN, self._narrow(period) | {"least": least})

    def outside_hours(self, period: Period, opens: int, closes: int) -> tuple[Oddity, ...]:
        """Return what an operator sold on a day outside opening hours; `about` is the first."""
        return self._oddities(_OUTSIDE, _days(period) | {"opens": opens, "closes": closes})

    def below_limit(self, period: Period, percent: int) -> tuple[Oddity, ...]:
        """Return sales near today's limit for one sale; looks only at days that have one."""
        found: list[Oddity] = []
        for (text,) in self._rows(_NEAR_DAYS, _days(period) | {"percent": percent}):
            day = date.fromisoformat(text)
            found += self._oddities(_NEAR, self._narrow(Period(day, day)) | {"percent": percent})
        return tuple(found)

    def refused_pins(self, period: Period, least: int) -> tuple[Oddity, ...]:
        """Return operators with many failed PINs on a day."""
        counts: dict[tuple[str, str], int] = {}
        for at_ms, body in self._others("sign_in_refused", period):
            key = (self._local_day(at_ms), str(body.get("operator", "")))
            counts[key] = counts.get(key, 0) + 1
        return tuple(
            Oddity(day, operator, "", count)
            for (day, operator), count in counts.items()
            if count >= least
        )

    def settled_clocks(self, period: Period) -> tuple[Oddity, ...]:
        """Return when a supervisor settled the clock, and by how many seconds."""
        return tuple(
            Oddity(
                self._local_day(at_ms),
                str(body.get("operator", "")),
                "",
                abs(int(body["is"]) - int(body["was"])) // 1000,
            )
            for at_ms, body in self._others("clock_settled", period)
        )

    def _others(self, kind: str, period: Period) -> Iterator[tuple[int, dict[str, Any]]]:
        for at_ms, body in self._rows(_OTHER, (kind, *period.span_ms())):
            if self._within(period, at_ms):
                yield at_ms, json.loads(body)

    def _within(self, period: Period, at_ms: int) -> bool:
        return period.first.isoformat() <= self._local_day(at_ms) <= period.last.isoformat()

    def _sold(self, statement: str, period: Period) -> tuple[Sold, ...]:
        return tuple(
            Sold(str(key), sales, Money(minor, Currency(code, decimals)), tenths, unit)
            for key, sales, code, decimals, minor, tenths, unit in self._rows(
                statement, _days(period)
            )
        )

    def _oddities(self, statement: str, values: dict[str, Any]) -> tuple[Oddity, ...]:
        return tuple(
            Oddity(day, operator, about, count, Money(minor, Currency(code, decimals)))
            for day, operator, about, count, minor, code, decimals in self._rows(statement, values)
        )

    def _narrow(self, period: Period) -> dict[str, Any]:
        days = _days(period)
        with shop_problems(self._path):
            return days | queries.span(self._db, days["first"], days["last"])

    def _rows(self, statement: str, values: Sequence[Any] | dict[str, Any]) -> Iterator[Any]:
        with shop_problems(self._path):
            yield from self._db.execute(statement, values)


def _days(period: Period) -> dict[str, Any]:
    return {"first": period.first.isoformat(), "last": period.last.isoformat()}
