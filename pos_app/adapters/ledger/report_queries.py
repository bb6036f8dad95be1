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

from pos_app.adapters.ledger import queries, redress_lists, roll_over_lists, sale_sums, shift_sums
from pos_app.adapters.ledger import report_lists as lists
from pos_app.adapters.ledger.book import SqliteLedger
from pos_app.adapters.ledger.engine import shop_problems
from pos_app.application.key_change_records import RollOverRow
from pos_app.application.reports.period import Period
from pos_app.application.reports.report import ReportCancelled, Watch
from pos_app.application.reports.righted import PutRight, RightedSum
from pos_app.application.reports.source import (
    CopyMade,
    Deposited,
    FreeIssue,
    FreeSum,
    MeterSale,
    MeterToGo,
    Oddity,
    PartSum,
    QuietMeter,
    SaleMade,
    Sold,
    TakenApart,
)
from pos_app.application.roll_over import roll_over, still_to_go
from pos_app.domain.money import Currency, Money

EARLIEST: Final = date(2000, 1, 1)
_STEPS: Final = 200_000
"""SQLite's own steps between two looks at whether the reader still waits; about 5 ms."""
_LONG_DAYS: Final = 92
"""From here on looking at every token of the ledger is quicker than at every sale of the time."""
_SUMS: Final = """sum(sales * (page = 0)), currency, decimals, sum(total_minor), sum(tenths), unit
    from hour_sum where day between :first and :last"""
_SOLD_BY: Final[Mapping[str, str]] = {
    "day": f"select day, {_SUMS} group by day, currency, unit order by 1, 3, 7",
    "hour": f"select printf('%02d', hour), {_SUMS} group by hour, currency, unit order by 1, 3, 7",
    "operator": f"select operator, {_SUMS} group by operator, currency, unit order by 1, 3, 7",
}
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
_OFTEN_LONG: Final = """with busy as (select drn, minute from (
        select drn, minute, minute - lag(minute, :before)
            over (partition by drn order by minute) as span from token) where span <= 1510),
    found as (select distinct token.seq as seq from busy join token on token.drn = busy.drn
        and token.minute between busy.minute - 1510 and busy.minute)
    select day, group_concat(distinct operator), drn, count(*), sum(total_minor),
        currency, decimals from found join sale on sale.seq = found.seq
    where day between :first and :last
    group by day, drn, currency having count(*) >= :least"""
