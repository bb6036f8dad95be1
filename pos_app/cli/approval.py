"""The second person at a command: a supervisor's PIN, from wherever secrets come."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import click

from pos_app.application.identity import ShopMode
from pos_app.cli.common import secret

if TYPE_CHECKING:
    from pos_app.bootstrap.shop import OpenShop

VARIABLE: Final = "TOKENTILL_APPROVER_PIN"


def approver_options(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command ``--approver`` and the way to hand over the PIN."""
    pin = click.option(
        "--approver-pin-fd",
        type=int,
        help=f"Read the supervisor's PIN from this file descriptor. [env: {VARIABLE}]",
    )
    who = click.option("--approver", required=True, help="The supervisor who approves.")
    return who(pin(function))


def approver_pin(shop: OpenShop, approver: str, descriptor: int | None) -> str:
    """Return the approver's PIN; a training shop's are published and need not be given."""
    given = descriptor is not None or VARIABLE in os.environ
    if shop.desk.identity.mode is ShopMode.TRAINING and not given:
        from pos_app.bootstrap.training_file import training_pins  # noqa: PLC0415 - seldom

        pins: dict[str, Any] = dict(training_pins())
        if approver in pins:
            return str(pins[approver])
    return secret("The supervisor's PIN", VARIABLE, descriptor)
