"""Packs at the command line: drafting, approving, handing out on a stick."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from pos_app.adapters.system.new_file import new_file
from pos_app.application.key_office import read_plain_keys
from pos_app.application.meter_import import LARGEST_FILE, read_meters
from pos_app.application.records import MeterRecord
from pos_app.cli.common import as_json, print_json, say, told, words
from pos_app.cli.files import content_of, text_of
from pos_app.cli.head_office.common import acting, folder_argument, opened, person
from pos_app.exchange.canonical import LARGEST_INTEGER
from pos_app.exchange.key_set import HeldSet
from pos_app.exchange.pack import SUFFIX, Section
from pos_app.head_office.codes import AllowanceCodes, CodeWish
from pos_app.head_office.given_errors import RecordsUnreadable
from pos_app.head_office.keys import hold_keys
from pos_app.head_office.packing import CODE_WAITING, WAITING, Records, Wish
from pos_app.head_office.people import Right
from pos_app.head_office.queries import tills as asked
from pos_app.head_office.store import packs as stored

_IN = click.Path(path_type=Path, dir_okay=False, exists=True)
_NOT_TOLD = {"pan", "blocked"}
_although = click.option(
    "--although-cloned",
    "although",
    is_flag=True,
    help="Also if two machines may sell as it.",
)
_SOME = click.IntRange(0, LARGEST_INTEGER)
_TEXTS = {Section.TARIFFS: "content", Section.ACCOUNTS: "content", Section.KEYS: "file"}


@click.group()
def pack() -> None:
    """Draft packs, approve them, write them to a stick."""


@pack.command()
@folder_argument
@click.argument("till")
@click.option("--tariff", "tariffs", type=_IN, multiple=True, help="A signed tariff file.")
@click.option("--accounts", type=_IN, multiple=True, help="A signed account file.")
@click.option("--keys", type=_IN, multiple=True, help="A key file for this till.")
@click.option("--block", "blocks", nargs=2, multiple=True, help="METER and a reason.")
@click.option("--message", default="", help="A text for the till's operators.")
@click.option("--slot", nargs=2, type=int, help="RESIDUE and MODULUS of the till's TIDs.")
@click.option("--records", type=_IN, help='JSON lines of {"section", "record"}.')
@click.option("--meters", is_flag=True, help="Every change of a meter since the last pack.")
@click.option("--note", default="", help="Why.")
@_although
@acting
@told
def draft(  # noqa: PLR0913 - a command's options
    folder: Path, till: str, by: str, note: str, *, meters: bool, although: bool, **given: Any
) -> None:
    """Draft a pack for TILL and print the draft's number."""
    with opened(folder) as rooms:
        who = person(rooms.office, by)
        who.need(Right.DRAFT)
        records = _records(given, rooms.office.clock.now_ms())
        wish = Wish(till, records, meters, note, although=although)
        number = rooms.packing.draft(wish, who.id)
    say(words()("headoffice.drafted", n=number))


def _records(given: dict[str, Any], now_ms: int) -> Records:
    files = ((Section.TARIFFS, "tariffs"), (Section.ACCOUNTS, "accounts"), (Section.KEYS, "keys"))
    records: Records = [
        (section, {_TEXTS[section]: text_of(path)})
        for section, name in files
        for path in given[name]
    ]
    records += [(Section.BLOCKS, {"drn": drn, "reason": why}) for drn, why in given["blocks"]]
    if given["message"]:
        said = {"id": str(now_ms), "text": given["message"], "from_ms": now_ms}
        records.append((Section.MESSAGES, said | {"until_ms": now_ms + 30 * 86_400_000}))
    if given["slot"]:
        residue, modulus = given["slot"]
        records.append((Section.TID_SLOTS, {"residue": residue, "modulus": modulus}))
    if given["records"]:
        records += _lines(text_of(given["records"]))
    return records


def _lines(text: str) -> Records:
    """Return the records of JSON lines; raises `RecordsUnreadable`."""
    found: Records = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            held = json.loads(line)
            found.append((Section(held["section"]), held["record"]))
        except (ValueError, LookupError, TypeError, RecursionError):
            raise RecordsUnreadable(line=number) from None
    return found


@pack.command()
@folder_argument
@click.argument("draft", type=int)
@click.option("--refuse", is_flag=True, help="Put the draft away instead.")
@_although
@acting
@told
def approve(folder: Path, draft: int, by: str, *, refuse: bool, although: bool) -> None:
    """Issue the pack of a DRAFT; one of value needs another person than who drafted it."""
    with opened(folder) as rooms:
        who = person(rooms.office, by)
        who.need(Right.APPROVE)
        if refuse:
            rooms.packing.refuse(draft, who.id)
            say(words()("headoffice.pack-refused", n=draft))
            return
        issued = rooms.packing.issue(draft, who.id, although=although)
    say(words()("headoffice.issued", **asdict(issued)))


@pack.command("list")
@folder_argument
@as_json
@told
def waiting(folder: Path, *, json_wanted: bool) -> None:
    """List the drafts that wait for approval."""
    with opened(folder) as rooms:
        found = [*asked.drafts(rooms.office, WAITING), *asked.drafts(rooms.office, CODE_WAITING)]
    if json_wanted:
        print_json({"drafts": found})
        return
    for each in found:
        line = each | {"sections": ", ".join(each["sections"]) or "meters"}
        say(words()("headoffice.draft-line", **line))
    if not found:
        say(words()("headoffice.no-drafts"))


