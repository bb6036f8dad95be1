"""``tokentill tenders``: which ways of paying the shop takes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import click

from pos_app.application.tender_settings import (
    TenderKindsInvalid,
    kinds_from,
    kinds_to,
    tender_name,
    with_names,
)
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
from pos_app.domain.tender_kind import NO_SHAPE, TenderKind


@click.group()
def tenders() -> None:
    """Ways of paying: what the shop takes beside cash."""


@tenders.command("list")
@shop_options
@as_json
@told
def list_kinds(access: ShopAccess, *, json_wanted: bool) -> None:
    """Say every way of paying that is in force, with what it needs."""
    with opened(access) as shop:
        kinds = shop.desk.tenders()
    if json_wanted:
        print_json({"tenders": kinds_to(kinds)})
        return
    _say_kinds(kinds)


@tenders.command("set")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@shop_options
@as_json
@told
def set_kinds(file: Path, access: ShopAccess, *, json_wanted: bool) -> None:
    """Take the list in FILE (JSON) from now on; only a supervisor may. An empty list: cash only."""
    from pos_app.adapters.system.settings_file import save_settings  # noqa: PLC0415 - seldom

    kinds = _read(file)
    with opened(access) as shop:
        operator = signed_in(shop, access)
        found = shop.settings.to_change()
        changed = replace(found, tenders=replace(found.tenders, kinds=kinds))
        shop.desk.set_tenders(operator.id, kinds, lambda: save_settings(shop.folder, changed))
        in_force = shop.desk.tenders()
    if json_wanted:
        print_json({"tenders": kinds_to(in_force)})
        return
    _say_kinds(in_force)


def _read(file: Path) -> tuple[TenderKind, ...]:
    try:
        values = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        raise TenderKindsInvalid(kind=NO_SHAPE, field="JSON", value=file.name[:40]) from None
    return kinds_from(values)


def _say_kinds(kinds: tuple[TenderKind, ...]) -> None:
    said = with_names(words(), kinds)
    for kind in kinds:
        needs = "" if kind.reference == "none" else f"{kind.reference} {kind.mask}"
        roles = ", ".join(kind.roles)
        limit = ", ".join(f"{code} {amount}" for code, amount in kind.limit.items())
        row = f"{kind.code:<20} {tender_name(said, kind.code):<20} {needs:<28} {roles} {limit}"
        say(row.rstrip())
