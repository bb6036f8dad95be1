"""Printing through the system's spooler: CUPS' ``lp``, or Windows' raw spooler calls."""

from __future__ import annotations

import shutil
import subprocess
import sys

from pos_app.adapters.printing.addresses import QueueAddress
from pos_app.adapters.printing.channel import Deadline, Trouble, trouble_of

_LONGEST_WAIT = 30.0
JOB_NAME = "Tokentill slip"


class SpoolerChannel:
    """A queue; the whole slip is one job, and the spooler cannot tell when it is on paper."""

    answers = False

    def __init__(self, address: QueueAddress) -> None:
        """Look for the spooler. Raises `Trouble` (``missing-driver``)."""
        self._queue = address.name
        self._lp = ""
        if sys.platform != "win32":
            self._lp = shutil.which("lp") or ""
            if not self._lp:
                raise Trouble("missing-driver")

    def write(self, payload: bytes, deadline: Deadline) -> None:
        """Queue `payload` untouched. Raises `Trouble`."""
        if sys.platform == "win32":
            from pos_app.adapters.printing.transports import windows_spooler  # noqa: PLC0415

            windows_spooler.queue_raw(self._queue, payload, JOB_NAME)
            return
        command = [self._lp, "-s", "-t", JOB_NAME, "-o", "raw"]
        if self._queue:
            command += ["-d", self._queue]
        try:
            done = subprocess.run(  # noqa: S603 - the queue's name is checked and an own argument
                command,
                input=payload,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=deadline.left(_LONGEST_WAIT),
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise Trouble("timeout") from None
        except OSError as error:
            raise trouble_of(error, "missing-driver") from None
        if done.returncode != 0:
            raise Trouble("unreachable")

    def read(self, seconds: float) -> bytes:  # noqa: ARG002 - a channel's shape
        """Return nothing: a queue does not answer."""
        return b""

    def close(self) -> None:
        """Nothing is held open."""
