"""Commands for shifts, batches and the drawer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pos_app.application.shift_cash import DrawerReason
from pos_app.application.shift_records import BatchReport, DrawerLine, ShiftNow, ShiftReport
from pos_app.application.shifts import ShiftDesk
from pos_app.application.slip.layout import Slip
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
    batch_json,
    drawer_json,
    money_json,
    now_json,
    open_batch_json,
    report_json,
)
from pos_app.cli.slip_lines import slip_lines
from pos_app.domain.cash_count import CashCount, parse_count
from pos_app.domain.errors import PosError
from pos_app.domain.money import Money
from pos_app.domain.shift import SALE, CashMove, amount_of, currencies, found_takings

if TYPE_CHECKING:
    from pos_app.bootstrap.shop import OpenShop

_OF = click.option("--of", "of", default="", help="Another operator's shift (supervisors).")
_COUNT = click.option(
    "--count",
    "counts",
    multiple=True,
    help="What is in the drawer: ZAR:200x3 50x2, or a sum, ZAR:712.00; one per currency.",
)
_SLIP = click.option(
    "--slip",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Leave the slip in this .png, .pdf or .bin file.",
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
        now = desk.open(operator.id, [_money(desk, text) for text in floats])
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
@_SLIP
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
        _paper(shop, report.closed_seq, 0, slip)


@shift.command()
@click.argument("number", type=click.IntRange(1, 10**9))
@_SLIP
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
        _paper(shop, report.closed_seq, copy, slip)


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
            money = _money(desk, amount)
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
def batch() -> None:
    """Close sales and bank batches."""


@batch.command("status")
@shop_options
@as_json
@told
def batch_status(access: ShopAccess, *, json_wanted: bool) -> None:
    """Say what closed shifts brought into the open batches (a supervisor's work)."""
    with opened(access) as shop:
        operator = signed_in(shop, access)
        held = shop.desk.shifts.batches(operator.id)
    if json_wanted:
        print_json({"open": [open_batch_json(each) for each in held]})
        return
    if not held:
        say(words()("shift.no-batch"))
    for each in held:
        dealt = currencies(each.tallies)
        sold = tuple(amount_of(each.tallies, SALE, one) for one in dealt)
        cash = tuple(found_takings(each.tallies, one) for one in dealt)
        facts = {"number": each.row.number, "sold": _amounts(sold), "cash": _amounts(cash)}
        say(words()(f"shift.batch-{each.row.level.value}", **facts))


@batch.command("close")
@click.option("--bank", is_flag=True, help="Close the bank batch too, with its deposit slip.")
@click.option("--reference", default="", help="The bank's reference of the deposit.")
@click.option("--amount", "amounts", multiple=True, help="Money banked, e.g. ZAR:900; else all.")
@_SLIP
@shop_options
@as_json
@told
def close_batch(  # noqa: PLR0913 - one parameter an option
    reference: str,
    amounts: tuple[str, ...],
    slip: Path | None,
    access: ShopAccess,
    *,
    bank: bool,
    json_wanted: bool,
) -> None:
    """Close the sales batch (a supervisor's work; every shift must be closed)."""
    if not bank and (reference or amounts):
        raise click.UsageError("--reference and --amount go with --bank.")
    with opened(access) as shop:
        operator, desk = signed_in(shop, access), shop.desk.shifts
        if bank:
            banked = [_money(desk, text) for text in amounts]
            report = desk.close_bank_batch(operator.id, reference, banked)
        else:
            report = desk.close_sales_batch(operator.id)
        _say_batch(shop, report, json_wanted=json_wanted)
        _paper(shop, report.closed_seq, 0, slip)


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


def _split(text: str) -> tuple[str, str]:
    """Return (currency's code, the rest) of ``ZAR:200``; without a colon the code is empty."""
    code, colon, rest = text.partition(":")
    return (code, rest) if colon else ("", text)


def _money(desk: ShiftDesk, text: str) -> Money:
    code, amount = _split(text)
    return Money.parse(amount, desk.currency(code))


def _count(desk: ShiftDesk, text: str) -> CashCount:
    code, counted = _split(text)
    return parse_count(counted, desk.currency(code))


def _amounts(amounts: tuple[Money, ...]) -> str:
    return ", ".join(f"{each.currency.code} {each.plain()}" for each in amounts) or "0"


def _say_now(now: ShiftNow) -> None:
    facts = {"number": now.shift, "name": now.operator, "totals": _amounts(now.totals)}
    say(words()("shift.now", n=now.sales, **facts))
    earned = tuple(each for each in now.commission if each.minor)
    if earned:
        say(words()("shift.commission", amounts=_amounts(earned)))


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
    _say_slip(
        CloseSlipWriter(with_names(words(), shop.desk.tenders()), shop.desk.identity).of_shift(
            report, copy
        )
    )
    if report.closed:
        say(words()("shift.closed", number=report.shift))
    if report.over_limit and not report.approved_by:
        codes = ", ".join(report.over_limit)
        say(words()("shift.over-limit", currencies=codes, number=report.shift))


def _say_batch(shop: OpenShop, report: BatchReport, *, json_wanted: bool) -> None:
    from pos_app.application.slip.close_slip import CloseSlipWriter  # noqa: PLC0415 - seldom

    if json_wanted:
        print_json(batch_json(report))
        return
    _say_slip(
        CloseSlipWriter(with_names(words(), shop.desk.tenders()), shop.desk.identity).of_batch(
            report
        )
    )
    say(words()(f"shift.batch-closed-{report.level.value}", number=report.number))


def _say_slip(slip: Slip) -> None:
    for line in slip_lines(slip):
        say(line)


def _paper(shop: OpenShop, seq: int, copy: int, path: Path | None) -> None:
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
