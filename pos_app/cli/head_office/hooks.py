"""Hooks at the command line: which billing systems are told, and what did not reach them."""

from __future__ import annotations

from pathlib import Path

import click

from pos_app.cli.common import as_json, print_json, say, told, words
from pos_app.cli.head_office.common import acting, folder_argument, opened, person
from pos_app.head_office.people import Right
from pos_app.head_office.store.hooks import EVENTS


@click.group()
def hook() -> None:
    """Tell billing systems what came in (resources/head_office/HOOKS.md)."""


@hook.command()
@folder_argument
@click.argument("name")
@click.argument("url")
@click.option("--event", "events", type=click.Choice(EVENTS), multiple=True, default=EVENTS)
@acting
@told
def add(folder: Path, name: str, url: str, events: tuple[str, ...], by: str) -> None:
    """Tell URL from now on, as NAME; prints the secret, once."""
    with opened(folder) as rooms:
        who = person(rooms.office, by)
        who.need(Right.MANAGE)
        secret = rooms.hooks.add(name, url, events, who.id)
    say(words()("headoffice.hook-made", name=name, secret=secret))


@hook.command("list")
@folder_argument
@as_json
@told
def listed(folder: Path, *, json_wanted: bool) -> None:
    """List the hooks, what waits for each, and what is dead."""
    with opened(folder) as rooms:
        found = rooms.hooks.all()
    if json_wanted:
        print_json({"hooks": found})
        return
    for each in found:
        say(words()("headoffice.hook-line", **each))
        for lost in each["lost"]:
            problem = lost["last_status"] or lost["last_problem"]
            say(words()("headoffice.hook-lost", **lost, problem=problem))
    if not found:
        say(words()("headoffice.no-hooks"))


@hook.command()
@folder_argument
@click.argument("name")
@acting
@told
def again(folder: Path, name: str, by: str) -> None:
    """Let the dead messages of NAME wait again."""
    with opened(folder) as rooms:
        who = person(rooms.office, by)
        who.need(Right.MANAGE)
        count = rooms.hooks.send_again(name, who.id)
    say(words()("headoffice.hook-again", n=count))


@hook.command()
@folder_argument
@click.argument("name")
@acting
@told
def retire(folder: Path, name: str, by: str) -> None:
    """Tell NAME nothing more; what waited for it is dead."""
    with opened(folder) as rooms:
        who = person(rooms.office, by)
        who.need(Right.MANAGE)
        rooms.hooks.retire(name, who.id)
    say(words()("headoffice.hook-retired", name=name))
