"""Commands of the engineering desk: work at a meter, tests, and what was done."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pos_app.application.act_plans import ASK
from pos_app.application.engineering_records import DeskRecord
from pos_app.application.slip.desk_slip import act_facts, watts_text
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
from pos_app.cli.desk_acts import act_command, desk_json, leave_paper, say_act
from pos_app.domain.engineering import HOUSEHOLD_AMPERES, DeskAct, power
from pos_app.sts.explain import TESTS

if TYPE_CHECKING:
    from pos_app.bootstrap.shop import OpenShop


@click.group()
def engineer() -> None:
    """Work at a meter: limits, clearing, tests. Each token is journalled with its work order."""


@engineer.command("power-limit")
@click.argument("meter")
@click.argument("power", metavar="POWER")
@act_command(DeskAct.POWER_LIMIT)
def power_limit(shop: OpenShop, meter: str, power: str) -> dict[str, str]:
    """Set the power above which a meter switches off: 20A, 3x40A, 20A@220, 4.6kW, 4600W."""
    return {"meter": shop.desk.meter_number(meter), "power": power}


@engineer.command("phase-unbalance")
@click.argument("meter")
@click.argument("power", metavar="POWER")
@act_command(DeskAct.PHASE_UNBALANCE)
def phase_unbalance(shop: OpenShop, meter: str, power: str) -> dict[str, str]:
    """Set how far the phases may differ before a meter switches off: 10A, 2.3kW."""
    return {"meter": shop.desk.meter_number(meter), "power": power}


@engineer.command("clear-tamper")
@click.argument("meter")
@act_command(DeskAct.CLEAR_TAMPER)
def clear_tamper(shop: OpenShop, meter: str) -> dict[str, str]:
    """Let a meter forget that it was opened."""
    return {"meter": shop.desk.meter_number(meter)}


@engineer.command("clear-credit")
@click.argument("meter")
@click.option("--register", default="", help="electricity, water, gas, time, …-currency or all.")
@click.option("--lost", required=True, metavar="UNITS", help="What the display shows now.")
@act_command(DeskAct.CLEAR_CREDIT)
def clear_credit(shop: OpenShop, meter: str, register: str, lost: str) -> dict[str, str]:
    """Empty a meter's credit; a supervisor approves."""
    return {"meter": shop.desk.meter_number(meter), "register": register, "lost": lost}


@engineer.command("water-factor")
@click.argument("meter")
@click.argument("word", metavar="NUMBER")
@act_command(DeskAct.WATER_FACTOR)
def water_factor(shop: OpenShop, meter: str, word: str) -> dict[str, str]:
    """Set a water meter's factor; what the 16 bits mean is not established."""
    return {"meter": shop.desk.meter_number(meter), "word": word}


@engineer.command("tariff-rate")
@click.argument("meter")
@click.argument("word", metavar="NUMBER")
@act_command(DeskAct.TARIFF_RATE)
def tariff_rate(shop: OpenShop, meter: str, word: str) -> dict[str, str]:
    """Set a meter's tariff rate; what the 16 bits mean is not established."""
    return {"meter": shop.desk.meter_number(meter), "word": word}


@engineer.command("extended-set")
@click.argument("meter")
@click.argument("word", metavar="NUMBER")
@act_command(DeskAct.EXTENDED_SET)
def extended_set(shop: OpenShop, meter: str, word: str) -> dict[str, str]:
    """Write a 16-bit extended value (STS 202-5); index and value share it: not established."""
    return {"meter": shop.desk.meter_number(meter), "word": word}


@engineer.command("extended-read")
@click.argument("index")
@act_command(DeskAct.EXTENDED_READ)
def extended_read(shop: OpenShop, index: str) -> dict[str, str]:
    """Ask a meter for an extended value (STS 202-5), 0 to 63; any meter takes the token."""
    del shop
    return {"word": index}


@engineer.command("test", help=f"Make test tokens: {', '.join(TESTS)}. “ask” stands for several.")
@click.argument("names", nargs=-1)
@click.option("--meter", default="", help="For a meter with a 13-digit number.")
@act_command(DeskAct.METER_TEST)
def test(shop: OpenShop, names: tuple[str, ...], meter: str) -> dict[str, str]:
    """Make tokens that show or test something and change nothing."""
    values = {"tests": " ".join(names)}
    return {"meter": shop.desk.meter_number(meter), **values} if meter else values


@engineer.command("presets")
@as_json
@told
def presets(*, json_wanted: bool) -> None:
    """List the usual power limits of households, and what an “ask” slip asks."""
    limits = {f"{amperes}A": power(f"{amperes}A").watts for amperes in HOUSEHOLD_AMPERES}
    if json_wanted:
        print_json({"power_limits": limits, "ask": list(ASK)})
        return
    for typed, watts in limits.items():
        say(f"{typed:>6}  {watts_text(words(), watts):>10}")


@engineer.command("list")
@click.argument("meter", required=False)
@shop_options
@as_json
@told
def listed(meter: str | None, access: ShopAccess, *, json_wanted: bool) -> None:
    """List what was done last, at one meter or at all of them, newest first."""
    with opened(access) as shop:
        drn = shop.desk.meter_number(meter) if meter else ""
        found = shop.desk.engineering.listed(drn)
    if json_wanted:
        print_json({"acts": [desk_json(each) for each in found]})
        return
    if not found:
        say(words()("eng.none"))
    for each in found:
        say(_row(each))


def _row(each: DeskRecord) -> str:
    what = words()(f"eng.act-{each.act}")
    facts = ", ".join(value for _, value in act_facts(words(), each))
    detail = f"{what}: {facts}" if facts else what
    return f"{each.receipt:<20} {each.drn:<14} {each.operator:<10} {detail}"


@engineer.command("reprint")
@click.argument("number")
@click.option("--slip", type=click.Path(path_type=Path, dir_okay=False))
@shop_options
@as_json
@told
def reprint(number: str, slip: Path | None, access: ShopAccess, *, json_wanted: bool) -> None:
    """Print a slip again: the same digits, marked COPY and counted."""
    with opened(access) as shop:
        operator = signed_in(shop, access)
        found, copy = shop.desk.engineering.reprint(number, operator.id)
        if json_wanted:
            print_json({"copy": copy, **desk_json(found)})
        else:
            say_act(shop, found, copy)
        leave_paper(shop, found.seq, copy, slip)
