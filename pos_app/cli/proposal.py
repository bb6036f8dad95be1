"""Commands of corrections that head office is asked for."""

from __future__ import annotations

from typing import Any

import click

from pos_app.application.proposals import FIELDS, Proposal
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
from pos_app.cli.sales_json import instant


@click.group()
def proposal() -> None:
    """Ask head office to correct a customer's record; nothing changes before it answers."""


@proposal.command()
@click.argument("meter")
@click.argument("field", type=click.Choice(FIELDS))
@click.argument("value")
@shop_options
@as_json
@told
def make(meter: str, field: str, value: str, access: ShopAccess, *, json_wanted: bool) -> None:
    """Propose that FIELD of METER should be VALUE (anyone who is signed in)."""
    with opened(access) as shop:
        operator = signed_in(shop, access)
        drn = shop.desk.meter_number(meter)
        made = shop.desk.proposals.propose(drn, field, value, operator)
    if json_wanted:
        print_json(_values(made))
    else:
        say(words()("meterlife.asked"))


@proposal.command("list")
@shop_options
@as_json
@told
def list_all(access: ShopAccess, *, json_wanted: bool) -> None:
    """List what was proposed here, the newest first, with head office's answers."""
    with opened(access) as shop:
        found = shop.desk.proposals.all()
    if json_wanted:
        print_json({"proposals": [_values(each) for each in found]})
        return
    for each in found:
        field = words()(f"meterlife.field.{each.field}")
        facts = {"field": field, "value": each.value, "note": each.note}
        say(f"{each.drn}  {words()(f'meterlife.proposed.{each.state.value}', **facts)}")


def _values(each: Proposal) -> dict[str, Any]:
    return {
        "entry": each.seq,
        "meter": each.drn,
        "field": each.field,
        "was": each.was,
        "value": each.value,
        "operator": each.operator,
        "at": instant(each.at_ms),
        "state": each.state.value,
        "note": each.note,
    }
