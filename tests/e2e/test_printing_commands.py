"""Sales from a shell with a printer that works, refuses, is silent or slow: sold all the same."""

from __future__ import annotations

import json
import select
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.program import Ran, shop_of_today, tokentill
from tests.shops import HIGHVELD

LONGEST_SECONDS = 20.0  # 15 s a slip, and the program's own start on a slow computer


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return shop_of_today(tmp_path)


class Printer:
    """A printer on the loopback: `reads` what it is sent, `answers` status queries, or neither."""

    def __init__(self, *, reads: bool = True, answers: bool = True, pause: float = 0.0) -> None:
        self._reads, self._answers, self._pause = reads, answers, pause
        self._door = socket.create_server(("127.0.0.1", 0))
        if not reads:
            # Small before listening: what it will not read must not fit into the kernel either.
            self._door.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        self.port: int = self._door.getsockname()[1]
        self.paper = bytearray()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def close(self) -> None:
        self._ending.set()
        self._thread.join()
        self._door.close()

    def _serve(self) -> None:
        while not self._ending.is_set():
            if select.select([self._door], [], [], 0.05)[0]:
                line, _ = self._door.accept()
                with line:
                    self._attend(line)

    def _attend(self, line: socket.socket) -> None:
        while not self._ending.is_set():
            if not self._reads or not select.select([line], [], [], 0.05)[0]:
                self._ending.wait(0.02)
                continue
            try:
                read = line.recv(64 if self._pause else 65_536)
                if not read:
                    return
                self.paper += read
                time.sleep(self._pause)
                self._answer(line, read)
            except OSError:
                return

    def _answer(self, line: socket.socket, read: bytes) -> None:
        """Answer DLE EOT n (online, no trouble) and GS r / GS I the way printers do."""
        if self._answers:
            line.sendall(b"\x12" * read.count(b"\x10\x04") + b"\0" * read.count(b"\x1dr"))


@contextmanager
def printer(shop: Path, **habits: object) -> Iterator[Printer]:
    made = Printer(**habits)  # type: ignore[arg-type]
    set_up(shop, "tcp", f"127.0.0.1:{made.port}")
    try:
        yield made
    finally:
        made.close()


def set_up(shop: Path, transport: str, address: str) -> None:
    values = {"printer": {"transport": transport, "address": address}}
    (shop / "settings.json").write_text(json.dumps(values))


def sell(shop: Path) -> Ran:
    start = time.monotonic()
    ran = tokentill(shop, "sell", "--meter", HIGHVELD, "--amount", "50", "--json")
    assert time.monotonic() - start < LONGEST_SECONDS
    assert (ran.code, ran.json()["total"]) == (0, "50.00")
    return ran


def slip_state(shop: Path) -> str:
    (row,) = tokentill(shop, "sales", "--json").json()["sales"]
    return str(row["slip"])


def assert_not_printed(shop: Path, ran: Ran) -> None:
    (sentence,) = ran.err.splitlines()
    assert sentence.startswith("The sale is done and safe; its slip is not printed: The printer")
    assert f"tokentill reprint {ran.json()['receipt']}" in sentence
    assert slip_state(shop) == "failed"


def test_a_healthy_printer_gets_the_token_and_says_that_it_is_done(shop: Path) -> None:
    with printer(shop) as paper:
        ran = sell(shop)
    assert ran.err == ""
    token = ran.json()["tokens"][0]["digits"]
    assert token[:4].encode() in paper.paper
    assert slip_state(shop) in {"printed", "sent"}


def test_a_printer_that_refuses_stops_nothing(shop: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    set_up(shop, "tcp", f"127.0.0.1:{port}")
    assert_not_printed(shop, sell(shop))


def test_a_printer_that_takes_nothing_stops_nothing(shop: Path) -> None:
    values = {"mode": "raster", "transport": "tcp"}
    with printer(shop, reads=False) as deaf:
        address = {"address": f"127.0.0.1:{deaf.port}"}
        (shop / "settings.json").write_text(json.dumps({"printer": values | address}))
        assert_not_printed(shop, sell(shop))


def test_a_slow_printer_that_never_answers_gets_its_slip(shop: Path) -> None:
    with printer(shop, answers=False, pause=0.02) as slow:
        ran = sell(shop)
        token = ran.json()["tokens"][0]["digits"]
        assert slip_state(shop) == "sent"
    assert ran.err == ""
    assert token[-4:].encode() in slow.paper


def test_a_printer_that_is_a_file_gets_every_slip(shop: Path, tmp_path: Path) -> None:
    paper = tmp_path / "paper.bin"
    set_up(shop, "file", str(paper))
    ran = sell(shop)
    copy = tokentill(shop, "reprint", ran.json()["receipt"])
    assert (ran.err, copy.err) == ("", "")
    assert b"COPY 1" in paper.read_bytes()


def test_a_printer_that_is_nowhere_is_told(shop: Path, tmp_path: Path) -> None:
    set_up(shop, "file", str(tmp_path / "nowhere" / "lp0"))
    assert_not_printed(shop, sell(shop))
