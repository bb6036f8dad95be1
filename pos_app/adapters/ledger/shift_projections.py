"""Projections of shifts and batches: rows of ``tally`` and what is open.

All tallies of the newest shift and the till's totals are neighbours in one page of the file, so a
sale that moves ten of them writes one page more. A closed batch's tallies stand in its closing
entry and are added to the batch around it from there. Entries from before there were shifts name
none and count for none.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from pos_app.adapters.ledger import account_projections, variance_projections
from pos_app.application.key_change_records import KEY_CHANGE
from pos_app.application.token_kinds import MONEY
from pos_app.domain import shift as names
from pos_app.domain.shift import CashMove, Level
from pos_app.domain.tender import CASH
from pos_app.exchange.chain import Entry

Change = tuple[str, tuple[Any, ...]]
Body = Mapping[str, Any]

TALLY: Final = """insert into tally values (?, ?, ?, ?, ?, ?, ?, ?, ?)
    on conflict (level, number, currency, name) do update set times = times + excluded.times,
        amount = amount + excluded.amount, last_seq = excluded.last_seq"""
_OPEN_SHIFT: Final = "insert into shift values (?, ?, ?, ?, 0)"
_CLOSE_SHIFT: Final = "update shift set closed_seq = ? where shift = ?"
_OPEN_BATCH: Final = """insert into batch values (?, ?, ?, ?, ?, ?, 0)
    on conflict (level, number) do update set last_inner = excluded.last_inner,
        first_inner = case first_inner when 0 then excluded.first_inner else first_inner end"""
_CLOSE_BATCH: Final = "update batch set closed_seq = ? where level = ? and number = ?"
_COUNT: Final = "insert or replace into cash_count values (?, ?, ?, ?, ?, ?)"
_COPY: Final = "insert into close_copy values (?, ?, ?)"
_SEAL: Final = "insert into day_seal values (?, ?, ?)"
EVER: Final = 0
"""The number of the till's own tallies, which are never reset."""
TOTAL: Final = "total"
"""The level of what the till ever sold: `names.SALE` and `SOLD_UNITS` of each currency."""
SOLD_UNITS: Final = "units"
GIVEN_MONEY: Final = "given"
"""Money put on meters that nobody paid for; it counts against the allowance of money."""


def sale(entry: Entry, body: Body) -> Iterator[Change]:
    """Count a sale for its shift and for ever."""
    ever, seqs = (TOTAL, EVER, body["currency"]), (entry.seq, entry.seq)
    yield TALLY, (*ever, names.SALE, body["decimals"], 1, body["total_minor"], *seqs)
    units = account_projections.on_tokens(body)
    yield TALLY, (*ever, SOLD_UNITS, body["decimals"], 1, units, *seqs)
    shift = body.get("shift", 0)
    if not shift:
        return
    for name, (times, amount) in sorted(_sums_of_sale(body).items()):
        money = (body["currency"], name, body["decimals"])
        yield TALLY, (Level.SHIFT, shift, *money, times, amount, entry.seq, entry.seq)


def _sums_of_sale(body: Body) -> dict[str, list[int]]:
    """Return {name: [times, amount]} of one sale."""
    sums: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])

    def add(name: str, amount: int) -> None:
        sums[name][0] += 1
        sums[name][1] += amount

    add(names.SALE, body["total_minor"])
    for name, amount in _if_any(body):
        add(name, amount)
    for line in body["lines"]:
        add(names.LINE + line["kind"], line["amount_minor"])
    for token in body["tokens"]:
        add(names.TOKEN + token["kind"], token["tenths"])
    for _ in (body.get("key_change") or {"digits": ()})["digits"]:
        add(names.TOKEN + KEY_CHANGE, 0)
    for name, amount in _paid(body):
        add(name, amount)
    if body["change_minor"]:
        sums[names.TENDER + CASH][1] -= body["change_minor"]
    return sums


def _if_any(body: Body) -> Iterator[tuple[str, int]]:
    """Yield what not every sale has; a token of money has no units of the commodity."""
    if body["tenths"] and body["tokens"][-1]["kind"] != MONEY:
        yield names.UNITS + body["meter"]["commodity"], body["tenths"]
    for name in (names.ROUNDING, names.COMMISSION, names.WALLET_IN):
        amount = body.get(f"{name.replace('-', '_')}_minor", 0)
        if amount:
            yield name, amount


