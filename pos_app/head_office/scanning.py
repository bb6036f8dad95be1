"""Sales of a lost till, rebuilt from the codes on its receipts.

A code is the till's signed word (`pos_app.exchange.compact`). It counts as a sale until the entry
itself comes, and never beside it. What a code does not say is taken from other sales: the day by
the offset from UTC of the till's newest sale, the unit by the meter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from pos_app.exchange.compact import CompactSale, named_till, read_compact
from pos_app.exchange.errors import NotCanonical
from pos_app.head_office.currencies import decimals_of
from pos_app.head_office.errors import ScanForeign, ScanForged, ScanUnreadable
from pos_app.head_office.findings import Finding, FindingKind
from pos_app.head_office.office import Office
from pos_app.head_office.shop_day import day_of
from pos_app.head_office.store import journals, packs, receipts, rows, tills
from pos_app.head_office.store.engine import Act

REBUILT: Final = "rebuilt"
AGAIN: Final = "again"
BOOKED: Final = "booked"
"""What became of a code: a new sale; one that was scanned before; one whose entry is here."""

_UNITS: Final = {"electricity": "kWh", "water": "m³", "gas": "m³", "time": "min"}
_LARGEST: Final = 10**13
_LONGEST_CODE: Final = 2000
_SAME: Final = ("total_minor", "tenths", "drn", "currency")

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Scanning:
    """Takes scanned codes."""

    office: Office

    def __call__(self, text: str, by: str) -> Row:
        """Take one code and return its sale with `outcome`; a code that came before is harmless.

        Raises `ScanUnreadable`, `ScanForeign` for a till that is not enrolled here, or
        `ScanForged` where the till's key did not sign it.
        """
        code = "".join(text.split()).upper()
        name = _named(code)
        now_ms = self.office.clock.now_ms()
        with self.office.store.writing() as act:
            journals.take_turn(act, name)
            till = tills.till_of(act, name)
            if till is None:
                raise ScanForeign(till=name[:40])
            try:
                said = read_compact(code, till.public)
            except NotCanonical:
                raise ScanForged(till=name[:40]) from None
            row = self._row(act, _checked(said), training=till.mode == "training")
            row |= {"scanned_ms": now_ms, "scanned_by": by, "settled_ms": None}
            outcome = self._keep(act, row, now_ms)
            if outcome == REBUILT:
                self.office.log(act, by, "sale-rebuilt", name, receipt=row["receipt"])
        return row | {"outcome": outcome}

    def settle(self, name: str) -> int:
        """Look which rebuilt sales of a till have their entries now; return how many."""
        now_ms, settled = self.office.clock.now_ms(), 0
        with self.office.store.reading() as act:
            if not receipts.open_of(act, name):
                return 0
        with self.office.store.writing() as act:
            journals.take_turn(act, name)
            for row in receipts.open_of(act, name):
                found = receipts.booked(act, name, row["seq"], row["seal"])
                rows.add_findings(act, name, list(_differing(act, row, found)), now_ms)
                if found is not None:
                    receipts.settle(act, row, now_ms)
                    settled += 1
        return settled

    def _keep(self, act: Act, row: Row, now_ms: int) -> str:
        found = receipts.booked(act, row["till"], row["seq"], row["seal"])
        rows.add_findings(act, row["till"], list(_differing(act, row, found)), now_ms)
        if found is not None:
            return BOOKED
        return REBUILT if receipts.add(act, row) else AGAIN

    def _row(self, act: Act, said: CompactSale, *, training: bool) -> Row:
        unit, places = receipts.like(act, said.drn, said.currency)
        if unit is None:
            meter = packs.meter_of(act, said.drn) or {}
            unit = _UNITS.get(str(meter.get("commodity", "")), "")
        at_ms = said.at_s * 1000
        return {
            "till": said.till,
            "seq": said.seq,
            "seal": bytes.fromhex(said.seal),
            "receipt": f"{said.till}-{_letters(said.series)}{said.number:06d}",
            "at_ms": at_ms,
            "day": day_of(at_ms, receipts.offset_of(act, said.till)),
            "drn": said.drn,
            "operator": said.operator,
            "tariff": said.tariff,
            "tariff_version": said.tariff_version,
            "currency": said.currency,
            "decimals": decimals_of(said.currency) if places is None else places,
            "total_minor": said.total_minor,
            "tenths": said.tenths,
            "unit": unit,
            "training": training,
            "tid": said.tid,
        }


def _named(code: str) -> str:
    if len(code) > _LONGEST_CODE:
        raise ScanUnreadable
    try:
        return named_till(code)
    except NotCanonical:
        raise ScanUnreadable from None


def _checked(said: CompactSale) -> CompactSale:
    """Return a code's sale if it can be booked; a till can sign anything."""
    texts = (said.operator, said.tariff, said.drn, said.currency)
    numbers = (said.series, said.number, said.tariff_version, said.total_minor, said.tenths)
    fits = (
        all(len(each) <= 100 and each.isprintable() for each in texts)
        and all(0 <= each < _LARGEST for each in (*numbers, said.at_s, said.tid))
        and (len(said.drn) <= 20 and len(said.currency) == 3)
        and 0 < said.seq < _LARGEST
        and len(said.seal) == 2 * receipts.SEAL_BYTES
        and not set(said.seal) - set("0123456789abcdef")
    )
    if not fits or said.series > 100_000:
        raise ScanUnreadable
    return said


def _differing(act: Act, row: Row, found: Row | None) -> Iterator[Finding]:
    """Yield what a receipt says against the journal: other figures, or another entry there."""
    evidence = {"receipt": row["receipt"], "seq": row["seq"]}
    mark = f"{row['seq']} {row['seal'].hex()}"
    if found is not None:
        wrong = [name for name in _SAME if row[name] != found[name]]
        if wrong:
            told = evidence | {"what": ", ".join(wrong)}
            yield Finding(FindingKind.RECEIPT_DIFFERS, mark, row["seq"], told)
    elif receipts.another_there(act, row["till"], row["seq"], row["seal"]):
        yield Finding(FindingKind.RECEIPT_WITHOUT_ENTRY, mark, row["seq"], evidence)


def _letters(series: int) -> str:
    """Return A, B, … Z, AA for series 1, 2, … 26, 27, as receipts have it."""
    letters = ""
    while series > 0:
        series, rest = divmod(series - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
