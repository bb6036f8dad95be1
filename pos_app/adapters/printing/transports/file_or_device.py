"""Printing into a file or a device such as ``/dev/usb/lp0``.

A regular file is a roll of paper: every slip is appended and made durable. A device is written
without blocking, and asked for its status where it can be read.
"""

from __future__ import annotations

import contextlib
import os
import select
import stat
import time

from pos_app.adapters.printing.addresses import FileAddress
from pos_app.adapters.printing.channel import STALL_SECONDS, Deadline, Trouble, trouble_of

_PRIVATE = 0o600
_NO_WAIT = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
_BINARY = getattr(os, "O_BINARY", 0)


class FileChannel:
    """An open file or device."""

    def __init__(self, address: FileAddress) -> None:
        """Open it. Raises `Trouble` (``unreachable``, ``permission``)."""
        self.answers = False
        try:
            self._handle = self._open(address)
            self._regular = stat.S_ISREG(os.fstat(self._handle).st_mode)
        except OSError as error:
            raise trouble_of(error, "unreachable") from None

    def write(self, payload: bytes, deadline: Deadline) -> None:
        """Write all of `payload`; a regular file is on disk afterwards."""
        waiting = memoryview(payload)
        try:
            while waiting:
                if not self._regular and not self._writable(deadline):
                    raise Trouble("timeout")
                with contextlib.suppress(BlockingIOError):
                    waiting = waiting[os.write(self._handle, waiting) :]
            if self._regular:
                os.fsync(self._handle)
        except OSError as error:
            raise trouble_of(error, "lost") from None

    def read(self, seconds: float) -> bytes:
        """Return what the device answered; a file answers nothing."""
        if not self.answers:
            return b""
        ready, _, _ = select.select([self._handle], [], [], seconds)
        if not ready:
            return b""
        try:
            answer = os.read(self._handle, 256)
        except BlockingIOError:
            return b""
        except OSError:
            self.answers = False  # many printer devices can be opened for reading, then refuse
            return b""
        if not answer:
            time.sleep(min(seconds, 0.05))  # usblp says "ready" at once and has nothing
        return answer

    def close(self) -> None:
        """Close it."""
        with contextlib.suppress(OSError):
            os.close(self._handle)

    def _open(self, address: FileAddress) -> int:
        path = address.path
        if not path.exists() or path.is_file():
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | _BINARY
            return os.open(path, flags, _PRIVATE)
        if path.is_fifo():
            return os.open(path, os.O_WRONLY | _NO_WAIT)
        try:
            handle = os.open(path, os.O_RDWR | _NO_WAIT | _BINARY)
        except PermissionError:
            return os.open(path, os.O_WRONLY | _NO_WAIT | _BINARY)
        self.answers = stat.S_ISCHR(os.fstat(handle).st_mode)
        return handle

    def _writable(self, deadline: Deadline) -> bool:
        _, ready, _ = select.select([], [self._handle], [], deadline.left(STALL_SECONDS))
        return bool(ready)
