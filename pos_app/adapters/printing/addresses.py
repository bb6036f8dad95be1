"""What a printer's address says, by transport; checked before anything is opened."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from pos_app.application.printing import PrinterSettings, Transport
from pos_app.domain.errors import PosError

RAW_PORT = 9100
LAST_PORT = 65_535
COMMON_BAUD = 19_200
BAUD_RATES = (1200, 2400, 4800, 9600, 19_200, 38_400, 57_600, 115_200, 230_400, 460_800)

_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,252})")
_BRACKETED = re.compile(r"\[(?P<host>[0-9A-Fa-f:.%a-z]+)\](?::(?P<port>\d+))?")
_USB = re.compile(r"(?:0x)?([0-9A-Fa-f]{1,4}):(?:0x)?([0-9A-Fa-f]{1,4})")
_QUEUE = re.compile(r"[^\s/#-][^\s/#]{0,126}")


class PrinterAddressInvalid(PosError):
    """An address does not fit its transport: `transport`, `address`."""

    code: ClassVar[str] = "printer-address-invalid"


@dataclass(frozen=True, slots=True)
class FileAddress:
    """A file or device to write to."""

    path: Path


@dataclass(frozen=True, slots=True)
class TcpAddress:
    """A host and its raw printing port."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class UsbAddress:
    """USB vendor and product."""

    vendor: int
    product: int


@dataclass(frozen=True, slots=True)
class SerialAddress:
    """A serial device and its baud rate."""

    path: str
    baud: int


@dataclass(frozen=True, slots=True)
class QueueAddress:
    """A queue of the system's spooler; empty for the default one."""

    name: str


Address = FileAddress | TcpAddress | UsbAddress | SerialAddress | QueueAddress


def parse_address(settings: PrinterSettings) -> Address:
    """Read the address of `settings`, whose transport is not `NONE`.

    Raises `PrinterAddressInvalid`.
    """
    text = settings.address.strip()
    read = _READERS.get(settings.transport)
    found = read(text) if read is not None and text.isprintable() else None
    if found is None:
        raise PrinterAddressInvalid(transport=settings.transport.value, address=text[:80])
    return found


def _file(text: str) -> FileAddress | None:
    return FileAddress(Path(text)) if text else None


def _queue(text: str) -> QueueAddress | None:
    return QueueAddress(text) if not text or _QUEUE.fullmatch(text) else None


def _tcp(text: str) -> TcpAddress | None:
    if bracketed := _BRACKETED.fullmatch(text):
        host, port = bracketed["host"], bracketed["port"] or str(RAW_PORT)
    elif text.count(":") > 1:
        return None  # an IPv6 address needs its brackets, else its port is a guess
    else:
        host, _, port = text.partition(":")
        port = port if ":" in text else str(RAW_PORT)
        if not _HOST.fullmatch(host):
            return None
    if not (port.isascii() and port.isdigit() and 1 <= int(port[:6]) <= LAST_PORT):
        return None
    return TcpAddress(host, int(port))


def _usb(text: str) -> UsbAddress | None:
    found = _USB.fullmatch(text)
    return UsbAddress(int(found[1], 16), int(found[2], 16)) if found else None


def _serial(text: str) -> SerialAddress | None:
    path, at, baud = text.rpartition("@")
    if not at:
        path, baud = text, str(COMMON_BAUD)
    if not path or not (baud.isascii() and baud.isdigit()) or int(baud[:7]) not in BAUD_RATES:
        return None
    return SerialAddress(path, int(baud))


_READERS: Mapping[Transport, Callable[[str], Address | None]] = {
    Transport.FILE: _file,
    Transport.TCP: _tcp,
    Transport.USB: _usb,
    Transport.SERIAL: _serial,
    Transport.SPOOLER: _queue,
}
