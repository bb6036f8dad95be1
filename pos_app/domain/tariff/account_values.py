"""An account's state as plain values, so that a sale can be worked out again years later."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from pos_app.domain.money import Currency, Money
from pos_app.domain.tariff.account import Account, Adjustment, Carried, Debt


def account_values(account: Account) -> dict[str, Any]:
    """Return what is not at its default: texts, whole numbers, and lists of such."""
    values: dict[str, Any] = {
        "bought": str(account.bought),
        "spent": _minor(account.spent),
        "average": _text(account.average),
        "on": _text(account.on),
        "last_purchase": _text(account.last_purchase),
        "months_due": account.months_due,
        "days_due": account.days_due,
        "free_taken": _text(account.free_taken),
        "free_entitled": _text(account.free_entitled),
        "carried": [[part.name, part.amount.minor] for part in account.carried],
        "debts": [
            _row(
                debt.ref,
                debt.name,
                debt.balance.minor,
                _text(debt.percent),
                _minor(debt.instalment),
            )
            for debt in account.debts
        ],
        "adjustments": [
            _row(part.ref, part.name, part.amount.minor, _text(part.percent))
            if not part.subsidy
            else [part.name, part.amount.minor, _text(part.percent), part.ref, True]
            for part in account.adjustments
        ],
    }
    return {name: value for name, value in values.items() if value not in (None, [])}


def account_from(values: Mapping[str, Any], currency: Currency) -> Account:
    """Read `account_values` back; the two are inverse."""
    return Account(
        bought=Decimal(values["bought"]),
        spent=_money(values.get("spent"), currency),
        average=_decimal(values.get("average")),
        on=_day(values.get("on")),
        last_purchase=_day(values.get("last_purchase")),
        months_due=values.get("months_due"),
        days_due=values.get("days_due"),
        free_taken=_decimal(values.get("free_taken")),
        free_entitled=_decimal(values.get("free_entitled")),
        carried=tuple(
            Carried(name, Money(minor, currency)) for name, minor in values.get("carried", ())
        ),
        debts=tuple(
            Debt(name, Money(minor, currency), _decimal(percent), _money(part, currency), *ref)
            for name, minor, percent, part, *ref in values.get("debts", ())
        ),
        adjustments=tuple(
            Adjustment(name, Money(minor, currency), _decimal(percent), *ref)
            for name, minor, percent, *ref in values.get("adjustments", ())
        ),
    )


def _row(ref: str, *values: object) -> list[object]:
    """Return `values`, and `ref` where there is one: sales from before there were any had none."""
    return [*values, ref] if ref else [*values]


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _minor(money: Money | None) -> int | None:
    return None if money is None else money.minor


def _money(minor: int | None, currency: Currency) -> Money | None:
    return None if minor is None else Money(minor, currency)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
