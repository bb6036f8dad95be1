"""Printing as the use cases see it: a job, its state, and the port to a printer.

Printing is a consequence of a sale, never a part of it: a job is queued in the sale's own
transaction and runs afterwards. It can fail, wait and be repeated; the sale cannot.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # only named here; the first screen draws no slip
    from pos_app.application.slip.layout import Slip


class Transport(StrEnum):
    """How bytes reach the paper."""

    NONE = "none"
    FILE = "file"
    TCP = "tcp"
    USB = "usb"
    SERIAL = "serial"
    SPOOLER = "spooler"


class SlipMode(StrEnum):
    """`AUTO` prints text where the printer's own font has every letter, else a drawn raster."""

    AUTO = "auto"
    TEXT = "text"
    RASTER = "raster"


@dataclass(frozen=True, slots=True)
class PrinterSettings:
    """One printer. `address` by transport.

    file: a path, ``/dev/usb/lp0`` included · tcp: ``host`` or ``host:port`` (9100) ·
    usb: ``vendor:product`` in hex, ``04b8:0e15`` · serial: ``/dev/ttyUSB0@19200`` ·
    spooler: a queue's name, empty for the default. `paper_mm` is 58 (32 columns, 384 dots)
    or 80 (48 columns, 576 dots).
    """

    transport: Transport = Transport.NONE
    address: str = ""
    paper_mm: int = 80
    mode: SlipMode = SlipMode.AUTO
    cut: bool = True
    open_drawer: bool = False


class PrintState(StrEnum):
    """The life of a print job.

    `SENT`: the printer took the bytes but cannot say more. `PRINTED`: it answered a status query
    queued behind the slip. `FAILED`: it may be printed again at any time.
    """

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    PRINTED = "printed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class PrintOutcome:
    """How one try ended: `SENT`, `PRINTED` or `FAILED` with a `problem` code.

    Problem codes: ``none-configured``, ``unreachable``, ``timeout``, ``lost``, ``paper-out``,
    ``cover-open``, ``offline``, ``address``, ``permission``, ``missing-driver``, ``cannot-draw``,
    ``worker-died``. Words for them are ``print.<problem>``. ``cannot-draw`` is also what text mode
    says of a letter that the printer's own font has not.
    """

    state: PrintState
    problem: str = ""


class SlipPrinter(Protocol):
    """Bring one slip to paper; never raise for what a printer does, never outlive the deadline."""

    def deliver(self, slip: Slip, settings: PrinterSettings, seconds: float) -> PrintOutcome:
        """Print `slip`; give up after `seconds` whatever the printer does."""
        ...

    def probe(self, settings: PrinterSettings, seconds: float) -> PrintOutcome:
        """Ask the printer whether it is ready, without printing.

        `PRINTED`: it answered and is ready. `SENT`: it can be reached but says nothing.
        """
        ...

    def close(self) -> None:
        """End the worker; a job under way is given up."""
        ...


class CashDrawer(Protocol):
    """The drawer that hangs on a slip printer; it opens with the commit, not with the slip."""

    def open_drawer(self, settings: PrinterSettings, seconds: float) -> PrintOutcome:
        """Send the pulse; `SENT` says that it left, not that the drawer is open."""
        ...
