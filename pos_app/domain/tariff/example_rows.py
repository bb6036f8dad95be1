"""The ``[[example]]`` tables of a tariff file: a purchase, its account, and what comes out."""

from __future__ import annotations

from decimal import Decimal

from pos_app.domain.money import Currency, Money
from pos_app.domain.tariff.account import Account, Adjustment, Carried, Debt
from pos_app.domain.tariff.examples import Example
from pos_app.domain.tariff.fields import Fields
from pos_app.domain.tariff.refusals import TariffProblem, UnitsBeyondToken, UnitsInvalid
from pos_app.domain.tariff.units import parse_units

_FIELDS = (
    "id", "source", "bought", "spent", "average", "date", "last_purchase", "months_due",
    "days_due", "free_taken", "carried", "debt", "adjustment", "tender", "ask_units", "units",
    "free_units", "exact", "total", "lines", "amounts", "left", "refused",
)  # fmt: skip
_RESULTS = ("units", "free_units", "exact", "total", "lines", "amounts", "left", "refused")


def example_of(fields: Fields, number: int, currency: Currency) -> Example:
    """Return the example of one table; raise `TariffInvalid` about its first fault."""
    fields.only(_FIELDS)
    if fields.has("tender") == fields.has("ask_units"):
        fields.refuse("tender", TariffProblem.EITHER_OR, "ask_units")
    if not any(fields.has(name) for name in _RESULTS):
        fields.refuse("units", TariffProblem.MISSING)
    return Example(
        id=fields.text("id", longest=40) if fields.has("id") else f"example {number}",
        account=_account(fields, currency),
        tender=fields.money("tender", currency) if fields.has("tender") else None,
        ask=_tenths(fields, "ask_units"),
        tenths=_tenths(fields, "units"),
        free_tenths=_tenths(fields, "free_units"),
        exact=fields.maybe("exact"),
        total=fields.money("total", currency) if fields.has("total") else None,
        lines=tuple(
            (row.exact("units"), row.signed("amount", currency)) for row in _pairs(fields, "lines")
        ),
        amounts=_named(fields, "amounts", currency),
        left=_named(fields, "left", currency),
        refused=fields.text("refused", longest=40) if fields.has("refused") else "",
    )


def _pairs(fields: Fields, name: str) -> list[Fields]:
    return fields.pairs(name) if fields.has(name) else []


def _named(fields: Fields, name: str, currency: Currency) -> tuple[tuple[str, Money], ...]:
    if not fields.has(name):
        return ()
    table = fields.inner(name)
    return tuple((key, table.signed(key, currency)) for key in table.table)


def _tenths(fields: Fields, name: str) -> int | None:
    if not fields.has(name):
        return None
    units = fields.exact(name)
    try:
        return parse_units(str(units)) if units else 0
    except (UnitsInvalid, UnitsBeyondToken):
        fields.refuse(name, TariffProblem.BAD_UNITS, units)


def _counted(fields: Fields, name: str) -> Decimal | None:
    value = fields.maybe(name)
    if value is not None and value < 0:
        fields.refuse(name, TariffProblem.BAD_UNITS, value)
    return value


def _account(fields: Fields, currency: Currency) -> Account:
    carried = _named(fields, "carried", currency)
    if fields.has("last_purchase") and not fields.has("date"):
        fields.refuse("date", TariffProblem.MISSING)
    return Account(
        bought=_counted(fields, "bought") or Decimal(0),
        spent=fields.signed("spent", currency) if fields.has("spent") else None,
        average=_counted(fields, "average"),
        on=fields.day("date") if fields.has("date") else None,
        last_purchase=fields.day("last_purchase") if fields.has("last_purchase") else None,
        months_due=fields.whole("months_due", 0, 1200) if fields.has("months_due") else None,
        days_due=fields.whole("days_due", 0, 40_000) if fields.has("days_due") else None,
        free_taken=_counted(fields, "free_taken"),
        carried=tuple(Carried(name, money) for name, money in carried),
        debts=tuple(_debt(row, currency) for row in fields.rows("debt")),
        adjustments=tuple(_adjustment(row, currency) for row in fields.rows("adjustment")),
    )


def _debt(fields: Fields, currency: Currency) -> Debt:
    fields.only(("name", "balance", "percent", "instalment"))
    return Debt(
        fields.text("name", longest=30),
        fields.money("balance", currency),
        percent=fields.maybe("percent"),
        instalment=fields.money("instalment", currency) if fields.has("instalment") else None,
    )


def _adjustment(fields: Fields, currency: Currency) -> Adjustment:
    fields.only(("name", "amount", "percent"))
    return Adjustment(
        fields.text("name", longest=30),
        fields.signed("amount", currency),
        fields.maybe("percent"),
    )
