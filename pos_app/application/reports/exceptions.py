"""What an honest shop can explain: fixed rules, each with its threshold, printed with the report.

Nothing here accuses anybody: a rule says where to look first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from pos_app.application.reports.asked import Asked
from pos_app.application.reports.redress import put_right
from pos_app.application.reports.report import Bar, Cell, Kind, Plot, Report, ReportCancelled
from pos_app.application.reports.source import CopyMade, Oddity, ReportSource

SALES_A_DAY = 4
"""So many sales to one meter on one day are worth a look."""
OPENS, CLOSES = 6, 22
"""Sales before the first hour or from the second on (shop's time) are outside opening hours."""
COPIES = 1
"""More copies of one sale than this are worth a look."""
PINS_A_DAY = 3
"""So many failed PINs of one operator on one day are worth a look."""
NEAR_PERCENT = 95
"""From this share of the allowance's limit for one sale on, a sale is just below it."""

DRAWERS_A_DAY = 5
"""So many openings of the drawer without a sale, by one operator on one day."""
COUNT_PER_MILLE = 5
"""A shift's cash count that is off by so many thousandths of what should have been there."""


@dataclass(frozen=True, slots=True)
class _Rule:
    """`code` names its words; `facts` are the thresholds they state."""

    code: str
    facts: Mapping[str, int]
    find: Callable[[ReportSource, Asked], tuple[Oddity, ...]]


def _copies(source: ReportSource, asked: Asked) -> tuple[Oddity, ...]:
    newest: dict[str, CopyMade] = {}
    for each in source.copies(asked.period):
        if each.copies > COPIES:
            newest.setdefault(each.receipt, each)
    return tuple(
        Oddity(asked.wall(each.at_ms)[:10], each.operator, each.receipt, each.copies)
        for each in newest.values()
    )


_RULES = (
    _Rule(
        "often",
        {"sales": SALES_A_DAY},
        lambda source, asked: source.often(asked.period, SALES_A_DAY),
    ),
    _Rule(
        "hours",
        {"opens": OPENS, "closes": CLOSES},
        lambda source, asked: source.outside_hours(asked.period, OPENS, CLOSES),
    ),
    _Rule("redress", {}, put_right),
    _Rule("copies", {"copies": COPIES}, _copies),
    _Rule(
        "pins",
        {"pins": PINS_A_DAY},
        lambda source, asked: source.refused_pins(asked.period, PINS_A_DAY),
    ),
    _Rule(
        "drawer",
        {"drawers": DRAWERS_A_DAY},
        lambda source, asked: source.drawer_openings(asked.period, DRAWERS_A_DAY),
    ),
    _Rule(
        "count",
        {"per_mille": COUNT_PER_MILLE},
        lambda source, asked: source.count_differences(asked.period, COUNT_PER_MILLE),
    ),
    _Rule("clock", {}, lambda source, asked: source.settled_clocks(asked.period)),
    _Rule("journal", {}, lambda source, asked: source.other_journals(asked.period)),
    _Rule("rules", {}, lambda source, asked: source.rules_outside(asked.period)),
    _Rule(
        "limit",
        {"percent": NEAR_PERCENT},
        lambda source, asked: source.below_limit(asked.period, NEAR_PERCENT),
    ),
)


def exceptions(source: ReportSource, asked: Asked) -> Report:
    """Apply every rule; newest findings first."""
    columns = (
        asked.column("day", Kind.DAY),
        asked.column("rule"),
        asked.column("about"),
        asked.column("operator"),
        asked.column("count", Kind.COUNT),
        asked.column("money", Kind.MONEY),
        asked.column("currency"),
    )
    found: list[tuple[_Rule, Oddity]] = []
    for done, rule in enumerate(_RULES):
        if not asked.watch(done, len(_RULES)):
            raise ReportCancelled
        found += [(rule, oddity) for oddity in rule.find(source, asked)]
    notes = tuple(asked.words(f"report.rule.{rule.code}.note", **rule.facts) for rule in _RULES)
    if not found:
        return asked.empty("report.exceptions.none", columns, *notes)
    names = source.operator_names()
    found.sort(key=lambda pair: (pair[1].day, pair[0].code), reverse=True)
    return Report(
        heading=asked.heading(),
        title=_title(asked, found),
        columns=columns,
        rows=tuple(_rows(asked, found, names)),
        plots=_plot(asked, found),
        notes=notes,
        row_count=len(found),
    )


def _rows(
    asked: Asked, found: list[tuple[_Rule, Oddity]], names: Mapping[str, str]
) -> Iterator[tuple[Cell, ...]]:
    says = {rule.code: asked.words(f"report.rule.{rule.code}") for rule in _RULES}
    for rule, each in found:
        code = "" if each.total is None else each.total.currency.code
        said = says[rule.code]
        who = ", ".join(names.get(one, one) for one in each.operator.split(","))
        yield (each.day, said, each.about, who, each.count, each.total, code)


def _counts(asked: Asked, found: list[tuple[_Rule, Oddity]]) -> list[tuple[str, int]]:
    counts = Counter(rule.code for rule, _ in found)
    return [(asked.words(f"report.rule.{code}"), n) for code, n in counts.most_common()]


def _title(asked: Asked, found: list[tuple[_Rule, Oddity]]) -> str:
    rule, most = _counts(asked, found)[0]
    number = asked.figures.number
    key = "report.exceptions.title" if most < len(found) else "report.exceptions.all"
    return asked.words(key, n=len(found), count=number(len(found)), rule=rule, most=number(most))


def _plot(asked: Asked, found: list[tuple[_Rule, Oddity]]) -> tuple[Plot, ...]:
    counts = _counts(asked, found)
    bars = tuple(
        Bar(rule, n, asked.figures.number(n), not place) for place, (rule, n) in enumerate(counts)
    )
    caption = asked.words("report.plot.exceptions")
    return (Plot(caption, bars, standing=False),) if len(bars) > 1 else ()
