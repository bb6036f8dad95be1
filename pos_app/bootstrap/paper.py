"""Slips of an open shop on their way to files and printers."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pos_app.adapters.printing.document import SlipNotSaved, save_escpos, save_pdf, save_png
from pos_app.adapters.printing.worker_printer import WorkerPrinter
from pos_app.adapters.system.settings_file import load_settings
from pos_app.application.printing import PrintState, Transport
from pos_app.application.settings import Settings
from pos_app.application.slip.layout import Slip
from pos_app.application.slips import Slips
from pos_app.bootstrap.choices import slip_words
from pos_app.bootstrap.shop import OpenShop

SECONDS_A_SLIP: Final = 15.0
MOST_AT_ONCE: Final = 3
"""A command prints its own slip and what little waits; a long queue is the window's work."""


def slips_of(shop: OpenShop, settings: Settings) -> Slips:
    """Return the writer of a shop's slips in its slip language."""
    identity = shop.store.identity
    words = slip_words(settings, identity.mode)
    return Slips(shop.ledger, identity, shop.store.signer, words, shop.desk.tenders)


def leave_slip(shop: OpenShop, receipt: str, copy: int, path: Path) -> None:
    """Leave a slip in a .png, .pdf or .bin file; raises `SlipNotSaved`."""
    settings = load_settings(shop.folder)
    _save(slips_of(shop, settings).of_receipt(receipt, copy), path, settings)


def _save(slip: Slip, path: Path, settings: Settings) -> None:
    kinds = {".png": save_png, ".pdf": save_pdf, ".bin": save_escpos}
    save = kinds.get(path.suffix.lower())
    if save is None:
        raise SlipNotSaved(path=str(path), reason="the name must end in .png, .pdf or .bin")
    save(slip, path, settings.printer.paper_mm)


def open_drawer(shop: OpenShop) -> str:
    """Send the pulse to the drawer; return the problem, empty for none or without a drawer."""
    printer = load_settings(shop.folder).printer
    if printer.transport is Transport.NONE or not printer.open_drawer:
        return ""
    worker = WorkerPrinter()
    try:
        outcome = worker.open_drawer(printer, SECONDS_A_SLIP)
    finally:
        worker.close()
    return outcome.problem if outcome.state is PrintState.FAILED else ""


def leave_close_slip(shop: OpenShop, seq: int, copy: int, path: Path) -> None:
    """Leave the slip of a closed shift or batch in a file; raises `SlipNotSaved`."""
    settings = load_settings(shop.folder)
    _save(slips_of(shop, settings).of_seq(seq, copy), path, settings)


def leave_other_slip(shop: OpenShop, slip: Slip, path: Path) -> None:
    """Leave a slip that belongs to no sale in a file; raises `SlipNotSaved`."""
    _save(slip, path, load_settings(shop.folder))


def print_waiting(shop: OpenShop) -> str:
    """Print what waits, newest commands included; return the first problem, empty for none.

    Without a printer nothing is tried and nothing is a problem.
    """
    settings = load_settings(shop.folder)
    if settings.printer.transport is Transport.NONE:
        return ""
    slips, printer, first = slips_of(shop, settings), WorkerPrinter(), ""
    try:
        for _ in range(MOST_AT_ONCE):
            task = shop.ledger.next_print_task()
            if task is None:
                break
            slip = slips.of_seq(task.sale_seq, task.copy)
            outcome = printer.deliver(slip, settings.printer, SECONDS_A_SLIP)
            shop.ledger.note_print(task, outcome)
            if outcome.state is PrintState.FAILED:
                first = first or outcome.problem
    finally:
        printer.close()
    return first
