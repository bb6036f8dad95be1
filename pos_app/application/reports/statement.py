"""What the shop owes the utilities for its sales."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pos_app.application.reports.asked import Asked, currencies_of, total_of
from pos_app.application.reports.period import Period
from pos_app.application.reports.report import Kind, Report, Row
from pos_app.application.reports.righted import PutRight
from pos_app.application.reports.source import Deposited, PartSum, ReportSource, Sold
from pos_app.domain.money import Currency, Money

_DAWN = date(2000, 1, 1)
"""Before any sale of any till."""


@dataclass(frozen=True, slots=True)
class _Account:
    """A vendor's account in one currency over a period; amounts in minor units."""

    currency: Currency
    opening: int
    sold: tuple[tuple[str, int, int], ...]  # (utility, sales, money)
    commission: tuple[tuple[str, int], ...]  # (utility, money)
    deposits: tuple[Deposited, ...]
    put_right: tuple[PutRight, ...]

    @property
    def closing(self) -> int:
        """Return what is owed at the end."""
        grown = sum(money for *_, money in self.sold) - sum(money for _, money in self.commission)
        less = sum(each.total.minor for each in self.deposits)
        return self.opening + grown - less - sum(each.not_owed for each in self.put_right)


def statement(source: ReportSource, asked: Asked) -> Report:
    """Say what the shop owes the utilities: what was owed, and sales.

    Off it go commission, deposits, and what was given back or sold again without money.
    """
    columns = (
        asked.column("entry"),
        asked.column("utility"),
        asked.column("day", Kind.DAY),
        asked.column("reference"),
        asked.column("sales", Kind.COUNT),
        asked.column("currency"),
        asked.column("owed", Kind.MONEY),
    )
    accounts = _accounts(source, asked.period)
    if not accounts:
        return asked.empty("report.statement.none", columns)
    names = source.utility_names()
    rows: list[Row] = []
    totals: list[Row] = []
    for account in accounts:
        rows += _entries(asked, account, names)
        closing = Money(account.closing, account.currency)
        label = asked.words("report.statement.closing")
        totals.append((label, "", "", "", None, account.currency.code, closing))
    return Report(
        heading=asked.heading(),
        title=_statement_title(asked, accounts[0]),
        columns=columns,
        rows=tuple(rows),
        totals=tuple(totals),
        notes=(asked.words("report.statement.note"),),
        row_count=len(rows),
    )


def _accounts(source: ReportSource, period: Period) -> tuple[_Account, ...]:
    """Return an account for each currency that was ever dealt in, the busiest first."""
    before = Period(_DAWN, period.first - timedelta(days=1))
    deposits = source.deposits(period.last)
    day = period.first.isoformat()
    earlier = source.taken_apart(before, ("commission",))
    inside = source.taken_apart(period, ("commission",))
    righted = source.redress_sums(before), source.redresses(period)
    found = []
    for currency in currencies_of((*earlier.sold, *inside.sold)):
        given = [each for each in righted[0] if each.amount.currency == currency]
        banked = [each for each in deposits if each.total.currency == currency]
        old = sum(each.total.minor for each in banked if each.day < day)
        sold_before = total_of(earlier.sold, currency).minor
        kept_before = sum(part.amount for part in _commissions(earlier.parts, currency))
        kept: dict[str, int] = defaultdict(int)
        for part in _commissions(inside.parts, currency):
            kept[part.name] += part.amount
        sold = [each for each in inside.sold if each.total.currency == currency]
        found.append(
            _Account(
                currency,
                sold_before - kept_before - old - sum(each.not_owed for each in given),
                _by_utility(sold),
                tuple(sorted(kept.items())),
                tuple(each for each in banked if each.day >= day),
                tuple(e for e in reversed(righted[1]) if e.amount.currency == currency),
            )
        )
    return tuple(found)


def _commissions(parts: Iterable[PartSum], currency: Currency) -> list[PartSum]:
    return [each for each in parts if each.kind == "commission" and each.currency == currency]


def _by_utility(sold: Sequence[Sold]) -> tuple[tuple[str, int, int], ...]:
    sums: dict[str, tuple[int, int]] = {}
    for each in sold:
        sales, money = sums.get(each.key, (0, 0))
        sums[each.key] = (sales + each.sales, money + each.total.minor)
    return tuple((key, *sums[key]) for key in sorted(sums))


def _entries(asked: Asked, account: _Account, names: Mapping[str, str]) -> list[Row]:
    code, currency = account.currency.code, account.currency

    def entry(what: str, utility: str, minor: int, sales: int | None = None) -> Row:
        said = asked.words(f"report.statement.{what}")
        return (said, names.get(utility, utility), "", "", sales, code, Money(minor, currency))

    rows: list[Row] = [entry("opening", "", account.opening)]
    rows += [entry("sold", utility, money, sales) for utility, sales, money in account.sold]
    rows += [entry("commission", utility, -money) for utility, money in account.commission]
    said = asked.words("report.statement.deposit")
    rows += [
        (said, "", each.day, each.reference, None, code, Money(-each.total.minor, currency))
        for each in account.deposits
    ]
    kinds = {each.kind for each in account.put_right}  # the oldest first
    says = {kind: asked.words(f"report.statement.{kind}") for kind in kinds}
    rows += [
        (says[each.kind], "", each.day, each.slip, None, code, Money(-each.not_owed, currency))
        for each in account.put_right
    ]
    return rows


def _statement_title(asked: Asked, account: _Account) -> str:
    figures, closing = asked.figures, Money(account.closing, account.currency)
    day = figures.full_day(min(asked.period.last, asked.today))
    if closing.minor > 0:
        return asked.words(
            "report.statement.title", money=figures.money(closing, code=True), day=day
        )
    if closing.minor < 0:
        more = Money(-closing.minor, account.currency)
        return asked.words("report.statement.ahead", money=figures.money(more, code=True), day=day)
    return asked.words("report.statement.even", day=day)
