"""Printing over USB bulk endpoints (pyusb), without the system's printer driver."""

from __future__ import annotations

import contextlib
from typing import Any

from pos_app.adapters.printing.addresses import UsbAddress
from pos_app.adapters.printing.channel import STALL_SECONDS, Deadline, Trouble, trouble_of

_CHUNK = 4096
_OUT, _IN, _BULK = 0x00, 0x80, 0x02
_PRINTER_CLASS, _VENDOR_CLASS = 0x07, 0xFF


class UsbChannel:
    """A claimed printer interface. Not tried on hardware in the test suite."""

    def __init__(self, address: UsbAddress) -> None:
        """Find and claim the printer. Raises `Trouble`."""
        import usb.core  # noqa: PLC0415 - only where a USB printer is set up
        import usb.util  # noqa: PLC0415

        self._util = usb.util
        try:
            device = usb.core.find(idVendor=address.vendor, idProduct=address.product)
            if device is None:
                raise Trouble("unreachable")
            self._device = device
            self._claim()
        except usb.core.NoBackendError:
            raise Trouble("missing-driver") from None
        except OSError as error:  # USBError is one
            raise trouble_of(error, "unreachable") from None
        self.answers = self._in is not None

    def write(self, payload: bytes, deadline: Deadline) -> None:
        """Write in chunks, each with its own timeout."""
        try:
            for start in range(0, len(payload), _CHUNK):
                milliseconds = round(deadline.left(STALL_SECONDS) * 1000)
                self._out.write(payload[start : start + _CHUNK], max(milliseconds, 1))
        except OSError as error:
            raise trouble_of(error, "lost") from None

    def read(self, seconds: float) -> bytes:
        """Return what the printer answered; silence is no trouble."""
        if self._in is None:
            return b""
        try:
            return bytes(self._in.read(self._in.wMaxPacketSize, max(round(seconds * 1000), 1)))
        except OSError as error:
            trouble = trouble_of(error, "lost")
            if trouble.problem == "timeout":
                return b""
            raise trouble from None

    def close(self) -> None:
        """Give the interface back."""
        with contextlib.suppress(OSError):
            self._util.dispose_resources(self._device)

    def _claim(self) -> None:
        interface = self._interface()
        number = interface.bInterfaceNumber
        with contextlib.suppress(NotImplementedError):  # Windows has no kernel driver to detach
            if self._device.is_kernel_driver_active(number):
                self._device.detach_kernel_driver(number)
        self._util.claim_interface(self._device, number)
        self._out = self._endpoint(interface, _OUT)
        self._in = self._endpoint(interface, _IN)
        if self._out is None:
            raise Trouble("unreachable")

    def _interface(self) -> Any:
        for wanted in (_PRINTER_CLASS, _VENDOR_CLASS):
            for configuration in self._device:
                for interface in configuration:
                    if interface.bInterfaceClass == wanted:
                        return interface
        raise Trouble("unreachable")

    @staticmethod
    def _endpoint(interface: Any, direction: int) -> Any:
        for endpoint in interface:
            bulk = endpoint.bmAttributes & 0x03 == _BULK
            if bulk and endpoint.bEndpointAddress & 0x80 == direction:
                return endpoint
        return None
