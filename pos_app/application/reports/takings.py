"""How people paid, and who sold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from pos_app.application.reports.asked import Asked, Wide, currencies_of, lying_bars, total_of
from pos_app.application.reports.redress import given_by
from pos_app.application.reports.report import Cell, Kind, Report
from pos_app.application.reports.source import ReportSource, Sold
from pos_app.application.reports.sums import last_money, share_title, sum_by
from pos_app.domain.money import Currency, Money


def tenders(source: ReportSource, asked: Asked) -> Report:
    """Say how people paid. Change is cash going back, so cash is what was kept of it."""
    made = source.taken_apart(asked.period, ("tender.", "change", "rounding", "wallet-in"))
    sold, parts = made.sold, made.parts
    columns = (
        asked.column("tender"),
        asked.column("currency"),
        asked.column("sales", Kind.COUNT),
        asked.column("received", Kind.MONEY),
        asked.column("handed-back", Kind.MONEY),
        asked.column("kept", Kind.MONEY),
    )
    if not sold:
        return asked.empty("report.nothing-sold", columns)
    rows: list[tuple[Cell, ...]] = []
    totals: list[tuple[Cell, ...]] = []
    kept: dict[Currency, list[tuple[str, Money]]] = {}
    for currency in currencies_of(sold):
        sums = sum_by(parts, currency)
        change = sums.get(("change", "", ""), (0, 0))[1]
        rounding = sums.get(("rounding", "", ""), (0, 0))[1]
        if change:  # change for what was paid in another way is cash too
            sums.setdefault(("tender.cash", "", ""), (0, 0))
        mine = [
            _tender_row(asked, currency, kind, sums[kind, "", ""], change)
            for kind in sorted({kind for kind, *_ in sums if kind.startswith("tender.")})
        ]
        mine.sort(key=lambda row: -last_money(row).minor)
        kept[currency] = [(str(row[0]), last_money(row)) for row in mine]
        rows += mine
        wallet = sums.get(("wallet-in", "", ""), (0, 0))[1]
        totals += _tender_totals(asked, currency, mine, rounding, wallet)
    totals += _given_back(source, asked)
    main = currencies_of(sold)[0]
    caption = asked.words("report.plot.money", code=main.code)
    return Report(
        heading=asked.heading(),
        title=share_title(asked, "report.tenders.title", kept[main]),
        columns=columns,
        rows=tuple(rows),
        totals=tuple(totals),
        plots=lying_bars(asked, caption, kept[main]),
        row_count=len(rows),
    )


def _tender_row(
    asked: Asked, currency: Currency, kind: str, summed: tuple[int, int], change: int
) -> tuple[Cell, ...]:
    code = kind.removeprefix("tender.")
    times, received = summed
    back = change if code == "cash" else 0
    money = (Money(received, currency), Money(back, currency), Money(received - back, currency))
    return (asked.said("tender", code), currency.code, times, *money)


def _tender_totals(
    asked: Asked, currency: Currency, rows: Sequence[tuple[Cell, ...]], rounding: int, wallet: int
) -> list[tuple[Cell, ...]]:
    kept = sum(last_money(row).minor for row in rows)
    lines: list[tuple[Cell, ...]] = []

    def line(key: str, minor: int) -> None:
        lines.append((asked.words(key), currency.code, None, None, None, Money(minor, currency)))

    line("report.total", kept)
    if rounding:
        line("report.tenders.rounding", -rounding)
    if wallet:
        line("report.tenders.wallet", -wallet)
    if rounding or wallet:
        line("report.tenders.sold", kept - rounding - wallet)
    return lines


def _given_back(source: ReportSource, asked: Asked) -> list[tuple[Cell, ...]]:
    """Return what went back to customers later, a row a way of paying."""
    return [
        (
            asked.words("report.tenders.refunded", tender=asked.said("tender", kind)),
            back.currency.code, None, None, None, Money(-back.minor, back.currency),
        )
        for kind, back in source.refunded(asked.period)
    ]  # fmt: skip


def operators(source: ReportSource, asked: Asked) -> Report:
    """Say what every operator sold."""
    sold = source.sold_by_operator(asked.period)
    wide = Wide.over(sold)
    given = given_by(source, asked)
    dealt = tuple(each for each in wide.currencies if any(each == of for _, of in given))
    columns = (
        asked.column("operator"),
        *wide.columns(asked),
        *(asked.column(f"put-right.{each.code}", Kind.MONEY, each.code) for each in dealt),
    )
    if not sold:
        return asked.empty("report.nothing-sold", columns)
    names = source.operator_names()
    by_operator: dict[str, list[Sold]] = defaultdict(list)
    for each in sold:
        by_operator[each.key].append(each)
    main = wide.currencies[0]
    ranked = sorted(by_operator, key=lambda key: -total_of(by_operator[key], main).minor)
    rows = tuple(
        (
            names.get(key, key),
            *wide.cells(by_operator[key]),
            *(Money(-given.get((key, each), 0), each) for each in dealt),
        )
        for key in ranked
    )
    back = (sum(minor for (_, of), minor in given.items() if of == each) for each in dealt)
    less = tuple(Money(-minor, each) for minor, each in zip(back, dealt, strict=True))
    sums = [(names.get(key, key), total_of(by_operator[key], main)) for key in ranked]
    return Report(
        heading=asked.heading(),
        title=share_title(asked, "report.operators.title", sums),
        columns=columns,
        rows=rows,
        totals=((asked.words("report.total"), *wide.cells(sold), *less),),
        plots=lying_bars(asked, asked.words("report.plot.money", code=main.code), sums),
        row_count=len(rows),
    )
