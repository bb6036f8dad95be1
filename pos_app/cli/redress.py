"""Commands that put a sale right: money back, or the same value on another meter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pos_app.application.order import new_sale_id
from pos_app.application.redress_records import Redress, RedressOrder
from pos_app.application.reports.period import Period, parse_day
from pos_app.application.shop_time import local
from pos_app.cli.approval import approver_options, approver_pin, code_options, say_request
from pos_app.cli.common import (
    ShopAccess,
    as_json,
    complain,
    opened,
    print_json,
    say,
    shop_options,
    signed_in,
    told,
    words,
)
from pos_app.cli.counter import say_sale
from pos_app.cli.sales_json import instant, sale_json, units
from pos_app.cli.slip_lines import slip_lines
from pos_app.domain.errors import PosError
from pos_app.domain.money import Money
from pos_app.domain.redress import REASONS, Reason, RedressKind, TokenFate
from pos_app.domain.tender import CASH

if TYPE_CHECKING:
    from pos_app.bootstrap.shop import OpenShop

_SLIP = click.option(
    "--slip",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Leave the slip to sign in this .png, .pdf or .bin file.",
)


def _asked(kind: RedressKind) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command what both kinds ask for; it gets the answers as `asked`."""
    reasons = [reason.value for reason in REASONS[kind]]

    def dress(function: Callable[..., None]) -> Callable[..., None]:
        @click.argument("receipt")
        @click.option("--reason", required=True, type=click.Choice(reasons))
        @click.option(
            "--token",
            required=True,
            type=click.Choice([fate.value for fate in TokenFate]),
            help="What became of the token, as far as the customer says.",
        )
        @click.option("--note", default="", help="More about it; one line.")
        @approver_options
        @code_options
        @wraps(function)
        def command(**values: Any) -> None:
            names = ["receipt", "reason", "token", "note", "approver", "approver_pin_fd"]
            names += ["ask", "request", "code"]
            asked = {name: values.pop(name) for name in names}
            function(asked=asked, **values)

        return command

    return dress


@click.command()
@_asked(RedressKind.REFUND)
@click.option("--amount", help="Money to give back, e.g. 20.50; all that was paid without it.")
@_SLIP
@shop_options
@as_json
@told
def refund(
    asked: dict[str, Any],
    amount: str | None,
    slip: Path | None,
    access: ShopAccess,
    *,
    json_wanted: bool,
) -> None:
    """Give money back for a sale; its token cannot be cancelled.

    A supervisor who is not the operator approves with a PIN. Cash comes out of the operator's own
    drawer, anything else goes back the way it was paid.
    """
    with opened(access) as shop:
        operator, desk = signed_in(shop, access), shop.desk.redress
        money = None if amount is None else _money(shop, asked["receipt"], amount)
        order = _order(shop, RedressKind.REFUND, operator.id, asked, amount=money)
        if asked["ask"]:
            say_request(desk.ask(order), json_wanted=json_wanted)
            return
        made = desk.refund(order)
        if json_wanted:
            print_json(redress_json(made))
        else:
            _say(shop, made)
        _open_drawer(shop, made)
        _paper(shop, made.seq, 0, slip)


@click.command()
@_asked(RedressKind.COMPENSATION)
@click.option("--meter", required=True, help="The meter it should have been (DRN or meterPAN).")
@click.option("--sale-id", help="Your own id of the new sale: the same id never sells twice.")
@_SLIP
@shop_options
@as_json
@told
def compensate(  # noqa: PLR0913 - one parameter an option
    asked: dict[str, Any],
    meter: str,
    sale_id: str | None,
    slip: Path | None,
    access: ShopAccess,
    *,
    json_wanted: bool,
) -> None:
    """Sell the value of a sale again on the right meter, against the first receipt.

    A supervisor who is not the operator approves with a PIN.
    """
    with opened(access) as shop:
        operator, desk = signed_in(shop, access), shop.desk.redress
        wish = {"drn": shop.desk.meter_number(meter), "sale_id": sale_id or new_sale_id()}
        order = _order(shop, RedressKind.COMPENSATION, operator.id, asked, **wish)
        if asked["ask"]:
            say_request(desk.ask(order), json_wanted=json_wanted)
            return
        made, sale = desk.compensate(order)
        if json_wanted:
            print_json({**redress_json(made), "sale": sale_json(sale)})
        else:
            _say(shop, made)
            say_sale(sale)
        _paper(shop, made.seq, 0, slip)


@click.group()
def redress() -> None:
    """Look up refunds and sales that were made again."""


