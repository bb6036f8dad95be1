"""The second person at a command: a supervisor's PIN, from wherever secrets come."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import click

from pos_app.application.identity import ShopMode
from pos_app.cli.common import print_json, say, secret, words
from pos_app.exchange.approval import ApprovalRequest

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


def code_options(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command the ways to approval from afar."""
    ask = click.option("--ask", is_flag=True, help="Ask a supervisor elsewhere for a code.")
    number = click.option("--request", default="", help="The request that a code answers.")
    code = click.option("--code", default="", help="The supervisor's eight digits.")
    return ask(number(code(function)))


def say_request(request: ApprovalRequest, *, json_wanted: bool) -> None:
    """Write a request the way it is read over the phone."""
    if json_wanted:
        print_json({"request": request.number, "text": request.text()})
        return
    say(words()("eng.request"))
    say(request.text())
    say(f"{words()('eng.request-number')}: {request.number}")


def approver_pin(shop: OpenShop, approver: str, descriptor: int | None) -> str:
    """Return the approver's PIN; a training shop's are published and need not be given."""
    given = descriptor is not None or VARIABLE in os.environ
    if shop.desk.identity.mode is ShopMode.TRAINING and not given:
        from pos_app.bootstrap.training_file import training_pins  # noqa: PLC0415 - seldom

        pins: dict[str, Any] = dict(training_pins())
        if approver in pins:
            return str(pins[approver])
    return secret("The supervisor's PIN", VARIABLE, descriptor)
