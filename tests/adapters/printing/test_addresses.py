"""Printer addresses: what is understood and what is refused before anything is opened."""

from __future__ import annotations

from pathlib import Path

import pytest

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
from pos_app.application.printing import PrinterSettings, Transport

TCP, USB, SERIAL = Transport.TCP, Transport.USB, Transport.SERIAL
FILE, SPOOLER = Transport.FILE, Transport.SPOOLER


@pytest.mark.parametrize(
    ("transport", "text", "expected"),
    [
        (TCP, "192.168.1.50", TcpAddress("192.168.1.50", 9100)),
        (TCP, " printer.shop:9101 ", TcpAddress("printer.shop", 9101)),
        (TCP, "[fe80::1%eth0]:9100", TcpAddress("fe80::1%eth0", 9100)),
        (TCP, "[::1]", TcpAddress("::1", 9100)),
        (USB, "04b8:0e15", UsbAddress(0x04B8, 0x0E15)),
        (USB, "0x4b8:0xE15", UsbAddress(0x04B8, 0x0E15)),
        (SERIAL, "/dev/ttyUSB0", SerialAddress("/dev/ttyUSB0", 19200)),
        (SERIAL, "/dev/ttyS1@115200", SerialAddress("/dev/ttyS1", 115200)),
        (SERIAL, "COM3@9600", SerialAddress("COM3", 9600)),
        (FILE, "/dev/usb/lp0", FileAddress(Path("/dev/usb/lp0"))),
        (SPOOLER, "", QueueAddress("")),
        (SPOOLER, "receipt_80", QueueAddress("receipt_80")),
    ],
)
def test_an_address_is_understood(transport: Transport, text: str, expected: Address) -> None:
    assert parse_address(PrinterSettings(transport, text)) == expected


@pytest.mark.parametrize(
    ("transport", "text"),
    [
        (TCP, ""),
        (TCP, "host:"),
        (TCP, "host:0"),
        (TCP, "host:65536"),
        (TCP, "host:٩١٠٠"),
        (TCP, "two words"),
        (TCP, "::1"),
        (TCP, "-flag"),
        (USB, "04b8"),
        (USB, "04b8:zzzz"),
        (USB, "104b8:0e15"),
        (SERIAL, ""),
        (SERIAL, "@9600"),
        (SERIAL, "/dev/ttyS0@9601"),
        (SERIAL, "/dev/ttyS0@fast"),
        (FILE, ""),
        (FILE, "a\nb"),
        (SPOOLER, "-o"),
        (SPOOLER, "two words"),
        (Transport.NONE, "anything"),
    ],
)
def test_an_address_is_refused(transport: Transport, text: str) -> None:
    with pytest.raises(PrinterAddressInvalid) as refused:
        parse_address(PrinterSettings(transport, text))
    assert refused.value.facts["transport"] == transport.value
