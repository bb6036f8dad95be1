"""Commands for receipts of keys: which there are, and one of them on paper again."""

from __future__ import annotations

from pathlib import Path

import click

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
from pos_app.cli.keys import keys
from pos_app.cli.shift_paper import SLIP, paper


@keys.command()
@shop_options
@as_json
@told
def papers(access: ShopAccess, *, json_wanted: bool) -> None:
    """List the receipts of keys that came in and of their end, the newest first."""
    with opened(access) as shop:
        found = shop.desk.key_papers.listed(50)
    if json_wanted:
        listed = [
            {"entry": each.entry, "authority": each.authority, "file": each.sequence}
            | {"keys": each.count, "people": list(each.people)}
            for each in found
        ]
        print_json({"papers": listed})
        return
    if not found:
        say(words()("keys.no-paper"))
    for each in found:
        what = "keys.paper-taken" if each.authority else "keys.paper-end"
        facts = {"name": each.authority, "sequence": each.sequence, "n": each.count}
        say(words()(what, entry=each.entry, **facts))


@keys.command("print")
@click.argument("entry", type=int)
@SLIP
@shop_options
@told
def print_again(entry: int, slip: Path | None, access: ShopAccess) -> None:
    """Print the receipt of a journal ENTRY once more, as a counted copy."""
    with opened(access) as shop:
        copy = shop.desk.key_papers.again(entry, signed_in(shop, access).id)
        paper(shop, entry, copy, slip)
    say(words()("keys.printed" if copy else "keys.printed-first", entry=entry, copy=copy))