"""The same for a long time: first the tokens of a meter that follow `least` - 1 others within the
25 hours that the longest local day has, then the days of those and of what came before them."""
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
        self._ledger, self._db = ledger, ledger.db
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

    def utility_names(self) -> Mapping[str, str]:
        """Return every utility's name by id."""
        return dict(self._rows("select id, name from utility", {}))

    def roll_over(self, now_ms: int) -> tuple[RollOverRow, ...]:
        """Return how many meters of each utility are on which base date."""
        return roll_over(self._ledger, now_ms)

    def to_go_order(self, now_ms: int, code: str, *, descending: bool) -> Sequence[int]:
        """Return the numbers of meters still to roll over, by a column."""
        places = still_to_go(self._ledger, now_ms)
        with shop_problems(self._path):
            return roll_over_lists.order(self._db, places, code, descending=descending)

    def to_go_at(self, numbers: Sequence[int]) -> tuple[MeterToGo, ...]:
        """Return the meters with these numbers, in their order."""
        with shop_problems(self._path):
            return roll_over_lists.page(self._db, numbers)

    def sold_by_day(self, period: Period) -> tuple[Sold, ...]:
        """Return sums by day, currency and unit."""
        return self._sold("day", period)

    def sold_by_hour(self, period: Period) -> tuple[Sold, ...]:
        """Return sums by hour of the day, currency and unit."""
        return self._sold("hour", period)

    def sold_by_operator(self, period: Period) -> tuple[Sold, ...]:
        """Return sums by operator, currency and unit."""
        return self._sold("operator", period)

    def taken_apart(self, period: Period, prefixes: tuple[str, ...]) -> TakenApart:
        """Return sums by utility, and by part; a tariff that has gone stands for itself."""
        if period.shift:
            return sale_sums.of_bodies(self._of_shift(period), prefixes)
        return sale_sums.read(self._rows(sale_sums.HOURS, _days(period)), prefixes)

    def _of_shift(self, period: Period) -> list[shift_sums.Body]:
        return shift_sums.read(self._rows(shift_sums.BODIES, {"shift": period.shift}))

    def sale_order(self, period: Period, code: str, *, descending: bool) -> Sequence[int]:
        """Return the journal numbers of single sales, by a column."""
        return self._order("sale", period, code, descending=descending)

    def sales_at(self, seqs: Sequence[int]) -> tuple[SaleMade, ...]:
        """Return single sales by their journal numbers."""
        return lists.sales(self._rows(lists.PAGES["sale"], lists.wanted(seqs)))

    def free_sums(self, period: Period) -> tuple[FreeSum, ...]:
        """Return what was issued without money, by reason and unit."""
        return tuple(FreeSum(*row) for row in self._rows(lists.FREE_SUMS, self._narrow(period)))

    def free_order(self, period: Period, code: str, *, descending: bool) -> Sequence[int]:
        """Return the numbers of free issues, by a column."""
        return self._order("free", period, code, descending=descending)

    def free_at(self, numbers: Sequence[int]) -> tuple[FreeIssue, ...]:
        """Return free issues by their numbers."""
        return lists.free(self._rows(lists.PAGES["free"], lists.wanted(numbers)))

    def _order(self, of: str, period: Period, code: str, *, descending: bool) -> Sequence[int]:
        rows = self._rows(lists.STATEMENTS[of][code], self._narrow(period))
        return lists.numbers(rows, descending=descending)

    def deposits(self, until: date) -> tuple[Deposited, ...]:
        """Return what closed bank batches took to the bank up to and on a day."""
        ever = Period(EARLIEST, until)
        return tuple(
            Deposited(
                self._local_day(at_ms),
                str(body["reference"]),
                Money(part["amount_minor"], Currency(part["currency"], part["decimals"])),
            )
            for at_ms, body in self._others("batch_closed", ever)
            for part in body["deposits"]
            if part["amount_minor"]
        )

    def copies(self, period: Period) -> tuple[CopyMade, ...]:
        """Return the copies made, newest first."""
        made = []
        for at_ms, receipt, drn, copy, copies, text in self._rows(_COPIES, period.span_ms()):
            body = json.loads(text)
            if self._within(period, at_ms) and period.shift in {0, body.get("shift", 0)}:
                who = (str(body.get("reason", "")), str(body.get("operator", "")))
                made.append(CopyMade(at_ms, receipt, drn, copy, copies, *who))
        return tuple(made)

    def redresses(self, period: Period) -> tuple[PutRight, ...]:
        """Return refunds and compensations, newest first."""
        return redress_lists.rows(self._redressed(redress_lists.ROWS, period))

    def redress_sums(self, period: Period) -> tuple[RightedSum, ...]:
        """Return what was given, by operator and currency."""
        return redress_lists.sums(self._redressed(redress_lists.SUMS, period))

    def refunded(self, period: Period) -> tuple[tuple[str, Money], ...]:
        """Return what went back to customers, by way of paying and currency."""
        return redress_lists.refunded(self._redressed(redress_lists.REFUNDED, period))

    def commission_back(self, period: Period) -> tuple[PartSum, ...]:
        """Return what refunds took back, by the sale's utility and percentage."""
        return redress_lists.commission_back(self._redressed(redress_lists.COMMISSION, period))

    def _redressed(self, statement: str, period: Period) -> Iterator[Any]:
        span = zip(("from_ms", "to_ms"), period.span_ms(), strict=True)
        return self._rows(statement, _days(period) | {"shift": period.shift} | dict(span))

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
        return self._many("sign_in_refused", period, least)

    def _many(self, kind: str, period: Period, least: int) -> tuple[Oddity, ...]:
        counts: dict[tuple[str, str], int] = {}
        for at_ms, body in self._others(kind, period):
            key = (self._local_day(at_ms), str(body.get("operator", "")))
            counts[key] = counts.get(key, 0) + 1
        return tuple(
            Oddity(day, operator, "", count)
            for (day, operator), count in counts.items()
            if count >= least
        )

    def drawer_openings(self, period: Period, least: int) -> tuple[Oddity, ...]:
        """Return operators who often opened the drawer on a day without a sale."""
        return self._many("drawer_opened", period, least)

    def count_differences(self, period: Period, per_mille: int) -> tuple[Oddity, ...]:
        """Return closed shifts whose count was off by so many thousandths."""
        return tuple(
            Oddity(
                self._local_day(at_ms),
                str(body["operator"]),
                str(body["shift"]),
                1,
                Money(off, Currency(part["currency"], part["decimals"])),
            )
            for at_ms, body in self._others("shift_closed", period)
            for part in body["drawer"]
            if part["counted_minor"] is not None
            and (off := part["counted_minor"] - part["expected_minor"])
            and abs(off) * 1000 >= part["expected_minor"] * per_mille
        )

    def rules_outside(self, period: Period) -> tuple[Oddity, ...]:
        """Return when the settings file said rules for money that nobody had set at the till."""
        found = self._others("rules_outside", period)
        return tuple(Oddity(self._local_day(at_ms), "", "settings.json", 1) for at_ms, _ in found)

    def other_journals(self, period: Period) -> tuple[Oddity, ...]:
        """Return when it was heard of another journal of this till, and where they part."""
        found = self._others("journal_standing", period)
        return tuple(
            Oddity(self._local_day(at_ms), "", "", int(body["seq"]))
            for at_ms, body in found
            if body["state"] != "one"
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

    def _sold(self, key: str, period: Period) -> tuple[Sold, ...]:
        if period.shift:
            return shift_sums.sold(self._of_shift(period), key)
        return tuple(
            Sold(str(name), sales, Money(minor, Currency(code, decimals)), tenths, unit)
            for name, sales, code, decimals, minor, tenths, unit in self._rows(
                _SOLD_BY[key], _days(period)
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
            span = queries.span(self._db, days["first"], days["last"])
        return days | span | {"shift": period.shift}

    def _rows(self, statement: str, values: Sequence[Any] | dict[str, Any]) -> Iterator[Any]:
        with shop_problems(self._path):
            yield from self._db.execute(statement, values)


def _days(period: Period) -> dict[str, Any]:
    return {"first": period.first.isoformat(), "last": period.last.isoformat()}
