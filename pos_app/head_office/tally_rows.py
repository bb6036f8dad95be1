"""Sums of a bundle as rows of the table ``tally``, and entries that stand for themselves.

A row: day, branch, what, name, detail, currency, decimals, unit, training, then how often, how
much money (minor units; below zero what was given back) and how many tenths.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from pos_app.head_office.making_good import Placed
from pos_app.head_office.shop_day import NOWHERE, PLACE, day_of
from pos_app.head_office.tallying import MOST, MOST_DECIMALS, Body, Shape, Tallied, when

Row = tuple[Any, ...]
Sums = dict[tuple[int, Shape], list[tuple[int, ...]]]
"""The amounts of entries by branch and shape."""

_LONGEST_WHAT: Final = 40
_LONGEST: Final = 200
_MOST_DRAWERS: Final = 50
_COMPENSATION: Final = "compensation"
_DRAWER: Final = (
    "opening", "taken", "in", "out", "dropped", "refunded", "expected", "counted",
)  # fmt: skip
_DEPOSIT: Final = ("expected", "found", "amount", "kept")


def add(into: Sums, branch: int, tally: Tallied | None, books: Mapping[str, Any]) -> None:
    """Add what an entry on a branch adds; the books say the day where the entry does not."""
    if tally is None:
        return
    shape, amounts = tally
    if shape[0] == "rows":
        shape = ("rows", *placed(shape[1], shape[2], books), shape[3])
    held = into.get((branch, shape))
    if held is None:
        held = into[branch, shape] = []
    held.append(amounts)


def placed(day: str | int, training: bool | None, books: Mapping[str, Any]) -> tuple[str, bool]:  # noqa: FBT001 - a column
    """Return the day and whether it is training, from the books where they are left open."""
    offset, trains = books.get(PLACE, NOWHERE)
    said = day if isinstance(day, str) else day_of(day, offset)
    return said, trains if training is None else training


def dated(closing: Row, books: Mapping[str, Any]) -> Row:
    """Return a row of `closing_of` with its day and whether it is training."""
    kind, number, day, at_ms, who, training, said = closing
    day, training = placed(day, training, books)
    return kind, number, day, at_ms, who, training, said


def is_open(tally: Tallied | None, closing: Row | None) -> bool:
    """Tell whether the books have to say the day of an entry, or whether it was training."""
    said = [] if closing is None else [(closing[2], closing[5])]
    if tally is not None and tally[0][0] == "rows":
        said.append((tally[0][1], tally[0][2]))
    return any(not isinstance(day, str) or training is None for day, training in said)


def rows_of(sums: Sums) -> list[Row]:
    """Return the rows of some sums, one for each key, in the order of the keys."""
    found: dict[Row, list[int]] = {}
    for (branch, shape), amounts in sums.items():
        totals = [sum(column) for column in zip(*amounts, strict=True)]
        made = _of_sales if shape[0] == "sale" else _of_rows
        for key, numbers in made(branch, shape, len(amounts), totals):
            held = found.setdefault(key, [0, 0, 0])
            for at, number in enumerate(numbers):
                held[at] += number
    return [(*key, *found[key]) for key in sorted(found)]


def _of_rows(
    branch: int, shape: Shape, _: int, totals: Sequence[int]
) -> Iterator[tuple[Row, Sequence[int]]]:
    _, day, training, keys = shape
    for at, (what, name, detail, *rest) in enumerate(keys):
        key = (day, branch, *_clipped(what, name, detail), *rest, training)
        yield key, totals[3 * at : 3 * at + 3]


def _of_sales(
    branch: int, shape: Shape, times: int, totals: Sequence[int]
) -> Iterator[tuple[Row, Sequence[int]]]:
    """Yield each part of the sales of one shape once, as the till's own sums by hour have it."""
    _, day, (*_, currency, decimals), (unit, training), *_ = shape
    for part, (minor, tenths) in _parts(shape, totals).items():
        key = (day, branch, *_clipped(*part), currency, decimals, unit, training)
        yield key, (times, minor, tenths)


Parts = dict[tuple[str, str, str], list[int]]


def _put(parts: Parts, part: tuple[str, str, str], minor: int = 0, tenths: int = 0) -> None:
    held = parts.setdefault(part, [0, 0])
    held[0] += minor
    held[1] += tenths


def _parts(shape: Shape, totals: Sequence[int]) -> Parts:
    """Return what sales of one shape consist of: money and tenths by what, name and detail."""
    _, _, (utility, tariff, version, *_), _, _, _, names, tenders, tokens, *_ = shape
    total, tenths = totals[:2]
    amounts = iter(totals[7:])
    parts: Parts = {}
    _put(parts, ("sale", utility, ""), total, tenths)
    _put(parts, ("tariff", tariff, str(version)), total, tenths)
    _put_lines(parts, names, [next(amounts) for _ in names])
    for kind in tenders:
        _put(parts, (f"tender.{kind}", "", ""), next(amounts))
    for kind in tokens:
        _put(parts, (f"token.{kind}", "", str(tokens.count(kind))), 0, next(amounts))
    if _COMPENSATION in tenders:
        _put(parts, ("compensated", utility, ""), total, tenths)
    _put_more(parts, shape, totals)
    return parts


