"""Commands for shifts, batches and the drawer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pos_app.application.shift_cash import DrawerReason
from pos_app.application.shift_records import DrawerLine, ShiftNow, ShiftReport
from pos_app.application.shifts import ShiftDesk
from pos_app.application.tender_settings import with_names
from pos_app.cli.approval import approver_options, approver_pin
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
from pos_app.cli.shift_json import (
    drawer_json,
    money_json,
    now_json,
    report_json,
)
from pos_app.cli.shift_paper import SLIP, amounts, money_of, paper, say_slip, split
from pos_app.domain.cash_count import CashCount, parse_count
from pos_app.domain.shift import CashMove

if TYPE_CHECKING:
    from pos_app.bootstrap.shop import OpenShop

_OF = click.option("--of", "of", default="", help="Another operator's shift (supervisors).")
_COUNT = click.option(
    "--count",
    "counts",
    multiple=True,
    help="What is in the drawer: ZAR:200x3 50x2, or a sum, ZAR:712.00; one per currency.",
)


@click.group()
def shift() -> None:
    """Open, count and close an operator's shift."""


@shift.command("open")
@click.option("--float", "floats", multiple=True, help="Cash to begin with, e.g. ZAR:200.")
@shop_options
@as_json
@told
def open_shift(floats: tuple[str, ...], access: ShopAccess, *, json_wanted: bool) -> None:
    """Open a shift."""
    with opened(access) as shop:
        operator, desk = signed_in(shop, access), shop.desk.shifts
        now = desk.open(operator.id, [money_of(desk, text) for text in floats])
    if json_wanted:
        print_json(now_json(now))
    else:
        say(words()("shift.opened", number=now.shift))


@shift.command()
@shop_options
@as_json
@told
def status(access: ShopAccess, *, json_wanted: bool) -> None:
    """Say which shifts are open and what was sold in them; cash stays for the count to find."""
    with opened(access) as shop:
        held, waiting = shop.desk.shifts.open_now(), shop.desk.shifts.unapproved()
    if json_wanted:
        unapproved = [report.shift for report in waiting]
        print_json({"open": [now_json(now) for now in held], "unapproved": unapproved})
        return
    for report in waiting:
        facts = {"number": report.shift, "name": report.operator_name}
        say(words()("shift.unapproved", currencies=", ".join(report.over_limit), **facts))
    if not held:
        say(words()("shift.none"))
    for now in held:
        _say_now(now)


@shift.command()
@_OF
@shop_options
@as_json
@told
def x(of: str, access: ShopAccess, *, json_wanted: bool) -> None:
    """Report the shift so far and leave it open.

    What is in the drawer is told once it was counted; a supervisor sees it at once.
    """
    with opened(access) as shop:
        operator = signed_in(shop, access)
        report = shop.desk.shifts.x(operator.id, of)
        _say_report(shop, report, json_wanted=json_wanted)


@shift.command()
@_COUNT
@_OF
@shop_options
@as_json
@told
def count(counts: tuple[str, ...], of: str, access: ShopAccess, *, json_wanted: bool) -> None:
    """Count the drawer blind: the difference is told when the count is on disk."""
    if not counts:
        raise click.UsageError("Give --count at least once.")
    with opened(access) as shop:
        operator, desk = signed_in(shop, access), shop.desk.shifts
        lines = desk.count(operator.id, [_count(desk, text) for text in counts], of)
    if json_wanted:
        print_json({"drawer": [drawer_json(line) for line in lines]})
    else:
        _say_drawer(lines)


@shift.command()
@_COUNT
@_OF
@SLIP
@shop_options
@as_json
@told
def close(
    counts: tuple[str, ...],
    of: str,
    slip: Path | None,
    access: ShopAccess,
    *,
    json_wanted: bool,
) -> None:
    """Close a shift; its Z is printed as soon as a printer can."""
    with opened(access) as shop:
        operator, desk = signed_in(shop, access), shop.desk.shifts
        report = desk.close(operator.id, [_count(desk, text) for text in counts], of)
        _say_report(shop, report, json_wanted=json_wanted)
        paper(shop, report.closed_seq, 0, slip)


@shift.command()
@click.argument("number", type=click.IntRange(1, 10**9))
@SLIP
@shop_options
@as_json
@told
def reprint(number: int, slip: Path | None, access: ShopAccess, *, json_wanted: bool) -> None:
    """Print the Z of a closed shift again, marked COPY and counted."""
    with opened(access) as shop:
        operator = signed_in(shop, access)
        report, copy = shop.desk.shifts.reprint_z(operator.id, number)
        if json_wanted:
            print_json({"copy": copy, **report_json(report)})
        else:
            _say_report(shop, report, json_wanted=False, copy=copy)
        paper(shop, report.closed_seq, copy, slip)


