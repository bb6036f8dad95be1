"""Reports from the command line: as text, JSON, CSV, XLSX and PDF."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pos_app.application.records import Operator
from pos_app.application.reports.asked import go_on
from pos_app.application.reports.catalogue import REPORTS, Reports
from pos_app.application.reports.figures import Figures
from pos_app.application.reports.period import Period, parse_day
from pos_app.application.reports.report import Cell, Column, Kind, Report, ReportUnknown
from pos_app.application.tender_settings import with_names
from pos_app.application.words import Words, languages, load_words
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
from pos_app.cli.sales_json import units
from pos_app.domain.money import Money

if TYPE_CHECKING:
    from pos_app.bootstrap.shop import OpenShop

_TEXT_ROWS = 200
_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("name", metavar="[NAME|list]")
@click.option("--from", "typed_first", metavar="DATE", help="First day, e.g. 2026-11-01.")
@click.option("--to", "typed_last", metavar="DATE", help="Last day, included.")
@click.option("--shift", type=click.IntRange(min=1), help="One shift instead of days.")
@click.option("--meter", help="The meter's number, for the report “meter”.")
@click.option("--csv", "csv_file", type=_FILE, help="Write all rows to this file.")
@click.option("--xlsx", "xlsx_file", type=_FILE, help="Write a workbook to this file.")
@click.option(
    "--pdf", "pdf_file", type=_FILE, help="Write A4 pages to this file (the newest 2,000 rows)."
)
@click.option(
    "--language",
    type=click.Choice(languages("report")),
    default="en",
    show_default=True,
    help="The report's language.",
)
@shop_options
@as_json
@told
def report(  # noqa: PLR0913, PLR0917 - one parameter an option
    name: str,
    typed_first: str | None,
    typed_last: str | None,
    shift: int | None,
    meter: str | None,
    csv_file: Path | None,
    xlsx_file: Path | None,
    pdf_file: Path | None,
    language: str,
    access: ShopAccess,
    *,
    json_wanted: bool,
) -> None:
    """Make the report NAME of some days, today without any; “list” names all reports.

    Without --operator it is made for whoever holds the passphrase.
    """
    said = load_words(language)
    if name == "list":
        _list(said, json_wanted=json_wanted)
        return
    if name not in REPORTS:
        raise ReportUnknown(name=name[:40], names=", ".join(REPORTS))
    first = None if typed_first is None else parse_day(typed_first)
    last = None if typed_last is None else parse_day(typed_last)
    files = {"csv": csv_file, "xlsx": xlsx_file, "pdf": pdf_file}
    with opened(access) as shop:
        said = with_names(said, shop.desk.tenders())
        question = _question(shop, access, name, (first, last, shift))
        made = _made(shop, question, meter, said)
        for path in _written(question, made, said, files):
            if not json_wanted:
                say(words()("cli.report-written", path=str(path)))
        if json_wanted:
            print_json(report_json(made))
        elif not any(files.values()):
            _say(made, said)


def _list(said: Words, *, json_wanted: bool) -> None:
    if json_wanted:
        print_json({"reports": list(REPORTS)})
        return
    for name in REPORTS:
        say(f"{name:<14} {said(f'report.kind.{name}')}")


@dataclass(frozen=True, slots=True)
class _Question:
    reports: Reports
    name: str
    period: Period
    reader: Operator


def _question(
    shop: OpenShop,
    access: ShopAccess,
    name: str,
    typed: tuple[date | None, date | None, int | None],
) -> _Question:
    from pos_app.bootstrap.reports import reports_of  # noqa: PLC0415 - brings the ledger

    reports = reports_of(shop)
    first, last, shift = typed
    if shift is not None:
        period = reports.of_shift(shift)
    else:
        start = first or last or reports.today()
        period = Period.of(start, last or max(start, reports.today()))
    reader = signed_in(shop, access) if access.operator else reports.holder
    return _Question(reports, name, period, reader)


def _made(shop: OpenShop, question: _Question, meter: str | None, said: Words) -> Report:
    drn = "" if meter is None else shop.desk.meter_number(meter)
    return question.reports.make(
        question.name, question.period, said,
        reader=question.reader, meter_drn=drn, watch=_watch(),
    )  # fmt: skip


def _watch() -> Any:
    """Return what shows life on a terminal while long work goes on."""
    shown = sys.stderr is not None and sys.stderr.isatty()
    ticks = 0

    def watch(_done: int, _of: int) -> bool:
        nonlocal ticks
        ticks += 1
        if shown and ticks == 100:
            complain(words()("cli.report-working"))
        return True

    return watch


def _written(
    question: _Question, made: Report, said: Words, files: Mapping[str, Path | None]
) -> Iterator[Path]:
    """Write the files that were asked for; raises `RoleNeeded` and `ReportNotSaved`."""
    from pos_app.bootstrap.reports import writer_of  # noqa: PLC0415 - brings Qt and the workbook

    for kind, path in files.items():
        if path is not None:
            asked = (question.name, question.period)
            question.reports.release(*asked, kind, reader=question.reader)
            writer_of(kind)(made, said, path, go_on)
            yield path


def _say(made: Report, said: Words) -> None:
    figures = Figures(said)
    say(made.title)
    head = made.heading
    say(f"{head.kind} · {head.period} · {head.shop} · {head.till}")
    if head.training:
        say(said("report.training"))
    if made.rows:
        table = [[column.heading for column in made.columns]]
        for row in (*made.rows[:_TEXT_ROWS], *made.totals):
            cells = zip(made.columns, row, strict=True)
            table.append([figures.cell(column, cell) for column, cell in cells])
        widths = [max(len(row[at]) for row in table) for at in range(len(made.columns))]
        for line in table:
            parts = zip(made.columns, line, widths, strict=True)
            say("  ".join(_padded(*part) for part in parts).rstrip())
    for note in made.notes:
        say(note)
    if made.row_count > _TEXT_ROWS:
        shown, count = figures.number(_TEXT_ROWS), figures.number(made.row_count)
        say(said("report.more", shown=shown, count=count))


def _padded(column: Column, text: str, width: int) -> str:
    return text.rjust(width) if column.is_figure else text.ljust(width)


def report_json(made: Report) -> dict[str, Any]:
    """Return a report as JSON values: decimals as text, codes that no language changes."""
    return {
        "report": made.heading.name,
        "title": made.title,
        "shop": made.heading.shop,
        "till": made.heading.till,
        "training": made.heading.training,
        "columns": [
            {"code": each.code, "title": each.title, "kind": each.kind.value, "unit": each.unit}
            for each in made.columns
        ],
        "rows": [_row_json(made, row) for row in made.rows],
        "totals": [_row_json(made, row) for row in made.totals],
        "row_count": made.row_count,
        "notes": list(made.notes),
    }


def _row_json(made: Report, row: tuple[Cell, ...]) -> list[Any]:
    return [_cell_json(column, cell) for column, cell in zip(made.columns, row, strict=True)]


def _cell_json(column: Column, cell: Cell) -> Any:
    if isinstance(cell, Money):
        return cell.plain()
    if isinstance(cell, int):
        return units(cell) if column.kind is Kind.UNITS else cell
    return cell if cell is None or isinstance(cell, str) else str(cell)
