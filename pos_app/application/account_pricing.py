"""From what the ledger holds of an account to what a tariff asks of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pos_app.application.account_records import AccountState, HeldCharge
from pos_app.application.sale import Sale
from pos_app.domain.money import Money
from pos_app.domain.tariff.account import Account, Adjustment, Carried, Debt
from pos_app.domain.tariff.quote import LineKind
from pos_app.domain.tariff.tariff import Tariff


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountNow:
    """What is known of a meter at the moment of a quote.

    `on_tokens` are the units of the month's bought tokens, `spent` the month's money for units
    where the tariff counts it, `last` (journal number, sale) the last sale, `last_day` its day.
    """

    state: AccountState
    day: date
    on_tokens: Decimal
    spent: Money | None
    last: tuple[int, Sale] | None
    last_day: date | None


def account_of(now: AccountNow, tariff: Tariff) -> Account:
    """Return the account as `tariff` is asked with it."""
    stated = [each for each in now.state.charges if now.last is None or each.seq > now.last[0]]
    entitled = now.state.entitled if tariff.free is not None else None
    return Account(
        bought=_counting(now, tariff) + _units(now.state.bought_elsewhere),
        spent=now.spent,
        average=None if now.state.average is None else _units(now.state.average),
        on=now.day,
        last_purchase=_latest(now.last_day, stated),
        carried=_carried(now.last[1] if now.last else None, stated, tariff),
        debts=_debts(now.state, tariff),
        adjustments=_adjustments(now.state, tariff),
        free_taken=None if entitled is None else _units(now.state.claimed()),
        free_entitled=_units(entitled) if entitled else None,
    )


def _units(tenths: int) -> Decimal:
    return Decimal(tenths).scaleb(-1)


def _carried(sale: Sale | None, stated: list[HeldCharge], tariff: Tariff) -> tuple[Carried, ...]:
    """Return what stays due of charges: what a later import says replaces the last sale's."""
    left: dict[str, Money] = {}
    if sale is not None:
        charges = (line for line in sale.lines if line.kind == LineKind.CHARGE.value)
        left = {line.name: sale.money(line.left_minor) for line in charges}
    left |= {each.name: each.due for each in stated if each.due.currency == tariff.currency}
    return tuple(Carried(name, amount) for name, amount in left.items() if amount.minor)


def _latest(bought: date | None, stated: list[HeldCharge]) -> date | None:
    """Return the day up to which charges are taken."""
    days = [date.fromisoformat(each.until) for each in stated]
    return max([*days, *([bought] if bought else [])], default=None)


def _debts(state: AccountState, tariff: Tariff) -> tuple[Debt, ...]:
    """Return the debts in the tariff's currency; another's cannot be taken from this tender."""
    return tuple(
        Debt(
            debt.name,
            Money(debt.balance.minor, tariff.currency),
            Decimal(debt.percent) if debt.percent else None,
            debt.instalment,
            debt.ref,
        )
        for debt in state.debts
        if debt.balance.currency == tariff.currency
    )


def _adjustments(state: AccountState, tariff: Tariff) -> tuple[Adjustment, ...]:
    return tuple(
        Adjustment(
            part.name,
            Money(part.left.minor, tariff.currency),
            Decimal(part.percent) if part.percent else None,
            part.ref,
            part.kind == "subsidy",
        )
        for part in state.adjustments
        if part.left.currency == tariff.currency
    )


def _counting(now: AccountNow, tariff: Tariff) -> Decimal:
    """Return the units that count in the month: with free units where the tariff counts them.

    Free units given here are on bought tokens where the tariff gives them no token of their own.
    """
    if tariff.free is None:
        return now.on_tokens
    here, elsewhere = _units(now.state.claimed_here), _units(now.state.claimed_elsewhere)
    bought = now.on_tokens if tariff.free.own_token else now.on_tokens - here
    return bought + here + elsewhere if tariff.free.counts else bought
