"""Months that several tills sold in, at the command line."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec

import click

from pos_app.cli.common import as_json, print_json, say, told, words
from pos_app.cli.head_office.common import acting, folder_argument, opened, person
from pos_app.head_office.acting import Acting
from pos_app.head_office.oversold import Asked, last_month
from pos_app.head_office.people import THE_OFFICE
from pos_app.head_office.rooms import Rooms

P = ParamSpec("P")


def _asking(function: Callable[P, None]) -> Callable[P, None]:
    """Give a command what it is to look at."""

    @click.option("--month", default="", help="YYYY-MM; the last one without it.")
    @click.option("--till", default="", help="Only meters that this till sold to.")
    @click.option("--now", is_flag=True, help="Also before all tills were heard of.")
    @click.option("--ours", is_flag=True, help="No other system sells to these meters.")
    @wraps(function)
    def command(*args: P.args, **kwargs: P.kwargs) -> None:
        function(*args, **kwargs)

    return command


def _asked(rooms: Rooms, given: dict[str, Any]) -> Asked:
    month = given["month"] or last_month(rooms.office.clock.now_ms())
    return Asked(month, given["till"], given["now"], given["ours"])


@click.group()
def oversold() -> None:
    """Settle what meters paid too little or too much because several tills sold to them."""


@oversold.command()
@folder_argument
@_asking
@as_json
@told
def show(folder: Path, *, json_wanted: bool, **given: Any) -> None:
    """List the meters whose month is not even, with what differs or why it cannot be said."""
    found: list[dict[str, Any]] = []
    with opened(folder) as rooms:
        asked, after, see = _asked(rooms, given), "", Acting(rooms, THE_OFFICE).see
        while True:
            page = see.oversold(asked, after)
            found += page.rows
            after = page.after
            if not after:
                break
    if json_wanted:
        print_json({"month": asked.month, "meters": found})
        return
    for each in found:
        _say(each)
    if not found:
        say(words()("headoffice.oversold.none", month=asked.month))


def _plain(minor: int, decimals: int) -> str:
    return format(Decimal(minor).scaleb(-decimals), "f")


def _say(each: dict[str, Any]) -> None:
    names = {
        "paid": "charged_minor",
        "due": "due_minor",
        "sent": "sent_minor",
        "open": "open_minor",
    }
    shown = {name: _plain(each[of], each["decimals"]) for name, of in names.items()}
    say(words()("headoffice.oversold.line", **(each | shown)))
    for why, count in sorted(each["whys"].items()):
        reason = words()(f"headoffice.oversold.why.{why}")
        say("  " + words()("headoffice.oversold.not", reason=reason, n=count))
    if not each["whys"]:
        say("  " + words()("headoffice.oversold.till", till=each["till"]))


@oversold.command("list")
@folder_argument
@click.option("--month", default="", help="YYYY-MM; the last one without it.")
@as_json
@told
def list_all(folder: Path, month: str, *, json_wanted: bool) -> None:
    """List the corrections that were drafted of a month, and what sales settled of them."""
    found: list[dict[str, Any]] = []
    with opened(folder) as rooms:
        after, see = "", Acting(rooms, THE_OFFICE).see
        month = month or last_month(rooms.office.clock.now_ms())
        while True:
            page = see.corrections(month, after)
            found += [
                {name: each[name] for name in each if name != "working"} for each in page.rows
            ]
            after = page.after
            if not after:
                break
    if json_wanted:
        print_json({"month": month, "corrections": found})
        return
    for each in found:
        shown = {"amount": "amount_minor", "settled": "collected_minor"}
        said = {name: _plain(each[of], each["decimals"]) for name, of in shown.items()}
        say(words()("headoffice.oversold.correction", **(each | said)))
    if not found:
        say(words()("headoffice.oversold.no-corrections", month=month))


@oversold.command()
@folder_argument
@_asking
@acting
@told
def draft(folder: Path, by: str, **given: Any) -> None:
    """Draft what corrects a month, a pack for each till; another person approves it."""
    with opened(folder) as rooms:
        asked = _asked(rooms, given)
        made = Acting(rooms, person(rooms.office, by)).do.draft_oversold(asked)
    for number in made:
        say(words()("headoffice.oversold.drafted", n=number))
    if not made:
        say(words()("headoffice.oversold.none", month=asked.month))
