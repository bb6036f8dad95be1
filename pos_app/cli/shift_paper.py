"""What the commands of shifts and batches share: sums as text, slips on the screen and on paper."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pos_app.application.shifts import ShiftDesk
from pos_app.application.slip.layout import Slip
from pos_app.cli.common import complain, say, words
from pos_app.cli.slip_lines import slip_lines
from pos_app.domain.errors import PosError
from pos_app.domain.money import Money

if TYPE_CHECKING:
    from pos_app.bootstrap.shop import OpenShop

SLIP = click.option(
    "--slip",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Leave the slip in this .png, .pdf or .bin file.",
)


def split(text: str) -> tuple[str, str]:
    """Return (currency's code, the rest) of ``ZAR:200``; without a colon the code is empty."""
    code, colon, rest = text.partition(":")
    return (code, rest) if colon else ("", text)


def money_of(desk: ShiftDesk, text: str) -> Money:
    """Read ``ZAR:200``; without a currency the shop's only one is meant."""
    code, amount = split(text)
    return Money.parse(amount, desk.currency(code))


def amounts(each_money: tuple[Money, ...]) -> str:
    """Return sums side by side, a currency each; ``0`` for none."""
    return ", ".join(f"{each.currency.code} {each.plain()}" for each in each_money) or "0"


def say_slip(slip: Slip) -> None:
    """Write a slip to the screen."""
    for line in slip_lines(slip):
        say(line)


def paper(shop: OpenShop, seq: int, copy: int, path: Path | None) -> None:
    """Leave a slip file and serve the printer; the close stands whatever happens here."""
    from pos_app.bootstrap.paper import leave_close_slip, print_waiting  # noqa: PLC0415 - brings Qt

    try:
        if path is not None:
            leave_close_slip(shop, seq, copy, path)
        trouble = print_waiting(shop)
    except PosError as problem:
        complain(words().of_error(problem))
    else:
        if trouble:
            complain(words()("shift.not-printed", problem=words()(f"print.{trouble}")))
