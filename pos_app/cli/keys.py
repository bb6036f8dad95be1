"""Commands for the till's keys: what it holds, how long, bringing them in, destroying them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, ParamSpec

import click

from pos_app.adapters.system.new_file import FileExists, new_file
from pos_app.application.records import ShopMode
from pos_app.cli.approval import code_options, say_request
from pos_app.cli.common import (
    ShopAccess,
    as_json,
    opened,
    passphrase_of,
    print_json,
    say,
    secret,
    shop_options,
    signed_in,
    told,
    words,
)
from pos_app.cli.files import first_bytes
from pos_app.domain.errors import PosError

if TYPE_CHECKING:
    from pos_app.application.approval_records import Approval
    from pos_app.application.key_records import KeyStanding
    from pos_app.application.keys import KeyDesk, KeyFileView, Person
    from pos_app.application.ports import KeyAttributes
    from pos_app.bootstrap.shop import OpenShop

P = ParamSpec("P")
_FILE = click.Path(path_type=Path, dir_okay=False)


class KeyFileUnreadable(PosError):
    """A file of keys cannot be read. Facts: `path`, `reason`."""

    code: ClassVar[str] = "key-file-unreadable"


class SecondMissing(PosError):
    """Nobody was named as the second person."""

    code: ClassVar[str] = "second-missing"


@click.group()
def keys() -> None:
    """Bring keys in, see when they end, destroy them. Key bytes are never shown."""


def two_people(function: Callable[P, None]) -> Callable[P, None]:
    """Give a command ``--second`` and ways to hand over the second person's PIN."""

    @click.option("--second", default="", envvar="TOKENTILL_SECOND", help="The other supervisor.")
    @click.option(
        "--second-pin-fd",
        type=int,
        help="Read the other supervisor's PIN from here. [env: TOKENTILL_SECOND_PIN]",
    )
    @wraps(function)
    def command(*args: Any, **kwargs: Any) -> None:
        second = (kwargs.pop("second"), kwargs.pop("second_pin_fd"))
        function(*args, second=second, **kwargs)  # type: ignore[arg-type]

    return command


Second = tuple[str, int | None]


def both(shop: OpenShop, access: ShopAccess, second: Second) -> tuple[Person, Person]:
    """Ask for both PINs; a training shop's are published and need not be given."""
    from pos_app.application.keys import Person  # noqa: PLC0415 - brings ciphers; --help can wait

    if not access.operator or not second[0]:
        raise SecondMissing
    return (
        Person(access.operator, pin_of(shop, access.operator, "TOKENTILL_PIN", access.pin_fd)),
        Person(second[0], pin_of(shop, second[0], "TOKENTILL_SECOND_PIN", second[1])),
    )


def _with_code(
    shop: OpenShop, access: ShopAccess, second: Second, answer: tuple[str, str]
) -> tuple[Person, Person | Approval]:
    """Ask for both PINs, or for the first one's where a code answers a request."""
    from pos_app.application.approval_records import Approval  # noqa: PLC0415 - as below
    from pos_app.application.keys import Person  # noqa: PLC0415 - brings ciphers; --help can wait

    number, code = answer
    if not number:
        return both(shop, access, second)
    if not access.operator or not second[0]:
        raise SecondMissing
    pin = pin_of(shop, access.operator, "TOKENTILL_PIN", access.pin_fd)
    return Person(access.operator, pin), Approval(second[0], number=number, code=code)


def pin_of(shop: OpenShop, operator: str, variable: str, descriptor: int | None) -> str:
    """Return an operator's PIN from a descriptor, the environment or a prompt."""
    import os  # noqa: PLC0415

    if shop.desk.identity.mode is ShopMode.TRAINING and descriptor is None:
        from pos_app.bootstrap.training_file import training_pins  # noqa: PLC0415

        published = training_pins().get(operator)
        if published and variable not in os.environ:
            return published
    return secret(f"PIN ({operator})", variable, descriptor)


def content_of(path: Path, largest: int = 16 * 1024 * 1024) -> bytes:
    """Return the bytes of a file, at most one more than the largest that will be taken."""
    return first_bytes(path, largest, KeyFileUnreadable)


@keys.command("list")
@shop_options
@as_json
@told
def listing(access: ShopAccess, *, json_wanted: bool) -> None:
    """List the keys with what is left of their time; the one that ends first in front."""
    with opened(access) as shop:
        holdings, interrupted = shop.desk.key_moves.holdings(), shop.desk.key_moves.interrupted()
    if json_wanted:
        listed = [_standing_json(each.standing) | {"place": each.place} for each in holdings]
        print_json({"keys": listed, "move_interrupted": interrupted})
        return
    if not holdings:
        say(words()("keys.none"))
    for holding in holdings:
        each = holding.standing
        group, life = each.group, each.life
        state = "covered" if each.covered else life.state.value
        facts = {"days": life.days, "day": _day(life.ends_ms), "start": _day(group.active_from_ms)}
        said = words()(f"keys.state.{state}", **facts)
        what = words()(f"keys.{group.kind}", keys=group.keys, kcv=group.kcv)
        if holding.place != "till":
            what = words()("keys.in-module", what=what)
        say(f"SGC {group.sgc} KRN {group.krn} KEN {group.ken} {group.base}  {what}  {said}")
    if interrupted:
        say(words()("keys.move-interrupted"))


@keys.command()
@click.argument("file", type=_FILE)
@shop_options
@told
def request(file: Path, access: ShopAccess) -> None:
    """Write a signed request for keys; take it to the key authority."""
    from pos_app.exchange.key_file import fingerprint  # noqa: PLC0415

    with opened(access) as shop:
        content = shop.desk.keys.request()
        shown = fingerprint(shop.desk.safe.exchange_key)
    _leave(file, content)
    say(words()("keys.requested", path=str(file), fingerprint=shown))


