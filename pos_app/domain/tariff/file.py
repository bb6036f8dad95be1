"""Tariff files: TOML (or JSON) texts that a person writes and a till reads without guessing.

``resources/tariffs/README.md`` is the page for writers: every field, the order of calculation and
the rounding. Here are only the names of the fields and the types they are read as.
"""

from __future__ import annotations

import re
from decimal import Decimal

from pos_app.domain.money import Currency
from pos_app.domain.tariff.example_rows import example_of
from pos_app.domain.tariff.fields import Fields
from pos_app.domain.tariff.hours import DayKind, Period, parse_hours
from pos_app.domain.tariff.parts import (
    Block,
    CapBase,
    Charge,
    CountBy,
    DebtRule,
    FreeUnits,
    Levy,
    Per,
    PercentOf,
    Stamp,
    Subsidy,
    Tax,
    TokenKind,
)
from pos_app.domain.tariff.refusals import TariffInvalid, TariffProblem
from pos_app.domain.tariff.source_text import read_text
from pos_app.domain.tariff.tariff import Tariff
from pos_app.domain.tariff.units import Commodity, UnitRounding

_TOP = (
    "id", "version", "utility", "name", "commodity", "unit", "currency", "valid_from", "valid_to",
    "prices_include_tax", "unit_rounding", "unit_decimals", "blocks_by", "minimum", "maximum",
    "debt_cap_percent", "charge_cap_percent", "charge_cap_base", "source", "block",
    "tax", "levy", "subsidy", "charge", "stamp", "debt",
    "free", "example", "token", "period", "holidays",
)  # fmt: skip
_ID = re.compile(r"[a-z0-9]+(?:[-.][a-z0-9]+)*")
_CURRENCY_CODE = re.compile(r"[A-Z]{3}")
_NAME_LENGTH = 30


def parse_tariff(text: str) -> Tariff:
    """Read a tariff file; raise `TariffInvalid` with the line and field of the first fault."""
    table, lines = read_text(text)
    try:
        return _tariff(Fields("", table).only(_TOP))
    except TariffInvalid as fault:
        raise fault.at(lines.of(fault.field)) from None


def _tariff(top: Fields) -> Tariff:
    currency = _currency(top.inner("currency"))
    token = TokenKind(_choice(top, "token", list(TokenKind), "units"))
    return Tariff(
        id=_identity(top),
        version=top.whole("version", 1, 10**6),
        utility=top.text("utility"),
        name=top.text("name"),
        commodity=Commodity(top.choice("commodity", list(Commodity))),
        unit_name=top.text("unit", longest=8),
        currency=currency,
        blocks=_blocks(top, token),
        taxes=tuple(_tax(row) for row in top.rows("tax")),
        levies=tuple(_levy(row) for row in top.rows("levy")),
        subsidies=tuple(_subsidy(row) for row in top.rows("subsidy")),
        charges=tuple(_charge(row) for row in top.rows("charge")),
        stamps=tuple(_stamp(row) for row in top.rows("stamp")),
        debt_rules=tuple(_debt(row) for row in top.rows("debt")),
        debt_cap_percent=top.maybe("debt_cap_percent"),
        charge_cap_percent=top.maybe("charge_cap_percent"),
        charge_cap_base=CapBase(_choice(top, "charge_cap_base", list(CapBase), "gross")),
        free=_free(top.inner("free")) if top.has("free") else None,
        blocks_by=CountBy(_choice(top, "blocks_by", list(CountBy), "units")),
        token=token,
        periods=tuple(_period(row) for row in top.rows("period")),
        holidays=top.days("holidays") if top.has("holidays") else (),
        prices_include_tax=top.flag("prices_include_tax"),
        unit_rounding=UnitRounding(top.choice("unit_rounding", list(UnitRounding))),
        unit_decimals=top.whole("unit_decimals", 0, 1) if top.has("unit_decimals") else 1,
        minimum=top.money("minimum", currency) if top.has("minimum") else None,
        maximum=top.money("maximum", currency) if top.has("maximum") else None,
        valid_from=top.day("valid_from"),
        valid_to=top.day("valid_to") if top.has("valid_to") else None,
        source=top.text("source", longest=400),
        examples=tuple(
            example_of(row, number, currency) for number, row in enumerate(top.rows("example"), 1)
        ),
    )


def _choice(fields: Fields, name: str, allowed: list[str], default: str) -> str:
    return fields.choice(name, allowed) if fields.has(name) else default


def _flag(fields: Fields, name: str, *, default: bool) -> bool:
    return fields.flag(name) if fields.has(name) else default


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


