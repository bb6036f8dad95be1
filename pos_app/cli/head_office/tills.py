"""Tills at the command line: codes, files on sticks, what was found out."""

from __future__ import annotations

from pathlib import Path

import click

from pos_app.adapters.system.new_file import new_file
from pos_app.cli.common import REFUSED, as_json, complain, print_json, say, told, words
from pos_app.cli.files import TariffUnreadable, content_of
from pos_app.cli.head_office.common import acting, folder_argument, opened, person
from pos_app.domain.errors import PosError
from pos_app.exchange.bundle import read_bundle
from pos_app.exchange.errors import ExchangeInvalid, ExchangeNewer
from pos_app.head_office.acting import Acting
from pos_app.head_office.enrolling import LONGEST_HOURS
from pos_app.head_office.errors import BundleOfAnother, TillUnknown
from pos_app.head_office.people import Right
from pos_app.head_office.proving import DIFFERS, HOLDS, NO_KEY
from pos_app.head_office.queries import findings as asked
from pos_app.head_office.queries import tills as health
from pos_app.head_office.queries.evidence import sentence
from pos_app.head_office.reproving import Reproving
from pos_app.head_office.rooms import Rooms
from pos_app.head_office.workers import Workers

_FILE = click.Path(path_type=Path, dir_okay=False)
_NOT_TAKEN = (ExchangeInvalid, ExchangeNewer, TillUnknown, BundleOfAnother)


@click.command()
@folder_argument
@click.argument("till")
@click.option(
    "--hours",
    default=24,
    type=click.IntRange(1, LONGEST_HOURS),
    show_default=True,
    help="How long the code may be used.",
)
@acting
@told
def code(folder: Path, till: str, hours: int, by: str) -> None:
    """Print a one-time enrolment code for TILL."""
    with opened(folder) as rooms:
        who = person(rooms.office, by)
        who.need(Right.ENROL)
        say(rooms.enrolling.code_for(till, who.id, hours))


@click.command()
@folder_argument
@click.argument("request", type=_FILE)
@click.argument("answer", type=_FILE, required=False)
@click.option("--url", default="", help="Where the till reaches the server later, if it does.")
@told
def enrol(folder: Path, request: Path, answer: Path | None, url: str) -> None:
    """Answer the enrolment REQUEST of a till on a stick with the file ANSWER.

    Without ANSWER it is put beside the request, under the name that the till looks for.
    """
    answer = answer or request.with_suffix(".answer")
    with opened(folder, url) as rooms:
        raw = rooms.enrolling.answer(content_of(request), "command line")
    with new_file(answer) as file:
        file.write(raw)
    say(words()("headoffice.answered", path=answer))


@click.command()
@folder_argument
@as_json
@told
def tills(folder: Path, *, json_wanted: bool) -> None:
    """List the tills, when they were heard of, and what is open with each."""
    with opened(folder) as rooms:
        known = health.health(rooms.office)
    if json_wanted:
        print_json({"tills": known})
        return
    for each in known:
        say(words()("headoffice.till-line", **each))
    if not known:
        say(words()("headoffice.no-tills"))


@click.command()
@folder_argument
@click.argument("till")
@click.option("--off", is_flag=True, help="Let the till in again.")
@acting
@told
def block(folder: Path, till: str, by: str, *, off: bool) -> None:
    """Refuse TILL from now on."""
    with opened(folder) as rooms:
        who = person(rooms.office, by)
        who.need(Right.MANAGE)
        rooms.block(till, who.id, blocked=not off)
    say(words()("headoffice.unblocked" if off else "headoffice.blocked", till=till))


@click.command()
@folder_argument
@click.argument("bundles", type=_FILE, nargs=-1, required=True)
@told
def take(folder: Path, bundles: tuple[Path, ...]) -> None:
    """Take the BUNDLES of tills from a stick.

    Each file is answered by itself. Ends with 1 when one was refused; the others count.
    """
    refused = 0
    with opened(folder) as rooms:
        rooms.employ(Workers.usual())
        for path in bundles:
            try:
                _take(rooms, path)
            except (*_NOT_TAKEN, OSError) as problem:
                refused += 1
                reason = _reason(path, problem)
                complain(words()("headoffice.take-refused", path=path.name, reason=reason))
        rooms.second_look()
    if refused:
        raise SystemExit(REFUSED)


def _reason(path: Path, problem: PosError | OSError) -> str:
    if isinstance(problem, OSError):
        reason = problem.strerror or type(problem).__name__
        problem = TariffUnreadable(path=str(path), reason=reason)
    return words().of_error(problem)


def _take(rooms: Rooms, path: Path) -> None:
    with path.open("rb") as file:
        name = read_bundle(file).title.owner.till
        file.seek(0)
        try:
            outcome = rooms.ingest(rooms.till(name), file)
        finally:
            rooms.scanning.settle(name)
    seq = outcome.head.seq if outcome.head else 0
    say(words()("headoffice.taken", path=path.name, till=name, n=outcome.new, seq=seq))
    for each in outcome.refused:
        reason = words()(f"headoffice.refused.{each.reason}")
        say(words()("headoffice.set-aside", seq=each.seq, reason=reason))


@click.command()
@folder_argument
@click.option("--settle", type=int, help="Settle the finding of this number.")
@click.option("--note", default="", help="Why it is settled.")
@acting
@as_json
@told
def findings(folder: Path, settle: int | None, note: str, by: str, *, json_wanted: bool) -> None:
    """List what is not as it should be, or settle one finding."""
    with opened(folder) as rooms:
        if settle is not None:
            Acting(rooms, person(rooms.office, by)).do.settle(settle, note)
        found = asked.open_findings(rooms.office)
    if json_wanted:
        print_json({"findings": found})
        return
    for each in found:
        told_ = sentence(words(), each)
        say(words()("headoffice.finding-line", id=each["id"], till=each["till"], sentence=told_))
    if not found:
        say(words()("headoffice.no-findings"))


@click.command()
@folder_argument
@click.argument("till", default="")
@acting
@told
def prove(folder: Path, till: str, by: str) -> None:
    """Work the tokens of TILL, or of all tills, out again with the keys that are held now."""
    with opened(folder) as rooms:
        who = person(rooms.office, by)
        who.need(Right.MANAGE)
        names = (
            [rooms.till(till).till]
            if till
            else [each["till"] for each in health.health(rooms.office)]
        )
        proving = Reproving(rooms.office)
        for name in names:
            found = proving(name, who.id)
            facts = {"holds": found[HOLDS], "differs": found[DIFFERS], "no_key": found[NO_KEY]}
            say(words()("headoffice.proven", till=name, **facts))
