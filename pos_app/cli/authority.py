"""Whose signed files a shop takes, and signing such files."""

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
from pos_app.cli.files import FileUnwritten, content_of
from pos_app.exchange.signed_text import write_signed
from pos_app.exchange.signing import SigningKey, key_of_pem


@click.group()
def authority() -> None:
    """Show or pin the key of the authority that signs tariffs and account files."""


@authority.command()
@shop_options
@as_json
@told
def show(access: ShopAccess, *, json_wanted: bool) -> None:
    """Show whose signed files this shop takes."""
    with opened(access) as shop:
        known = shop.desk.tariffs.authorities()
    if json_wanted:
        print_json({"authorities": [{"name": name, "key": key} for key, name in known.items()]})
        return
    for key, name in known.items():
        say(words()("authority.known", name=name, key=key))
    if not known:
        say(words()("authority.none"))


@authority.command()
@click.argument("name")
@click.argument("key")
@shop_options
@told
def pin(name: str, key: str, access: ShopAccess) -> None:
    """Pin the public KEY (64 hexadecimal digits) of NAME in a shop that has none, as a supervisor.

    Compare the digits with the authority by another way than the one they came.
    """
    with opened(access) as shop:
        operator = signed_in(shop, access)
        shop.desk.tariffs.pin(name, key, operator.id)
    say(words()("authority.pinned", name=name))


@authority.command("key")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@told
def public_key(file: Path) -> None:
    """Print the public key of a private key FILE, for `authority pin`."""
    say(key_of_pem(content_of(file), str(file)).public.hex())


def signing_key(file: Path | None, *, training: bool) -> SigningKey:
    """Return the authority's key from its PEM file, or the published one of training shops."""
    if (file is None) != training:
        raise click.UsageError("Give one of --key and --training.")
    if file is None:
        from pos_app.bootstrap.training import training_authority  # noqa: PLC0415

        return training_authority()
    return key_of_pem(content_of(file), str(file))


def leave_signed(file: Path, output: Path | None, purpose: bytes, key: SigningKey) -> None:
    """Write a file with its signature, in its own place or to `output`."""
    target = output or file
    try:
        target.write_bytes(write_signed(content_of(file), purpose, key))
    except OSError as fault:
        reason = fault.strerror or type(fault).__name__
        raise FileUnwritten(path=str(target), reason=reason) from None
    say(words()("authority.signed", path=str(target), key=key.public.hex()[:16]))
