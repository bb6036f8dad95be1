"""Commands for sales and bank batches."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pos_app.application.shift_records import BatchReport
from pos_app.application.tender_settings import with_names
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
from pos_app.cli.shift_json import batch_json, open_batch_json
from pos_app.cli.shift_paper import SLIP, amounts, money_of, paper, say_slip
from pos_app.domain.shift import SALE, amount_of, currencies, found_takings

if TYPE_CHECKING:
    from pos_app.bootstrap.shop import OpenShop


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
        facts = {"number": each.row.number, "sold": amounts(sold), "cash": amounts(cash)}
        say(words()(f"shift.batch-{each.row.level.value}", **facts))


@batch.command("close")
@click.option("--bank", is_flag=True, help="Close the bank batch too, with its deposit slip.")
@click.option("--reference", default="", help="The bank's reference of the deposit.")
@click.option("--amount", "typed_sums", multiple=True, help="Money banked, e.g. ZAR:900; else all.")
@SLIP
@shop_options
@as_json
@told
def close_batch(  # noqa: PLR0913 - one parameter an option
    reference: str,
    typed_sums: tuple[str, ...],
    slip: Path | None,
    access: ShopAccess,
    *,
    bank: bool,
    json_wanted: bool,
) -> None:
    """Close the sales batch (a supervisor's work; every shift must be closed)."""
    if not bank and (reference or typed_sums):
        raise click.UsageError("--reference and --amount go with --bank.")
    with opened(access) as shop:
        operator, desk = signed_in(shop, access), shop.desk.shifts
        if bank:
            banked = [money_of(desk, text) for text in typed_sums]
            report = desk.close_bank_batch(operator.id, reference, banked)
        else:
            report = desk.close_sales_batch(operator.id)
        _say_batch(shop, report, json_wanted=json_wanted)
        paper(shop, report.closed_seq, 0, slip)


def _say_batch(shop: OpenShop, report: BatchReport, *, json_wanted: bool) -> None:
    from pos_app.application.slip.close_slip import CloseSlipWriter  # noqa: PLC0415 - seldom

    if json_wanted:
        print_json(batch_json(report))
        return
    say_slip(
        CloseSlipWriter(with_names(words(), shop.desk.tenders()), shop.desk.identity).of_batch(
            report
        )
    )
    say(words()(f"shift.batch-closed-{report.level.value}", number=report.number))