@pack.command()
@folder_argument
@click.argument("till")
@acting
@told
def elsewhere(folder: Path, till: str, by: str) -> None:
    """Issue a pack with what TILL's meters bought at other tills, for a stick.

    Over the line it comes by itself.
    """
    with opened(folder) as rooms:
        who = person(rooms.office, by)
        who.need(Right.DRAFT)
        issued = rooms.packing.issue_units(till, who.id)
    if issued is None:
        say(words()("headoffice.nothing-elsewhere", till=till))
        return
    say(words()("headoffice.issued", **asdict(issued)))


@pack.command()
@folder_argument
@click.argument("till")
@click.argument("number", type=int)
@click.argument("place", type=click.Path(path_type=Path, file_okay=False, exists=True))
@told
def export(folder: Path, till: str, number: int, place: Path) -> None:
    """Write pack NUMBER of TILL into the folder PLACE, as a stick carries it."""
    path = place / f"{till}-{number:06d}{SUFFIX}"
    with opened(folder) as rooms:
        rooms.till(till)
        with new_file(path) as file:
            for piece in rooms.handing.pieces(till, number):
                file.write(piece)
    say(words()("headoffice.written", path=path))


@click.group()
def allowance() -> None:
    """Say how much a till may sell: in a pack, or by a code over the telephone."""


@allowance.command("grant")
@folder_argument
@click.argument("till")
@click.argument("currency")
@click.option("--money", type=_SOME, required=True, help="Minor units (cents).")
@click.option("--tenths", type=_SOME, required=True, help="Tenths of units.")
@click.option("--count", type=_SOME, required=True, help="Tokens.")
@click.option("--per-vend", type=_SOME, required=True, help="Minor units of one sale.")
@click.option("--days", type=click.IntRange(1, 366), required=True, help="Days from now.")
@_although
@acting
@told
def grant(  # noqa: PLR0913, PLR0917 - the bounds of an allowance
    folder: Path,
    till: str,
    currency: str,
    money: int,
    tenths: int,
    count: int,
    per_vend: int,
    days: int,
    by: str,
    *,
    although: bool,
) -> None:
    """Draft a pack with a new allowance for TILL; another person approves it."""
    with opened(folder) as rooms:
        who = person(rooms.office, by)
        who.need(Right.DRAFT)
        end = rooms.office.clock.now_ms() + days * 86_400_000
        bounds = {"money_minor": money, "tenths": tenths, "count": count}
        bounds |= {"per_vend_minor": per_vend, "not_after_ms": end}
        record = {"currency": currency, **bounds}
        wish = Wish(till, [(Section.ALLOWANCE, record)], although=although)
        number = rooms.packing.draft(wish, who.id)
    say(words()("headoffice.drafted", n=number))


@allowance.command("wish")
@folder_argument
@click.argument("till")
@click.argument("currency")
@click.argument("amount", type=int)
@click.option("--days", type=int, default=0, help="Days from now that it is to last at least.")
@_although
@acting
@told
def wish_code(  # noqa: PLR0913, PLR0917 - what a code says
    folder: Path, till: str, currency: str, amount: int, days: int, by: str, *, although: bool
) -> None:
    """Draft a telephone code of AMOUNT (whole money); another person gives it."""
    with opened(folder) as rooms:
        who = person(rooms.office, by)
        who.need(Right.DRAFT)
        codes = AllowanceCodes(rooms.office)
        number = codes.wish(CodeWish(till, currency, amount, days, although), who.id)
    say(words()("headoffice.drafted", n=number))


@allowance.command("code")
@folder_argument
@click.argument("draft", type=int)
@_although
@acting
@told
def give_code(folder: Path, draft: int, by: str, *, although: bool) -> None:
    """Print the 20 digits of a DRAFT, once, to be read to the till."""
    with opened(folder) as rooms:
        who = person(rooms.office, by)
        who.need(Right.APPROVE)
        say(AllowanceCodes(rooms.office).give(draft, who.id, although=although))


@click.command()
@folder_argument
@click.argument("file", type=_IN)
@acting
@told
def meters(folder: Path, file: Path, by: str) -> None:
    """Take meters and customers from a CSV FILE (`tokentill meter import` tells its columns)."""
    with opened(folder) as rooms:
        who = person(rooms.office, by)
        who.need(Right.MANAGE)
        records = (_told(each) for each in read_meters(content_of(file, LARGEST_FILE)))
        with rooms.office.store.writing() as act:
            now_ms = rooms.office.clock.now_ms()
            revision = stored.last_revision(act) + 1
            count = stored.put_meters(act, records, revision, now_ms)
            rooms.office.log(act, who.id, "meters-put", str(count))
    say(words()("headoffice.meters", n=count))


def _told(meter: MeterRecord) -> dict[str, Any]:
    """Return what tills are told of a meter: the PAN follows from its number."""
    return {name: value for name, value in asdict(meter).items() if name not in _NOT_TOLD}


@click.command()
@folder_argument
@click.argument("file", type=_IN)
@acting
@told
def keys(folder: Path, file: Path, by: str) -> None:
    """Take keys from an authority's list FILE, so that tokens can be worked out again."""
    with opened(folder) as rooms:
        who = person(rooms.office, by)
        who.need(Right.MANAGE)
        held = [
            (asdict(each.attributes), each.key)
            for each in read_plain_keys(content_of(file))
            if not isinstance(each.key, HeldSet)  # ready tokens work nothing out
        ]
        count = hold_keys(rooms.office, held, who.id)
    say(words()("headoffice.keys", n=count))
