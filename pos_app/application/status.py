"""The true numbers of the status bar, from the tables themselves."""

from __future__ import annotations

from pos_app.application.key_records import keys_due
from pos_app.application.ports import Clock, Ledger
from pos_app.application.records import TillStatus
from pos_app.application.shift_records import DropDue
from pos_app.application.shop_time import DAY_MS, day_of
from pos_app.application.time_guard import TimeGuard
from pos_app.domain.allowance import percent_left
from pos_app.domain.cash_rules import CashRules, limit_in
from pos_app.domain.clock_guard import ClockVerdict
from pos_app.domain.shift import Level, currencies, drawer_cash


def till_status(ledger: Ledger, clock: Clock, guard: TimeGuard, cash: CashRules) -> TillStatus:
    """Return what the bar shows now."""
    now = clock.now_ms()
    slips_waiting, slips_failed = ledger.unprinted()
    waiting, oldest = ledger.waiting()
    left = [percent_left(allowance, spent) for _, allowance, spent in ledger.allowances()]
    tariff_ms = ledger.newest_tariff_ms()
    verdict = guard.verdict(now)
    return TillStatus(
        today=ledger.day_sums(day_of(now, clock.offset_minutes(now))),
        waiting=waiting,
        waiting_oldest_ms=oldest,
        allowance_percent=min(left, default=0),
        tariff_age_days=max(now - tariff_ms, 0) // DAY_MS if tariff_ms else 0,
        slips_waiting=slips_waiting,
        slips_failed=slips_failed,
        clock_problem="" if verdict is ClockVerdict.OK else verdict.value,
        drop_due=drops_due(ledger, cash),
        keys_due=keys_due(ledger.keys.groups(), now),
        keys_destroyed=ledger.keys.destroyed() is not None,
        parted=not ledger.office.standing().is_one,
    )


def drops_due(ledger: Ledger, cash: CashRules) -> tuple[DropDue, ...]:
    """Return the drawers with more cash in them than the shop wants there."""
    found = []
    for row in ledger.shifts.open_shifts() if cash.drop_above else ():
        tallies = ledger.shifts.tallies(Level.SHIFT, row.number)
        for currency in currencies(tallies):
            held = drawer_cash(tallies, currency)
            limit = limit_in(cash.drop_above, held)
            if limit is not None and held.minor > limit.minor:
                found.append(DropDue(row.operator, held, limit))
    return tuple(found)
