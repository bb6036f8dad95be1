"""What was put right: refunds and sales made again, with who asked, who approved, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from pos_app.application.reports.asked import Asked, lying_bars
from pos_app.application.reports.report import Cell, Kind, Report
from pos_app.application.reports.righted import PutRight
from pos_app.application.reports.source import Oddity, ReportSource
from pos_app.domain.money import Currency, Money


def redress(source: ReportSource, asked: Asked) -> Report:
    """List what was put right, newest first; units are what a wrong meter may hold."""
    columns = (
        asked.column("time", Kind.TIME),
        asked.column("slip-number"),
        asked.column("receipt"),
        asked.column("meter"),
        asked.column("what"),
        asked.column("reason"),
        asked.column("money", Kind.MONEY),
        asked.column("currency"),
        asked.column("claim", Kind.UNITS),
        asked.column("operator"),
        asked.column("approver"),
        asked.column("new-receipt"),
    )
    found = source.redresses(asked.period)
    if not found:
        return asked.empty("report.redress.none", columns)
    names = source.operator_names()
    rows: list[tuple[Cell, ...]] = []
    kinds = {kind: asked.words(f"report.redress.{kind}") for kind in {e.kind for e in found}}
    reasons = {
        why: asked.words(f"report.redress-reason.{why}") for why in {e.reason for e in found}
    }
    for each in found:
        what, why = kinds[each.kind], reasons[each.reason]
        who = (names.get(each.operator, each.operator), names.get(each.approver, each.approver))
        place = (asked.wall(each.at_ms), each.slip, each.receipt, each.drn)
        money = (each.amount, each.amount.currency.code, each.claim_tenths or None)
        rows.append((*place, what, why, *money, *who, each.new_receipt))
    count = asked.figures.number(len(found))
    return Report(
        heading=asked.heading(),
        title=asked.words(
            "report.redress.title", n=len(found), count=count, reason=_most(asked, found)
        ),
        columns=columns,
        rows=tuple(rows),
        totals=tuple(_totals(asked, found)),
        plots=lying_bars(asked, asked.words("report.plot.redress"), _by_reason(asked, found)),
        row_count=len(found),
    )


def put_right(source: ReportSource, asked: Asked) -> tuple[Oddity, ...]:
    """Return every refund and compensation as something an honest shop can explain."""
    return tuple(
        Oddity(each.day, each.operator, each.slip, 1, each.amount)
        for each in source.redresses(asked.period)
    )


def given_by(source: ReportSource, asked: Asked) -> dict[tuple[str, Currency], int]:
    """Return what every operator gave, by operator and currency."""
    return {
        (each.operator, each.amount.currency): each.amount.minor
        for each in source.redress_sums(asked.period)
    }


def _most(asked: Asked, found: Sequence[PutRight]) -> str:
    (reason, _), *_rest = Counter(each.reason for each in found).most_common(1)
    return asked.words(f"report.redress-reason.{reason}")


def _by_reason(asked: Asked, found: Sequence[PutRight]) -> list[tuple[str, Money]]:
    """Return the sums of the currency most was given in, the largest first."""
    main = Counter(each.amount.currency for each in found).most_common(1)[0][0]
    sums: Counter[str] = Counter()
    for each in found:
        if each.amount.currency == main:
            sums[each.reason] += each.amount.minor
    return [
        (asked.words(f"report.redress-reason.{reason}"), Money(minor, main))
        for reason, minor in sums.most_common()
    ]


def _totals(asked: Asked, found: Sequence[PutRight]) -> Iterator[tuple[Cell, ...]]:
    for kind in sorted({each.kind for each in found}):
        for currency in sorted({each.amount.currency for each in found}, key=lambda one: one.code):
            some = [e for e in found if e.kind == kind and e.amount.currency == currency]
            if not some:
                continue
            total = Money(sum(each.amount.minor for each in some), currency)
            what = f"{asked.words(f'report.redress.{kind}')} ({len(some)})"
            label = asked.words("report.total")
            yield (label, "", "", "", what, "", total, currency.code, None, "", "", "")
