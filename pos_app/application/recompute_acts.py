"""Working the desk's acts out again: free issues, replacements, exchanges, engineering, bulk lists.

Sales are `recompute`'s. What an act gave away must be what its token carries, and follow from what
it was given for: the sale that a replacement repeats, the credit that a swap noted. Entries are
told in the order of the journal; only what later ones may refer to is kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from pos_app.application.engineering_records import (
    ENGINEERING,
    FREE_ISSUE,
    KINDS,
    REPLACEMENT,
    DeskRecord,
)
from pos_app.application.fault_reports import ENTRY as METER_ACT
from pos_app.application.given_credit import Credit, credit_of_sale
from pos_app.application.recompute import Difference, Pair
from pos_app.application.sale import Sale, SaleToken
from pos_app.application.shop_time import month_of
from pos_app.domain.engineering import GIVING, TWO_PERSONS, DeskAct
from pos_app.domain.errors import PosError
from pos_app.domain.meter_life import Act
from pos_app.domain.tid import to_base
from pos_app.exchange.chain import Entry
from pos_app.sts.amounts import encodable_currency, encodable_units

BULK_STARTED: Final = "bulk_started"
BULK_ENDED: Final = "bulk_ended"
_KIND_OF: Final = {
    DeskAct.FREE_ISSUE: FREE_ISSUE,
    DeskAct.REPLACEMENT: REPLACEMENT,
    DeskAct.EXCHANGE: REPLACEMENT,
}
_OF_BULK: Final = re.compile(r"bulk-[0-9a-f]{32}-[0-9]+-[0-9]+")
_Told = tuple[str, Iterable[Pair]]
"""What an entry is called, and what must stand there beside what does."""


@dataclass(slots=True)
class ActRecomputing:
    """`sale_of` returns the sale of an earlier entry, None where that is none."""

    sale_of: Callable[[int], Sale | None]
    _number: int = 0
    _swaps: dict[str, tuple[str, Credit]] = field(default_factory=dict)
    _carried: set[str] = field(default_factory=set)
    _replaced: set[int] = field(default_factory=set)
    _runs: dict[str, int] = field(default_factory=dict)

    def differences(self, entry: Entry) -> tuple[Difference, ...] | None:
        """Return where an entry does not follow; None for one that gives nothing to follow."""
        tells: dict[str, Callable[[Entry], _Told | None]] = {
            METER_ACT: self._swapped,
            BULK_STARTED: self._begun,
            BULK_ENDED: self._ended,
            **dict.fromkeys(KINDS, self._act),
        }
        tell = tells.get(entry.kind)
        if tell is None:
            return None
        named = f"journal entry {entry.seq}"
        try:
            pairs = tell(entry)
            if pairs is None:
                return None
            named, found = pairs
            differing = [pair for pair in found if pair[1] != pair[2]]
        except (ArithmeticError, AttributeError, KeyError, LookupError, PosError, TypeError,
                ValueError) as nonsense:  # fmt: skip
            # A signed entry can hold anything: what cannot even be read follows from nothing.
            return (Difference(named, "entry", entry.kind, type(nonsense).__name__, entry.seq),)
        return tuple(Difference(named, *pair, entry.seq) for pair in differing)

    def sold(self, sale: Sale) -> tuple[Pair, ...]:
        """Count a sale of a bulk list; one of a list that nobody began does not follow."""
        if not _OF_BULK.fullmatch(sale.sale_id):
            return ()
        name = sale.sale_id.rpartition("-")[0]
        if name not in self._runs:
            return (("bulk list", "begun", "not begun"),)
        self._runs[name] += 1
        return ()

    def _begun(self, entry: Entry) -> None:
        self._runs[_run_name(entry.reading())] = 0

    def _ended(self, entry: Entry) -> _Told:
        body = entry.reading()
        sold = self._runs[_run_name(body)]
        rows: list[Pair] = [("rows sold", str(sold), str(body["sold"]))]
        return f"bulk list {body['sha256'][:8]}", rows

    def _swapped(self, entry: Entry) -> None:
        body = entry.reading()
        if body["act"] != Act.SWAP.value:
            return
        for life in body["lives"]:
            if life["replaces"]:
                fine = int(life.get("credit_fine", 0))
                credit = Credit(encodable_units(int(life["credit_tenths"])), fine)
                self._swaps[life["drn"]] = life["replaces"], credit

    def _act(self, entry: Entry) -> _Told:
        record = DeskRecord.from_body(entry.reading(), entry.seq)
        return record.receipt or f"journal entry {entry.seq}", self._of_record(record, entry)

    def _of_record(self, record: DeskRecord, entry: Entry) -> Iterator[Pair]:
        act = DeskAct(record.act)
        self._number += 1
        yield "kind", _KIND_OF.get(act, ENGINEERING), entry.kind
        yield "number", str(self._number), str(record.number)
        self._number = record.number
        yield "month", month_of(record.at_ms, record.offset_minutes), record.month
        if act in TWO_PERSONS:
            two = bool(record.approver) and record.approver != record.operator
            yield "second person", "somebody else", "somebody else" if two else "nobody"
        yield from _minutes(record)
        if act in GIVING:
            yield from self._given(act, record)
        else:
            yield from _engineering(record)

    def _given(self, act: DeskAct, record: DeskRecord) -> Iterator[Pair]:
        given = Credit(record.tenths, record.fine, record.currency if record.fine else "")
        unit = record.meter.unit if record.meter else ""
        stands = given.text(unit)
        steps = Credit(encodable_units(given.tenths), encodable_currency(given.fine))
        yield "credit", Credit(steps.tenths, steps.fine, given.currency).text(unit), stands
        yield "tokens", _carried([(record.act, given)], unit), _tokens(record, unit)
        if act is DeskAct.REPLACEMENT:
            yield from self._replacement(record, stands, unit)
        elif act is DeskAct.EXCHANGE:
            yield from self._exchange(record, given, unit)

    def _replacement(self, record: DeskRecord, stands: str, unit: str) -> Iterator[Pair]:
        sale = self.sale_of(record.sale_seq) if record.sale_seq < record.seq else None
        if sale is None:
            yield "sale", record.for_receipt, "no sale"
            return
        yield "sale", sale.receipt, record.for_receipt
        yield "meter", sale.meter.drn, record.drn
        yield "credit of the sale", credit_of_sale(sale).text(unit), stands
        before = "replaced before" if record.sale_seq in self._replaced else "once"
        yield "replaced", "once", before
        self._replaced.add(record.sale_seq)

    def _exchange(self, record: DeskRecord, given: Credit, unit: str) -> Iterator[Pair]:
        old, noted = self._swaps.get(record.drn, ("", Credit()))
        yield "old meter", old or "swapped", record.from_drn if old else "not swapped"
        most = Credit(noted.tenths, noted.fine, given.currency)
        if given.above(most):
            yield "noted credit", most.text(unit), given.text(unit)
        before = "carried before" if record.from_drn in self._carried else "once"
        yield "carried", "once", before
        self._carried.add(record.from_drn)


def _run_name(body: dict[str, Any]) -> str:
    return f"bulk-{body['sha256'][:32]}-{body['run']}"


def _minutes(record: DeskRecord) -> Iterator[Pair]:
    """Yield each token's identifier, which follows from its minute and the meter's base date."""
    for token in record.tokens:
        if token.minute and record.meter is not None:
            yield "TID", str(to_base(token.minute, record.meter.base)), str(token.tid)


def _engineering(record: DeskRecord) -> Iterator[Pair]:
    """Yield what follows of an act that gives nothing: no credit, and figures that agree."""
    facts = record.facts
    names = facts.get("tests", [record.act])
    yield "tokens", str(len(names)), str(len(record.tokens))
    yield "credit", "0", str(record.tenths + record.fine)
    yield "units on tokens", "0", str(sum(each.tenths + each.fine for each in record.tokens))
    if "watts" in facts:
        yield "watts", str(encodable_units(_meant(facts))), str(facts["watts"])
    if "word" in facts and "index" in facts:
        yield "index", str(int(facts["word"]) >> 10), str(facts["index"])


def _meant(facts: dict[str, Any]) -> int:
    """Return the watts that were meant: by amperes and volts where they were typed so."""
    if "amperes" not in facts:
        return int(facts["watts"])
    return int(Decimal(facts["amperes"]) * facts["volts"] * facts["phases"] + Decimal("0.5"))


def _tokens(record: DeskRecord, unit: str) -> str:
    return _carried([(each.kind, _on(each, record.currency)) for each in record.tokens], unit)


def _on(token: SaleToken, currency: str) -> Credit:
    return Credit(token.tenths, token.fine, currency if token.fine else "")


def _carried(tokens: list[tuple[str, Credit]], unit: str) -> str:
    """Return what tokens carry; no digits."""
    return ", ".join(f"{kind} {credit.text(unit)}" for kind, credit in tokens)
