"""Tariffs of a shop on the command line: taking a new version in, listing, signing."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import click

from pos_app.application.tariffs import TariffVersion, proven
from pos_app.cli.authority import leave_signed, signing_key
from pos_app.cli.common import (
    REFUSED,
    ShopAccess,
    as_json,
    complain,
    error_json,
    opened,
    print_json,
    say,
    shop_options,
    signed_in,
    told,
    words,
)
from pos_app.cli.files import content_of
from pos_app.cli.tariff import fault_sentence, tariff, text_of
from pos_app.domain.tariff.refusals import TariffInvalid
from pos_app.exchange.signed_text import TARIFF


@tariff.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--by", default="", help="The supervisor who answers for it; as --operator.")
@shop_options
@as_json
@told
def import_file(file: Path, by: str, access: ShopAccess, *, json_wanted: bool) -> None:
    """Take in a version of a tariff: signature, examples and succession are checked first.

    It is in force from its first day on; until then the version before it is.
    """
    content = content_of(file)
    with opened(access) as shop:
        operator = signed_in(shop, replace(access, operator=by or access.operator))
        try:
            done = shop.desk.tariffs.take(content, operator.id)
        except TariffInvalid as fault:
            if json_wanted:
                print_json(error_json(fault))
            complain(fault_sentence(file, fault))
            complain(words()("tariff.not-taken"))
            sys.exit(REFUSED)
    facts = {
        "id": done.tariff.id,
        "version": done.tariff.version,
        "valid_from": _day(done.tariff.valid_from),
        "examples": done.examples,
        "signed_by": done.signed_by,
    }
    if json_wanted:
        print_json({**facts, "again": done.again})
        return
    say(words()("tariff.again" if done.again else "tariff.imported", **facts))
    signed = "tariff.signed-by" if done.signed_by else "tariff.unsigned"
    say(words()(signed, name=done.signed_by))


@tariff.command("list")
@shop_options
@as_json
@told
def list_versions(access: ShopAccess, *, json_wanted: bool) -> None:
    """List every version of every tariff in the shop, and which are in force today."""
    with opened(access) as shop:
        versions = shop.desk.tariffs.versions()
    if json_wanted:
        print_json({"tariffs": [_version_json(each) for each in versions]})
        return
    for each in versions:
        facts = {key: value or "-" for key, value in _version_json(each).items()}
        key = "tariff.version-now" if each.in_force else "tariff.version"
        say(words()(key, **facts))


def _version_json(each: TariffVersion) -> dict[str, object]:
    tariff = each.tariff
    return {
        "id": tariff.id,
        "version": tariff.version,
        "name": tariff.name,
        "valid_from": _day(tariff.valid_from),
        "valid_to": _day(tariff.valid_to),
        "in_force": each.in_force,
    }


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()


@tariff.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--key", type=click.Path(path_type=Path, dir_okay=False), help="Private key, PEM.")
@click.option("--training", is_flag=True, help="Sign with the published key of training shops.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Another file.")
@told
def sign(file: Path, key: Path | None, output: Path | None, *, training: bool) -> None:
    """Sign a tariff FILE as the authority, once its own examples hold.

    The signature is the last line, a comment; a key is made with
    openssl genpkey -algorithm ed25519 -out key.pem
    """
    signer = signing_key(key, training=training)
    try:
        proven(text_of(file))
    except TariffInvalid as fault:
        complain(fault_sentence(file, fault))
        sys.exit(REFUSED)
    leave_signed(file, output, TARIFF, signer)
