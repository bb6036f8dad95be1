"""A head office that runs: its real server in a thread, over TLS, asked by a real client."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from pos_app.application.words import load_words
from pos_app.head_office.api.app import make_app
from pos_app.head_office.certificate import own_certificate
from pos_app.head_office.console import mount_console
from pos_app.head_office.rooms import Rooms
from pos_app.head_office.serving import LOOPBACK, Listening, server_of
from tests.shops import START_MS


@dataclass
class Running:
    """A server and the certificate that its clients trust."""

    url: str
    certificate: Path
    rooms: Rooms

    def client(self) -> httpx.Client:
        context = ssl.create_default_context(cafile=str(self.certificate))
        return httpx.Client(base_url=self.url, verify=context, timeout=30, trust_env=False)


@contextmanager
def running(
    rooms: Rooms,
    folder: Path,
    *,
    plain: bool = False,
    host: str = LOOPBACK,
    ends_ms: int = 0,
) -> Iterator[Running]:
    own = own_certificate(folder / "tls", (), START_MS)
    files = None if plain else own
    words = load_words("en")
    app = make_app(rooms, words.of_error)
    mount_console(app, rooms, words, ends_ms)
    server = server_of(app, Listening(host, 0, files))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        until = time.monotonic() + 20
        while not server.started and time.monotonic() < until:
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        scheme = "http" if plain else "https"
        url = f"{scheme}://{host}:{port}"
        app.state.rooms = Rooms.of(rooms.office, url)
        yield Running(url, own.certificate, app.state.rooms)
    finally:
        server.should_exit = True
        thread.join(20)
