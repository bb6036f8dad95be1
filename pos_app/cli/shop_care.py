"""``tokentill shop``: what is done to a shop as a whole."""

from __future__ import annotations

import os
from pathlib import Path

import click

from pos_app.adapters.system.paths import default_shop
from pos_app.cli.common import (
    OperatorMissing,
    ShopAccess,
    opened,
    passphrase_of,
    say,
    secret,
    shop_options,
    signed_in,
    told,
    words,
)
from pos_app.cli.keys import content_of, pin_of
from pos_app.cli.operator import new_pin


@click.group()
def shop() -> None:
    """Make a live shop; care for its passphrase."""


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


@shop.command()
@click.option("--till", "till_name", required=True, help="The till's name: TILL7, unique.")
@click.option("--name", required=True, help="The shop's name, as slips show it.")
@click.option("--supervisor", "people", required=True, multiple=True, help="ID:NAME, twice.")
@click.option("--offset", type=click.IntRange(-720, 840), help="Minutes ahead of UTC, if fixed.")
@click.option(
    "--new-passphrase-fd",
    type=int,
    help="Read the passphrase from here. [env: TOKENTILL_NEW_PASSPHRASE]",
)
@click.option("--shop", type=click.Path(path_type=Path, file_okay=False), envvar="TOKENTILL_SHOP")
@told
def create(  # noqa: PLR0913, PLR0917 - one for each option
    till_name: str,
    name: str,
    people: tuple[str, ...],
    offset: int | None,
    new_passphrase_fd: int | None,
    shop: Path | None,
) -> None:
    """Make a live shop with two supervisors; keys, tariffs and meters come in later.

    PINs come from a prompt, or from TOKENTILL_PIN and TOKENTILL_SECOND_PIN.
    """
    from pos_app.bootstrap import live  # noqa: PLC0415

    if len(people) != 2 or not all(":" in each for each in people):
        raise click.UsageError("Give --supervisor ID:NAME twice.")
    folder = (shop or default_shop()).absolute()
    phrase = new_passphrase(new_passphrase_fd)
    variables = ("TOKENTILL_PIN", "TOKENTILL_SECOND_PIN")
    first, second = (
        live.Newcomer(short, full, new_pin(None, f"New PIN ({short})", variable))
        for (short, _, full), variable in zip(
            (each.partition(":") for each in people), variables, strict=True
        )
    )
    identity = live.live_identity(till_name, name, offset)
    live.create_live_shop(folder, phrase, identity, (first, second))
    say(words()("keys.shop-made", folder=str(folder), till=till_name))


@shop.command("import-meters")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@shop_options
@told
def import_meters(file: Path, access: ShopAccess) -> None:
    """Take meters from a CSV FILE, as a supervisor: the whole file or nothing.

    Columns: drn, name, utility, tariff, commodity, sgc, krn, ti, ken, kt, ea, dkga, base; and
    address, phone, account, blocked where they are known.
    """
    from pos_app.application.meter_import import LARGEST_FILE  # noqa: PLC0415

    content = content_of(file, LARGEST_FILE)
    with opened(access) as opened_shop:
        by = signed_in(opened_shop, access)
        count = opened_shop.desk.import_meters(content, by.id)
    say(words()("keys.meters-imported", count=count))


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
