"""What every command shares: the shop, the secrets, and errors told in a sentence."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, ParamSpec

import click

from pos_app.adapters.system.paths import default_shop, training_shop
from pos_app.application.lookup import storable
from pos_app.application.records import Operator, Role, ShopMode
from pos_app.application.words import Words, load_words
from pos_app.domain.errors import PosError

if TYPE_CHECKING:
    from pos_app.bootstrap.shop import OpenShop

P = ParamSpec("P")

REFUSED = 1
"""The exit code after a known problem; click's own 2 is for a wrong command line."""


class SecretMissing(PosError):
    """A passphrase or PIN was not given and cannot be asked for. Facts: `what`, `variable`."""

    code: ClassVar[str] = "secret-missing"


class OperatorMissing(PosError):
    """Nobody was named as the operator."""

    code: ClassVar[str] = "operator-missing"


class AnswerLost(PosError):
    """Standard output takes nothing. Fact: `reason`."""

    code: ClassVar[str] = "answer-lost"


def words() -> Words:
    """Return the words of the command line."""
    return load_words("en")


def say(text: str) -> None:
    """Write a line to standard output, at once; raises `AnswerLost`."""
    try:
        click.echo(storable(text))
    except BrokenPipeError:
        raise
    except OSError as problem:
        # What is still buffered must not be tried again, and complained of, while Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise AnswerLost(reason=problem.strerror or type(problem).__name__) from problem


def complain(text: str) -> None:
    """Write a line to standard error."""
    click.echo(storable(text), err=True)


def print_json(value: object) -> None:
    """Write one JSON line to standard output, at once."""
    say(json.dumps(value, ensure_ascii=False))


def error_json(problem: PosError) -> dict[str, Any]:
    """Return a problem as JSON values, words included."""
    facts = {name: str(value) for name, value in problem.facts.items()}
    return {"error": {"code": problem.code, "message": words().of_error(problem), "facts": facts}}


def as_json(function: Callable[P, None]) -> Callable[P, None]:
    """Give a command ``--json``."""
    option = click.option("--json", "json_wanted", is_flag=True, help="Answer in JSON.")
    return option(function)


def told(function: Callable[P, None]) -> Callable[P, None]:
    """Turn a `PosError` into one sentence (and one JSON line with ``--json``) and exit code 1."""

    @wraps(function)
    def command(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            function(*args, **kwargs)
        except PosError as problem:
            if kwargs.get("json_wanted") and not isinstance(problem, AnswerLost):
                print_json(error_json(problem))
            complain(words().of_error(problem))
            sys.exit(REFUSED)
        except BrokenPipeError:
            # Whoever read our output has gone; Python must not complain again while it ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(REFUSED)

    return command


@dataclass(frozen=True, slots=True)
class ShopAccess:
    """Which shop, who, and where the secrets come from."""

    folder: Path
    operator: str
    passphrase_fd: int | None
    pin_fd: int | None


def shop_options(function: Callable[P, None]) -> Callable[P, None]:
    """Give a command ``--shop``, ``--operator`` and the ways to hand over secrets."""

    @click.option(
        "--shop",
        type=click.Path(path_type=Path, file_okay=False),
        envvar="TOKENTILL_SHOP",
        help="The shop's folder. [env: TOKENTILL_SHOP]",
    )
    @click.option(
        "--operator",
        default="",
        envvar="TOKENTILL_OPERATOR",
        help="Who sells. [env: TOKENTILL_OPERATOR]",
    )
    @click.option(
        "--passphrase-fd",
        type=int,
        help="Read the shop's passphrase from this file descriptor. [env: TOKENTILL_PASSPHRASE]",
    )
    @click.option(
        "--pin-fd",
        type=int,
        help="Read the operator's PIN from this file descriptor. [env: TOKENTILL_PIN]",
    )
    @wraps(function)
    def command(*args: Any, **kwargs: Any) -> None:
        folder = kwargs.pop("shop") or existing_shop()
        access = ShopAccess(
            folder, kwargs.pop("operator"), kwargs.pop("passphrase_fd"), kwargs.pop("pin_fd")
        )
        function(*args, access=access, **kwargs)  # type: ignore[arg-type]

    return command


def existing_shop() -> Path:
    """Return the user's real shop if there is one, else the training shop's place."""
    real = default_shop()
    return real if real.exists() else training_shop()


def secret(what: str, variable: str, descriptor: int | None) -> str:
    """Return a secret from a descriptor, the environment or a prompt, in this order."""
    if descriptor is not None:
        try:
            with os.fdopen(
                descriptor, encoding="utf-8", errors="surrogateescape", closefd=False
            ) as source:
                return source.readline().rstrip("\r\n")
        except (OSError, ValueError):  # closed, write-only, negative, or no text in it
            raise SecretMissing(what=what, variable=variable) from None
    held = os.environ.get(variable)
    if held is not None:
        return storable(held)
    if sys.stdin is None or not sys.stdin.isatty():
        raise SecretMissing(what=what, variable=variable)
    return str(click.prompt(what, hide_input=True, err=True))


@contextmanager
def opened(access: ShopAccess) -> Iterator[OpenShop]:
    """Open the shop for one command and close it afterwards."""
    from pos_app.bootstrap.shop import open_shop  # noqa: PLC0415 - 0.3 s that --help can do without

    shop = open_shop(access.folder, passphrase_of(access))
    try:
        yield shop
    finally:
        shop.close()


def passphrase_of(access: ShopAccess) -> str:
    """Return the passphrase; a training shop's is published and need not be given."""
    from pos_app.adapters.vault.header import read_identity  # noqa: PLC0415

    identity = read_identity(access.folder)
    given = access.passphrase_fd is not None or "TOKENTILL_PASSPHRASE" in os.environ
    if identity.mode is ShopMode.TRAINING and not given:
        from pos_app.bootstrap.training_file import training_passphrase  # noqa: PLC0415

        return training_passphrase()
    return secret("Passphrase", "TOKENTILL_PASSPHRASE", access.passphrase_fd)


def signed_in(shop: OpenShop, access: ShopAccess, wanted: Role | None = None) -> Operator:
    """Sign the operator in; a training shop's first operator needs no PIN on the command line.

    Where nobody is named there, it is the first with the `wanted` role.
    """
    operator_id = access.operator
    if shop.desk.identity.mode is ShopMode.TRAINING:
        from pos_app.bootstrap.training_file import training_pins  # noqa: PLC0415

        pins = training_pins()
        roles = {each.id: each.role for each in shop.desk.operators()}
        fit = [each for each in pins if wanted in {None, roles.get(each)}]
        operator_id = operator_id or next(iter((*fit, *pins)))
        given = access.pin_fd is not None or "TOKENTILL_PIN" in os.environ
        if not given and operator_id in pins:
            return shop.desk.sign_in(operator_id, pins[operator_id])
    if not operator_id:
        raise OperatorMissing
    pin = secret("PIN", "TOKENTILL_PIN", access.pin_fd)
    return shop.desk.sign_in(operator_id, pin)
