"""Sales out of head office, for billing and for spreadsheets."""

from __future__ import annotations

from pathlib import Path

import click

from pos_app.adapters.system.new_file import new_file
from pos_app.cli.common import say, told, words
from pos_app.cli.head_office.common import folder_argument, opened
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
    with opened(folder) as rooms, new_file(file) as out:
        count = -1
        for line in sales.as_csv(rooms.office, (first, last), till):
            out.write(line.encode())
            count += 1
    say(words()("headoffice.exported", n=count, path=file))
