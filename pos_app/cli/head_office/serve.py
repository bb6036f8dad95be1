"""Making an office, running its server, looking whether all is well."""

from __future__ import annotations

import socket
import ssl
from dataclasses import replace
from pathlib import Path
from shlex import quote
from typing import Final
from urllib.parse import urlsplit

import click

from pos_app.cli.common import say, secret, told, words
from pos_app.cli.head_office.certificates import known, looked_at, say_certificate
from pos_app.cli.head_office.common import PASSPHRASE, folder_argument, opened
from pos_app.exchange.key_file import fingerprint as key_shown
from pos_app.head_office.certificate import CertificateFiles, fit_name
from pos_app.head_office.clock import SystemClock
from pos_app.head_office.first_time import FirstTime
from pos_app.head_office.given_errors import AddressUnfit, CertificateUnfit
from pos_app.head_office.hooks.address import networks_of
from pos_app.head_office.hooks.delivering import Delivering, HookWorker
from pos_app.head_office.office import create_office, office_exists
from pos_app.head_office.people import People
from pos_app.head_office.place import Place
from pos_app.head_office.queries import tills
from pos_app.head_office.rooms import Rooms
from pos_app.head_office.serving import LOOPBACK, PORT, Listening, server_of
from pos_app.head_office.store import office as held
from pos_app.head_office.workers import Workers

CONSOLE: Final = "/console/set-up"

_FILE = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.command()
@folder_argument
@click.option(
    "--database",
    default="",
    envvar="TOKENTILL_OFFICE_DATABASE",
    help="postgresql://… instead of SQLite in the folder. [env: TOKENTILL_OFFICE_DATABASE]",
)
@click.option("--name", default="Head office", help="What tills call this office.")
@click.option(
    "--address",
    "addresses",
    multiple=True,
    help="A DNS name or an address under which tills reach the server, for its certificate.",
)
@told
def init(folder: Path, database: str, name: str, addresses: tuple[str, ...]) -> None:
    """Make a head office in FOLDER: its database, its signing key, its certificate.

    It asks for a passphrase, which nothing opens without. On a PostgreSQL that holds an office
    already, the folder becomes another server of it.
    """
    wanted = tuple(fit_name(each) for each in addresses)
    place = Place(folder)
    store = place.make(database)
    try:
        if office_exists(store):
            say(words()("headoffice.joined", folder=folder))
        else:
            passphrase = secret("New passphrase of the office", PASSPHRASE, None)
            made = create_office(store, SystemClock(), name, passphrase)
            say(words()("headoffice.made", folder=folder, key=key_shown(made.authority.public)))
            _say_set_up(FirstTime(made, People(made)), f"https://{LOOPBACK}:{PORT}")
    except BaseException:
        place.unmake()
        raise
    finally:
        store.close()
    say_certificate(place.own_certificate(SystemClock().now_ms(), *wanted))


