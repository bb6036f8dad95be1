"""Tariff files: TOML texts that a person writes and a till reads without guessing.

Top fields: ``id``, ``version`` (whole), ``utility``, ``name``, ``commodity`` (electricity, water,
gas, time), ``unit``, ``valid_from`` (a day), ``prices_include_tax``, ``unit_rounding`` (up,
half_up, down), optional ``minimum`` and ``maximum`` of one purchase, ``source`` (where the figures
were published). Tables: ``[currency]`` with ``code``, ``decimals``, ``smallest_coin`` (in minor
units); ``[[tax]]`` with ``name``, ``percent``; ``[[block]]`` with ``price`` and, but for an open
last block, ``up_to``; ``[[example]]`` with ``bought``, ``tender``, ``units``.
Prices, amounts and percents are quoted decimals; ``resources/tariffs/README.md`` is the page for
writers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pos_app.domain.errors import PosError
from pos_app.domain.money import AmountInvalid, Currency, Money
from pos_app.domain.tariff.blocks import Block, BlockTariff, Example, Tax
from pos_app.domain.tariff.refusals import (
    TariffInvalid,
    TariffProblem,
    UnitsBeyondToken,
    UnitsInvalid,
)
from pos_app.domain.tariff.toml_fields import Fields, LineIndex, load
from pos_app.domain.tariff.units import Commodity, UnitRounding, parse_units

_TOP = (
    "id",
    "version",
    "utility",
    "name",
    "commodity",
    "unit",
    "currency",
    "valid_from",
    "prices_include_tax",
    "unit_rounding",
    "minimum",
    "maximum",
    "source",
    "tax",
    "block",
    "example",
)
_ID = re.compile(r"[a-z0-9]+(?:[-.][a-z0-9]+)*")
_CURRENCY_CODE = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True)
class ExampleFailure:
    """Example `number` (from 1) of a tariff gives `found` tenths, or a refusal's code."""

    number: int
    expected: int
    found: int | str


def parse_tariff(text: str) -> BlockTariff:
    """Read a tariff file; raise `TariffInvalid` with the line and field of the first fault."""
    text = text.removeprefix("\ufeff")
    lines = LineIndex(text)
    table = load(text, lines)
    try:
        return _tariff(Fields("", table).only(_TOP))
    except TariffInvalid as fault:
        raise fault.at(lines.of(fault.field)) from None


def check_examples(tariff: BlockTariff) -> list[ExampleFailure]:
    """Return the examples that the tariff does not reproduce; none means that all hold."""
    failures: list[ExampleFailure] = []
    for number, example in enumerate(tariff.examples, 1):
        found: int | str
        try:
            found = tariff.for_money(example.tender, example.bought).tenths
        except PosError as refusal:
            found = refusal.code
        if found != example.tenths:
            failures.append(ExampleFailure(number, example.tenths, found))
    return failures


def _tariff(top: Fields) -> BlockTariff:
    currency = _currency(top.inner("currency"))
    return BlockTariff(
        id=_identity(top),
        version=top.whole("version", 1, 10**6),
        utility=top.text("utility"),
        name=top.text("name"),
        commodity=Commodity(top.choice("commodity", list(Commodity))),
        unit_name=top.text("unit", longest=8),
        currency=currency,
        blocks=tuple(_block(row) for row in top.rows("block")),
        taxes=tuple(_tax(row) for row in top.rows("tax")),
        prices_include_tax=top.flag("prices_include_tax"),
        unit_rounding=UnitRounding(top.choice("unit_rounding", list(UnitRounding))),
        minimum=_money(top, "minimum", currency) if top.has("minimum") else None,
        maximum=_money(top, "maximum", currency) if top.has("maximum") else None,
        valid_from=top.day("valid_from"),
        source=top.text("source", longest=200),
        examples=tuple(_example(row, currency) for row in top.rows("example")),
    )


def _identity(top: Fields) -> str:
    text = top.text("id", longest=40)
    if not _ID.fullmatch(text):
        top.refuse("id", TariffProblem.NOT_TEXT, text)
    return text


def _currency(fields: Fields) -> Currency:
    fields.only(("code", "decimals", "smallest_coin"))
    code = fields.text("code")
    if not _CURRENCY_CODE.fullmatch(code):
        fields.refuse("code", TariffProblem.NOT_CHOICE, code)
    return Currency(
        code,
        fields.whole("decimals", 0, 3),
        fields.whole("smallest_coin", 1, 10**6),
    )


def _block(fields: Fields) -> Block:
    fields.only(("up_to", "price"))
    return Block(fields.exact("price"), fields.exact("up_to") if fields.has("up_to") else None)


def _tax(fields: Fields) -> Tax:
    fields.only(("name", "percent"))
    return Tax(fields.text("name", longest=20), fields.exact("percent"))


def _example(fields: Fields, currency: Currency) -> Example:
    fields.only(("bought", "tender", "units"))
    bought = fields.exact("bought")
    if bought < 0:
        fields.refuse("bought", TariffProblem.BAD_UNITS, bought)
    units = fields.exact("units")
    try:
        tenths = parse_units(str(units))
    except (UnitsInvalid, UnitsBeyondToken):
        fields.refuse("units", TariffProblem.BAD_UNITS, units)
    return Example(bought, _money(fields, "tender", currency), tenths)


def _money(fields: Fields, name: str, currency: Currency) -> Money:
    amount = fields.exact(name)
    try:
        return Money.parse(str(amount), currency)
    except AmountInvalid:
        fields.refuse(name, TariffProblem.BAD_AMOUNT, amount)
