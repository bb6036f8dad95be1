"""Commands for the people at the till."""

from __future__ import annotations

import os

import click

from pos_app.application.records import Operator, Role
from pos_app.cli.common import (
    ShopAccess,
    as_json,
    opened,
    print_json,
    say,
    secret,
    shop_options,
    signed_in,
    told,
    words,
)


@click.group()
def operator() -> None:
    """See who may sign in; add people, let them go, give them another PIN."""


@operator.command("list")
@shop_options
@as_json
@told
def listing(access: ShopAccess, *, json_wanted: bool) -> None:
    """List who may sign in."""
    with opened(access) as shop:
        people = shop.desk.operators()
    if json_wanted:
        rows = [{"id": each.id, "name": each.name, "role": each.role.value} for each in people]
        print_json({"operators": rows})
        return
    for each in people:
        say(f"{each.id:<20} {each.role.value:<12} {each.name}")


@operator.command()
@click.argument("operator_id")
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role]), default="cashier")
@click.option("--new-pin-fd", type=int, help="Read the new PIN here. [env: TOKENTILL_NEW_PIN]")
@shop_options
@told
def add(operator_id: str, name: str, role: str, access: ShopAccess, new_pin_fd: int | None) -> None:
    """Add an operator, as a supervisor (--operator)."""
    pin = new_pin(new_pin_fd)
    with opened(access) as shop:
        by = signed_in(shop, access)
        shop.desk.staff.add(Operator(operator_id, name, Role(role)), pin, by.id)
    say(words()("cli.operator-added", name=name))


@operator.command()
@click.argument("operator_id")
@shop_options
@told
def retire(operator_id: str, access: ShopAccess) -> None:
    """Let an operator sign in no more, as a supervisor (--operator)."""
    with opened(access) as shop:
        by = signed_in(shop, access)
        shop.desk.staff.retire(operator_id, by.id)
    say(words()("cli.operator-retired", name=operator_id))


@operator.command("pin")
@click.argument("operator_id")
@click.option("--new-pin-fd", type=int, help="Read the new PIN here. [env: TOKENTILL_NEW_PIN]")
@shop_options
@told
def another_pin(operator_id: str, access: ShopAccess, new_pin_fd: int | None) -> None:
    """Give an operator another PIN, as a supervisor (--operator)."""
    pin = new_pin(new_pin_fd)
    with opened(access) as shop:
        by = signed_in(shop, access)
        shop.desk.staff.new_pin(operator_id, pin, by.id)
    say(words()("cli.operator-pin", name=operator_id))


def new_pin(
    descriptor: int | None, what: str = "New PIN", variable: str = "TOKENTILL_NEW_PIN"
) -> str:
    """Return a new PIN; one that is typed is typed twice."""
    while True:
        first = secret(what, variable, descriptor)
        typed = descriptor is None and variable not in os.environ
        if not typed or str(click.prompt("Once more", hide_input=True, err=True)) == first:
            return first
        click.echo(words()("keys.passphrase-differs"), err=True)
