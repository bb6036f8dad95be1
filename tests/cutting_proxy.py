"""A line that cuts, delays, sends twice and out of order, between a till and its head office.

What it does follows from a seed. A request that it holds back is as good as lost to the till,
which asks again; it reaches head office after later ones.
"""

from __future__ import annotations

import random
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

USUAL = ("through", "through", "cut up", "cut down", "twice")
EVERYTHING = (*USUAL, "slow", "late")
SLOWEST_S = 0.05


@dataclass
class BadLine:
    """What the line does to each connection, in turn, and how often."""

    port: int
    chance: random.Random
    faults: tuple[str, ...] = USUAL
    cuts: int = 0
    twice: int = 0
    slow: int = 0
    late: int = 0
    calls: int = 0
    held: list[bytes] = field(default_factory=list)
    threads: list[threading.Thread] = field(default_factory=list)
    hand: list[str] = field(default_factory=list)

    def deal(self) -> str:
        """Return the next fault: each comes once in as many connections as there are faults."""
        if not self.hand:
            self.hand = self.chance.sample(self.faults, len(self.faults))
        return self.hand.pop()

    def serve(self, near: socket.socket, what: str) -> None:
        self.calls += 1
        if what == "late":
            with near:
                self.held.append(_request(near))
            return
        with near, socket.create_connection(("127.0.0.1", self.port)) as far:
            sent = _request(near)
            if what == "cut up":
                self.cuts += 1
                far.sendall(sent[: self.chance.randrange(len(sent))])
                return
            if what == "slow":
                self.slow += 1
                time.sleep(self.chance.random() * SLOWEST_S)
            if what == "twice":
                self.twice += 1
                with socket.create_connection(("127.0.0.1", self.port)) as again:
                    again.sendall(sent)
                    _all(again)
            far.sendall(sent)
            answer = _all(far)
            if what == "cut down":
                self.cuts += 1
                answer = answer[: self.chance.randrange(len(answer))]
            near.sendall(answer)
        if self.held and self.chance.random() < 0.5:
            self.bring_late()

    def bring_late(self) -> None:
        """Bring what was held back, in no order; nobody is left to hear the answer."""
        while self.held:
            sent = self.held.pop(self.chance.randrange(len(self.held)))
            self.late += 1
            with socket.create_connection(("127.0.0.1", self.port)) as far:
                far.sendall(sent)
                _all(far)


def _request(near: socket.socket) -> bytes:
    """Read one HTTP request, and ask for the connection to be closed after it."""
    held = b""
    while b"\r\n\r\n" not in held:
        held += _some(near)
    head, _, body = held.partition(b"\r\n\r\n")
    lowered = head.lower()
    if b"transfer-encoding: chunked" in lowered:
        while not body.endswith(b"0\r\n\r\n"):
            body += _some(near)
    elif b"content-length:" in lowered:
        length = int(lowered.partition(b"content-length:")[2].split()[0])
        while len(body) < length:
            body += _some(near)
    head = head.replace(b"Connection: keep-alive", b"Connection: close")
    return head + b"\r\n\r\n" + body


def _some(near: socket.socket) -> bytes:
    part = near.recv(65536)
    if not part:
        raise ConnectionError
    return part


def _all(far: socket.socket) -> bytes:
    parts = []
    while part := far.recv(65536):
        parts.append(part)
    return b"".join(parts)


@contextmanager
def bad_line(
    to_port: int, seed: int, faults: tuple[str, ...] = USUAL
) -> Iterator[tuple[str, BadLine]]:
    """Listen on a free loopback port and pass on to `to_port`, badly."""
    line = BadLine(to_port, random.Random(seed), faults)  # noqa: S311 - the same faults at every run
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.1)
    ended = threading.Event()

    def one(near: socket.socket, what: str) -> None:
        near.settimeout(10)
        with suppress(OSError):
            line.serve(near, what)

    def accept() -> None:
        while not ended.is_set():
            try:
                near, _ = server.accept()
            except TimeoutError:
                continue
            thread = threading.Thread(target=one, args=(near, line.deal()), daemon=True)
            line.threads.append(thread)
            thread.start()

    listener = threading.Thread(target=accept, daemon=True)
    listener.start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}", line
    finally:
        ended.set()
        listener.join()
        for thread in line.threads:
            thread.join(10)
        server.close()
