"""Corrections that tills propose, at the command line."""

from __future__ import annotations

from pathlib import Path

import click

from pos_app.cli.common import as_json, print_json, say, told, words
from pos_app.cli.head_office.common import acting, folder_argument, opened, person
from pos_app.head_office.acting import Acting
from pos_app.head_office.people import THE_OFFICE


@click.group()
def proposal() -> None:
    """List what tills propose to correct; agree or refuse."""


@proposal.command("list")
@folder_argument
@click.option("--answered", is_flag=True, help="Those that were answered instead.")
@as_json
@told
def list_all(folder: Path, *, answered: bool, json_wanted: bool) -> None:
    """List proposals, the oldest first."""
    found, after = [], ""
    with opened(folder) as rooms:
        see = Acting(rooms, THE_OFFICE).see
        while True:
            page = see.proposals(after, answered=answered)
            found += page.rows
            after = page.after
            if not after:
                break
    if json_wanted:
        print_json({"proposals": found})
        return
    for each in found:
        say(words()("headoffice.proposal-line", **each))
    if not found:
        say(words()("headoffice.no-proposals"))


@proposal.command()
@folder_argument
@click.argument("till")
@click.argument("entry", type=int)
@click.option("--refuse", default="", help="Refuse it, with a word on why.")
@acting
@told
def answer(folder: Path, till: str, entry: int, refuse: str, by: str) -> None:
    """Agree to what ENTRY of TILL proposes, or refuse it."""
    with opened(folder) as rooms:
        do = Acting(rooms, person(rooms.office, by)).do
        do.answer_proposal(till, entry, refuse, accepted=not refuse)
    say(words()("headoffice.proposal-refused" if refuse else "headoffice.proposal-agreed"))
