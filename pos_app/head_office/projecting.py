"""What follows from one entry: rows of sales and tokens, and findings. Nothing is stored here.

Tokens stand in the rows of their entry in the order of entry at the meter, but for those of a key
change, which come after the sale's own; without an identifier `minute` is 0.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from pos_app.domain.errors import PosError
from pos_app.exchange.chain import Entry
from pos_app.head_office.books import Body, Books, Grants, count
from pos_app.head_office.findings import Finding, FindingKind
from pos_app.head_office.making_good import ACTS, REDRESS
from pos_app.head_office.proving import DIFFERS, TokenProver

AHEAD_MS: Final = 10 * 60_000
"""How far a till's clock may be ahead of the server's."""
_DAY_MS: Final = 86_400_000
_LARGEST_AMOUNT: Final = 10**13
TOKEN_KINDS: Final = frozenset({"sale"}) | ACTS
"""The entries that have tokens."""
_NOT_READ: Final = (
    ArithmeticError, AttributeError, LookupError, OSError, PosError, TypeError, ValueError,
)  # fmt: skip


@dataclass(slots=True)
class Followed:
    """What followed from some entries, in the columns of their tables after the till's name."""

    sales: list[tuple[Any, ...]] = field(default_factory=list)
    tokens: list[tuple[Any, ...]] = field(default_factory=list)
    reprints: list[tuple[int, int, int]] = field(default_factory=list)
    made_good: list[tuple[int, int, int]] = field(default_factory=list)
    closed: list[dict[str, Any]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def add(self, other: Followed) -> None:
        """Add what followed from another entry."""
        self.sales += other.sales
        self.tokens += other.tokens
        self.reprints += other.reprints
        self.made_good += other.made_good
        self.closed += other.closed
        self.findings += other.findings


class Unreadable(Exception):
    """An entry is genuine and cannot be booked; the reason is only that."""


@dataclass(frozen=True, slots=True)
class Projector:
    """Works out what an entry means; `grants` are what the till was allowed."""

    prover: TokenProver
    grants: Grants
    now_ms: int

    def follow(self, entry: Entry, on: int, books: Books, before_ms: int, into: Followed) -> None:
        """Add what follows from `entry` on branch `on`; raises `Unreadable`, adding nothing."""
        got = Followed()
        kept = json.dumps(books)
        try:
            body = json.loads(entry.body)
            got.findings += self._of_clock(entry, before_ms)
            got.findings += count(books, entry, body, self.grants)
            _ROWS.get(entry.kind, _nothing)(self, entry, on, body, got)
        except _NOT_READ as why:
            # A till can sign anything: what cannot be read is kept, told, and booked nowhere.
            books.clear()
            books.update(json.loads(kept))
            raise Unreadable from why
        into.add(got)

    def tokens_of(self, entry: Entry, on: int, into: Followed) -> None:
        """Add the tokens of an entry of `TOKEN_KINDS` and what is found of them; as `follow`."""
        got = Followed()
        try:
            body = json.loads(entry.body)
            if entry.kind == "sale":
                self.tokens_of_sale(entry, on, body, got)
            else:
                self.act(entry, on, body, got)
        except _NOT_READ as why:
            raise Unreadable from why
        into.add(got)

    def _of_clock(self, entry: Entry, before_ms: int) -> Iterator[Finding]:
        if entry.at_ms < before_ms and entry.kind != "clock_settled":
            evidence = {"at_ms": entry.at_ms, "before_ms": before_ms}
            yield Finding(FindingKind.CLOCK_BACK, str(entry.seq), entry.seq, evidence)
        if entry.at_ms > self.now_ms + AHEAD_MS:
            evidence = {"at_ms": entry.at_ms, "now_ms": self.now_ms}
            day = str(entry.at_ms // _DAY_MS)
            yield Finding(FindingKind.CLOCK_AHEAD, day, entry.seq, evidence)

    def sale(self, entry: Entry, on: int, body: Body, got: Followed) -> None:
        """Add the rows of a sale and prove its tokens."""
        meter = body["meter"]
        got.sales.append((
            entry.seq,
            on,
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
        ))  # fmt: skip
        self.tokens_of_sale(entry, on, body, got)

    def tokens_of_sale(self, entry: Entry, on: int, body: Body, got: Followed) -> None:
        """Add the tokens of a sale, and of its key change, each worked out again."""
        meter, tokens = body["meter"], body["tokens"]
        for position, token in enumerate(tokens):
            proof = self.prover.proof(meter, token)
            got.tokens.append(_token_row(entry, on, position, meter["drn"], token, proof))
            got.findings += _differing(entry, str(position), body, token["digits"], proof)
        units = sum(_amount(each["tenths"]) for each in tokens)
        most = _amount(body["tenths"]) + _amount(body.get("free_tenths", 0))
        got.findings += _over(entry, body, units, most)
        change = body.get("key_change")
        if change:
            proof = self.prover.proof_of_change(meter, change)
            for position, digits in enumerate(change["digits"], len(tokens)):
                named = {"digits": digits, "kind": "key-change", "minute": 0, "tenths": 0}
                got.tokens.append(_token_row(entry, on, position, meter["drn"], named, proof))
            got.findings += _differing(entry, "key", body, change["digits"][0], proof)

    def act(self, entry: Entry, on: int, body: Body, got: Followed) -> None:
        """Add the tokens of an act of the engineering desk, each worked out again."""
        drn = "" if body["meter"] is None else _text(body["meter"]["drn"], 20)
        for position, token in enumerate(body["tokens"]):
            proof = self.prover.proof_of_act(body, position)
            got.tokens.append(_token_row(entry, on, position, drn, token, proof))
            got.findings += _differing(entry, str(position), body, token["digits"], proof)
        units = sum(_amount(each["tenths"]) for each in body["tokens"])
        got.findings += _over(entry, body, units, _amount(body["tenths"]))
        if entry.kind == "replacement" and not body["from_drn"]:
            got.made_good.append((entry.seq, on, int(body["sale_seq"])))

    def redress(self, entry: Entry, on: int, body: Body, got: Followed) -> None:
        """Note which sale a refund or a compensation is for."""
        got.made_good.append((entry.seq, on, int(body["sale_seq"])))

    def reprint(self, entry: Entry, on: int, body: Body, got: Followed) -> None:
        """Note which sale a slip was printed again for."""
        got.reprints.append((entry.seq, on, int(body["sale_seq"])))

    def day_seal(self, entry: Entry, _on: int, body: Body, got: Followed) -> None:
        """Note which business day of a till was closed, with its sums by currency."""
        sums = [
            {"currency": _text(each["currency"], 3), "sales": _amount(each["sales"]),
             "total_minor": _amount(each["total_minor"])}
            for each in body["sums"]
        ]  # fmt: skip
        span = {name: int(body[name]) for name in ("seal", "first_seq", "last_seq")}
        got.closed.append({"seq": entry.seq, "day": _text(body["day"], 10), **span, "sums": sums})


def _nothing(_: Projector, _entry: Entry, _on: int, _body: Body, _got: Followed) -> None:
    """Add no rows: the entry is kept and makes none."""


_ROWS: Final[dict[str, Callable[[Projector, Entry, int, Body, Followed], None]]] = {
    "sale": Projector.sale,
    "reprint": Projector.reprint,
    "day_seal": Projector.day_seal,
    **dict.fromkeys(ACTS, Projector.act),
    **dict.fromkeys(REDRESS, Projector.redress),
}


def day_of(at_ms: int, offset_minutes: int) -> str:
    """Return the day (``YYYY-MM-DD``) of an instant in a place `offset_minutes` ahead of UTC."""
    return datetime.fromtimestamp(at_ms // 1000 + offset_minutes * 60, UTC).date().isoformat()


def _token_row(  # noqa: PLR0913, PLR0917 - the columns of a token
    entry: Entry, on: int, position: int, drn: str, token: Body, proof: str
) -> tuple[Any, ...]:
    row = (entry.seq, on, position, drn, int(token["minute"]))
    return (*row, _text(token["kind"], 40), _amount(token["tenths"]), proof)


def _differing(
    entry: Entry, mark: str, body: Body, digits: object, proof: str
) -> Iterator[Finding]:
    if proof == DIFFERS:
        evidence = {
            "receipt": body["receipt"],
            "drn": body["meter"]["drn"] if body["meter"] else "",
            "digits": _masked(str(digits)),
        }
        yield Finding(FindingKind.TOKEN_DIFFERS, f"{entry.seq} {mark}", entry.seq, evidence)


def _over(entry: Entry, body: Body, units: int, most: int) -> Iterator[Finding]:
    if units > most:
        evidence = {"receipt": body["receipt"], "units": _units(units), "most": _units(most)}
        yield Finding(FindingKind.TOKENS_OVER_ENTRY, str(entry.seq), entry.seq, evidence)


def _units(tenths: int) -> str:
    return f"{tenths // 10}.{tenths % 10}"


def _text(value: object, longest: int = 200) -> str:
    if not isinstance(value, str) or len(value) > longest or "\0" in value:
        raise ValueError(type(value).__name__)
    return value


def _amount(value: object) -> int:
    """Return an amount that can be summed: so many cents no shop ever sold for."""
    number = int(str(value))
    if not 0 <= number <= _LARGEST_AMOUNT:
        raise ValueError(number)
    return number


def _small(value: object) -> int:
    number = int(str(value))
    if not 0 <= number <= 9:
        raise ValueError(number)
    return number


def _masked(digits: str) -> str:
    return f"… {digits[-4:]}"