@keys.command()
@shop_options
@as_json
@told
def authorities(access: ShopAccess, *, json_wanted: bool) -> None:
    """List the key authorities this till trusts, and the newest file taken of each."""
    with opened(access) as shop:
        known = shop.desk.keys.authorities()
    if json_wanted:
        listed = [{"key": key, "name": name, "newest": seq} for key, (name, seq) in known.items()]
        print_json({"authorities": listed})
        return
    if not known:
        say(words()("keys.no-authority"))
    for key, (name, sequence) in known.items():
        say(words()("keys.authority", name=name, key=key, newest=sequence))


@keys.command()
@click.argument("name")
@click.argument("public_key")
@shop_options
@two_people
@told
def trust(name: str, public_key: str, access: ShopAccess, second: Second) -> None:
    """Trust a key authority: its NAME and PUBLIC_KEY (64 hexadecimal digits).

    Two supervisors compare the digits with the authority by another way than the one they came.
    """
    with opened(access) as shop:
        desk = shop.desk.keys
        shown = desk.trust(name, public_key, *both(shop, access, second))
    say(words()("keys.trusted", name=name, fingerprint=shown))


@keys.command()
@click.argument("file", type=_FILE)
@shop_options
@as_json
@told
def look(file: Path, access: ShopAccess, *, json_wanted: bool) -> None:
    """Show what a key file holds, if this till would take it. Nothing is taken."""
    content = content_of(file)
    with opened(access) as shop:
        view = shop.desk.keys.look(content)
    _show(view, json_wanted=json_wanted)


@keys.command("import")
@click.argument("file", type=_FILE)
@code_options
@shop_options
@two_people
@as_json
@told
def bring_in(  # noqa: PLR0913 - one parameter an option
    file: Path,
    access: ShopAccess,
    second: Second,
    *,
    ask: bool,
    request: str,
    code: str,
    json_wanted: bool,
) -> None:
    """Take the keys of a FILE that was sealed to this till, with two supervisors.

    Check values are shown before the PINs are asked for: compare them with the authority's letter.
    A second supervisor who is elsewhere gets a request (--ask) and answers with --request, --code.
    """
    content = content_of(file)
    with opened(access) as shop:
        desk: KeyDesk = shop.desk.keys
        view = desk.look(content)
        if not json_wanted:
            _show(view, json_wanted=False)
        if ask:
            asked = desk.ask(content, signed_in(shop, access).id)
            say_request(asked, json_wanted=json_wanted)
            return
        desk.bring_in(content, *_with_code(shop, access, second, (request, code)))
    if json_wanted:
        _show(view, json_wanted=True)
    else:
        say(words()("keys.imported", keys=len(view.keys), path=str(file)))


@keys.command()
@click.argument("receipt_file", type=_FILE)
@shop_options
@two_people
@told
def zeroise(receipt_file: Path, access: ShopAccess, second: Second) -> None:
    """Destroy every key of this till for good and write a signed RECEIPT_FILE.

    The journal stays readable; nothing is sold any more. Two supervisors do it. Backups made
    before still hold the keys, under the passphrase of their day: destroy them too.
    """
    if receipt_file.exists():
        raise FileExists(path=str(receipt_file))
    passphrase = passphrase_of(access)
    with opened(access) as shop:
        desk = shop.desk.keys
        desk.destroy(passphrase, *both(shop, access, second))
        content = desk.receipt()
    say(words()("keys.destroyed"))
    _leave(receipt_file, content)
    say(words()("keys.receipt", path=str(receipt_file)))


@keys.command()
@click.argument("receipt_file", type=_FILE)
@shop_options
@told
def receipt(receipt_file: Path, access: ShopAccess) -> None:
    """Write the signed receipt of the keys' end once more."""
    with opened(access) as shop:
        content = shop.desk.keys.receipt()
    _leave(receipt_file, content)
    say(words()("keys.receipt", path=str(receipt_file)))


def _leave(path: Path, content: bytes) -> None:
    with new_file(path) as file:
        file.write(content)


def _show(view: KeyFileView, *, json_wanted: bool) -> None:
    if json_wanted:
        print_json(
            {
                "authority": view.authority,
                "fingerprint": view.fingerprint,
                "sequence": view.sequence,
                "sha256": view.digest,
                "keys": [_attributes_json(each) for each in view.keys],
            }
        )
        return
    say(words()("keys.from", name=view.authority, fingerprint=view.fingerprint))
    for each in view.keys:
        times = f"{_day(each.active_from_ms)} to {_day(each.issue_until_ms)}"
        meter = f"PAN {each.pan} TI {each.ti:02d} EA{each.ea:02d}  " if each.pan else ""
        say(
            f"{each.kcv}  {each.kind:<8} {meter}SGC {each.sgc} KRN {each.krn} KT {each.kt} "
            f"KEN {each.ken} {each.base} DKGA{each.dkga:02d}  {times}"
        )


def _attributes_json(each: KeyAttributes) -> dict[str, Any]:
    from dataclasses import asdict  # noqa: PLC0415

    return asdict(each)


def _standing_json(each: KeyStanding) -> dict[str, Any]:
    from dataclasses import asdict  # noqa: PLC0415

    life = each.life
    return asdict(each.group) | {
        "state": life.state.value,
        "ends": _day(life.ends_ms),
        "days": life.days,
        "band": life.band,
        "covered": each.covered,
    }


def _day(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms // 1000, UTC).date().isoformat()
