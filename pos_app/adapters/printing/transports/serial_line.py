"""Printing over a serial line (pyserial): 8 data bits, no parity, XON/XOFF respected."""

from __future__ import annotations

import contextlib
import time

from pos_app.adapters.printing.addresses import SerialAddress
from pos_app.adapters.printing.channel import STALL_SECONDS, Deadline, Trouble, trouble_of

_CHUNK = 256
_POLL = 0.01


class SerialChannel:
    """An open serial port."""

    answers = True

    def __init__(self, address: SerialAddress) -> None:
        """Open the port. Raises `Trouble` (``unreachable``, ``permission``)."""
        import serial  # noqa: PLC0415 - only where a serial printer is set up

        self._timed_out = serial.SerialTimeoutException
        try:
            self._port = serial.Serial(
                address.path, address.baud, timeout=0, write_timeout=STALL_SECONDS, xonxoff=True
            )
        except OSError as error:  # SerialException is one
            raise trouble_of(error, "unreachable") from None

    def write(self, payload: bytes, deadline: Deadline) -> None:
        """Write in small chunks, so that a timeout means no progress and not a slow line."""
        try:
            for start in range(0, len(payload), _CHUNK):
                self._port.write_timeout = deadline.left(STALL_SECONDS)
                self._port.write(payload[start : start + _CHUNK])
            self._drain(deadline)
        except self._timed_out:
            raise Trouble("timeout") from None
        except OSError as error:
            raise trouble_of(error, "lost") from None

    def read(self, seconds: float) -> bytes:
        """Return what the printer answered."""
        try:
            self._port.timeout = seconds
            first: bytes = self._port.read(1)
            self._port.timeout = 0
            return first + self._port.read(255) if first else first
        except OSError as error:
            raise trouble_of(error, "lost") from None

    def close(self) -> None:
        """Close at once: closing a stopped line would wait half a minute for it to drain."""
        with contextlib.suppress(OSError):
            if self._port.out_waiting:
                self._port.reset_output_buffer()
        with contextlib.suppress(OSError):
            self._port.close()

    def _drain(self, deadline: Deadline) -> None:
        stalled_at = time.monotonic() + STALL_SECONDS
        waiting = self._port.out_waiting
        while waiting:
            deadline.left(STALL_SECONDS)
            if time.monotonic() > stalled_at:
                raise Trouble("timeout")
            time.sleep(_POLL)
            before, waiting = waiting, self._port.out_waiting
            if waiting < before:
                stalled_at = time.monotonic() + STALL_SECONDS
