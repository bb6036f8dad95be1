"""What every command of head office shares: the folder, the passphrase, who acts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from time import monotonic
from typing import Any, ParamSpec

import click

from pos_app.cli.common import complain, secret, words
from pos_app.head_office.clock import SystemClock
from pos_app.head_office.given_errors import ValueRefused
from pos_app.head_office.office import Office, open_office
from pos_app.head_office.people import THE_OFFICE, People, Person
from pos_app.head_office.place import Place
from pos_app.head_office.rooms import Rooms
from pos_app.head_office.store.engine import RowRefused

P = ParamSpec("P")

PASSPHRASE = "TOKENTILL_OFFICE_PASSPHRASE"  # noqa: S105 - a variable's name
PASSWORD = "TOKENTILL_OFFICE_PASSWORD"  # noqa: S105 - a variable's name
_SECONDS = 3
"""So often a long step of the database says how far it is."""


def folder_argument(function: Callable[P, None]) -> Callable[P, None]:
    """Give a command the office's folder."""
    kind = click.Path(path_type=Path, file_okay=False)
    return click.argument("folder", type=kind)(function)


def acting(function: Callable[P, None]) -> Callable[P, None]:
    """Give a command ``--by``: who acts, with a password."""

    @click.option("--by", default="", help=f"Who acts; asks for the password. [env: {PASSWORD}]")
    @wraps(function)
    def command(*args: Any, **kwargs: Any) -> None:
        function(*args, **kwargs)

    return command


@contextmanager
def opened(folder: Path, url: str = "") -> Iterator[Rooms]:
    """Open the office of a folder for one command."""
    store = Place(folder).open(_telling())
    try:
        passphrase = secret("Passphrase of the office", PASSPHRASE, None)
        yield Rooms.of(open_office(store, SystemClock(), passphrase), url)
    except RowRefused:
        raise ValueRefused from None
    finally:
        store.close()


def _telling() -> Callable[[str, int, int], None]:
    """Return what says, every few seconds and nothing for a short one, how far a step is."""
    said_at = monotonic()

    def tell(till: str, done: int, every: int) -> None:
        nonlocal said_at
        if monotonic() - said_at >= _SECONDS:
            said_at = monotonic()
            percent = 100 * done // max(every, 1)
            complain(words()("headoffice.adding-up", percent=percent, till=till))

    return tell


def person(office: Office, by: str) -> Person:
    """Return who acts: somebody of the staff with a password, or the office itself."""
    if not by:
        return THE_OFFICE
    return People(office).sign_in(by, secret(f"Password of {by}", PASSWORD, None), "command line")
