"""Shifts, counts and closes as JSON values: money as text with its currency."""

from __future__ import annotations

from typing import Any

from pos_app.application.shift_records import (
    BatchReport,
    DrawerLine,
    OpenBatch,
    ShiftNow,
    ShiftReport,
)
from pos_app.cli.sales_json import instant, units
from pos_app.domain.money import Currency, Money
from pos_app.domain.shift import UNITS, Tally, currencies, found_takings


def money_json(amount: Money) -> dict[str, str]:
    """Return {currency, amount}."""
    return {"currency": amount.currency.code, "amount": amount.plain()}


def now_json(now: ShiftNow) -> dict[str, Any]:
    """Return an open shift as its operator may see it."""
    return {
        "shift": now.shift,
        "operator": now.operator,
        "opened": instant(now.opened_ms),
        "sales": now.sales,
        "totals": [money_json(each) for each in now.totals],
        "commission": [money_json(each) for each in now.commission],
    }


def drawer_json(line: DrawerLine) -> dict[str, Any]:
    """Return one currency of a drawer."""
    currency, counted = line.expected.currency, line.counted
    return {
        "currency": currency.code,
        "float": line.opening.plain(),
        "taken": line.taken.plain(),
        "in": line.cash_in.plain(),
        "out": line.cash_out.plain(),
        "dropped": line.dropped.plain(),
        "refunded": line.refunded.plain(),
        "expected": line.expected.plain(),
        "counted": None if counted is None else counted.total.plain(),
        "pieces": {} if counted is None else _pieces(counted.pieces, currency),
        "variance": None if line.variance is None else line.variance.plain(),
    }


def _pieces(pieces: tuple[tuple[int, int], ...], currency: Currency) -> dict[str, int]:
    return {Money(value, currency).plain(): many for value, many in pieces}


def report_json(report: ShiftReport) -> dict[str, Any]:
    """Return an X or Z."""
    return {
        "report": "z" if report.closed else "x",
        "shift": report.shift,
        "operator": report.operator,
        "by": report.by_name,
        "sales_batch": report.sales_batch,
        "bank_batch": report.bank_batch,
        "first_receipt": report.first_receipt,
        "last_receipt": report.last_receipt,
        "drawer": [drawer_json(line) for line in report.drawer],
        "day_seal": report.day_seal,
        "wallets": [
            {
                "currency": each.owed.currency.code,
                "wallets": each.wallets,
                "owed": each.owed.plain(),
            }
            for each in report.wallets
        ],
        "over_limit": [*report.over_limit],
        "approved_by": report.approved_by,
        "approval": report.approval,
        **_common(report),
    }


def batch_json(report: BatchReport) -> dict[str, Any]:
    """Return the close of a batch."""
    return {
        "report": report.level.value,
        "number": report.number,
        "first": report.first_inner,
        "last": report.last_inner,
        "by": report.by_name,
        "reference": report.reference,
        "deposits": [
            {
                "currency": each.amount.currency.code,
                "expected": each.expected.plain(),
                "counted": each.found.plain(),
                "amount": each.amount.plain(),
                "kept": each.kept.plain(),
            }
            for each in report.deposits
        ],
        **_common(report),
    }


def open_batch_json(batch: OpenBatch) -> dict[str, Any]:
    """Return an open batch; its cash is what is there by the counts of the closed shifts."""
    row = batch.row
    return {
        "level": row.level.value,
        "number": row.number,
        "first": row.first_inner,
        "last": row.last_inner,
        "tallies": [_tally_json(tally) for tally in batch.tallies],
        "cash": [
            money_json(found_takings(batch.tallies, each)) for each in currencies(batch.tallies)
        ],
    }


def _common(report: ShiftReport | BatchReport) -> dict[str, Any]:
    return {
        "opened": instant(report.opened_ms),
        "at": instant(report.at_ms),
        "training": report.training,
        "tallies": [_tally_json(tally) for tally in report.tallies],
        "grand": [{"sales": each.sales, **money_json(each.total)} for each in report.grand],
        "journal": {"entry": report.head_seq, "head": report.head_hash},
        "seal": report.seal,
    }


def _tally_json(tally: Tally) -> dict[str, Any]:
    values: dict[str, Any] = {"name": tally.name, "times": tally.times}
    if tally.name.startswith(UNITS):
        return values | {"units": units(tally.amount)}
    if tally.currency:
        currency = Currency(tally.currency, tally.decimals)
        values |= money_json(Money(tally.amount, currency))
    return values
