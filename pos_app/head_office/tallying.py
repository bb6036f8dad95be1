"""What an entry adds to the sums of its till's day: one pure function for each kind of entry.

The names are those of the till's own reports (``line.tax``, ``tender.cash``, ``refund`` …), so
that both sides can be laid side by side. An entry says a shape (the names of its sums) and the
amounts in the same order: sales of one tariff have few shapes, so that a bundle's sums are added
up shape by shape (`tally_rows`) and an entry costs little.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from operator import itemgetter
from typing import Any, Final

from pos_app.head_office.making_good import Placed
from pos_app.head_office.shop_day import day_of

Body = Mapping[str, Any]
Shape = tuple[Any, ...]
"""Its first element says how its amounts are read: ``sale``, or ``rows`` with their own names.

The second is the shop's day, or the instant (ms) of an entry that does not say its place's time.
"""
Tallied = tuple[Shape, tuple[int, ...]]
Key = tuple[str, str, str, str, int, str]
"""What, name, detail, currency, its decimals, unit."""

MOST: Final = 10**13
MOST_DECIMALS: Final = 9
_LONGEST_UNIT: Final = 20
_CODE: Final = 3
FINE_DECIMALS: Final = 5
"""A token of money counts in 0.00001 of the currency (IEC 62055-41, currency credit)."""
_FREE: Final = "free"
_LINE: Final[Callable[[Any], tuple[str, str, str]]] = itemgetter("kind", "name", "percent")
_KIND: Final = itemgetter("kind")
_AMOUNT: Final = itemgetter("amount_minor")
_TOKEN_KIND: Final = itemgetter(3)
_TENTHS: Final = itemgetter(4)
_KNOWN: Final[dict[Shape, Shape]] = {}
_MOST_KNOWN: Final = 4096


def of_sale(row: Sequence[Any], tokens: Sequence[Sequence[Any]], body: Body) -> Tallied:
    """Return what a sale adds, from its row and its tokens' rows (`meaning`) and its lines."""
    lines, tenders = body["lines"], body["tenders"]
    wallet, percent = body.get("wallet_in_minor", 0), body.get("commission_percent", "")
    own = tokens[: len(body["tokens"])]
    change = body.get("key_change")
    shape: Shape = (
        "sale", row[3], row[7:12], row[14:], percent, wallet != 0, _names(lines),
        tuple(map(_KIND, tenders)), tuple(map(_TOKEN_KIND, own)),
        len(change["digits"]) if change else 0,
    )  # fmt: skip
    shape = _KNOWN.get(shape) or _kept(shape)
    amounts = (
        row[12], row[13], body["rounding_minor"], body["change_minor"], wallet,
        body["commission_minor"] if percent else 0,
        free_tenths(lines) if shape[-1] else 0,
        *map(_AMOUNT, lines), *map(_AMOUNT, tenders), *map(_TENTHS, own),
    )  # fmt: skip
    return shape, _bounded(amounts)


def _names(lines: Sequence[Body]) -> tuple[tuple[str, str, str], ...]:
    """Return kind, name and percentage of each line; empty where an older program wrote none."""
    try:
        return tuple(map(_LINE, lines))
    except KeyError:
        return tuple([(e["kind"], e.get("name", ""), e.get("percent", "")) for e in lines])


def _kept(shape: Shape) -> Shape:
    """Keep a shape, so that equal ones are one value, and mark those with free units."""
    texts = [*(text for line in shape[6] for text in line), *shape[7], *shape[8], shape[4]]
    if not all(isinstance(text, str) for text in texts):
        raise ValueError(shape[0])
    if len(_KNOWN) >= _MOST_KNOWN:
        _KNOWN.clear()
    free = any(line[0] == _FREE for line in shape[6])
    _KNOWN[shape] = (*shape, free)
    return _KNOWN[shape]


def _bounded(amounts: tuple[int, ...]) -> tuple[int, ...]:
    if not -MOST <= min(amounts) <= max(amounts) <= MOST:
        raise ValueError(len(amounts))
    return amounts


def free_tenths(lines: Iterable[Body]) -> int:
    """Return the tenths of a tariff's free units, half up, as the till's own list counts them."""
    units = (Decimal(each.get("units") or 0) for each in lines if each["kind"] == _FREE)
    return int((sum(units, Decimal(0)) * 10).quantize(Decimal(1), ROUND_HALF_UP))


