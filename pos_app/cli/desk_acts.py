"""What the commands of the engineering desk share: who approves, what is said, what is printed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pos_app.application.approval_records import Approval
from pos_app.application.engineering_records import ActOrder, DeskRecord
from pos_app.application.order import new_sale_id
from pos_app.application.token_kinds import fine_amount
from pos_app.cli.approval import approver_pin, code_options, say_request
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
from pos_app.cli.sales_json import instant, units
from pos_app.cli.slip_lines import slip_lines
from pos_app.domain.engineering import TWO_PERSONS, DeskAct
from pos_app.domain.errors import PosError

if TYPE_CHECKING:
    from pos_app.bootstrap.shop import OpenShop

_APPROVAL = ("approver", "approver_pin_fd", "request", "code", "ask")
_PAPER = ("work_order", "reason", "act_id", "slip")


def act_command(act: DeskAct) -> Callable[[Callable[..., dict[str, str]]], Callable[..., None]]:
    """Make a command of a function that returns the act's values, ``meter`` among them.

    The command makes the act, or with ``--ask`` only asks a supervisor elsewhere for it.
    """

    def dress(function: Callable[..., dict[str, str]]) -> Callable[..., None]:
        @_options(act)
        @shop_options
        @as_json
        @told
        @wraps(function)
        def command(*, access: ShopAccess, json_wanted: bool, **given: Any) -> None:
            held = {name: given.pop(name, None) for name in (*_APPROVAL, *_PAPER)}
            with opened(access) as shop:
                operator = signed_in(shop, access)
                values = function(shop=shop, **given)
                order = ActOrder(
                    act=act,
                    act_id=held["act_id"] or new_sale_id(),
                    operator_id=operator.id,
                    drn=values.pop("meter", ""),
                    work_order=held["work_order"] or "",
                    reason=held["reason"] or "",
                    values=values,
                )
                if held["ask"]:
                    request = shop.desk.engineering.ask(order)
                    say_request(request, json_wanted=json_wanted)
                else:
                    _make(shop, order, held, json_wanted=json_wanted)

        return command

    return dress


def _options(act: DeskAct) -> Callable[[Callable[..., None]], Callable[..., None]]:
    options = [
        click.option("--work-order", help="Number of the work order."),
        click.option("--reason", help="Why, in one line."),
        click.option("--act-id", help="Your own id: the same id never acts twice."),
        click.option(
            "--slip",
            type=click.Path(path_type=Path, dir_okay=False),
            help="Leave the slip in this .png, .pdf or .bin file.",
        ),
    ]
    if act in TWO_PERSONS:
        options += [
            click.option("--approver", default="", help="The supervisor who approves."),
            click.option(
                "--approver-pin-fd",
                type=int,
                help="Read the supervisor's PIN from this file descriptor. "
                "[env: TOKENTILL_APPROVER_PIN]",
            ),
        ]

    def dress(function: Callable[..., None]) -> Callable[..., None]:
        for option in reversed(options):
            function = option(function)
        return code_options(function) if act in TWO_PERSONS else function

    return dress


def _make(shop: OpenShop, order: ActOrder, held: dict[str, Any], *, json_wanted: bool) -> None:
    desk = shop.desk.engineering
    if shop.ledger.desk_acts.by_id(order.act_id) is None:
        desk.check(order)  # what stands against it is said before anybody types a PIN
        order = replace(order, approval=_approval(shop, held))
    made = desk.make(order)
    if json_wanted:
        print_json(desk_json(made))
    else:
        say_act(shop, made)
    leave_paper(shop, made.seq, 0, held["slip"])


def _approval(shop: OpenShop, held: dict[str, Any]) -> Approval | None:
    approver = held["approver"]
    if not approver:
        return None
    if held["request"] or held["code"]:
        return Approval(approver, number=held["request"], code=held["code"])
    return Approval(approver, pin=approver_pin(shop, approver, held["approver_pin_fd"]))


def say_act(shop: OpenShop, made: DeskRecord, copy: int = 0) -> None:
    """Write the slip as lines."""
    from pos_app.application.slip.desk_slip import DeskSlipWriter  # noqa: PLC0415 - seldom

    for line in slip_lines(DeskSlipWriter(words(), shop.desk.identity).of(made, copy)):
        say(line)


def leave_paper(shop: OpenShop, seq: int, copy: int, path: Path | None) -> None:
    """Leave a slip file and serve the printer; what was made stands whatever happens here."""
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


def desk_json(made: DeskRecord) -> dict[str, Any]:
    """Return an act as JSON values."""
    return {
        "act": made.act,
        "slip": made.receipt,
        "act_id": made.act_id,
        "at": instant(made.at_ms),
        "meter": made.drn,
        "operator": made.operator,
        "approver": made.approver,
        "approval": made.approval,
        "request": made.request,
        "work_order": made.work_order,
        "reason": made.reason,
        "facts": made.facts,
        "units": units(made.tenths) if made.tenths else None,
        "money": str(fine_amount(made.fine)) if made.fine else None,
        "currency": made.currency if made.fine else None,
        "receipt": made.for_receipt,
        "from": made.from_drn,
        "tokens": [
            {"digits": token.digits, "kind": token.kind, "tid": token.tid} for token in made.tokens
        ],
        "training": made.training,
    }
