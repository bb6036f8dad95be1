"""Making an office, running its server, looking whether all is well."""

from __future__ import annotations

import socket
import ssl
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import click

from pos_app.cli.common import say, secret, told, words
from pos_app.cli.head_office.certificates import known, say_certificate, warn
from pos_app.cli.head_office.common import PASSPHRASE, folder_argument, opened
from pos_app.head_office.certificate import CertificateFiles, fit_name, own_certificate
from pos_app.head_office.clock import SystemClock
from pos_app.head_office.first_time import FirstTime
from pos_app.head_office.hooks.address import networks_of
from pos_app.head_office.hooks.delivering import Delivering, HookWorker
from pos_app.head_office.office import create_office, office_exists
from pos_app.head_office.people import People
from pos_app.head_office.place import Place
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
            say(words()("headoffice.made", folder=folder, key=made.authority.public.hex()))
            _say_set_up(FirstTime(made, People(made)), f"https://{LOOPBACK}:{PORT}")
    except BaseException:
        place.unmake()
        raise
    finally:
        store.close()
    names = (socket.gethostname(), *wanted)
    say_certificate(own_certificate(place.tls, names, SystemClock().now_ms()))


@click.command()
@folder_argument
@click.option("--host", default=LOOPBACK, show_default=True, help="The address to listen on.")
@click.option("--port", default=PORT, show_default=True, help="The port to listen on.")
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
    files = None
    if certificate is not None and key is not None:
        files = CertificateFiles(certificate, key)
    elif not plain:
        files = own_certificate(place.tls, (socket.gethostname(),), SystemClock().now_ms())
    at = Listening(host, port, files)
    found = known(files.certificate) if files else None
    if found is not None:
        warn(found, folder, urlsplit(url).hostname or host)
    url = url or at.url_of(found.far if found else ())
    with opened(folder, url) as rooms:
        rooms.employ(workers)
        trust = ssl.create_default_context()
        if hook_certificate is not None:
            trust.load_verify_locations(hook_certificate)
        worker = HookWorker(Delivering(rooms.office, networks_of(networks), trust))
        worker.start()
        try:
            _run(rooms, at, till, url, found.ends_ms if found else 0)
        finally:
            worker.stop()


def _run(rooms: Rooms, at: Listening, till: str, url: str, ends_ms: int) -> None:
    # 1 s that other commands do without
    from pos_app.head_office.api.app import make_app  # noqa: PLC0415
    from pos_app.head_office.console import mount_console  # noqa: PLC0415

    say_of = words()
    app = make_app(rooms, say_of.of_error)
    mount_console(app, rooms, say_of, ends_ms)
    server = server_of(app, at)
    _say_set_up(FirstTime(rooms.office, rooms.people), at.url)
    if till:
        code = rooms.enrolling.code_for(till)
        trust = f" --certificate {at.files.certificate.resolve()}" if at.files else ""
        say(say_of("headoffice.enrol-with", till=till, url=url, code=code, trust=trust))
    say(say_of("headoffice.serving", url=at.url))
    with rooms.second_look.beside():
        server.run()


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
    if looked:
        say(words()("headoffice.looked-again", n=looked))
    if broken is not None:
        say(words()("headoffice.log-broken", line=broken))
        raise SystemExit(1)
    say(words()("headoffice.log-sound", n=lines[-1].id))
