"""Key-change sets at the command line: made for a till, and how far a campaign is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from pos_app.adapters.system.new_file import new_file
from pos_app.cli.common import as_json, print_json, say, told, words
from pos_app.cli.head_office.common import acting, folder_argument, opened, person
from pos_app.head_office.key_sets import Campaign
from pos_app.head_office.people import Right
from pos_app.head_office.queries import keys as changed
from pos_app.head_office.store.campaigns import STATES
from pos_app.sts.identity import is_digits

_MOST_LISTED = 1000


class _Key(click.ParamType[tuple[str, int]]):
    """A vending key by its supply group and revision: ``201457:1``."""

    name = "SGC:KRN"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, int]:
        """Return the two."""
        sgc, _, krn = str(value).partition(":")
        if len(sgc) != 6 or not is_digits(sgc) or len(krn) != 1 or not is_digits(krn):
            self.fail(f"{value} is not like 201457:1.", param, ctx)
        return sgc, int(krn)


_KEY = _Key()
_BASE = click.option(
    "--base", type=click.Choice(["1993", "2014", "2035"]), help="The new base date."
)


@click.group()
def keychange() -> None:
    """Give meters other keys: make sets for tills, see which meters are still to do."""


@keychange.command()
@folder_argument
@click.argument("till")
@click.argument("old", type=_KEY)
@click.argument("new", type=_KEY)
@_BASE
@click.option("--tokens", type=click.Choice(["2", "3"]), default="2", help="Of a 64-bit key.")
@click.option("--again", is_flag=True, help="Of meters that got the key at other tills.")
@acting
@told
def draft(  # noqa: PLR0913, PLR0917 - what a campaign is
    folder: Path,
    till: str,
    old: tuple[str, int],
    new: tuple[str, int],
    base: str | None,
    tokens: str,
    by: str,
    *,
    again: bool,
) -> None:
    """Draft a pack for TILL with sets from key OLD to key NEW (201457:1); another approves it."""
    with opened(folder) as rooms:
        who = person(rooms.office, by)
        who.need(Right.DRAFT)
        campaign = Campaign(*old, *new, int(base or 0), int(tokens))
        made = rooms.key_sets.draft(campaign, till, who.id, again=again)
    say(words()("headoffice.sets-drafted", n=made.sets, draft=made.draft, left=made.left))
    _say_unfit(made.unfit)


@keychange.command()
@folder_argument
@click.argument("old", type=_KEY)
@click.argument("new", type=_KEY)
@_BASE
@click.option("--state", type=click.Choice(STATES), help="Also list the meters in this state.")
@as_json
@told
def show(  # noqa: PLR0913 - what a campaign is
    folder: Path,
    old: tuple[str, int],
    new: tuple[str, int],
    base: str | None,
    state: str | None,
    *,
    json_wanted: bool,
) -> None:
    """Say how far the meters are on their way from key OLD to key NEW."""
    with opened(folder) as rooms:
        campaign = Campaign(*old, *new, int(base or 0))
        progress = rooms.key_sets.progress(campaign)
        found = rooms.key_sets.meters(campaign, state, "", _MOST_LISTED) if state else []
    if json_wanted:
        known = {"counts": progress.counts, "cannot": progress.cannot}
        print_json({"campaign": campaign.name, **known, "meters": found})
        return
    say(words()("headoffice.campaign-line", campaign=campaign.name, **progress.counts))
    _say_unfit(progress.cannot)
    for each in found:
        if each["reason"]:
            told_of = each | {"reason": _reason(each["reason"])}
            say(words()("headoffice.campaign-meter-cannot", **told_of))
        else:
            say(words()("headoffice.campaign-meter", **each))


@keychange.command("export")
@folder_argument
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@told
def export_changed(folder: Path, file: Path) -> None:
    """Write the meters that hold another key than their list says to a CSV FILE."""
    with opened(folder) as rooms, new_file(file) as out:
        count = -1
        for line in changed.as_csv(rooms.office):
            out.write(line.encode())
            count += 1
    say(words()("headoffice.keys-exported", n=count, path=file))


def _say_unfit(unfit: Mapping[str, int]) -> None:
    for code, count in sorted(unfit.items()):
        say(words()("headoffice.sets-unfit", n=count, reason=_reason(code)))


def _reason(code: str) -> str:
    key = f"headoffice.unfit.{code}"
    return words()(key) if words().has(key) else words()("headoffice.unfit.other", code=code)
