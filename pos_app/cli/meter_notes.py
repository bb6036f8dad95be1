"""Commands that note what a customer tells of a meter: a fault, the key that it shows."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from pos_app.application.fault_reports import FaultReport
from pos_app.application.key_change_records import key_of
from pos_app.application.key_shown import KeyNoted
from pos_app.application.slip.fault_slip import fault_slip as slip_of
from pos_app.application.slip.key_steps import short_key
from pos_app.bootstrap.shop import OpenShop
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
from pos_app.cli.desk_acts import leave_paper
from pos_app.cli.sales_json import instant
from pos_app.cli.slip_lines import slip_lines
from pos_app.domain.meter_life import FaultCode

_METER = click.option("--meter", required=True, help="The meter's number (DRN or meterPAN).")
_SLIP = click.option(
    "--slip", type=click.Path(path_type=Path, dir_okay=False), help="Leave the slip in a file."
)


@click.command()
@_METER
@click.option("--code", required=True, help=f"One of: {', '.join(FaultCode)}.")
@click.option("--note", default="", help="What else the customer says, in one line.")
@_SLIP
@shop_options
@as_json
@told
def fault(  # noqa: PLR0913 - an option each
    meter: str,
    code: str,
    note: str,
    slip: Path | None,
    access: ShopAccess,
    *,
    json_wanted: bool,
) -> None:
    """Report a meter's fault (anyone), print its slip and say the slip's lines."""
    with opened(access) as shop:
        operator = signed_in(shop, access)
        drn = shop.desk.meter_number(meter)
        report = shop.desk.meter_records.report_fault(drn, code, note, operator)
        _tell(shop, report, 0, slip, json_wanted=json_wanted)


@click.command("fault-slip")
@click.argument("number")
@_SLIP
@shop_options
@as_json
@told
def fault_slip(number: str, slip: Path | None, access: ShopAccess, *, json_wanted: bool) -> None:
    """Print the slip of a reported fault again: as a copy, unless it never came out."""
    with opened(access) as shop:
        operator = signed_in(shop, access)
        report, copy = shop.desk.meter_records.fault_slip_again(number, operator)
        _tell(shop, report, copy, slip, json_wanted=json_wanted)


def _tell(
    shop: OpenShop, report: FaultReport, copy: int, slip: Path | None, *, json_wanted: bool
) -> None:
    """Say a report, leave its slip and serve the printer, and say where the slip is."""
    if not json_wanted:
        for line in slip_lines(slip_of(report, words(), shop.desk.identity, copy)):
            say(line)
    leave_paper(shop, report.seq, copy, slip)
    if json_wanted:
        state = shop.ledger.desk_acts.slip_state(report.seq)
        print_json(_fault_json(report) | {"copy": copy, "slip": state.value if state else None})


def _fault_json(report: FaultReport) -> dict[str, Any]:
    return {
        "number": report.number,
        "code": report.code.value,
        "note": report.note,
        "meter": report.drn,
        "at": instant(report.at_ms),
    }


@click.command("shown-key")
@_METER
@click.option("--sgc", default="", help="Supply group that the meter shows, 6 digits.")
@click.option("--krn", default="", help="Key revision, 1 to 9; with its type as in 2/2.")
@click.option("--ti", default="", help="Tariff index, 0 to 99.")
@click.option("--ken", default="", help="Key expiry, 0 to 255.")
@click.option("--base", default="", help="Base date, where the meter shows one: 1993, 2014, 2035.")
@shop_options
@as_json
@told
def shown_key(  # noqa: PLR0913, PLR0917 - an option each
    meter: str,
    sgc: str,
    krn: str,
    ti: str,
    ken: str,
    base: str,
    access: ShopAccess,
    *,
    json_wanted: bool,
) -> None:
    """Note which key the meter itself shows (supervisor, engineer).

    Its next sale then brings the right key change, or none. What is left out was not read.
    """
    typed = {"sgc": sgc, "krn": krn, "ti": ti, "ken": ken, "base": base}
    with opened(access) as shop:
        operator = signed_in(shop, access)
        drn = shop.desk.meter_number(meter)
        noted = shop.desk.key_changes.note_shown(drn, typed, operator)
    if json_wanted:
        print_json(_noted_json(noted))
        return
    new = short_key(key_of(noted.wish.meter)) if noted.wish else ""
    say(words()(f"keychange.shown.{noted.outcome}", key=short_key(noted.key), new=new))
    if noted.problem is not None:
        say(words().of_error(noted.problem))


def _noted_json(noted: KeyNoted) -> dict[str, Any]:
    wish = noted.wish
    return {
        "meter": noted.drn,
        "believed": asdict(noted.believed),
        "holds": asdict(noted.key),
        "next_sale": noted.outcome,
        "due": {"new": asdict(key_of(wish.meter)), "tokens": wish.steps} if wish else None,
        "problem": noted.problem.code if noted.problem else None,
    }
