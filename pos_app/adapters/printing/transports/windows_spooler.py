"""Windows' raw spooler calls (winspool.drv), through ctypes. Not tried on Windows yet."""

from __future__ import annotations

import ctypes
import sys
from typing import Any

from pos_app.adapters.printing.channel import Trouble

_ACCESS_DENIED = 5


class _DocInfo(ctypes.Structure):
    """DOC_INFO_1W."""

    _fields_ = (
        ("document", ctypes.c_wchar_p),
        ("output", ctypes.c_wchar_p),
        ("datatype", ctypes.c_wchar_p),
    )


def queue_raw(queue: str, payload: bytes, job_name: str) -> None:
    """Queue `payload` as it is; an empty `queue` is the default printer. Raises `Trouble`."""
    if sys.platform != "win32":
        raise Trouble("missing-driver")
    spool: Any = ctypes.WinDLL("winspool.drv", use_last_error=True)
    handle = ctypes.c_void_p()
    if not spool.OpenPrinterW(queue or _default_printer(spool), ctypes.byref(handle), None):
        raise _trouble()
    try:
        document = _DocInfo(job_name, None, "RAW")
        if not spool.StartDocPrinterW(handle, 1, ctypes.byref(document)):
            raise _trouble()
        try:
            written = ctypes.c_uint32()
            sent = spool.WritePrinter(handle, payload, len(payload), ctypes.byref(written))
            if not sent or written.value != len(payload):
                raise Trouble("lost")
        finally:
            spool.EndDocPrinter(handle)
    finally:
        spool.ClosePrinter(handle)


def _default_printer(spool: Any) -> str:
    length = ctypes.c_uint32(256)
    name = ctypes.create_unicode_buffer(length.value)
    if not spool.GetDefaultPrinterW(name, ctypes.byref(length)):
        raise Trouble("unreachable")
    return name.value


def _trouble() -> Trouble:
    if sys.platform != "win32":
        return Trouble("missing-driver")
    return Trouble("permission" if ctypes.get_last_error() == _ACCESS_DENIED else "unreachable")