@shift.command()
@click.argument("number", type=click.IntRange(1, 10**9))
@click.option("--reason", required=True, help="What was found out; one line.")
@approver_options
@shop_options
@as_json
@told
def approve(  # noqa: PLR0913 - one parameter an option
    number: int,
    reason: str,
    approver: str,
    approver_pin_fd: int | None,
    access: ShopAccess,
    *,
    json_wanted: bool,
) -> None:
    """Approve a count that was off by more than the limit (another supervisor's work)."""
    with opened(access) as shop:
        pin = approver_pin(shop, approver, approver_pin_fd)
        report = shop.desk.shifts.approve(number, approver, pin, reason)
    if json_wanted:
        print_json(report_json(report))
    else:
        say(words()("shift.approved", number=number, name=report.approved_by))


def _cash_command(name: str, kind: CashMove, text: str) -> None:
    @shift.command(name, help=text)
    @click.option("--amount", required=True, help="Money, e.g. ZAR:100.")
    @click.option("--reason", required=True, help="Why; one line.")
    @shop_options
    @as_json
    @told
    def move(amount: str, reason: str, access: ShopAccess, *, json_wanted: bool) -> None:
        with opened(access) as shop:
            operator, desk = signed_in(shop, access), shop.desk.shifts
            money = money_of(desk, amount)
            seq = desk.move_cash(operator.id, kind, money, reason)
        if json_wanted:
            print_json({"entry": seq, "kind": kind.value, **money_json(money)})
        else:
            facts = {"currency": money.currency.code, "amount": money.plain()}
            say(words()(f"shift.moved-{kind.value}", **facts))


_cash_command("cash-in", CashMove.IN, "Put cash into the drawer.")
_cash_command("cash-out", CashMove.OUT, "Take cash out of the drawer.")
_cash_command("drop", CashMove.DROP, "Drop cash from the drawer into the safe.")


@click.group()
def drawer() -> None:
    """Open the cash drawer without a sale."""


@drawer.command("open")
@click.option(
    "--reason", required=True, type=click.Choice([reason.value for reason in DrawerReason])
)
@click.option("--note", default="", help="More about it; one line.")
@shop_options
@as_json
@told
def open_drawer(reason: str, note: str, access: ShopAccess, *, json_wanted: bool) -> None:
    """Note why, then open the drawer that hangs on the slip printer."""
    from pos_app.bootstrap.paper import open_drawer as send_pulse  # noqa: PLC0415 - brings Qt

    with opened(access) as shop:
        operator = signed_in(shop, access)
        seq = shop.desk.shifts.open_drawer(operator.id, DrawerReason(reason), note)
        trouble = send_pulse(shop)
    if json_wanted:
        print_json({"entry": seq, "problem": trouble})
    elif trouble:
        complain(words()("shift.drawer-not-opened", problem=words()(f"print.{trouble}")))
    else:
        say(words()("shift.drawer-noted"))


def _count(desk: ShiftDesk, text: str) -> CashCount:
    code, counted = split(text)
    return parse_count(counted, desk.currency(code))


def _say_now(now: ShiftNow) -> None:
    facts = {"number": now.shift, "name": now.operator, "totals": amounts(now.totals)}
    say(words()("shift.now", n=now.sales, **facts))
    earned = tuple(each for each in now.commission if each.minor)
    if earned:
        say(words()("shift.commission", amounts=amounts(earned)))


def _say_drawer(lines: tuple[DrawerLine, ...]) -> None:
    for line in lines:
        facts = {"currency": line.expected.currency.code, "expected": line.expected.plain()}
        if line.counted is None or line.variance is None:
            say(words()("shift.not-counted", **facts))
        else:
            found = {"counted": line.counted.total.plain(), "variance": line.variance.plain()}
            say(words()("shift.counted", **facts, **found))


def _say_report(shop: OpenShop, report: ShiftReport, *, json_wanted: bool, copy: int = 0) -> None:
    from pos_app.application.slip.close_slip import CloseSlipWriter  # noqa: PLC0415 - seldom

    if json_wanted:
        print_json(report_json(report))
        return
    say_slip(
        CloseSlipWriter(with_names(words(), shop.desk.tenders()), shop.desk.identity).of_shift(
            report, copy
        )
    )
    if report.closed:
        say(words()("shift.closed", number=report.shift))
    if report.over_limit and not report.approved_by:
        codes = ", ".join(report.over_limit)
        say(words()("shift.over-limit", currencies=codes, number=report.shift))
