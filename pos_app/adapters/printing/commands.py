"""The byte maker: python-escpos' `Dummy`, loaded late and kept from leaving traces.

Importing it takes a third of a second, parses its printer database, adds a handler to the root
logger and leaves a directory with a pickle behind. Here it reads our short database instead
(a tenth of the time), sees a root logger that is already set up, and has its directory removed.
"""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, Protocol, cast

from pos_app.resources import resource


class Commands(Protocol):
    """The part of `escpos.printer.Dummy` that slips use."""

    output: bytes

    def _raw(self, msg: bytes) -> None: ...

    def charcode(self, code: str) -> None:
        """Select a code page."""

    def set(self, **style: Any) -> None:
        """Change the style of what follows."""

    def line_spacing(self, spacing: int) -> None:
        """Set the distance of lines in dots."""

    def qr(self, content: str, ec: int, size: int, *, native: bool) -> None:
        """Let the printer make a QR code."""

    def cut(self, mode: str) -> None:
        """Feed to the knife and cut."""

    def cashdraw(self, pin: int) -> None:
        """Send the drawer's pulse."""


def new_commands() -> Commands:
    """Return an empty command buffer whose code page is not yet chosen."""
    return cast("Commands", _dummy()(magic_encode_args={"encoding": "CP437", "disabled": True}))


@cache
def _dummy() -> Callable[..., object]:
    with _no_traces():
        from escpos.printer import Dummy  # noqa: PLC0415 - see above: only when a slip is made
    return cast("Callable[..., object]", Dummy)


@contextmanager
def _no_traces() -> Iterator[None]:
    occupied = logging.NullHandler()  # basicConfig() does nothing when the root has a handler
    before = {name: os.environ.get(name) for name in ("ESCPOS_CAPABILITIES_FILE", _PICKLES)}
    directory, root = tempfile.tempdir, logging.getLogger()
    root.addHandler(occupied)
    try:
        with tempfile.TemporaryDirectory(prefix="tokentill-") as passing:
            tempfile.tempdir = passing
            os.environ[_PICKLES] = passing  # a pickle is code: never from a shared directory
            ours = resource("escpos", "capabilities.json")
            if ours.is_file():
                os.environ["ESCPOS_CAPABILITIES_FILE"] = str(ours)
            yield
    finally:
        tempfile.tempdir = directory
        root.removeHandler(occupied)
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


_PICKLES = "ESCPOS_CAPABILITIES_PICKLE_DIR"
