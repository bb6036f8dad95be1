"""Commands for keys inside a PKCS#11 module: name the module, move keys into it."""

from __future__ import annotations

from pathlib import Path

import click

from pos_app.cli.common import ShopAccess, opened, say, secret, shop_options, told, words
from pos_app.cli.key_office import keys
from pos_app.cli.keys import Second, both, two_people

__all__ = ["keys"]

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