@redress.command("list")
@click.option("--from", "typed_first", metavar="DATE", help="First day, e.g. 2026-11-01.")
@click.option("--to", "typed_last", metavar="DATE", help="Last day, included.")
@shop_options
@as_json
@told
def list_redress(
    typed_first: str | None, typed_last: str | None, access: ShopAccess, *, json_wanted: bool
) -> None:
    """List what was put right, newest first; today without a date."""
    with opened(access) as shop:
        found = shop.desk.redress.listed(_period(shop, typed_first, typed_last))
    if json_wanted:
        print_json({"redress": [redress_json(each) for each in found]})
        return
    if not found:
        say(words()("uiredress.none"))
    for each in found:
        money = f"{each.currency} {each.amount.plain()}"
        what = words()(f"redress.title-{each.kind}")
        why = words()(f"redress.reason-{each.reason}")
        say(f"{each.slip:<20} {each.receipt:<18} {money:>16}  {what}: {why}")


@redress.command()
@click.argument("number")
@_SLIP
@shop_options
@as_json
@told
def reprint(number: str, slip: Path | None, access: ShopAccess, *, json_wanted: bool) -> None:
    """Print a slip to sign again, marked COPY and counted."""
    with opened(access) as shop:
        operator = signed_in(shop, access)
        found, copy = shop.desk.redress.reprint(number, operator.id)
        if json_wanted:
            print_json({"copy": copy, **redress_json(found)})
        else:
            _say(shop, found, copy)
        _paper(shop, found.seq, copy, slip)


def redress_json(made: Redress) -> dict[str, Any]:
    """Return a refund or compensation as JSON values."""
    return {
        "kind": made.kind,
        "slip": made.slip,
        "at": instant(made.at_ms),
        "receipt": made.receipt,
        "meter": made.drn,
        "currency": made.currency,
        "sold_for": made.money(made.total_minor).plain(),
        "amount": made.amount.plain(),
        "parts": [
            {"kind": kind, "amount": made.money(minor).plain()} for kind, minor in made.parts
        ],
        "reason": made.reason,
        "note": made.note,
        "token": made.token,
        "claim": None
        if not made.claim_tenths
        else {"meter": made.drn, "units": units(made.claim_tenths), "unit": made.unit},
        "operator": made.operator,
        "approver": made.approver,
        "request": made.request,
        "shift": made.shift,
        "new_receipt": made.new_receipt,
        "new_meter": made.new_drn,
        "training": made.training,
    }


def _order(
    shop: OpenShop, kind: RedressKind, operator_id: str, asked: dict[str, Any], **wish: Any
) -> RedressOrder:
    """Return the order; what stands against it is said before anybody types a PIN."""
    order = RedressOrder(
        kind=kind,
        receipt=asked["receipt"],
        reason=Reason(asked["reason"]),
        token=TokenFate(asked["token"]),
        operator_id=operator_id,
        approver_id=asked["approver"],
        pin="",
        note=asked["note"],
        **wish,
    )
    done = shop.ledger.sale_by_id(order.sale_id) if order.sale_id else None
    if done is None:
        shop.desk.redress.check(order)
    if asked["ask"] or asked["request"]:
        return replace(order, request=asked["request"], code=asked["code"])
    pin = approver_pin(shop, asked["approver"], asked["approver_pin_fd"])
    return replace(order, pin=pin)


def _money(shop: OpenShop, receipt: str, amount: str) -> Money:
    base = shop.desk.redress.about(receipt)
    return Money.parse(amount, shop.desk.shifts.currency(base.total.currency.code))


def _period(shop: OpenShop, first: str | None, last: str | None) -> Period:
    now = shop.clock.now_ms()
    today = local(now, shop.clock.offset_minutes(now)).date()
    start = parse_day(first) if first else min(today, parse_day(last) if last else today)
    return Period.of(start, parse_day(last) if last else today)


def _say(shop: OpenShop, made: Redress, copy: int = 0) -> None:
    from pos_app.application.slip.redress_slip import RedressSlipWriter  # noqa: PLC0415 - seldom

    for line in slip_lines(RedressSlipWriter(words(), shop.desk.identity).of(made, copy)):
        say(line)


def _open_drawer(shop: OpenShop, made: Redress) -> None:
    from pos_app.bootstrap.paper import open_drawer  # noqa: PLC0415 - brings Qt

    if CASH in {kind for kind, _ in made.parts}:
        trouble = open_drawer(shop)
        if trouble:
            complain(words()("uiredress.drawer", problem=words()(f"print.{trouble}")))


def _paper(shop: OpenShop, seq: int, copy: int, path: Path | None) -> None:
    """Leave a slip file and serve the printer; what was given stands whatever happens here."""
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
