"""Commands for keys inside a PKCS#11 module: name the module, move keys into it."""

from __future__ import annotations

from pathlib import Path

import click

import pos_app.cli.key_office
import pos_app.cli.key_papers  # noqa: F401 - their commands join the group
from pos_app.cli.common import ShopAccess, opened, say, secret, shop_options, told, words
from pos_app.cli.keys import Second, both, keys, two_people

_FILE = click.Path(path_type=Path, dir_okay=False)


@keys.command()
@click.argument("library", type=_FILE)
@click.option("--token", required=True, help="The label of the token in the module.")
@click.option(
    "--module-pin-fd",
    type=int,
    help="Read the module's PIN from here. [env: TOKENTILL_MODULE_PIN]",
)
@shop_options
@two_people
@told
def module(
    library: Path, token: str, access: ShopAccess, second: Second, module_pin_fd: int | None
) -> None:
    """Keep vending keys in a PKCS#11 module from now on; LIBRARY is the path of its driver.

    Keys that are here already stay until they are imported again. Two supervisors do it.
    """
    from pos_app.application.keys import ModuleAccess  # noqa: PLC0415

    with opened(access) as shop:
        people = both(shop, access, second)
        pin = secret("Module PIN", "TOKENTILL_MODULE_PIN", module_pin_fd)
        reach = ModuleAccess(str(library.absolute()), token, pin)
        serial = shop.desk.keys.use_module(reach, *people)
    say(words()("keys.module", token=token, serial=serial))


@keys.command()
@shop_options
@two_people
@told
def move(access: ShopAccess, second: Second) -> None:
    """Move the vending keys that are here into the module that was named before.

    Each is proven in the module before its sealed copy goes. Interrupted, do it again: what is in
    the module already is kept. Backups made before still hold the keys. Two supervisors do it.
    """
    with opened(access) as shop:
        moved = shop.desk.key_moves.move(*both(shop, access, second))
    for each in moved.keys:
        say(words()("keys.moved", sgc=each.sgc, krn=each.krn, kcv=each.kcv))
    if not moved.keys:
        say(words()("keys.moved-none", n=moved.already))
    if moved.unfit:
        say(words()("keys.moved-unfit", n=moved.unfit))
