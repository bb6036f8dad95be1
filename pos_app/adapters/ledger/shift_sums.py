"""Sums of one shift's sales, from the sales themselves: a shift has some hundreds at most.

The sums by hour that other reports read do not tell two shifts of an operator apart.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from pos_app.adapters.ledger.hour_sums import parts_of
from pos_app.application.reports.source import PartSum, Sold
from pos_app.domain.money import Currency, Money

Body = Mapping[str, Any]

BODIES: Final = """select journal.body from shift
    join sale on sale.shift = shift.shift and sale.seq between shift.opened_seq
        and case shift.closed_seq when 0 then 9223372036854775807 else shift.closed_seq end
    join journal on journal.seq = sale.seq where shift.shift = :shift order by sale.seq"""


def read(rows: Iterable[tuple[str]]) -> list[Body]:
    """Return the bodies of a shift's sales."""
    return [json.loads(text) for (text,) in rows]


def _wall(body: Body) -> datetime:
    zone = timedelta(minutes=body["offset_minutes"])
    return datetime.fromtimestamp(body["at_ms"] // 1000, UTC) + zone


KEYS: Final[Mapping[str, Callable[[Body], str]]] = {
    "day": lambda body: _wall(body).strftime("%Y-%m-%d"),
    "hour": lambda body: _wall(body).strftime("%H"),
    "operator": lambda body: str(body["operator"]),
    "utility": lambda body: str(body["meter"]["utility"]),
}


def sold(bodies: Iterable[Body], key: str) -> tuple[Sold, ...]:
    """Return sums by what `key` (one of `KEYS`) says of a sale, currency and unit."""
    sums: dict[tuple[str, str, int, str], list[int]] = {}
    for body in bodies:
        group = (KEYS[key](body), body["currency"], body["decimals"], body["meter"]["unit"])
        held = sums.setdefault(group, [0, 0, 0])
        for at, amount in enumerate((1, body["total_minor"], body["tenths"])):
            held[at] += amount
    return tuple(
        Sold(name, sales, Money(minor, Currency(code, decimals)), tenths, unit)
        for (name, code, decimals, unit), (sales, minor, tenths) in sorted(sums.items())
    )


def parts(bodies: Iterable[Body], prefixes: tuple[str, ...]) -> Iterator[PartSum]:
    """Yield the parts of each sale whose kind starts with one of `prefixes`."""
    for body in bodies:
        currency = Currency(body["currency"], body["decimals"])
        for (kind, name, detail), amount in parts_of(body).items():
            if kind.startswith(prefixes):
                yield PartSum(kind, name, detail, currency, body["meter"]["unit"], 1, amount)
