"""A printer behind a socket of this computer, with the habits of real ones."""

from __future__ import annotations

import select
import socket
import threading
import time


def closed_door() -> socket.socket:
    """Return a port that is ours and refuses whoever knocks."""
    door = socket.socket()
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    door.bind(("127.0.0.1", 0))
    return door


class Printer:
    """A printer on the loopback: `reads` what it is sent, `answers` status queries, or neither."""

    def __init__(
        self,
        *,
        reads: bool = True,
        answers: bool = True,
        pause: float = 0.0,
        door: socket.socket | None = None,
    ) -> None:
        self._reads, self._answers, self._pause = reads, answers, pause
        self._door = door or closed_door()
        if not reads:
            # Small before listening: what it will not read must not fit into the kernel either.
            self._door.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        self._door.listen()
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
