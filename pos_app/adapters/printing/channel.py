"""A way for bytes to a printer, and its troubles; every wait in it has an end."""

from __future__ import annotations

import errno
import time
from dataclasses import dataclass
from typing import Protocol

CONNECT_SECONDS = 2.0
STALL_SECONDS = 2.0
"""A printer that takes no byte for so long is not going to."""


class Trouble(Exception):
    """Why a slip did not reach its printer: one of the problem codes of `PrintOutcome`."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment of the monotonic clock."""

    at: float

    @classmethod
    def within(cls, seconds: float) -> Deadline:
        """Return the moment `seconds` from now."""
        return cls(time.monotonic() + seconds)

    def left(self, at_most: float) -> float:
        """Return the seconds left, at most `at_most`; raise `Trouble` when there are none."""
        seconds = self.at - time.monotonic()
        if seconds <= 0:
            raise Trouble("timeout")
        return min(seconds, at_most)


class Channel(Protocol):
    """An open way to one printer."""

    answers: bool
    """Whether anything can be read from it."""

    def write(self, payload: bytes, deadline: Deadline) -> None:
        """Hand all of `payload` over. Raises `Trouble` after `STALL_SECONDS` of no progress."""
        ...

    def read(self, seconds: float) -> bytes:
        """Return what the printer said within `seconds`, at once when it did; maybe nothing."""
        ...

    def close(self) -> None:
        """Let go; never waits."""
        ...


_PROBLEMS = {
    errno.EACCES: "permission",
    errno.EPERM: "permission",
    errno.EROFS: "permission",
    errno.ETIMEDOUT: "timeout",
    errno.ENOSPC: "lost",
    errno.EDQUOT: "lost",
    errno.EFBIG: "lost",
    errno.EIO: "lost",
    errno.EPIPE: "lost",
    errno.ECONNRESET: "lost",
    errno.ECONNABORTED: "lost",
    errno.ENODEV: "lost",
}


def trouble_of(error: OSError, otherwise: str) -> Trouble:
    """Return the trouble behind an error of the operating system."""
    if isinstance(error, TimeoutError):
        return Trouble("timeout")
    return Trouble(_PROBLEMS.get(error.errno or 0, otherwise))
