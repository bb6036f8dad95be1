"""What was set aside of tills' journals, at the command line."""

from __future__ import annotations

from pathlib import Path

import click

from pos_app.adapters.system.new_file import new_file
from pos_app.cli.common import as_json, print_json, say, told, words
from pos_app.cli.head_office.common import acting, folder_argument, opened, person
from pos_app.head_office.acting import Acting
from pos_app.head_office.people import THE_OFFICE


@click.group()
def aside() -> None:
    """What could not be taken: list it, show it, keep its bytes, try again after an update."""


@aside.command("list")
@folder_argument
@click.option("--settled", is_flag=True, help="What was taken after all instead.")
@as_json
@told
def list_all(folder: Path, *, settled: bool, json_wanted: bool) -> None:
    """List what is set aside, the oldest first."""
    found, after = [], ""
    with opened(folder) as rooms:
        see = Acting(rooms, THE_OFFICE).see
        while True:
            page = see.aside(after, settled=settled)
            found += page.rows
            after = page.after
            if not after:
                break
    if json_wanted:
        print_json({"aside": found})
        return
    for each in found:
        reason = words()(f"headoffice.refused.{each['why']}")
        say(f"{each['till']} {each['seq'] or '-'} {each['digest']}  {reason}")
    if not found:
        say(words()("headoffice.nothing-aside"))


@aside.command()
@folder_argument
@click.argument("till")
@click.argument("digest")
@told
def show(folder: Path, till: str, digest: str) -> None:
    """Print what was set aside, its tokens masked."""
    with opened(folder) as rooms:
        row = Acting(rooms, THE_OFFICE).see.aside_item(till, digest)
    say(row["text"] or f"{len(row['raw'])} bytes")


@aside.command()
@folder_argument
@click.argument("till")
@click.argument("digest")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@told
def export(folder: Path, till: str, digest: str, file: Path) -> None:
    """Write every byte of what was set aside to FILE."""
    with opened(folder) as rooms:
        row = Acting(rooms, THE_OFFICE).see.aside_item(till, digest)
    with new_file(file) as kept:
        kept.write(row["raw"])
    say(words()("headoffice.written", path=file))


@aside.command()
@folder_argument
@click.argument("till")
@click.argument("digest")
@acting
@told
def retry(folder: Path, till: str, digest: str, by: str) -> None:
    """Try again to take what was set aside, as after an update of this program."""
    with opened(folder) as rooms:
        done = Acting(rooms, person(rooms.office, by)).do.retry(till, digest)
    say(words()("headoffice.aside-taken" if done else "headoffice.aside-still"))
    if not done:
        raise SystemExit(1)
