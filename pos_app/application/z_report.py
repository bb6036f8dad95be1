"""X and Z: the X from the tallies as they are, the Z from its own journal entry alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pos_app.application.operators import name_of
from pos_app.application.ports import Clock, Ledger
from pos_app.application.records import Operator, Role, ShopIdentity, ShopMode
from pos_app.application.shift_cash import drawer_of
from pos_app.application.shift_close import receipts_of
from pos_app.application.shift_records import (
    BatchReport,
    Deposit,
    DrawerLine,
    Grand,
    ShiftReport,
    ShiftRow,
)
from pos_app.application.tender_ports import WalletSum
from pos_app.domain.cash_count import CashCount
from pos_app.domain.money import Currency, Money
from pos_app.domain.shift import TENDER, Level, Tally
from pos_app.domain.tender import CASH
from pos_app.exchange.chain import Entry
from pos_app.exchange.close_seal import write_seal

Body = Mapping[str, Any]


def x_report(
    ledger: Ledger, clock: Clock, identity: ShopIdentity, row: ShiftRow, by: Operator
) -> ShiftReport:
    """Return the shift so far.

    What is in the drawer stays untold, so that the count is blind, until every currency of it was
    counted; a supervisor may see it.
    """
    now, head = clock.now_ms(), ledger.head()
    opened = ledger.entry(row.opened_seq)
    told: Body = opened.reading() if opened else {}
    tallies = ledger.shifts.tallies(Level.SHIFT, row.number)
    drawer = drawer_of(ledger, row.number)
    first, last = receipts_of(ledger, tallies)
    report = ShiftReport(
        shift=row.number,
        operator=row.operator,
        operator_name=name_of(ledger, row.operator),
        by_name=by.name,
        sales_batch=row.sales_batch,
        bank_batch=told.get("bank_batch", 0),
        opened_ms=opened.at_ms if opened else 0,
        at_ms=max(now, head.at_ms),
        offset_minutes=clock.offset_minutes(now),
        training=identity.mode is ShopMode.TRAINING,
        tallies=tallies,
        drawer=drawer,
        first_receipt=first,
        last_receipt=last,
        grand=ledger.shifts.grand(),
        ever=ledger.shifts.tallies(Level.TILL, 0),
        head_seq=head.seq,
        head_hash=head.hash.hex(),
        wallets=ledger.tenders.wallet_sums(),
    )
    counted = all(line.counted is not None for line in drawer)
    return report if counted or by.role is Role.SUPERVISOR else blind(report)


def blind(report: ShiftReport) -> ShiftReport:
    """Return the report without what a count has to find."""
    kept = tuple(tally for tally in report.tallies if tally.name != TENDER + CASH)
    return replace(report, tallies=kept, drawer=())


def z_report(ledger: Ledger, till: str, entry: Entry) -> ShiftReport:
    """Return the Z of a ``shift_closed`` entry, with what was journalled about it since."""
    approved = ledger.entry(ledger.shifts.approval_of(entry.reading()["shift"]))
    said: Body = approved.reading() if approved else {}
    body = entry.reading()
    names = ("shift", "operator", "operator_name", "by_name", "sales_batch", "bank_batch")
    more = ("opened_ms", "offset_minutes", "training", "first_receipt", "last_receipt")
    return ShiftReport(
        **{name: body[name] for name in (*names, *more, "head_seq", "head_hash")},
        at_ms=entry.at_ms,
        tallies=_tallies(body["tallies"]),
        drawer=tuple(_drawer_line(part) for part in body["drawer"]),
        grand=_grand(body["grand"]),
        ever=_tallies(body["ever"]),
        closed_seq=entry.seq,
        seal=write_seal(till, entry),
        day_seal=ledger.shifts.seal_of(entry.seq),
        wallets=tuple(
            WalletSum(part["wallets"], _money(part, "amount_minor"))
            for part in body.get("wallets", ())  # closes from before there were any have none
        ),
        over_limit=tuple(body.get("over_limit", ())),
        approved_by=said.get("approver_name", ""),
        approval=said.get("reason", ""),
    )


def batch_report(till: str, entry: Entry) -> BatchReport:
    """Return the report of a ``batch_closed`` entry."""
    body = entry.reading()
    names = ("number", "first_inner", "last_inner", "by_name", "opened_ms", "offset_minutes")
    more = ("training", "reference", "head_seq", "head_hash")
    return BatchReport(
        **{name: body[name] for name in (*names, *more)},
        level=Level(body["level"]),
        at_ms=entry.at_ms,
        tallies=_tallies(body["tallies"]),
        deposits=tuple(_deposit(part) for part in body["deposits"]),
        grand=_grand(body["grand"]),
        closed_seq=entry.seq,
        seal=write_seal(till, entry),
    )


def _tallies(parts: Sequence[Body]) -> tuple[Tally, ...]:
    return tuple(Tally(**part) for part in parts)


def _grand(parts: Sequence[Body]) -> tuple[Grand, ...]:
    return tuple(Grand(part["sales"], _money(part, "total_minor")) for part in parts)


def _money(part: Body, name: str) -> Money:
    return Money(part[name], Currency(part["currency"], part["decimals"]))


def _drawer_line(part: Body) -> DrawerLine:
    counted = None
    if part["counted_minor"] is not None:
        pieces = tuple((value, many) for value, many in part["pieces"])
        counted = CashCount(_money(part, "counted_minor"), pieces)
    return DrawerLine(
        opening=_money(part, "opening_minor"),
        taken=_money(part, "taken_minor"),
        cash_in=_money(part, "in_minor"),
        cash_out=_money(part, "out_minor"),
        dropped=_money(part, "dropped_minor"),
        expected=_money(part, "expected_minor"),
        refunded=_money({"refunded_minor": 0, **part}, "refunded_minor"),
        counted=counted,
    )


def _deposit(part: Body) -> Deposit:
    names = ("expected_minor", "found_minor", "amount_minor", "kept_minor")
    return Deposit(*(_money(part, name) for name in names))
