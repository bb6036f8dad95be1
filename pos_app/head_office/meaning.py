"""What one entry says by itself: rows of sales and tokens, what is counted, what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple

from pos_app.domain.errors import PosError
from pos_app.exchange.chain import Entry
from pos_app.head_office.books import Body
from pos_app.head_office.findings import Finding, FindingKind
from pos_app.head_office.proving import DIFFERS, TokenProver

_DAY_S: Final = 86_400
_LARGEST_AMOUNT: Final = 10**13
NOT_READ: Final = (
    ArithmeticError, AttributeError, LookupError, OSError, PosError, TypeError, ValueError,
)  # fmt: skip
"""What a body that lacks what its kind has can raise: a till can sign anything."""
_COUNTED: Final = ("series", "number", "receipt", "currency", "total_minor", "tenths")


class Meaning(NamedTuple):
    """What an entry says, before it has its place.

    `body` has what `books.count` counts. `sale` and `tokens` are rows in the columns of their
    tables after the branch, a token's without its entry's number; `reprint` is the number of the
    entry whose slip was printed again.
    """

    body: Body
    sale: tuple[Any, ...] | None = None
    tokens: tuple[tuple[Any, ...], ...] = ()
    reprint: int | None = None
    findings: tuple[Finding, ...] = ()


def meaning_of(entry: Entry, body: Body, prover: TokenProver) -> Meaning | None:
    """Return what an entry with this `body` says, None where it cannot be booked."""
    try:
        return _OF_KIND.get(entry.kind, _only_counted)(entry, body, prover)
    except NOT_READ:
        return None  # kept, told, and booked nowhere


def _only_counted(_: Entry, body: Body, _prover: TokenProver) -> Meaning:
    return Meaning(body)


def _reprint(_: Entry, body: Body, _prover: TokenProver) -> Meaning:
    return Meaning(body, reprint=int(body["sale_seq"]))


def _sale(entry: Entry, body: Body, prover: TokenProver) -> Meaning:
    meter = body["meter"]
    row = (
        _text(body["sale_id"]),
        _text(body["receipt"]),
        int(body["at_ms"]),
        day_of(int(body["at_ms"]), int(body["offset_minutes"])),
        _text(meter["drn"], 20),
        _text(body["operator"]),
        int(body.get("shift", 0)),
        _text(meter["utility"]),
        _text(body["tariff"]),
        int(body["tariff_version"]),
        _text(body["currency"], 3),
        _small(body["decimals"]),
        _amount(body["total_minor"]),
        _amount(body["tenths"]),
        _text(meter["unit"], 20),
        bool(body["training"]),
    )
    tokens, findings = [], []
    for position, token in enumerate(body["tokens"]):
        proof = prover.proof(meter, token)
        minute, kind = int(token["minute"]), _text(token["kind"], 40)
        tokens.append((position, meter["drn"], minute, kind, _amount(token["tenths"]), proof))
        if proof == DIFFERS:
            digits = f"… {str(token['digits'])[-4:]}"
            evidence = {"receipt": body["receipt"], "drn": meter["drn"], "digits": digits}
            mark = f"{entry.seq} {position}"
            findings.append(Finding(FindingKind.TOKEN_DIFFERS, mark, entry.seq, evidence))
    counted = {name: body[name] for name in _COUNTED}
    return Meaning(counted, row, tuple(tokens), findings=tuple(findings))


_OF_KIND: Final[dict[str, Callable[[Entry, Body, TokenProver], Meaning]]] = {
    "sale": _sale,
    "reprint": _reprint,
}


def day_of(at_ms: int, offset_minutes: int) -> str:
    """Return the day (``YYYY-MM-DD``) of an instant in a place `offset_minutes` ahead of UTC."""
    return _day((at_ms // 1000 + offset_minutes * 60) // _DAY_S)


@lru_cache(1000)
def _day(number: int) -> str:
    return datetime.fromtimestamp(number * _DAY_S, UTC).date().isoformat()


def _text(value: object, longest: int = 200) -> str:
    if not isinstance(value, str) or len(value) > longest or "\0" in value:
        raise ValueError(type(value).__name__)
    return value


def _amount(value: object) -> int:
    """Return an amount that can be summed: so many cents no shop ever sold for."""
    number = value if type(value) is int else int(str(value))
    if not 0 <= number <= _LARGEST_AMOUNT:
        raise ValueError(number)
    return number


def _small(value: object) -> int:
    number = int(str(value))
    if not 0 <= number <= 9:
        raise ValueError(number)
    return number
