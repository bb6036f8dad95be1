"""``tokentill parked``: sales that wait for their customer."""

from __future__ import annotations

from typing import Any

import click

from pos_app.application.parked import ParkedSale
from pos_app.cli.asked import AskedText, asked_options
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
@asked_options
@shop_options
@as_json
@told
def add(meter: str, asked: AskedText, access: ShopAccess, *, json_wanted: bool) -> None:
    """Park a sale; closing your shift clears it."""
    if asked.count():
        asked.one()
    with opened(access) as shop:
        operator = signed_in(shop, access)
        drn = shop.desk.meter_number(meter)
        card = shop.desk.card(drn)
        money, tenths, _ = asked.read(card)
        found = shop.desk.parked.park(operator.id, drn, card.currency, money or tenths)
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
