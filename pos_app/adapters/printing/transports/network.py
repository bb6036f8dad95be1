"""Raw printing over TCP (port 9100)."""

from __future__ import annotations

import contextlib
import select
import socket
import sys
import time

from pos_app.adapters.printing.addresses import TcpAddress
from pos_app.adapters.printing.channel import (
    CONNECT_SECONDS,
    STALL_SECONDS,
    Deadline,
    Trouble,
    trouble_of,
)

_ACKNOWLEDGED_POLL = 0.005


class NetworkChannel:
    """A connection to a printer; one slip each, as printers serve one client at a time."""

    answers = True

    def __init__(self, address: TcpAddress, deadline: Deadline) -> None:
        """Connect. Raises `Trouble` (``unreachable``, ``timeout``)."""
        try:
            self._socket = socket.create_connection(
                (address.host, address.port), timeout=deadline.left(CONNECT_SECONDS)
            )
        except OSError as error:
            raise trouble_of(error, "unreachable") from None
        self._socket.setblocking(False)  # noqa: FBT003 - the name says it
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._ended = False

    def write(self, payload: bytes, deadline: Deadline) -> None:
        """Send all of `payload` and see it acknowledged by the printer's network side."""
        waiting = memoryview(payload)
        while waiting:
            _, ready, _ = select.select([], [self._socket], [], deadline.left(STALL_SECONDS))
            if not ready:
                raise Trouble("timeout")
            try:
                waiting = waiting[self._socket.send(waiting) :]
            except BlockingIOError:
                continue
            except OSError as error:
                raise trouble_of(error, "lost") from None
        self._wait_until_acknowledged(deadline)

    def read(self, seconds: float) -> bytes:
        """Return what the printer answered. Raises `Trouble` (``lost``) when it cut the line."""
        if self._ended:
            time.sleep(seconds)
            return b""
        ready, _, _ = select.select([self._socket], [], [], seconds)
        if not ready:
            return b""
        try:
            answer = self._socket.recv(256)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise trouble_of(error, "lost") from None
        self._ended = not answer
        self.answers = not self._ended
        return answer

    def close(self) -> None:
        """Close the connection; the system still delivers what it has taken."""
        with contextlib.suppress(OSError):
            self._socket.close()

    def _wait_until_acknowledged(self, deadline: Deadline) -> None:
        """Wait for the send buffer to drain: bytes in our own kernel are not at the printer.

        Only Linux tells how many bytes are not acknowledged; elsewhere the status query finds
        out. A printer that has stopped reading closes its window, and the count stands still.
        """
        waiting = self._unacknowledged()
        stalled_at = time.monotonic() + STALL_SECONDS
        while waiting:
            deadline.left(STALL_SECONDS)
            if time.monotonic() > stalled_at:
                raise Trouble("timeout")
            time.sleep(_ACKNOWLEDGED_POLL)
            before, waiting = waiting, self._unacknowledged()
            if waiting < before:
                stalled_at = time.monotonic() + STALL_SECONDS

    def _unacknowledged(self) -> int:
        if sys.platform != "linux":
            return 0
        import fcntl  # noqa: PLC0415 - neither exists on Windows
        import termios  # noqa: PLC0415

        count = fcntl.ioctl(self._socket, termios.TIOCOUTQ, b"\0\0\0\0")
        return int.from_bytes(count, sys.byteorder)
