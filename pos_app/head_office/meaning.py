"""What one entry says by itself: rows of sales and tokens, what is counted, what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

from pos_app.domain.errors import PosError
from pos_app.exchange.canonical import LARGEST_INTEGER
from pos_app.head_office.books import Body
from pos_app.head_office.findings import Finding, FindingKind
from pos_app.head_office.key_facts import NOT_PROVEN, KeyFact, given, shown
from pos_app.head_office.making_good import ACTS, REDRESS, Placed
from pos_app.head_office.proving import DIFFERS, TokenProver
from pos_app.head_office.shop_day import day_of
from pos_app.head_office.tally_rows import closing_of
from pos_app.head_office.tallying import Tallied, of_sale, tallied

_LARGEST_AMOUNT: Final = 10**13
_KEY_CHANGE: Final = "key-change"
NOT_READ: Final = (
    ArithmeticError, AttributeError, LookupError, OSError, PosError, TypeError, ValueError,
)  # fmt: skip
"""What a body that lacks what its kind has can raise: a till can sign anything."""
_COUNTED: Final = (
    "series", "number", "receipt", "currency", "total_minor", "tenths", "sale_id", "operator",
    "offset_minutes", "training",
)  # fmt: skip
TOKEN_KINDS: Final = frozenset({"sale"}) | ACTS
"""The entries that have tokens."""


class Meaning(NamedTuple):
    """What an entry says, before it has its place.

    `body` has what `books.count` counts, or more. `sale` and `tokens` are rows in the columns of
    their tables after the branch, a token's without its entry's number: in the order of entry at
    the meter, but for those of a key change, which come after the sale's own; without an identifier
    its minute is 0. `reprint` is the number of the entry whose slip was printed again, `made_good`
    that of the sale that something was given for; `closed` is a business day's end. `tally` is what
    the entry adds to its day's sums, `closing` the row of a shift or bank batch that ends, `key`
    what it says of the key in its meter.
    """

    body: Body
    sale: tuple[Any, ...] | None = None
    tokens: tuple[tuple[Any, ...], ...] = ()
    reprint: int | None = None
    findings: tuple[Finding, ...] = ()
    made_good: int | None = None
    closed: dict[str, Any] | None = None
    tally: Tallied | None = None
    closing: tuple[Any, ...] | None = None
    key: KeyFact | None = None


def meaning_of(entry: Placed, body: Body, prover: TokenProver) -> Meaning | None:
    """Return what an entry with this `body` says, None where it cannot be booked."""
    try:
        return _OF_KIND.get(entry.kind, _only_counted)(entry, body, prover)
    except NOT_READ:
        return None  # kept, told, and booked nowhere


def _only_counted(entry: Placed, body: Body, _prover: TokenProver) -> Meaning:
    return Meaning(body, tally=tallied(entry, body), closing=closing_of(entry, body))


def _reprint(entry: Placed, body: Body, _prover: TokenProver) -> Meaning:
    return Meaning(body, reprint=_whole(body["sale_seq"]), tally=tallied(entry, body))


def _sale(entry: Placed, body: Body, prover: TokenProver) -> Meaning:
    meter = body["meter"]
    row = (
        _text(body["sale_id"]),
        _text(body["receipt"]),
        _whole(body["at_ms"]),
        day_of(_whole(body["at_ms"]), _whole(body["offset_minutes"])),
        _text(meter["drn"], 20),
        _text(body["operator"]),
        _whole(body.get("shift", 0)),
        _text(meter["utility"]),
        _text(body["tariff"]),
        _whole(body["tariff_version"]),
        _text(body["currency"], 3),
        _small(body["decimals"]),
        _amount(body["total_minor"]),
        _amount(body["tenths"]),
        _text(meter["unit"], 20),
        bool(body["training"]),
    )
    tokens, findings = _tokens_of_sale(entry, body, prover)
    tally = of_sale(row, tokens, body)
    key = given(body, _proof_of_change(tokens))
    return Meaning(body, row, tuple(tokens), findings=tuple(findings), tally=tally, key=key)


def counted_of_sale(body: Body) -> Body:
    """Return what `books.count` counts of a sale: a small part, which costs less on its way."""
    try:
        counted = {name: body[name] for name in _COUNTED}
        counted["tenders"] = [{"kind": each["kind"]} for each in body["tenders"]]
    except NOT_READ:
        return body
    return counted


def _tokens_of_sale(
    entry: Placed, body: Body, prover: TokenProver
) -> tuple[list[tuple[Any, ...]], list[Finding]]:
    """Return the tokens of a sale and of its key change, and what differs."""
    meter, tokens = body["meter"], body["tokens"]
    made: list[tuple[Any, ...]] = []
    found: list[Finding] = []
    for position, token in enumerate(tokens):
        proof = prover.proof(meter, token)
        made.append(_token_row(position, meter["drn"], token, proof))
        if proof == DIFFERS:
            found.append(_differing(entry, str(position), body, token["digits"]))
    units = sum(each[4] for each in made)
    found += _over(
        entry, body, units, _amount(body["tenths"]) + _amount(body.get("free_tenths", 0))
    )
    change = body.get("key_change")
    if change:
        proof = prover.proof_of_change(meter, change)
        named = {"kind": _KEY_CHANGE, "minute": 0, "tenths": 0}
        made += [
            _token_row(position, meter["drn"], named, proof)
            for position in range(len(tokens), len(tokens) + len(change["digits"]))
        ]
        if proof == DIFFERS:
            found.append(_differing(entry, "key", body, change["digits"][0]))
    return made, found


def _act(entry: Placed, body: Body, prover: TokenProver) -> Meaning:
    """Return the tokens of an act of the engineering desk, each worked out again."""
    drn = "" if body["meter"] is None else _text(body["meter"]["drn"], 20)
    made: list[tuple[Any, ...]] = []
    found: list[Finding] = []
    for position, token in enumerate(body["tokens"]):
        proof = prover.proof_of_act(body, position)
        made.append(_token_row(position, drn, token, proof))
        if proof == DIFFERS:
            found.append(_differing(entry, str(position), body, token["digits"]))
    found += _over(entry, body, sum(each[4] for each in made), _amount(body["tenths"]))
    for_sale = entry.kind == "replacement" and not body["from_drn"]
    good = _whole(body["sale_seq"]) if for_sale else None
    tally = tallied(entry, body)
    return Meaning(body, tokens=tuple(made), findings=tuple(found), made_good=good, tally=tally)


def _proof_of_change(tokens: list[tuple[Any, ...]]) -> str:
    return next((str(row[-1]) for row in tokens if row[3] == _KEY_CHANGE), NOT_PROVEN)


def _key_shown(entry: Placed, body: Body, _prover: TokenProver) -> Meaning:
    return Meaning(body, key=shown(body, entry.at_ms))


def _redress(entry: Placed, body: Body, _prover: TokenProver) -> Meaning:
    return Meaning(body, made_good=_whole(body["sale_seq"]), tally=tallied(entry, body))


def _day_seal(_: Placed, body: Body, _prover: TokenProver) -> Meaning:
    """Return which business day of a till was closed, with its sums by currency."""
    sums = [
        {"currency": _text(each["currency"], 3), "sales": _amount(each["sales"]),
         "total_minor": _amount(each["total_minor"])}
        for each in body["sums"]
    ]  # fmt: skip
    span = {name: _whole(body[name]) for name in ("seal", "first_seq", "last_seq")}
    return Meaning(body, closed={"day": _text(body["day"], 10), **span, "sums": sums})


def _token_row(position: int, drn: str, token: Body, proof: str) -> tuple[Any, ...]:
    minute, kind = _whole(token["minute"]), _text(token["kind"], 40)
    return position, drn, minute, kind, _amount(token["tenths"]), proof


def _differing(entry: Placed, mark: str, body: Body, digits: object) -> Finding:
    evidence = {
        "receipt": body["receipt"],
        "drn": body["meter"]["drn"] if body["meter"] else "",
        "digits": f"… {str(digits)[-4:]}",
    }
    return Finding(FindingKind.TOKEN_DIFFERS, f"{entry.seq} {mark}", entry.seq, evidence)


def _over(entry: Placed, body: Body, units: int, most: int) -> Iterator[Finding]:
    if units > most:
        evidence = {"receipt": body["receipt"], "units": _units(units), "most": _units(most)}
        yield Finding(FindingKind.TOKENS_OVER_ENTRY, str(entry.seq), entry.seq, evidence)


def _units(tenths: int) -> str:
    return f"{tenths // 10}.{tenths % 10}"


_OF_KIND: Final[dict[str, Callable[[Placed, Body, TokenProver], Meaning]]] = {
    "sale": _sale,
    "reprint": _reprint,
    "day_seal": _day_seal,
    "meter_key_shown": _key_shown,
    **dict.fromkeys(ACTS, _act),
    **dict.fromkeys(REDRESS, _redress),
}


def _text(value: object, longest: int = 200) -> str:
    if not isinstance(value, str) or len(value) > longest or "\0" in value:
        raise ValueError(type(value).__name__)
    return value


def _whole(value: object) -> int:
    """Return a number that every database holds."""
    number = value if type(value) is int else int(str(value))
    if not -LARGEST_INTEGER <= number <= LARGEST_INTEGER:
        raise ValueError(number)
    return number


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
