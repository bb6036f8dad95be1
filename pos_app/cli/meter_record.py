"""Commands of a meter's life: register, install, block, swap, deactivate, report a fault."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

import click

from pos_app.application.meter_life import NewMeter
from pos_app.application.records import CreditWaiting, MeterRecord, Operator
from pos_app.application.shop_time import local
from pos_app.application.token_kinds import fine_amount
from pos_app.bootstrap.shop import OpenShop
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
from pos_app.cli.meter_notes import fault, fault_slip, shown_key
from pos_app.cli.sales_json import instant, units
from pos_app.domain.meter_life import MeterLife

ACTS_SHOWN = 20

_METER = click.option("--meter", required=True, help="The meter's number (DRN or meterPAN).")
_REASON = click.option("--reason", required=True, help="Why, in one line.")


@click.group("meter-record")
def meter_record() -> None:
    """Keep the record of a meter: register, install, block, swap, deactivate, faults."""


def _done(
    access: ShopAccess,
    meter: str,
    act: Callable[[OpenShop, str, Operator], MeterLife],
    *,
    json_wanted: bool,
) -> None:
    """Sign in, act on the meter, and say where it stands now."""
    with opened(access) as shop:
        operator = signed_in(shop, access)
        life = act(shop, shop.desk.meter_number(meter), operator)
        record = shop.desk.card(life.drn).meter
        acts = shop.ledger.meter_acts(life.drn, ACTS_SHOWN)
        offset = shop.clock.offset_minutes(shop.clock.now_ms())
        waiting = shop.desk.engineering.waiting(life.drn)
    if json_wanted:
        print_json(_life_json(life, acts, waiting))
        return
    for line in _lines(life, record, waiting):
        say(line)
    for _, at_ms, what, who, why in acts:
        at = local(at_ms, offset).strftime("%Y-%m-%d %H:%M")
        act_word = words()(f"meterlife.act.{what}")
        say(words()("meterlife.act", at=at, act=act_word, operator=who, words=why))


def _lines(life: MeterLife, record: MeterRecord, waiting: CreditWaiting | None) -> Iterator[str]:
    say_of = words()
    standing = say_of(f"meterlife.standing.{life.standing.value}")
    yield say_of("meterlife.line", drn=life.drn, name=record.name, standing=standing)
    if life.blocked:
        yield say_of("meterlife.blocked", reason=life.blocked)
    if life.seal:
        yield say_of("meterlife.seal", seal=life.seal)
    if life.unit:
        yield say_of("meterlife.unit", unit=life.unit)
    if life.replaced_by:
        yield say_of("meterlife.replaced-by", drn=life.replaced_by)
    if life.replaces:
        yield say_of("meterlife.replaces", drn=life.replaces)
    if waiting is not None:
        numbers = {"old": waiting.old, "new": waiting.new}
        yield say_of("meterlife.credit", units=waiting.text, **numbers)


def _life_json(
    life: MeterLife,
    acts: list[tuple[int, int, str, str, str]],
    waiting: CreditWaiting | None,
) -> dict[str, Any]:
    values = asdict(life) | {"standing": life.standing.value}
    values["credit"] = units(values.pop("credit_tenths"))
    values["credit_money"] = str(fine_amount(values.pop("credit_fine")))
    values["credit_waiting"] = waiting.text if waiting else None
    names = ("entry", "at", "act", "operator", "words")
    rows = [(seq, instant(at_ms), *rest) for seq, at_ms, *rest in acts]
    return values | {"acts": [dict(zip(names, row, strict=True)) for row in rows]}


@meter_record.command()
@_METER
@shop_options
@as_json
@told
def show(meter: str, access: ShopAccess, *, json_wanted: bool) -> None:
    """Say where a meter stands and what was done to it."""
    _done(
        access,
        meter,
        lambda shop, drn, _: shop.desk.meter_records.life(drn),
        json_wanted=json_wanted,
    )


@meter_record.command()
@click.argument("number")
@click.option("--like", required=True, help="A meter whose utility, tariff and key it shares.")
@click.option("--name", required=True)
@click.option("--address", required=True)
@click.option("--phone", default="")
@click.option("--account", default="")
@shop_options
@as_json
@told
def register(  # noqa: PLR0913, PLR0917 - an option each
    number: str,
    like: str,
    name: str,
    address: str,
    phone: str,
    account: str,
    access: ShopAccess,
    *,
    json_wanted: bool,
) -> None:
    """Put a new meter on file (supervisor). It may buy once it is installed."""

    def act(shop: OpenShop, drn: str, operator: Operator) -> MeterLife:
        new = NewMeter(number, drn, name, address, phone, account)
        return shop.desk.meter_records.register(new, operator)

    _done(access, like, act, json_wanted=json_wanted)


@meter_record.command()
@_METER
@click.option("--seal", required=True, help="Number on the seal of the meter's case.")
@click.option("--unit", default="", help="Number of the keypad of a split meter.")
@shop_options
@as_json
@told
def install(meter: str, seal: str, unit: str, access: ShopAccess, *, json_wanted: bool) -> None:
    """Note that a meter is in its house, sealed and paired (supervisor, engineer)."""
    _done(
        access,
        meter,
        lambda shop, drn, who: shop.desk.meter_records.install(drn, seal, unit, who),
        json_wanted=json_wanted,
    )


@meter_record.command()
@_METER
@_REASON
@click.option("--way-out", required=True, help="What lifts the block; the cashier reads it.")
@shop_options
@as_json
@told
def block(meter: str, reason: str, way_out: str, access: ShopAccess, *, json_wanted: bool) -> None:
    """Stop sales to a meter (supervisor)."""
    _done(
        access,
        meter,
        lambda shop, drn, who: shop.desk.meter_records.block(drn, reason, way_out, who),
        json_wanted=json_wanted,
    )


@meter_record.command()
@_METER
@_REASON
@shop_options
@as_json
@told
def unblock(meter: str, reason: str, access: ShopAccess, *, json_wanted: bool) -> None:
    """Let a blocked meter buy again (supervisor)."""
    _done(
        access,
        meter,
        lambda shop, drn, who: shop.desk.meter_records.unblock(drn, reason, who),
        json_wanted=json_wanted,
    )


@meter_record.command()
@_METER
@click.option("--new", required=True, help="The meter that takes its place; register it first.")
@click.option("--credit", default="0", help="What the old meter still shows.")
@_REASON
@shop_options
@as_json
@told
def swap(  # noqa: PLR0913 - an option each
    meter: str, new: str, credit: str, reason: str, access: ShopAccess, *, json_wanted: bool
) -> None:
    """Put a meter in another's place and note its credit (supervisor, engineer)."""

    def act(shop: OpenShop, drn: str, operator: Operator) -> MeterLife:
        numbers = (drn, shop.desk.meter_number(new))
        return shop.desk.engineering.swap(*numbers, credit, reason, operator)[1]

    _done(access, meter, act, json_wanted=json_wanted)


@meter_record.command()
@_METER
@_REASON
@shop_options
@as_json
@told
def deactivate(meter: str, reason: str, access: ShopAccess, *, json_wanted: bool) -> None:
    """Take a meter out of service for good (supervisor)."""
    _done(
        access,
        meter,
        lambda shop, drn, who: shop.desk.meter_records.deactivate(drn, reason, who),
        json_wanted=json_wanted,
    )


for _command in (fault, fault_slip, shown_key):
    meter_record.add_command(_command)
