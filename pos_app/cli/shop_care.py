"""``tokentill shop``: what is done to a shop as a whole."""

from __future__ import annotations

import os

import click

from pos_app.cli.common import (
    OperatorMissing,
    ShopAccess,
    opened,
    passphrase_of,
    say,
    secret,
    shop_options,
    told,
    words,
)
from pos_app.cli.keys import pin_of


@click.group()
def shop() -> None:
    """Care for a shop: its passphrase."""


@shop.command()
@click.option(
    "--new-passphrase-fd",
    type=int,
    help="Read the new passphrase from here. [env: TOKENTILL_NEW_PASSPHRASE]",
)
@shop_options
@told
def passphrase(access: ShopAccess, new_passphrase_fd: int | None) -> None:
    """Change the shop's passphrase, as a supervisor. The old one opens it no more.

    Backups made before still open with the passphrase of their day.
    """
    from pos_app.application.keys import Person  # noqa: PLC0415

    if not access.operator:
        raise OperatorMissing
    old = passphrase_of(access)
    new = new_passphrase(new_passphrase_fd)
    with opened(access) as opened_shop:
        pin = pin_of(opened_shop, access.operator, "TOKENTILL_PIN", access.pin_fd)
        opened_shop.desk.keys.change_passphrase(old, new, Person(access.operator, pin))
    say(words()("keys.passphrase-changed"))


def new_passphrase(descriptor: int | None) -> str:
    """Return a new passphrase; one that is typed is typed twice."""
    what, variable = "New passphrase", "TOKENTILL_NEW_PASSPHRASE"
    if descriptor is None and variable not in os.environ:
        secret_there = secret(what, variable, None)
        while str(click.prompt("Once more", hide_input=True, err=True)) != secret_there:
            click.echo(words()("keys.passphrase-differs"), err=True)
            secret_there = secret(what, variable, None)
        return secret_there
    return secret(what, variable, descriptor)
