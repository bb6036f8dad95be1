"""Printers on the loopback interface: real sockets, each with one habit."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from pos_app.application.printing import PrinterSettings, SlipMode, Transport

READY = {1: 0x12, 2: 0x12, 4: 0x12}
PAPER_OUT = {1: 0x1A, 2: 0x32, 4: 0x72}
COVER_OPEN = {1: 0x1A, 2: 0x16, 4: 0x12}
OFFLINE = {1: 0x1A, 2: 0x12, 4: 0x12}


@dataclass
class Habit:
    """How a printer answers. `realtime` by DLE EOT's n; `behind` to GS r, after `printing_seconds`.

    After `turns_after` bytes of slip `realtime` becomes `turned`, and GS r is answered no more.
    """

    realtime: dict[int, int] = field(default_factory=dict)
    behind: int | None = None
    printing_seconds: float = 0.0
    deaf_while_printing: bool = False
    turns_after: int | None = None
    turned: dict[int, int] = field(default_factory=dict)


HEALTHY = Habit(READY, 0x00)
SILENT = Habit()


@dataclass
class LoopbackPrinter:
    port: int
    received: bytearray = field(default_factory=bytearray)
    connections: int = 0

    def settings(self, mode: SlipMode = SlipMode.AUTO, *, paper_mm: int = 80) -> PrinterSettings:
        return PrinterSettings(Transport.TCP, f"127.0.0.1:{self.port}", paper_mm, mode)


@contextmanager
def printer(
    serve: Callable[[socket.socket, LoopbackPrinter], None], receive_buffer: int | None = None
) -> Iterator[LoopbackPrinter]:
    """Run a printer that treats every connection with `serve`."""
    listening = socket.socket()
    if receive_buffer is not None:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    model = LoopbackPrinter(listening.getsockname()[1])
    stopping = threading.Event()

    def run() -> None:
        while not stopping.is_set():
            try:
                client, _ = listening.accept()
            except OSError:
                return
            model.connections += 1
            with client:
                try:
                    serve(client, model)
                except OSError:
                    continue

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield model
    finally:
        stopping.set()
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(1)


def answering(habit: Habit) -> Callable[[socket.socket, LoopbackPrinter], None]:
    """Read everything, keep the slip, answer status queries as `habit` says."""

    def serve(client: socket.socket, model: LoopbackPrinter) -> None:
        pending = b""
        while chunk := client.recv(4096):
            pending += chunk
            while (query := _first_query(pending)) is not None:
                start, length = query
                model.received += pending[:start]
                asked, pending = pending[start : start + length], pending[start + length :]
                _answer(client, asked, habit, len(model.received))
            model.received += pending
            pending = b""

    return serve


def _first_query(stream: bytes) -> tuple[int, int] | None:
    found = [at for at in (stream.find(b"\x10\x04"), stream.find(b"\x1dr\x01")) if at >= 0]
    return (min(found), 3) if found else None


def _answer(client: socket.socket, asked: bytes, habit: Habit, received: int) -> None:
    turned = habit.turns_after is not None and received > habit.turns_after
    if asked[:1] == b"\x10":
        answers = habit.turned if turned else habit.realtime
        if asked[2] in answers:
            client.sendall(bytes([answers[asked[2]]]))
    elif habit.behind is not None and not turned:
        answer = bytes([habit.behind])
        if habit.deaf_while_printing:
            time.sleep(habit.printing_seconds)
            client.sendall(answer)
        else:
            threading.Timer(habit.printing_seconds, client.sendall, [answer]).start()


def never_reads(client: socket.socket, model: LoopbackPrinter) -> None:
    time.sleep(4)


def drips(client: socket.socket, model: LoopbackPrinter) -> None:
    """Take a few bytes now and then: always some progress, never done."""
    while chunk := client.recv(256):
        model.received += chunk
        time.sleep(0.1)


def resets_after(count: int) -> Callable[[socket.socket, LoopbackPrinter], None]:
    def serve(client: socket.socket, model: LoopbackPrinter) -> None:
        while len(model.received) < count:
            model.received += client.recv(count - len(model.received))
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return serve