def _put_more(parts: Parts, shape: Shape, totals: Sequence[int]) -> None:
    """Put change and rounding, and what not every sale has."""
    _, _, (utility, *_), _, percent, wallet, _, _, _, change, free = shape
    total, _, rounding, back, kept, commission, given, *_ = totals
    _put(parts, ("change", "", ""), back)
    _put(parts, ("rounding", "", ""), rounding)
    if wallet:
        _put(parts, ("wallet-in", "", ""), kept)
    if percent:
        _put(parts, ("commission", utility, percent), commission)
        _put(parts, ("commissioned", utility, percent), total)
    if free:
        _put(parts, ("free", "tariff", ""), 0, given)
    if change:
        _put(parts, ("token.key-change", "", str(change)))


def _put_lines(parts: Parts, names: Sequence[tuple[str, str, str]], amounts: Sequence[int]) -> None:
    """Put the lines, and for each tax what it was charged on: no tax and no debt."""
    net = 0
    for (kind, name, percent), minor in zip(names, amounts, strict=True):
        _put(parts, (f"line.{kind}", name, percent), minor)
        net += minor if kind not in {"tax", "debt"} else 0
    taxes = {(name, percent) for kind, name, percent in names if kind == "tax"}
    for name, percent in taxes or {("", "")}:
        _put(parts, ("net", name, percent), net)


def _clipped(what: str, name: str, detail: str) -> tuple[str, str, str]:
    return _clean(what)[:_LONGEST_WHAT], _clean(name)[:_LONGEST], _clean(detail)[:_LONGEST]


def _clean(text: str) -> str:
    return text.replace("\0", "?")


def closing_of(entry: Placed, body: Body) -> Row | None:
    """Return the row of a shift's or bank batch's end, or of a variance somebody looked into.

    Kind, number, day (or instant, see `placed`), time, who, training, facts as JSON.
    """
    if entry.kind == "shift_closed":
        facts = _of_shift(body)
        head = "shift", _number(body["shift"]), body["operator"]
    elif entry.kind == "batch_closed" and body["level"] == "bank":
        facts = _of_deposit(body)
        head = "bank", _number(body["number"]), body["by"]
    elif entry.kind == "variance_approved":
        facts = _texts(body, ("approver_name", "reason"))
        head = "approval", _number(body["closed_seq"]), body["approver"]
    else:
        return None
    kind, number, who = head
    day, training = when(entry.at_ms, body)
    said = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return kind, number, day, entry.at_ms, _clean(str(who))[:_LONGEST], training, said


def _number(value: Any) -> int:
    number = int(value)
    if not 0 <= number <= MOST:
        raise ValueError(number)
    return number


def _of_shift(body: Body) -> dict[str, Any]:
    names = ("operator_name", "by_name", "first_receipt", "last_receipt")
    sold = [each for each in body["tallies"] if each["name"] == "sale"]
    return {
        **_texts(body, names),
        "opened_ms": _number(body["opened_ms"]),
        "bank_batch": _number(body.get("bank_batch", 0)),
        "over_limit": [_clean(str(each))[:3] for each in body.get("over_limit", ())],
        "drawer": [_amounts(each, _DRAWER) for each in body["drawer"][:_MOST_DRAWERS]],
        "sold": [
            [str(each["currency"])[:3], _number(each["decimals"]), _number(each["times"]),
             _number(each["amount"])]
            for each in sold[:_MOST_DRAWERS]
        ],
    }  # fmt: skip


def _of_deposit(body: Body) -> dict[str, Any]:
    return {
        **_texts(body, ("reference", "by_name")),
        "opened_ms": _number(body["opened_ms"]),
        "deposits": [_amounts(each, _DEPOSIT) for each in body["deposits"][:_MOST_DRAWERS]],
    }


def _amounts(part: Body, names: Iterable[str]) -> dict[str, Any]:
    """Return amounts by name (None: nobody counted) with their currency."""
    said: dict[str, Any] = {
        "currency": str(part["currency"])[:3],
        "decimals": int(part["decimals"]),
    }
    for name in names:
        minor = part.get(f"{name}_minor", 0)
        said[name] = None if minor is None else int(minor)
    numbers = [each for each in said.values() if isinstance(each, int)]
    if not 0 <= said["decimals"] <= MOST_DECIMALS or max(map(abs, numbers)) > MOST:
        raise ValueError(part["currency"])
    return said


def _texts(body: Body, names: Iterable[str]) -> dict[str, str]:
    return {name: _clean(str(body.get(name, "")))[:_LONGEST] for name in names}