@click.command()
@folder_argument
@click.option("--host", default=LOOPBACK, show_default=True, help="The address to listen on.")
@click.option(
    "--port",
    default=PORT,
    type=click.IntRange(0, 65535),
    show_default=True,
    help="The port to listen on; 0: any.",
)
@click.option("--url", default="", help="Where tills reach the server, if it is another address.")
@click.option("--certificate", type=_FILE, help="A PEM file instead of the self-made one.")
@click.option("--key", type=_FILE, help="The private key of --certificate.")
@click.option("--plain", is_flag=True, help="No TLS: only behind a proxy on this computer.")
@click.option(
    "--workers",
    type=click.IntRange(0, 64),
    default=Workers.usual,
    show_default="processors less one",
    help="Processes that read and prove bundles.",
)
@click.option("--code", "till", default="", help="Also give an enrolment code for this till.")
@click.option(
    "--hook-network",
    "networks",
    multiple=True,
    help="A network (10.0.0.0/8) that hooks may reach beside public addresses.",
)
@click.option("--hook-certificate", type=_FILE, help="A PEM file that hooks trust as well.")
@told
def serve(  # noqa: PLR0913, PLR0917 - the options of a server
    folder: Path,
    host: str,
    port: int,
    url: str,
    certificate: Path | None,
    key: Path | None,
    till: str,
    networks: tuple[str, ...],
    hook_certificate: Path | None,
    workers: int,
    *,
    plain: bool,
) -> None:
    """Run the server of the office in FOLDER until it is stopped."""
    if (certificate is None) != (key is None):
        raise click.UsageError("--certificate and --key go together.")
    place = Place(folder)
    place.ensure()
    files = None
    if certificate is not None and key is not None:
        files = CertificateFiles(certificate, key)
    elif not plain:
        files = place.own_certificate(SystemClock().now_ms())
    at = Listening(host, port, files)
    trust = _trusted(hook_certificate)
    with at.bound() as free:  # refused before anybody is asked for a passphrase
        at = replace(at, port=free.getsockname()[1])
    found = known(files.certificate) if files else None
    reached = _address(url) or at.url_of(found.far if found else ())
    with opened(folder, reached) as rooms:
        if found is not None:
            name = urlsplit(url).hostname or host
            own = place if certificate is None and not tills.health(rooms.office) else None
            found = looked_at(found, folder, name, own)
        rooms.employ(workers)
        worker = HookWorker(Delivering(rooms.office, networks_of(networks), trust))
        worker.start()
        try:
            with at.bound() as held:  # after the processes, which would keep it open
                _run(rooms, at, held, till, found.ends_ms if found else 0)
        finally:
            worker.stop()


def _address(url: str) -> str:
    """Return the address that tills are to be told; raises `AddressUnfit`."""
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        sound = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        sound = False
    if not sound or parts.scheme not in {"https", "http"} or not url.isprintable():
        raise AddressUnfit(url=url[:80])
    return url.rstrip("/")


def _trusted(file: Path | None) -> ssl.SSLContext:
    """Return what hooks trust; raises `CertificateUnfit`."""
    trust = ssl.create_default_context()
    try:
        if file is not None:
            trust.load_verify_locations(file)
    except OSError as problem:  # ssl.SSLError is one
        raise CertificateUnfit(path=str(file), reason=problem.strerror or "") from None
    return trust


def _run(rooms: Rooms, at: Listening, held: socket.socket, till: str, ends_ms: int) -> None:
    # 1 s that other commands do without
    from pos_app.head_office.api.app import make_app  # noqa: PLC0415
    from pos_app.head_office.console import mount_console  # noqa: PLC0415

    say_of = words()
    app = make_app(rooms, say_of.of_error)
    mount_console(app, rooms, say_of, ends_ms)
    server = server_of(app, at)
    _say_set_up(FirstTime(rooms.office, rooms.people), rooms.enrolling.url)
    if till:
        code = rooms.enrolling.code_for(till)
        path = quote(str(at.files.certificate.resolve())) if at.files else ""
        trust = f" --certificate {path}" if path else ""
        url = rooms.enrolling.url
        say(say_of("headoffice.enrol-with", till=till, url=url, code=code, trust=trust))
    say(say_of("headoffice.serving", url=at.url))
    with rooms.second_look.beside():
        server.run(sockets=[held])


def _say_set_up(first_time: FirstTime, url: str) -> None:
    """Print how the first account is made, as long as nobody has one."""
    code = first_time.new_code()
    if code is not None:
        say(words()("console.set-up.printed", url=f"{url}{CONSOLE}", code=code))


@click.command()
@folder_argument
@told
def check(folder: Path) -> None:
    """Look whether the office's log is whole and what is open."""
    with opened(folder) as rooms:
        looked = rooms.second_look()
        with rooms.office.store.reading() as act:
            broken = held.broken_line(act)
            lines = held.log_lines(act, 1)
    say(words()("headoffice.key", key=key_shown(rooms.office.authority.public)))
    if looked:
        say(words()("headoffice.looked-again", n=looked))
    if broken is not None:
        say(words()("headoffice.log-broken", line=broken))
        raise SystemExit(1)
    say(words()("headoffice.log-sound", n=lines[-1].id))
