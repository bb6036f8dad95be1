"""``tokentill parked``: sales that wait for their customer."""

from __future__ import annotations

from typing import Any

import click

from pos_app.application.parked import ParkedSale
from pos_app.cli.common import (
    ShopAccess,
    as_json,
    opened,
    print_json,
    say,
    shop_options,
    signed_in,
    told,
    words,
)
from pos_app.cli.sales_json import instant, units
from pos_app.domain.money import Money
from pos_app.domain.tariff.units import parse_units


@click.group()
def parked() -> None:
    """Parked sales: put a sale aside, call it back, drop it. They hold no money and no token."""


@parked.command("list")
@shop_options
@as_json
@told
def list_parked(access: ShopAccess, *, json_wanted: bool) -> None:
    """List what is parked, the oldest first."""
    with opened(access) as shop:
        found = shop.desk.parked.all()
    if json_wanted:
        print_json({"parked": [parked_json(each) for each in found]})
        return
    if not found:
        say(words()("pay.none-parked"))
    for each in found:
        say_parked(each)


@parked.command()
@click.option("--meter", required=True, help="The meter's number (DRN or meterPAN).")
@click.option("--amount", help="Money, e.g. 50 or 50.00.")
@click.option("--units", "typed_units", help="Units instead of money, e.g. 12.5.")
@shop_options
@as_json
@told
def add(
    meter: str,
    amount: str | None,
    typed_units: str | None,
    access: ShopAccess,
    *,
    json_wanted: bool,
) -> None:
    """Park a sale; closing your shift clears it."""
    if amount is not None and typed_units is not None:
        raise click.UsageError("Give one of --amount and --units, or neither.")
    with opened(access) as shop:
        operator = signed_in(shop, access)
        drn = shop.desk.meter_number(meter)
        currency = shop.desk.currency_of(drn)
        wanted: Money | int | None = None
        if amount is not None:
            wanted = Money.parse(amount, currency)
        elif typed_units is not None:
            wanted = parse_units(typed_units)
        found = shop.desk.parked.park(operator.id, drn, currency, wanted)
    _answer(found, "pay.parked", json_wanted=json_wanted)


@parked.command()
@click.argument("number", type=int)
@shop_options
@as_json
@told
def recall(number: int, access: ShopAccess, *, json_wanted: bool) -> None:
    """Take the sale NUMBER from the list to go on with it."""
    with opened(access) as shop:
        operator = signed_in(shop, access)
        found = shop.desk.parked.recall(operator.id, number)
    _answer(found, "pay.recalled", json_wanted=json_wanted)


@parked.command()
@click.argument("number", type=int)
@shop_options
@as_json
@told
def drop(number: int, access: ShopAccess, *, json_wanted: bool) -> None:
    """Forget the sale NUMBER."""
    with opened(access) as shop:
        operator = signed_in(shop, access)
        found = shop.desk.parked.drop(operator.id, number)
    _answer(found, "pay.dropped", json_wanted=json_wanted)


def _answer(found: ParkedSale, key: str, *, json_wanted: bool) -> None:
    if json_wanted:
        print_json(parked_json(found))
        return
    say(words()(key, number=found.number))
    say_parked(found)


def say_parked(each: ParkedSale) -> None:
    """Write a parked sale as one line."""
    wanted = each.amount.plain() if each.amount else units(each.tenths) if each.tenths else "-"
    minutes = each.age_seconds // 60
    state = words()(f"pay.state-{each.state.value}", approval=each.approval)
    row = (
        f"{each.number:>6}  {minutes:>4} min  {each.operator_name:<12} {each.drn}  "
        f"{each.name:<28} {wanted:>12}  {state}"
    )
    say(row.rstrip())


def parked_json(each: ParkedSale) -> dict[str, Any]:
    """Return a parked sale."""
    return {
        "number": each.number,
        "at": instant(each.at_ms),
        "age_seconds": each.age_seconds,
        "operator": each.operator,
        "meter": each.drn,
        "name": each.name,
        "currency": each.currency.code,
        "amount": each.amount.plain() if each.amount else None,
        "units": units(each.tenths) if each.tenths else None,
        "state": each.state.value,
        "card": each.card.plain() if each.card else None,
        "approval": each.approval,
    }
