"""Commands around head office: enrolling, sticks, the line, codes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pos_app.application.office_records import EnrolWish, NoLine
from pos_app.application.records import Role
from pos_app.cli.common import (
    REFUSED,
    ShopAccess,
    as_json,
    complain,
    opened,
    print_json,
    say,
    shop_options,
    signed_in,
    told,
    words,
)
from pos_app.cli.keys import Second, both, two_people
from pos_app.cli.office_json import journal_json, pack_json, status_json

if TYPE_CHECKING:
    from pos_app.application.office_records import Enrolled, PackTaken, TillStanding
    from pos_app.application.office_sync import RoundDone

_FILE = click.Path(path_type=Path, dir_okay=False)
_FILE_OR_FOLDER = click.Path(path_type=Path)
_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.group()
def office() -> None:
    """Head office: enrol with it, send it the journal, take what it says."""


@office.command()
@click.argument("url", default="")
@click.option("--code", default="", help="The one-time code that head office gave to the shop.")
@click.option(
    "--request", type=_FILE_OR_FOLDER, help="Write the request to this file, for a stick."
)
@click.option("--answer", type=_FILE_OR_FOLDER, help="Take head office's answer from this file.")
@click.option("--certificate", type=_FILE, help="Trust this PEM file in place of the system's.")
@click.option("--trust", default="", help="Trust the certificate with this SHA-256 instead.")
@shop_options
@as_json
@told
def enrol(  # noqa: PLR0913 - a command's options
    *,
    url: str,
    code: str,
    request: Path | None,
    answer: Path | None,
    certificate: Path | None,
    trust: str,
    access: ShopAccess,
    json_wanted: bool,
) -> None:
    """Enrol this till with the head office at URL, or by two files on a stick; as a supervisor.

    Online: `office enrol https://office.example --code CODE`. By stick: first `--code CODE
    --request FILE`, then, with what head office made of it, `--answer FILE`; FILE may be a folder.
    """
    from pos_app.bootstrap import office_enrol, office_line  # noqa: PLC0415 - HTTP when it is spoken

    if (bool(url) or request is not None) == (answer is not None):
        raise click.UsageError("Give URL and --code, or --request and --code, or --answer.")
    with opened(access) as shop:
        operator = signed_in(shop, access, Role.SUPERVISOR)
        if request is not None:
            written = office_enrol.leave_request(shop, request, code, operator.id)
            say(words()("office.request-written", path=str(written)))
            return
        if answer is not None:
            found = office_enrol.take_answer(shop, answer, operator.id)
        else:
            pem = office_enrol.compared(url, trust) if trust else ""
            pem = office_line.read_certificate(certificate) if certificate else pem
            found = office_line.enrol(shop, EnrolWish(url, code, pem), operator.id)
        print_shown = shop.desk.office.fingerprint()
    _say_enrolled(found, print_shown, json_wanted=json_wanted)


@office.command("certificate")
@click.option("--trust", default="", help="Trust the certificate with this SHA-256 from now on.")
@click.option("--certificate", type=_FILE, help="Trust this PEM file from now on.")
@shop_options
@as_json
@told
def certificate(
    *, trust: str, certificate: Path | None, access: ShopAccess, json_wanted: bool
) -> None:
    """Say which certificate head office shows; trust another one, as a supervisor.

    Compare the SHA-256 with head office by telephone. Ends with 1 where it is not the one that
    this till trusts.
    """
    from pos_app.bootstrap import office_enrol, office_line  # noqa: PLC0415 - HTTP when it is spoken

    with opened(access) as shop:
        enrolled = shop.desk.office.enrolled()
        if not enrolled.url:
            raise NoLine(name=enrolled.name)
        url = enrolled.url
        if trust or certificate is not None:
            operator = signed_in(shop, access, Role.SUPERVISOR)
            pem = office_enrol.compared(url, trust) if trust else ""
            pem = office_line.read_certificate(certificate) if certificate else pem
            office_line.trust_certificate(shop, pem, operator.id)
        shown = office_enrol.look_at(url)
        trusted = office_line.is_trusted(shop, shown.pem)
    if json_wanted:
        print_json({"url": url, "sha256": shown.fingerprint, "trusted": trusted})
    else:
        key = "office.certificate-trusted" if trusted else "office.certificate-other"
        say(words()(key, url=url, fingerprint=shown.fingerprint))
    if not trusted:
        sys.exit(REFUSED)


def _say_enrolled(found: Enrolled, shown: str, *, json_wanted: bool) -> None:
    if json_wanted:
        print_json({"office": found.name, "url": found.url, "fingerprint": shown})
        return
    say(words()("office.enrolled", name=found.name, url=found.url or "-"))
    say(words()("office.compare", fingerprint=shown))


@office.command()
@click.argument("folder", type=_FOLDER)
@shop_options
@as_json
@told
def export(folder: Path, access: ShopAccess, *, json_wanted: bool) -> None:
    """Write what head office does not have yet to a bundle in FOLDER, for a stick.

    Writing it again is harmless: head office counts each entry once.
    """
    from pos_app.bootstrap.office_stick import export_bundle  # noqa: PLC0415 - as above

    with opened(access) as shop:
        done = export_bundle(shop, folder)
    if json_wanted:
        values = {"file": str(done.path), "first": done.first, "last": done.last} if done else {}
        print_json({"written": done is not None, **values})
    elif done is None:
        say(words()("office.nothing-to-send"))
    else:
        count = done.last - done.first + 1
        say(words()("office.exported", n=count, path=str(done.path)))


@office.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@shop_options
@as_json
@told
def import_files(files: tuple[Path, ...], access: ShopAccess, *, json_wanted: bool) -> None:
    """Take packs from FILES or folders, in the order of their numbers; each counts once."""
    from pos_app.bootstrap.office_stick import import_packs  # noqa: PLC0415 - as above

    with opened(access) as shop:
        for done in import_packs(shop, files):
            if json_wanted:
                print_json(pack_json(done))
            else:
                _say_pack(done)


def _say_pack(done: PackTaken) -> None:
    facts: dict[str, Any] = {"number": done.number}
    if done.again:
        say(words()("office.pack-again", **facts))
        return
    if done.waits:
        say(words()("office.pack-waits", **facts))
        return
    counts = ", ".join(f"{name} {count}" for name, count in sorted(done.counts.items()))
    say(words()("office.pack-taken", counts=counts or "-", **facts))
    for line, section, code in done.refused[:20]:
        complain(words()("office.record-refused", line=line, section=section, problem=code))
    if done.refused_count:
        complain(words()("office.records-refused", n=done.refused_count, **facts))


@office.command()
@click.option("--watch", is_flag=True, help="Stay and go on, until interrupted.")
@shop_options
@as_json
@told
def sync(access: ShopAccess, *, watch: bool, json_wanted: bool) -> None:
    """Send what is new to head office and take its packs, now.

    Ends with 1 where head office says that this journal is not the till's only one.
    """
    from pos_app.bootstrap.office_line import sync_shop, watch_shop  # noqa: PLC0415 - as above

    with opened(access) as shop:

        def tell(done: RoundDone) -> None:
            _say_round(done, shop.ledger.office.standing(), json_wanted=json_wanted)

        if watch:
            watch_shop(shop, tell)
            return
        tell(sync_shop(shop))
        standing = shop.ledger.office.standing()
    if not standing.is_one:
        sys.exit(REFUSED)


def _say_round(done: RoundDone, standing: TillStanding, *, json_wanted: bool) -> None:
    _say_parted(standing)
    if json_wanted:
        refused = [{"entry": seq, "reason": reason} for seq, reason in done.refused]
        packs = [pack_json(each) for each in done.packs]
        beside = {"journal": journal_json(standing)}
        print_json({"sent": done.sent, "refused": refused, "packs": packs, **beside})
        return
    say(words()("office.sent", n=done.sent))
    for seq, reason in done.refused:
        complain(words()("office.entry-refused", entry=seq, reason=reason))
    for each in done.packs:
        _say_pack(each)


def _say_parted(standing: TillStanding) -> None:
    """Complain where this journal may not be the till's only one."""
    if standing.problem is not None:
        complain(words().of_error(standing.problem))