def _blocks(top: Fields, token: TokenKind) -> tuple[Block, ...]:
    """Return the blocks; a token that carries money buys itself, one for one."""
    rows = tuple(_block(row) for row in top.rows("block"))
    return rows or ((Block(Decimal(1)),) if token is TokenKind.MONEY else ())


def _period(fields: Fields) -> Period:
    fields.only(("name", "price", "hours", "days", "months"))
    half_hours = None
    if fields.has("hours"):
        half_hours = parse_hours(fields.text("hours"))
        if half_hours is None:
            fields.refuse("hours", TariffProblem.BAD_HOURS, fields.table["hours"])
    days = fields.texts("days") if fields.has("days") else tuple(DayKind)
    for word in days:
        if word not in list(DayKind):
            fields.refuse("days", TariffProblem.NOT_CHOICE, word)
    return Period(
        _name(fields),
        fields.exact("price"),
        half_hours,
        frozenset(DayKind(word) for word in days),
        fields.months("months") if fields.has("months") else frozenset(range(1, 13)),
    )


def _block(fields: Fields) -> Block:
    fields.only(("up_to", "price"))
    return Block(fields.exact("price"), fields.maybe("up_to"))


def _name(fields: Fields) -> str:
    return fields.text("name", longest=_NAME_LENGTH)


def _on(fields: Fields, default: str) -> tuple[str, ...]:
    return fields.texts("on") if fields.has("on") else (default,)


def _tax(fields: Fields) -> Tax:
    fields.only(("name", "percent", "on", "above", "up_to"))
    return Tax(
        _name(fields),
        fields.exact("percent"),
        on=_on(fields, "all"),
        above=fields.maybe("above") or Decimal(0),
        up_to=fields.maybe("up_to"),
    )


def _includes_tax(fields: Fields) -> bool | None:
    return fields.flag("includes_tax") if fields.has("includes_tax") else None


def _levy(fields: Fields) -> Levy:
    fields.only(("name", "price", "percent", "on", "above", "up_to", "includes_tax"))
    return Levy(
        _name(fields),
        price=fields.maybe("price"),
        percent=fields.maybe("percent"),
        on=_on(fields, "energy"),
        above=fields.maybe("above") or Decimal(0),
        up_to=fields.maybe("up_to"),
        includes_tax=_includes_tax(fields),
    )


def _subsidy(fields: Fields) -> Subsidy:
    fields.only(("name", "price", "percent", "amount", "on", "above", "up_to", "includes_tax"))
    return Subsidy(
        _name(fields),
        price=fields.maybe("price"),
        percent=fields.maybe("percent"),
        amount=fields.maybe("amount"),
        on=_on(fields, "energy"),
        above=fields.maybe("above") or Decimal(0),
        up_to=fields.maybe("up_to"),
        includes_tax=_includes_tax(fields),
    )


def _charge(fields: Fields) -> Charge:
    fields.only(
        ("name", "amount", "per", "includes_tax", "accrues", "at_most", "cap_percent", "cap_base")
    )
    return Charge(
        _name(fields),
        fields.exact("amount"),
        per=Per(fields.choice("per", list(Per))),
        includes_tax=_includes_tax(fields),
        accrues=_flag(fields, "accrues", default=True),
        at_most=fields.whole("at_most", 1, 1000) if fields.has("at_most") else None,
        cap_percent=fields.maybe("cap_percent"),
        cap_base=CapBase(_choice(fields, "cap_base", list(CapBase), "gross")),
    )


def _stamp(fields: Fields) -> Stamp:
    fields.only(("name", "above", "up_to", "amount", "percent"))
    return Stamp(
        _name(fields),
        above=fields.maybe("above") or Decimal(0),
        up_to=fields.maybe("up_to"),
        amount=fields.maybe("amount"),
        percent=fields.maybe("percent"),
    )


def _debt(fields: Fields) -> DebtRule:
    fields.only(("name", "percent", "of", "instalment", "per"))
    return DebtRule(
        _name(fields),
        percent=fields.maybe("percent"),
        of=PercentOf(_choice(fields, "of", list(PercentOf), "tender")),
        instalment=fields.maybe("instalment"),
        per=Per(_choice(fields, "per", list(Per), "purchase")),
    )


def _free(fields: Fields) -> FreeUnits:
    fields.only(("units", "counts", "own_token"))
    return FreeUnits(
        fields.exact("units"),
        counts=_flag(fields, "counts", default=False),
        own_token=_flag(fields, "own_token", default=True),
    )
