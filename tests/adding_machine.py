"""An adding machine for shifts: it reads journal bodies and knows nothing else of the program."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pos_app.application.shift_records import ShiftReport

Key = tuple[str, str]
_PLUS, _MINUS = ("float", "cash", "in"), ("out", "drop", "back:cash")
NAMES = {
    "sale": "sale",
    "tender:cash": "cash",
    "tender:card": "card",
    "tender:compensation": "compensation-tender",
    "rounding": "rounding",
    "commission": "commission",
    "line:tax": "tax",
    "float": "float",
    "in": "in",
    "out": "out",
    "drop": "drop",
    "refund": "refund",
    "refunded:cash": "back:cash",
    "refunded:card": "back:card",
    "compensation": "compensation",
}
"""The report's name of a sum -> this machine's."""


@dataclass
class AddingMachine:
    """Sums of every shift by (currency, name), counts of what happened, the sums of all time."""

    sums: dict[int, Counter[Key]] = field(default_factory=dict)
    times: dict[int, Counter[Key]] = field(default_factory=dict)
    receipts: defaultdict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    counted: defaultdict[int, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    sold: Counter[str] = field(default_factory=Counter)
    sales: Counter[str] = field(default_factory=Counter)
    days: Counter[Key] = field(default_factory=Counter)
    totals: dict[str, int] = field(default_factory=dict)
    given: dict[str, int] = field(default_factory=dict)

    def take(self, kind: str, body: dict[str, Any]) -> None:
        """Add an entry."""
        if kind == "sale":
            self._sale(body)
        elif kind in {"refund", "compensation"}:
            self._redress(kind, body)
        elif kind in {"reprint", "drawer_opened"} and body["shift"]:
            self._add(body["shift"], "", kind, 0)
        elif kind in {"shift_opened", "shift_counted", "cash_moved"}:
            self._drawer(kind, body)

    def _drawer(self, kind: str, body: dict[str, Any]) -> None:
        shift = body["shift"]
        if kind == "shift_opened":
            self.sums[shift], self.times[shift] = Counter(), Counter()
        if kind == "cash_moved":
            self._add(shift, body["currency"], body["kind"], body["amount_minor"])
        for part in body.get("float", ()):
            self._add(shift, part["currency"], "float", part["amount_minor"])
        for part in body.get("counts", ()):
            assert part["expected_minor"] == self.expected(shift, part["currency"])
            self.counted[shift][part["currency"]] = part["counted_minor"]

    def expected(self, shift: int, currency: str) -> int:
        """Return what must be in the drawer."""
        sums = self.sums[shift]
        plus = sum(sums[currency, name] for name in _PLUS)
        return plus - sum(sums[currency, name] for name in _MINUS)

    def compare(self, report: ShiftReport) -> None:
        """Fail unless a Z says, to the coin and the count, what this machine says."""
        shift = report.shift
        theirs = {(each.currency, each.name): each for each in report.tallies}
        for currency in {each.currency for each in report.tallies if each.currency}:
            for name, ours in NAMES.items():
                found = theirs.get((currency, name))
                amount, times = (found.amount, found.times) if found else (0, 0)
                assert amount == self.sums[shift][currency, ours], (shift, currency, name)
                if ours not in {"rounding", "commission"}:
                    assert times == self.times[shift][currency, ours], (shift, currency, name)
        for name, ours in (("reprint", "reprint"), ("drawer-opened", "drawer_opened")):
            found = theirs.get(("", name))
            assert (found.times if found else 0) == self.times[shift]["", ours]
        self._compare_drawer(report)
        ends = self.receipts[shift]
        expected = (ends[0], ends[-1]) if ends else ("", "")
        assert (report.first_receipt, report.last_receipt) == expected
        grand = {each.total.currency.code: (each.sales, each.total.minor) for each in report.grand}
        assert grand == {code: (self.sales[code], self.sold[code]) for code in self.sold}

    def _compare_drawer(self, report: ShiftReport) -> None:
        shift = report.shift
        for line in report.drawer:
            code = line.expected.currency.code
            assert line.expected.minor == self.expected(shift, code)
            if line.counted is not None:
                assert line.counted.total.minor == self.counted[shift][code]

    def _add(self, shift: int, currency: str, name: str, amount: int, times: int = 1) -> None:
        self.sums[shift][currency, name] += amount
        self.times[shift][currency, name] += times

    def _sale(self, body: dict[str, Any]) -> None:
        shift, code = body["shift"], body["currency"]
        for kind, ours in (
            ("cash", "cash"),
            ("card", "card"),
            ("compensation", "compensation-tender"),
        ):
            paid = [part["amount_minor"] for part in body["tenders"] if part["kind"] == kind]
            back = body["change_minor"] if kind == "cash" else 0
            self._add(shift, code, ours, sum(paid) - back, len(paid))
        self._add(shift, code, "sale", body["total_minor"])
        self._add(shift, code, "rounding", body["rounding_minor"])
        self._add(shift, code, "commission", body["commission_minor"])
        tax = [part["amount_minor"] for part in body["lines"] if part["kind"] == "tax"]
        self._add(shift, code, "tax", sum(tax), len(tax))
        self.receipts[shift].append(body["receipt"])
        self.sold[code] += body["total_minor"]
        self.sales[code] += 1
        self.totals[body["receipt"]] = body["due_minor"]
        self.days[wall_day(body["at_ms"], body["offset_minutes"]), code] += body["total_minor"]

    def _redress(self, kind: str, body: dict[str, Any]) -> None:
        shift, code, amount = body["shift"], body["currency"], body["amount_minor"]
        assert body["receipt"] not in self.given, "put right twice"
        assert 0 < amount <= max(self.totals[body["receipt"]], body["total_minor"])
        assert body["operator"] != body["approver"]
        self.given[body["receipt"]] = amount
        self._add(shift, code, kind, amount)
        if kind == "refund":
            assert sum(part["amount_minor"] for part in body["parts"]) == amount
            self._add(shift, code, "commission", -body["commission_minor"])
        for part in body["parts"]:
            self._add(shift, code, f"back:{part['kind']}", part["amount_minor"])


def wall_day(at_ms: int, offset_minutes: int) -> str:
    """Return the day on a wall clock (the proleptic Gregorian calendar, counted by hand).

    Source: the civil-from-days algorithm, H. Hinnant, "chrono-Compatible Low-Level Date
    Algorithms".
    """
    days = (at_ms + offset_minutes * 60_000) // 86_400_000 + 719_468
    era, of_era = divmod(days, 146_097)
    year = (of_era - of_era // 1460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    month = (5 * of_year + 2) // 153
    day = of_year - (153 * month + 2) // 5 + 1
    civil = month + 3 if month < 10 else month - 9
    return f"{year + era * 400 + (civil <= 2):04d}-{civil:02d}-{day:02d}"


def months_of(days: Counter[Key]) -> Iterator[str]:
    """Yield the months that were sold in."""
    yield from sorted({day[:7] for day, _ in days})
