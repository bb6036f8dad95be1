"""People and API tokens at the command line."""

from __future__ import annotations

from pathlib import Path

import click

from pos_app.cli.common import say, secret, told, words
from pos_app.cli.head_office.common import acting, folder_argument, opened, person
from pos_app.head_office.people import People, Person, Role

_ROLES = click.Choice([role.value for role in Role if role is not Role.BILLING])
_NEW_PASSWORD = "TOKENTILL_OFFICE_NEW_PASSWORD"  # noqa: S105 - a variable's name


@click.group()
def staff() -> None:
    """Say who works at head office."""


@staff.command("add")
@folder_argument
@click.argument("who")
@click.argument("name")
@click.argument("role", type=_ROLES)
@acting
@told
def add(folder: Path, who: str, name: str, role: str, by: str) -> None:
    """Let WHO sign in as ROLE; asks for their password."""
    with opened(folder) as rooms:
        actor = person(rooms.office, by)
        password = secret(f"New password of {who}", _NEW_PASSWORD, None)
        People(rooms.office).put(Person(who, name, Role(role)), password, actor)
    say(words()("headoffice.person-put", name=name, role=role))


@staff.command("retire")
@folder_argument
@click.argument("who")
@acting
@told
def retire(folder: Path, who: str, by: str) -> None:
    """Let WHO in no more."""
    with opened(folder) as rooms:
        People(rooms.office).retire(who, person(rooms.office, by))
    say(words()("headoffice.retired", name=who))


@staff.command("list")
@folder_argument
@told
def everybody(folder: Path) -> None:
    """List everybody."""
    with opened(folder) as rooms:
        for each in People(rooms.office).all():
            key = "headoffice.person-line" if each["retired_ms"] is None else "headoffice.retired"
            say(words()(key, id=each["id"], name=each["name"], role=each["role"]))


@click.group()
def token() -> None:
    """Let other systems ask over HTTP."""


@token.command("add")
@folder_argument
@click.argument("name")
@click.option("--role", type=click.Choice(["billing", "auditor"]), default="billing")
@acting
@told
def add_token(folder: Path, name: str, role: str, by: str) -> None:
    """Print a new API token for NAME, once."""
    with opened(folder) as rooms:
        say(People(rooms.office).new_token(name, Role(role), person(rooms.office, by)))


@token.command("retire")
@folder_argument
@click.argument("name")
@acting
@told
def retire_token(folder: Path, name: str, by: str) -> None:
    """Let the tokens of NAME in no more."""
    with opened(folder) as rooms:
        People(rooms.office).retire_token(name, person(rooms.office, by))
    say(words()("headoffice.retired", name=name))
