"""Sales out of head office, for billing and for spreadsheets."""

from __future__ import annotations

from pathlib import Path

import click

from pos_app.adapters.system.new_file import new_file
from pos_app.cli.common import say, told, words
from pos_app.cli.head_office.common import folder_argument, opened
from pos_app.head_office.office import Office
from pos_app.head_office.queries import sales


@click.command()
@folder_argument
@click.argument("first")
@click.argument("last")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--till", default="", help="Only of this till.")
@told
def export(folder: Path, first: str, last: str, file: Path, till: str) -> None:
    """Write the sales of the days FIRST to LAST (YYYY-MM-DD) to a CSV FILE."""
    with opened(folder) as rooms:
        if till:
            rooms.till(till)
        sales.period((first, last))
        count = _written(rooms.office, (first, last), file, till)
    say(words()("headoffice.exported", n=count, path=file))


def _written(office: Office, days: tuple[str, str], file: Path, till: str) -> int:
    """Write the sales of the days and return how many there are."""
    count = -1
    with new_file(file) as out:
        for line in sales.as_csv(office, days, till):
            out.write(line.encode())
            count += 1
    return count
