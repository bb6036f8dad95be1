"""The server's own certificate: what it is for, another one, what is wrong with it."""

from __future__ import annotations

import socket
from datetime import UTC, datetime
from pathlib import Path

import click

from pos_app.cli.common import as_json, complain, print_json, say, told, words
from pos_app.cli.head_office.common import acting, folder_argument, opened, person
from pos_app.head_office.certificate import (
    ANY,
    SOON_DAYS,
    CertificateFacts,
    CertificateFiles,
    facts_of,
    fit_name,
    new_certificate,
    own_certificate,
)
from pos_app.head_office.clock import SystemClock
from pos_app.head_office.people import Right
from pos_app.head_office.place import Place


@click.command()
@folder_argument
@click.option(
    "--name",
    "names",
    multiple=True,
    help="A DNS name or an address under which tills reach the server; as many as there are.",
)
@acting
@as_json
@told
def certificate(folder: Path, names: tuple[str, ...], by: str, *, json_wanted: bool) -> None:
    """Say what the server's own certificate in FOLDER is for; with --name make another one.

    The one before is kept beside it. Enrolled tills trust exactly the certificate that they know:
    a supervisor at each compares the SHA-256 of the new one.
    """
    tls = Place(folder).tls
    now_ms = SystemClock().now_ms()
    kept = None
    if names:
        wanted = tuple(dict.fromkeys(fit_name(each) for each in names))
        with opened(folder) as rooms:
            who = person(rooms.office, by)
            who.need(Right.MANAGE)
            files, kept = new_certificate(tls, (socket.gethostname(), *wanted), now_ms)
            digits = facts_of(files.certificate).digits
            with rooms.office.store.writing() as act:
                rooms.office.log(act, who.id, "certificate-made", digits, names=list(wanted))
    else:
        Place(folder).open().close()  # refuse a folder that is no office
        files = own_certificate(tls, (socket.gethostname(),), now_ms)
    found = facts_of(files.certificate)
    if json_wanted:
        told_of = {"path": str(files.certificate), "sha256": found.digits, "ends": day(found)}
        print_json(told_of | {"names": list(found.names), "kept": _kept(kept)})
        return
    say_certificate(files)
    if kept is not None:
        before = facts_of(kept.certificate)
        facts = {"certificate": kept.certificate, "key": kept.key, "day": day(before)}
        say(words()("headoffice.certificate-kept", **facts))
        say(words()("headoffice.certificate-next"))


def _kept(kept: CertificateFiles | None) -> str | None:
    return None if kept is None else str(kept.certificate)


def day(found: CertificateFacts) -> str:
    """Return the day on which a certificate ends."""
    return datetime.fromtimestamp(found.ends_ms // 1000, UTC).date().isoformat()


def say_certificate(files: CertificateFiles) -> None:
    """Say where a certificate is, what it is for and what tills compare."""
    found = facts_of(files.certificate)
    say(words()("headoffice.certificate", path=files.certificate, digits=found.digits))
    names = ", ".join(found.names)
    say(words()("headoffice.certificate-names", names=names, day=day(found)))


def looked_at(
    found: CertificateFacts, folder: Path, host: str, own: Place | None
) -> CertificateFacts:
    """Complain of a certificate that ends soon, or is not for the address of the server.

    One of `own`, which no till trusts yet, is made anew instead; what it says then is returned.
    """
    now_ms = SystemClock().now_ms()
    if own is not None and host not in ANY and not found.fits(host):
        files = own.certificate_for(host, now_ms)
        say_certificate(files)
        return facts_of(files.certificate)
    left = found.days_left(now_ms)
    if left < SOON_DAYS:
        key = "headoffice.certificate-ends" if left >= 0 else "headoffice.certificate-over"
        complain(words()(key, n=max(left, 0), day=day(found), folder=folder))
    if not found.fits(host):
        names = ", ".join(found.names) or "-"
        complain(words()("headoffice.certificate-elsewhere", names=names, host=host, folder=folder))
    return found


def known(path: Path) -> CertificateFacts | None:
    """Return what a certificate says; None for a file that the server will refuse itself."""
    try:
        return facts_of(path)
    except (OSError, ValueError):
        return None
