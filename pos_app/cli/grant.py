"""Commands that give credit nobody pays for; a supervisor approves each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pos_app.cli.common import (
    ShopAccess,
    as_json,
    opened,
    print_json,
    say,
    shop_options,
    told,
    words,
)
from pos_app.cli.desk_acts import act_command
from pos_app.domain.engineering import DeskAct
from pos_app.domain.replacement import Complaint

if TYPE_CHECKING:
    from pos_app.bootstrap.shop import OpenShop

_SAYS = click.option(
    "--says",
    type=click.Choice([each.value for each in Complaint]),
    default=Complaint.REFUSED.value,
    show_default=True,
    help="What the customer says.",
)


@click.group()
def grant() -> None:
    """Give credit nobody pays for: free issue, replacement, credit for a new meter."""


@grant.command("free-issue")
@click.argument("meter")
@click.argument("credit")
@act_command(DeskAct.FREE_ISSUE)
def free_issue(shop: OpenShop, meter: str, credit: str) -> dict[str, str]:
    """Give units to a meter for no money; CREDIT is money where the meter counts money."""
    return {"meter": shop.desk.meter_number(meter), "units": credit}


@grant.command("replace")
@click.argument("receipt")
@_SAYS
@act_command(DeskAct.REPLACEMENT)
def replace(shop: OpenShop, receipt: str, says: str) -> dict[str, str]:
    """Make a sale's units a second time, once nothing cheaper helps; see “advise”."""
    del shop
    return {"receipt": receipt, "says": says}


@grant.command("exchange")
@click.argument("old")
@click.argument("new")
@click.argument("credit", default="")
@act_command(DeskAct.EXCHANGE)
def exchange(shop: OpenShop, old: str, new: str, credit: str) -> dict[str, str]:
    """Let a new meter take the place of an old one and carry its last credit over.

    CREDIT is what the old meter still showed: units, or money where both meters count money. It
    may be left out where “meter-record swap” noted it.
    """
    numbers = {"meter": shop.desk.meter_number(new), "from": shop.desk.meter_number(old)}
    return {**numbers, "units": credit}


@grant.command("advise")
@click.argument("receipt")
@_SAYS
@shop_options
@as_json
@told
def advise(receipt: str, says: str, access: ShopAccess, *, json_wanted: bool) -> None:
    """Say the one next thing to do for a token that is no good to its customer, and why."""
    with opened(access) as shop:
        found = shop.desk.engineering.advise(receipt, Complaint(says))
    if json_wanted:
        print_json(
            {"receipt": found.sale.receipt, "advice": found.advice.value, "why": found.why.value}
        )
        return
    facts = {"receipt": found.sale.receipt, "credit": found.credit.text(found.sale.meter.unit)}
    say(words()(f"eng.advice-{found.advice.value}", **facts))
    say(f"{words()('eng.why')}: {words()(f'eng.why-{found.why.value}')}")
