"""One job from start to end, in the process it runs in: render, check, write, follow."""

from __future__ import annotations

import os
from collections.abc import Callable

from pos_app.adapters.printing.addresses import (
    Address,
    FileAddress,
    PrinterAddressInvalid,
    QueueAddress,
    SerialAddress,
    TcpAddress,
    UsbAddress,
    parse_address,
)
from pos_app.adapters.printing.channel import Channel, Deadline, Trouble
from pos_app.adapters.printing.escpos_text import SlipNotPrintable, drawer_pulse
from pos_app.adapters.printing.rendering import slip_bytes
from pos_app.adapters.printing.status import AFTER_SLIP, Condition, check_before, follow
from pos_app.application.printing import PrinterSettings, PrintOutcome, PrintState, Transport
from pos_app.application.slip.layout import Slip

_FINISHED = PrintOutcome(PrintState.PRINTED)
_TAKEN = PrintOutcome(PrintState.SENT)


class Deliveries:
    """Brings jobs to printers, one at a time, and remembers which printers never answer."""

    def __init__(self) -> None:
        self._silent: set[Address] = set()

    def deliver(self, slip: Slip, settings: PrinterSettings, seconds: float) -> PrintOutcome:
        """Print `slip` within `seconds`; see `SlipPrinter.deliver`."""

        def run(address: Address, deadline: Deadline) -> PrintOutcome:
            payload = slip_bytes(slip, settings)
            return self._print(address, payload, deadline)

        return _guarded(settings, seconds, run)

    def open_drawer(self, settings: PrinterSettings, seconds: float) -> PrintOutcome:
        """Send the drawer's pulse; whether the drawer opened is not known (`SENT`)."""

        def run(address: Address, deadline: Deadline) -> PrintOutcome:
            pulse = drawer_pulse()
            channel = _open(address, deadline)
            try:
                channel.write(pulse, deadline)
            finally:
                channel.close()
            return _TAKEN

        return _guarded(settings, seconds, run)

    def probe(self, settings: PrinterSettings, seconds: float) -> PrintOutcome:
        """Ask for the status: `PRINTED` ready, `SENT` reachable but silent, `FAILED` with why."""
        return _guarded(settings, seconds, _probe)

    def _print(self, address: Address, payload: bytes, deadline: Deadline) -> PrintOutcome:
        channel = _open(address, deadline)
        try:
            before = Condition.SILENT
            if address not in self._silent:
                before = check_before(channel, deadline)
            channel.write(payload + AFTER_SLIP if channel.answers else payload, deadline)
            condition = follow(channel, deadline, answered=before is Condition.READY)
        finally:
            channel.close()
        if condition is Condition.SILENT:
            self._silent.add(address)
        else:
            self._silent.discard(address)
        return _FINISHED if condition is Condition.FINISHED else _TAKEN


def _guarded(
    settings: PrinterSettings, seconds: float, run: Callable[[Address, Deadline], PrintOutcome]
) -> PrintOutcome:
    if settings.transport is Transport.NONE:
        return _failed("none-configured")
    try:
        return run(parse_address(settings), Deadline.within(seconds))
    except Trouble as trouble:
        return _failed(trouble.problem)
    except PrinterAddressInvalid:
        return _failed("address")
    except SlipNotPrintable:
        return _failed("cannot-draw")
    except ImportError:
        return _failed("missing-driver")


def _failed(problem: str) -> PrintOutcome:
    return PrintOutcome(PrintState.FAILED, problem)


def _probe(address: Address, deadline: Deadline) -> PrintOutcome:
    if isinstance(address, FileAddress) and not address.path.exists():
        folder = address.path.parent  # asking must not make the file
        if not folder.is_dir():
            raise Trouble("unreachable")
        if not os.access(folder, os.W_OK):
            raise Trouble("permission")
        return _TAKEN
    channel = _open(address, deadline)
    try:
        condition = check_before(channel, deadline)
    finally:
        channel.close()
    return _TAKEN if condition is Condition.SILENT else _FINISHED


def _open(address: Address, deadline: Deadline) -> Channel:
    """Open the way to a printer; libraries load with the first printer that needs them."""
    match address:
        case TcpAddress():
            from pos_app.adapters.printing.transports.network import NetworkChannel  # noqa: PLC0415

            return NetworkChannel(address, deadline)
        case SerialAddress():
            from pos_app.adapters.printing.transports.serial_line import (  # noqa: PLC0415
                SerialChannel,
            )

            return SerialChannel(address)
        case UsbAddress():
            from pos_app.adapters.printing.transports.usb_bulk import UsbChannel  # noqa: PLC0415

            return UsbChannel(address)
        case FileAddress():
            from pos_app.adapters.printing.transports.file_or_device import (  # noqa: PLC0415
                FileChannel,
            )

            return FileChannel(address)
        case QueueAddress():
            from pos_app.adapters.printing.transports.spooler import (  # noqa: PLC0415
                SpoolerChannel,
            )

            return SpoolerChannel(address)
