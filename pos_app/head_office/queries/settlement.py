"""Settlement: what tills took over some days, what of it is owed, what is at the bank.

Plain values for JSON, pages and tables. Amounts are minor units of their currency, units tenths;
what was given back is below zero. Training and earnest, and currencies, are never added up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, Final

from pos_app.head_office.commission import Earned, TermsBook
from pos_app.head_office.errors import ExportUnfit
from pos_app.head_office.office import Office
from pos_app.head_office.queries.earning import Purse, earned, purse_of
from pos_app.head_office.store import receipts, settling
from pos_app.head_office.store.engine import Act

Row = dict[str, Any]
Days = tuple[str, str]
DAWN: Final = "0000-01-01"
"""Before the first day of any till."""
COUNTED: Final = ("reprint", "act", "shift")
_FINE: Final = 5
_MOST_DAYS: Final = 3660
_FIRST_YEAR: Final = 1970
_BY_TILL: Final = (
    "sale", "refund", "compensation", "deposit", "tender.cash", "change", "refunded", "cash",
    "variance",
)  # fmt: skip


def settlement(office: Office, days: Days, till: str = "") -> Row:
    """Return what the days come to, of one till or of all; raises `ExportUnfit`."""
    asked = read_days(days)
    with office.store.reading() as act:
        book = TermsBook(settling.terms_of(act, till))
        rows = settling.sums(act, asked, till)
        rebuilt = receipts.sums(act, *asked, till)
        kept = earned(act, asked, till, book)
        by_till = settling.sums(act, asked, till, by=("till",), whats=_BY_TILL)
        held = cash_held(act, asked[1], till)
        forked = settling.forked(act, asked, till)
    purses = {purse_of(row) for row in (*rows, *rebuilt) if _is_money(row)}
    return {
        "from": asked[0], "to": asked[1], "till": till,
        "money": sorted(
            (_of_purse(purse, rows, rebuilt, kept, held) for purse in sorted(purses)),
            key=lambda each: (each["training"], -each["sales"]),
        ),
        "free": free_rows(rows),
        "counts": _counts(rows),
        "tills": till_rows(by_till, rebuilt, kept, held),
        "forked": forked,
    }  # fmt: skip


def read_days(days: Days) -> Days:
    """Return days in their form; raises `ExportUnfit` for what is none, or goes backwards."""
    try:
        first, last = (date.fromisoformat(each) for each in days)
    except ValueError:
        raise ExportUnfit(problem="/".join(days)[:40]) from None
    if first.year < _FIRST_YEAR or not 0 <= (last - first).days <= _MOST_DAYS:
        raise ExportUnfit(problem=f"{first}/{last}")
    return first.isoformat(), last.isoformat()


def _is_money(row: Row) -> bool:
    return bool(row["currency"]) and row.get("what") != "free"


def _order(purse: Purse) -> tuple[bool, str, int]:
    """Earnest before training."""
    return purse[2], purse[0], purse[1]


def _of_purse(
    purse: Purse,
    rows: Iterable[Row],
    rebuilt: Iterable[Row],
    kept: dict[tuple[str, Purse], Earned],
    held: dict[tuple[str, Purse], int],
) -> Row:
    currency, decimals, training = purse
    own = [row for row in rows if _is_money(row) and purse_of(row) == purse]
    scanned = [row for row in rebuilt if purse_of(row) == purse]
    found = totals(own, scanned)
    parts = _earned_parts(each for (_, of), each in kept.items() if of == purse)
    found |= {"commission": parts, "commission_minor": sum(parts.values())}
    found["to_settle_minor"] = owed(found)
    return {
        "currency": currency, "decimals": decimals, "training": training, **found,
        "units": _units(own, scanned),
        "tenders": _tenders(own),
        "lines": _named(own, lambda what: what.startswith("line.")),
        "taxes": _taxes(own),
        "tariffs": _named(own, lambda what: what == "tariff"),
        "utilities": _named(own, lambda what: what == "sale"),
        "tokens": _named(own, lambda what: what.startswith("token.")),
        "redress": _named(own, lambda what: what in {"refund", "compensation"}),
        "cash": _cash(own) | {"held_minor": sum(n for (_, of), n in held.items() if of == purse)},
    }  # fmt: skip


def totals(own: Iterable[Row], scanned: Iterable[Row]) -> Row:
    """Return sales, what was given back and what was banked of one kind of money."""
    sums = {name: [0, 0] for name in ("sale", "refund", "compensation", "deposit")}
    for row in own:
        if row["what"] in sums:
            sums[row["what"]][0] += row["times"]
            sums[row["what"]][1] += row["minor"]
    number = sum(row["sales"] for row in scanned)
    minor = sum(row["total_minor"] for row in scanned)
    return {
        "sales": sums["sale"][0] + number,
        "gross_minor": sums["sale"][1] + minor,
        "rebuilt": number,
        "rebuilt_minor": minor,
        "refunds": sums["refund"][0],
        "refunds_minor": sums["refund"][1],
        "compensations": sums["compensation"][0],
        "compensations_minor": sums["compensation"][1],
        "deposits": sums["deposit"][0],
        "deposits_minor": sums["deposit"][1],
    }


def owed(found: Row) -> int:
    """Return what a vendor owes: sales less what was given back, less the commission."""
    back = found["refunds_minor"] + found["compensations_minor"]
    return int(found["gross_minor"] + back - found["commission_minor"])


def _earned_parts(kept: Iterable[Earned]) -> dict[str, int]:
    parts = Earned().parts
    for each in kept:
        for name, minor in each.parts.items():
            parts[name] += minor
    return parts


def _named(own: Iterable[Row], wanted: Callable[[str], bool]) -> list[Row]:
    """Return sums by name and detail, the largest first; units of one name are one kind."""
    names = ("what", "name", "detail", "unit", "times", "minor", "tenths")
    found = [{name: row[name] for name in names} for row in own if wanted(row["what"])]
    return sorted(found, key=lambda row: (-abs(row["minor"]), row["what"], row["name"]))


def _units(own: Iterable[Row], scanned: Iterable[Row]) -> list[Row]:
    sums: dict[str, int] = {}
    for row in own:
        if row["what"] == "sale":
            sums[row["unit"]] = sums.get(row["unit"], 0) + row["tenths"]
    for row in scanned:
        sums[row["unit"]] = sums.get(row["unit"], 0) + row["tenths"]
    return [{"unit": unit, "tenths": sums[unit]} for unit in sorted(sums)]


def _tenders(own: Iterable[Row]) -> list[Row]:
    """Return ways of paying: received, handed back (change is cash), refunded, and kept."""
    sums: dict[str, Row] = {}

    def put(kind: str, name: str, minor: int, times: int = 0) -> None:
        empty = {"kind": kind, "times": 0, "received_minor": 0, "change_minor": 0,
                 "refunded_minor": 0}  # fmt: skip
        held = sums.setdefault(kind, empty)
        held["times"] += times
        held[name] += minor

    for row in own:
        if row["what"].startswith("tender."):
            put(row["what"].removeprefix("tender."), "received_minor", row["minor"], row["times"])
        elif row["what"] == "change" and row["minor"]:
            put("cash", "change_minor", -row["minor"])
        elif row["what"] == "refunded":
            put(row["name"], "refunded_minor", row["minor"])
    found = [
        row | {"kept_minor": row["received_minor"] + row["change_minor"] + row["refunded_minor"]}
        for row in sums.values()
    ]
    return sorted(found, key=lambda row: (-row["kept_minor"], row["kind"]))


def _taxes(own: Iterable[Row]) -> list[Row]:
    """Return each tax with what it was charged on; no name for sales without a tax."""
    sums: dict[tuple[str, str], list[int]] = {}
    for row in own:
        if row["what"] in {"net", "line.tax"}:
            held = sums.setdefault((row["name"], row["detail"]), [0, 0])
            held[row["what"] == "line.tax"] += row["minor"]
    return [
        {"name": name, "percent": percent, "net_minor": net, "tax_minor": tax}
        for (name, percent), (net, tax) in sorted(sums.items())
    ]


_MOVED: Final = {
    ("cash", "in"): "in", ("cash", "out"): "out", ("cash", "drop"): "dropped",
    ("variance", ""): "variance", ("wallet-in", ""): "wallet_in",
    ("wallet-back", ""): "wallet_back", ("rounding", ""): "rounding",
}  # fmt: skip


def _cash(own: Iterable[Row]) -> Row:
    found = dict.fromkeys((f"{each}_minor" for each in _MOVED.values()), 0)
    for row in own:
        name = _MOVED.get((row["what"], row["name"]))
        if name is not None:
            found[f"{name}_minor"] += row["minor"]
    return found


_HELD: Final = {
    ("tender.cash", ""): 1, ("change", ""): -1, ("refunded", "cash"): 1, ("cash", "in"): 1,
    ("cash", "out"): -1, ("variance", ""): 1, ("deposit", ""): -1,
}  # fmt: skip
"""Cash that came to the shop, as the counts of the closes found it, and is not banked."""


def cash_held(act: Act, day: str, till: str) -> dict[tuple[str, Purse], int]:
    """Return the cash takings that no bank batch has taken to the bank by the end of a day."""
    whats = sorted({what for what, _ in _HELD})
    sums: dict[tuple[str, Purse], int] = {}
    for row in settling.sums(act, (DAWN, day), till, by=("till",), whats=whats):
        sign = _HELD.get((row["what"], row["name"]), 0)
        key = row["till"], purse_of(row)
        sums[key] = sums.get(key, 0) + sign * row["minor"]
    return sums


def free_rows(rows: Iterable[Row]) -> list[Row]:
    """Return what was given without money by reason: tenths, or money where a meter counts it."""
    return [
        {"reason": row["name"], "unit": row["unit"], "training": bool(row["training"]),
         "times": row["times"], "tenths": row["tenths"], "fine": row["minor"],
         "money": row["decimals"] == _FINE and row["minor"] > 0}
        for row in rows if row["what"] == "free"
    ]  # fmt: skip


def _counts(rows: Iterable[Row]) -> list[Row]:
    names = ("what", "name", "detail", "times")
    return [
        {name: row[name] for name in names} | {"training": bool(row["training"])}
        for row in rows if row["what"] in COUNTED
    ]  # fmt: skip


def till_rows(
    by_till: Iterable[Row],
    rebuilt: Iterable[Row],
    kept: dict[tuple[str, Purse], Earned],
    held: dict[tuple[str, Purse], int],
) -> list[Row]:
    """Return a row for each till and kind of money, by till."""
    own: dict[tuple[str, Purse], list[Row]] = {}
    scanned: dict[tuple[str, Purse], list[Row]] = {}
    for row in by_till:
        own.setdefault((row["till"], purse_of(row)), []).append(row)
    for row in rebuilt:
        scanned.setdefault((row["till"], purse_of(row)), []).append(row)
    found = []
    for key in sorted({*own, *scanned}, key=lambda each: (each[0], _order(each[1]))):
        name, (currency, decimals, training) = key
        row = {"till": name, "currency": currency, "decimals": decimals, "training": training}
        row |= totals(own.get(key, ()), scanned.get(key, ()))
        row["commission_minor"] = kept[key].total if key in kept else 0
        found.append(row | {"to_settle_minor": owed(row), "held_minor": held.get(key, 0)})
    return found
