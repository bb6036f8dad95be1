"""Receipts of a lost till at the command line: one scanned code a line."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO

import click

from pos_app.cli.common import say, told, words
from pos_app.cli.head_office.common import acting, folder_argument, opened, person
from pos_app.domain.money import Currency, Money
from pos_app.head_office.errors import OfficeRefusal
from pos_app.head_office.people import Right
from pos_app.head_office.rooms import Rooms
from pos_app.head_office.scanning import REBUILT


@click.command()
@folder_argument
@click.argument("codes", type=click.File(encoding="utf-8", errors="replace"), default="-")
@acting
@told
def scan(folder: Path, codes: IO[str], by: str) -> None:
    """Rebuild sales from the CODES of receipts: a file, or lines that a scanner types here.

    Each line is answered at once. Ends with 1 when a code was refused; the others count.
    """
    with opened(folder) as rooms:
        who = person(rooms.office, by)
        who.need(Right.SETTLE)
        rebuilt, refused = _scanned(rooms, codes, who.id)
    say(words()("headoffice.scan.done", n=rebuilt))
    if refused:
        sys.exit(1)


def _scanned(rooms: Rooms, codes: IO[str], by: str) -> tuple[int, int]:
    """Return how many sales were rebuilt and how many codes were refused."""
    rebuilt = refused = 0
    for number, line in enumerate(iter(codes.readline, ""), 1):
        if not line.strip():
            continue
        try:
            row = rooms.scanning(line, by)
        except OfficeRefusal as problem:
            refused += 1
            reason = words().of_error(problem)
            click.echo(words()("headoffice.scan.refused", line=number, reason=reason), err=True)
            continue
        rebuilt += row["outcome"] == REBUILT
        amount = Money(row["total_minor"], Currency(row["currency"], row["decimals"])).plain()
        units = f"{row['tenths'] // 10}.{row['tenths'] % 10}"
        facts = {name: row[name] for name in ("receipt", "currency", "unit", "drn")}
        say(words()(f"headoffice.scan.{row['outcome']}", **facts, amount=amount, units=units))
    return rebuilt, refused