def _paid(body: Body) -> Iterator[tuple[str, int]]:
    for tender in body["tenders"]:
        yield names.TENDER + tender["kind"], tender["amount_minor"]
        if tender.get("in_drawer"):
            yield names.HELD + tender["kind"], tender["amount_minor"]


def counter(name: str, entry: Entry, body: Body) -> Iterator[Change]:
    """Count what carries no money, for the shift (if any was open) and for ever."""
    if "shift" not in body:
        return
    for level, number in ((Level.SHIFT, body["shift"]), (Level.TILL, EVER)):
        if number or level is Level.TILL:
            yield TALLY, (level, number, "", name, 0, 1, 0, entry.seq, entry.seq)


def _counts(name: str) -> Callable[[Entry, Body], Iterator[Change]]:
    return lambda entry, body: counter(name, entry, body)


def _opened(entry: Entry, body: Body) -> Iterator[Change]:
    bank, sales = body["bank_batch"], body["sales_batch"]
    yield _OPEN_BATCH, (Level.BANK, bank, 0, entry.seq, sales, sales)
    yield _OPEN_BATCH, (Level.SALES, sales, bank, entry.seq, body["shift"], body["shift"])
    yield _OPEN_SHIFT, (body["shift"], body["operator"], sales, entry.seq)
    for part in body["float"]:
        money = (part["currency"], names.FLOAT, part["decimals"])
        amount = part["amount_minor"]
        yield TALLY, (Level.SHIFT, body["shift"], *money, 1, amount, entry.seq, entry.seq)


def amount(entry: Entry, shift: int, name: str, part: Body) -> Iterator[Change]:
    """Add money to a tally of a shift."""
    money = (part["currency"], name, part["decimals"], 1, part["amount_minor"])
    yield TALLY, (Level.SHIFT, shift, *money, entry.seq, entry.seq)


def _cash_moved(entry: Entry, body: Body) -> Iterator[Change]:
    yield from amount(entry, body["shift"], CashMove(body["kind"]).value, body)


def _counted(_: Entry, body: Body) -> Iterator[Change]:
    for part in body["counts"]:
        money = (part["currency"], part["decimals"])
        found = (part["expected_minor"], part["counted_minor"])
        pieces = json.dumps(part["pieces"], separators=(",", ":"))
        yield _COUNT, (body["shift"], *money, *found, pieces)


def _closed(entry: Entry, body: Body) -> Iterator[Change]:
    yield _CLOSE_SHIFT, (entry.seq, body["shift"])
    yield from variance_projections.closed(entry, body)
    yield from _added(Level.SALES, body["sales_batch"], body)
    yield from counter(names.Z_REPORT, entry, {"shift": 0})


def _batch_closed(entry: Entry, body: Body) -> Iterator[Change]:
    level = Level(body["level"])
    yield _CLOSE_BATCH, (entry.seq, level, body["number"])
    if level is Level.SALES:
        yield from _added(Level.BANK, body["outer"], body)
        return
    # What was not taken to the bank is the first thing in the next bank batch.
    after = body["number"] + 1
    yield _OPEN_BATCH, (Level.BANK, after, 0, entry.seq, 0, 0)
    for part in body["carried"]:
        money = (part["currency"], names.CARRIED, part["decimals"])
        yield TALLY, (Level.BANK, after, *money, 1, part["amount_minor"], entry.seq, entry.seq)


def _added(level: Level, number: int, body: Body) -> Iterator[Change]:
    for part in body["tallies"]:
        money = (part["currency"], part["name"], part["decimals"])
        sums = (part["times"], part["amount"], part["first"], part["last"])
        yield TALLY, (level, number, *money, *sums)


def _copied(entry: Entry, body: Body) -> Iterator[Change]:
    yield _COPY, (entry.seq, body["closed_seq"], body["copy"])


def _sealed(entry: Entry, body: Body) -> Iterator[Change]:
    yield _SEAL, (body["seal"], entry.seq, body["closed_seq"])


KINDS: Final[Mapping[str, Callable[[Entry, Body], Iterator[Change]]]] = {
    "shift_opened": _opened,
    "cash_moved": _cash_moved,
    "drawer_opened": _counts(names.DRAWER),
    "shift_read": _counts(names.X_REPORT),
    "shift_counted": _counted,
    "shift_closed": _closed,
    "batch_closed": _batch_closed,
    "close_reprinted": _copied,
    "day_seal": _sealed,
    "variance_approved": variance_projections.approved,
}