def tallied(entry: Placed, body: Body) -> Tallied | None:
    """Return what an entry that is no sale adds; None for a kind that adds nothing."""
    found = _OF_KIND.get(entry.kind)
    if found is None:
        return None
    made = list(found(entry, body))
    if not made:
        return None
    keys = tuple(key for key, _ in made)
    amounts = tuple(number for _, numbers in made for number in numbers)
    return ("rows", *when(entry.at_ms, body), keys), _bounded(amounts)


def when(at_ms: int, body: Body) -> tuple[str | int, bool | None]:
    """Return the shop's day and whether it trains; what an entry does not say is left open."""
    offset, training = body.get("offset_minutes"), body.get("training")
    day = at_ms if offset is None else day_of(at_ms, int(offset))
    return day, None if training is None else bool(training)


Made = Iterator[tuple[Key, tuple[int, int, int]]]
"""A sum's name, and how often, how much money (minor units), how many tenths."""


def _count(what: str, name: str, detail: str = "") -> tuple[Key, tuple[int, int, int]]:
    return (what, _text(name), _text(detail), "", 0, ""), (1, 0, 0)


def _money(
    part: Body, minor: int, what: str, name: str = "", detail: str = ""
) -> tuple[Key, tuple[int, int, int]]:
    currency, decimals = part["currency"], int(part["decimals"])
    if len(currency) != _CODE or not 0 <= decimals <= MOST_DECIMALS:
        raise ValueError(what)
    return (what, _text(name), _text(detail), _text(currency), decimals, ""), (1, int(minor), 0)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(type(value).__name__)
    return value


def _act(entry: Placed, body: Body) -> Made:
    """Count an act of the engineering desk, and what it gave without money."""
    yield _count("act", entry.kind, body["act"])
    tenths, fine = int(body["tenths"]), int(body.get("fine", 0))
    if entry.kind == "engineering" or (tenths <= 0 and fine <= 0):
        return
    reason = "free-issue" if entry.kind == "free_issue" else body["act"]
    key, _ = _money(body, 0, "free", reason)
    currency, decimals = key[3], FINE_DECIMALS if fine else key[4]
    unit = currency if fine else _text(body["meter"]["unit"])[:_LONGEST_UNIT]
    yield (*key[:3], currency, decimals, unit), (1, fine, tenths)


def _refund(_: Placed, body: Body) -> Made:
    yield _money(body, -int(body["amount_minor"]), "refund", body["reason"])
    for part in body["parts"]:
        yield _money(body, -int(part["amount_minor"]), "refunded", part["kind"])
    if body.get("commission_minor", 0):
        whose = body.get("utility", ""), body.get("commission_percent", "")
        yield _money(body, -int(body["commission_minor"]), "commission-back", *whose)


def _compensation(_: Placed, body: Body) -> Made:
    yield _money(body, -int(body["amount_minor"]), "compensation", body["reason"])
    if body.get("commission_minor", 0):
        whose = body.get("utility", ""), body.get("commission_percent", "")
        yield _money(body, -int(body["commission_minor"]), "commission-back", *whose)


def _reprint(entry: Placed, body: Body) -> Made:
    yield _count("reprint", _COPIES[entry.kind], body.get("reason", ""))


def _cash_moved(_: Placed, body: Body) -> Made:
    yield _money(body, body["amount_minor"], "cash", body["kind"])


def _wallet_closed(_: Placed, body: Body) -> Made:
    for part in body["paid"]:
        yield _money(part, part["amount_minor"], "cash", "out")
        yield _money(part, part["amount_minor"], "wallet-back")


def _shift_opened(_: Placed, _body: Body) -> Made:
    yield _count("shift", "opened")


def _shift_closed(_: Placed, body: Body) -> Made:
    yield _count("shift", "closed")
    for part in body["drawer"]:
        if part["counted_minor"] is not None:
            off = int(part["counted_minor"]) - int(part["expected_minor"])
            yield _money(part, off, "variance")


def _batch_closed(_: Placed, body: Body) -> Made:
    for part in body["deposits"]:
        yield _money(part, part["amount_minor"], "deposit")


_COPIES: Final = {"reprint": "sale", "desk_act_reprinted": "act", "redress_reprinted": "redress"}
_OF_KIND: Final[Mapping[str, Callable[[Placed, Body], Made]]] = {
    **dict.fromkeys(("engineering", "free_issue", "replacement"), _act),
    **dict.fromkeys(_COPIES, _reprint),
    "refund": _refund,
    "compensation": _compensation,
    "cash_moved": _cash_moved,
    "wallet_closed": _wallet_closed,
    "shift_opened": _shift_opened,
    "shift_closed": _shift_closed,
    "batch_closed": _batch_closed,
}
TALLIED: Final = frozenset({"sale", *_OF_KIND})
"""The kinds of entries that add to the sums."""
