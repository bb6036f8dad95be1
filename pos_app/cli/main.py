"""``tokentill``: opens the window; with a command it is the same till without one."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pos_app.cli import (
    account,
    authority,
    batch,
    card,
    codec,
    counter,
    key_office,
    keys,
    meter,
    meter_record,
    operator,
    parked,
    recompute,
    redress,
    report,
    shift,
    shop,
    shop_care,
    tariff,
    tariff_shop,
    tenders,
    wallet,
)


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--shop",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="TOKENTILL_SHOP",
    help="The shop to open in the window. [env: TOKENTILL_SHOP]",
)
@click.version_option(package_name="tokentill")
@click.pass_context
def cli(context: click.Context, folder: Path | None) -> None:
    """Tokentill, a point of sale for prepaid meters. Without a command it opens the window."""
    if context.invoked_subcommand is None:
        from pos_app.bootstrap.window import run_window  # noqa: PLC0415 - Qt only for the window

        sys.exit(run_window(folder))


shop.journal.add_command(recompute.recompute)
for of_tariffs in (tariff_shop.import_file, tariff_shop.list_versions, tariff_shop.sign):
    tariff.tariff.add_command(of_tariffs)
for command in (
    counter.lookup,
    counter.quote,
    counter.sell,
    counter.reprint,
    counter.sales,
    counter.status,
    meter.meter,
    report.report,
    redress.refund,
    redress.compensate,
    redress.redress,
    shift.shift,
    batch.batch,
    shift.drawer,
    codec.conformance,
    codec.token,
    codec.doctor,
    meter_record.meter_record,
    shop.demo,
    shop.clock,
    shop.journal,
    shop.backup,
    shop.restore,
    tariff.tariff,
    account.account,
    authority.authority,
    tenders.tenders,
    parked.parked,
    card.card,
    wallet.wallet,
    keys.keys,
    operator.operator,
    shop_care.shop,
):
    cli.add_command(command)
keys.keys.add_command(key_office.seal)