@office.command("code")
@click.argument("digits", nargs=-1, required=True)
@shop_options
@as_json
@told
def take_code(digits: tuple[str, ...], access: ShopAccess, *, json_wanted: bool) -> None:
    """Take the 20 DIGITS of an allowance code that head office read over the telephone."""
    with opened(access) as shop:
        operator = signed_in(shop, access)
        grant = shop.desk.office.take_code(" ".join(digits), operator.id)
        raised = shop.desk.office.money_of(grant)
    facts = {"currency": grant.currency, "amount": raised.plain(), "days": grant.days}
    if json_wanted:
        print_json(facts)
    else:
        say(words()("office.code-taken", **facts))


@office.command()
@shop_options
@as_json
@told
def status(access: ShopAccess, *, json_wanted: bool) -> None:
    """Say how this till stands with head office; ends with 1 where its journal has parted."""
    with opened(access) as shop:
        held = shop.desk.office.status()
        values = status_json(held, shop.desk.status())
    _say_parted(held.standing)
    if json_wanted:
        print_json(values)
    else:
        for name, value in _flat("", values):
            say(f"{name:<28} {'-' if value in (None, '', [], {}) else value}")
    if not held.standing.is_one:
        sys.exit(REFUSED)


def _flat(start: str, values: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield (name, value) of values inside values, too."""
    for name, value in values.items():
        whole = f"{start} {name}".strip()
        if isinstance(value, dict) and value:
            yield from _flat(whole, value)
        else:
            yield whole, ", ".join(value) if isinstance(value, list) else value


@office.command("keys")
@shop_options
@two_people
@as_json
@told
def bring_keys_in(access: ShopAccess, second: Second, *, json_wanted: bool) -> None:
    """Bring in the key files that came in packs; two supervisors, a PIN each."""
    from pos_app.bootstrap.office_line import bring_keys_in as bring_in  # noqa: PLC0415 - as above

    with opened(access) as shop:
        views = bring_in(shop, *both(shop, access, second))
    if json_wanted:
        print_json({"files": [{"keys": len(v.keys), "authority": v.authority} for v in views]})
        return
    for view in views:
        say(words()("office.keys-taken", n=len(view.keys), authority=view.authority))
