"""Servers that can be killed.

They are forked by a process that was forked itself before the test has threads, and so have loaded
all they need. All are servers of one office, whose clock stands still.
"""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NoReturn

from pos_app.application.words import load_words
from pos_app.head_office.api.app import make_app
from pos_app.head_office.certificate import own_certificate
from pos_app.head_office.office import Office, office_exists
from pos_app.head_office.rooms import Rooms
from pos_app.head_office.serving import Listening, server_of
from pos_app.head_office.store.engine import open_store
from tests.office.makers import NOW_MS, make_office, model_office
from tests.shops import START_MS, HeldClock


def office_in(database: str, folder: Path) -> Office:
    """Open the office of a store, made when it is not there."""
    store = open_store(database, folder)
    if office_exists(store):
        return replace(model_office(), store=store, clock=HeldClock(NOW_MS))
    return make_office(store, HeldClock(NOW_MS))


def serve(database: str, folder: str, port: int, workers: int, *, secure: bool) -> NoReturn:
    office = office_in(database, Path(folder))
    files = own_certificate(Path(folder) / "tls", (), START_MS) if secure else None
    at = Listening(port=port, files=files)
    rooms = Rooms.of(office, at.url)
    rooms.employ(workers)
    app = make_app(rooms, load_words("en").of_error)
    with rooms.second_look.beside():
        server_of(app, at).run()
    os._exit(0)


def make_servers(orders: Connection) -> NoReturn:
    """Fork a server for each order and answer its number, until there are no more orders."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with suppress(EOFError):
        while True:
            order = orders.recv()
            process = os.fork()
            if not process:
                orders.close()
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                serve(*order[:-1], secure=order[-1])
            orders.send(process)
    os._exit(0)


@dataclass
class Killable:
    """A server on one port that is killed and started again."""

    maker: Connection
    database: str
    folder: Path
    port: int
    readers: int = 1
    secure: bool = False
    process: int = 0
    workers: list[int] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"{'https' if self.secure else 'http'}://127.0.0.1:{self.port}"

    def start(self) -> None:
        order = (self.database, str(self.folder), self.port, self.readers, self.secure)
        self.maker.send(order)
        self.process = self.maker.recv()
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
                return
            time.sleep(0.01)
        raise AssertionError("the server does not answer")

    def kill(self) -> None:
        """Kill it as a power cut does, and wait until its port is free and its workers ended."""
        workers = children(self.process)
        os.kill(self.process, signal.SIGKILL)
        until = time.monotonic() + 30
        while any(map(lives, [self.process, *workers])):
            if time.monotonic() > until:
                raise AssertionError("a process outlived its server")
            time.sleep(0.005)
        self.workers += workers


def children(parent: int) -> list[int]:
    raw = Path(f"/proc/{parent}/task/{parent}/children").read_text()
    return [int(each) for each in raw.split()]


def lives(process: int) -> bool:
    try:
        stat = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] not in "ZX"


@contextmanager
def killable(
    database: str, folder: Path, readers: int = 1, *, secure: bool = False
) -> Iterator[Killable]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    model_office()  # here, so that all have the same keys
    here, there = Pipe()
    maker = os.fork()
    if not maker:
        here.close()
        make_servers(there)
    there.close()
    made = Killable(here, database, folder, port, readers, secure)
    try:
        made.start()
        yield made
        made.kill()
    finally:
        if lives(made.process):
            os.kill(made.process, signal.SIGKILL)
        here.close()
        os.waitpid(maker, 0)
