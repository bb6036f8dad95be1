"""Slips of what is no sale: closes, refunds, key changes, faults, keys, the engineering desk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from pos_app.application.engineering_records import KINDS as DESK_KINDS
from pos_app.application.engineering_records import DeskRecord
from pos_app.application.errors import ReceiptUnknown
from pos_app.application.fault_reports import fault_of, is_fault
from pos_app.application.key_change_records import KeyChangeAgain
from pos_app.application.key_receipts import ended_keys, taken_keys
from pos_app.application.operators import name_of
from pos_app.application.records import ShopIdentity
from pos_app.application.redress_records import Redress
from pos_app.application.shift_records import BatchReport, ShiftReport
from pos_app.application.slip.close_slip import CloseSlipWriter
from pos_app.application.slip.desk_slip import DeskSlipWriter
from pos_app.application.slip.fault_slip import fault_slip
from pos_app.application.slip.key_paper import KeyPaper
from pos_app.application.slip.key_slip import KeySlipWriter
from pos_app.application.slip.layout import Slip
from pos_app.application.slip.redress_slip import RedressSlipWriter
from pos_app.application.words import Words
from pos_app.application.z_report import batch_report, z_report
from pos_app.exchange.chain import Entry

if TYPE_CHECKING:
    from pos_app.application.slips import Slips


@dataclass(frozen=True, slots=True)
class OtherSlips:
    """Writes what the window has at hand and the journal need not be asked for."""

    words: Words
    identity: ShopIdentity

    def of_shift(self, report: ShiftReport, copy: int) -> Slip:
        """Return the paper of an X or a Z."""
        return CloseSlipWriter(self.words, self.identity).of_shift(report, copy)

    def of_batch(self, report: BatchReport) -> Slip:
        """Return the paper of a batch."""
        return CloseSlipWriter(self.words, self.identity).of_batch(report)

    def of_redress(self, made: Redress, copy: int) -> Slip:
        """Return the paper of a refund or a compensation."""
        return RedressSlipWriter(self.words, self.identity).of(made, copy)

    def of_act(self, made: DeskRecord, copy: int) -> Slip:
        """Return the paper of the engineering desk."""
        return DeskSlipWriter(self.words, self.identity).of(made, copy)


def other_slip(by: Slips, seq: int, copy: int) -> Slip:
    """Return the slip of a journal entry that is no sale; raises `ReceiptUnknown`."""
    entry = by.ledger.entry(seq)
    write = None if entry is None else _PAPERS.get(entry.kind)
    if entry is None or write is None:
        raise ReceiptUnknown(receipt=str(seq))
    return write(by, entry, copy)


def _shift(by: Slips, entry: Entry, copy: int) -> Slip:
    report = z_report(by.ledger, by.identity.till, entry)
    return CloseSlipWriter(by.words, by.identity).of_shift(report, copy)


def _batch(by: Slips, entry: Entry, copy: int) -> Slip:
    report = batch_report(by.identity.till, entry)
    return CloseSlipWriter(by.words, by.identity).of_batch(report, copy)


def _redress(by: Slips, entry: Entry, copy: int) -> Slip:
    redress = Redress.from_body(entry.reading(), entry.seq, entry.at_ms)
    return RedressSlipWriter(by.words, by.identity).of(redress, copy)


def _key_change(by: Slips, entry: Entry, _copy: int) -> Slip:
    return KeySlipWriter(by.words, by.identity).of(_again(by, entry))


def _fault(by: Slips, entry: Entry, copy: int) -> Slip:
    if not is_fault(entry):
        raise ReceiptUnknown(receipt=str(entry.seq))
    report = fault_of(by.ledger, by.identity.till, entry)
    return fault_slip(report, by.words, by.identity, copy)


def _desk_act(by: Slips, entry: Entry, copy: int) -> Slip:
    record = DeskRecord.from_body(entry.reading(), entry.seq)
    return DeskSlipWriter(by.words, by.identity).of(record, copy)


def _keys_taken(by: Slips, entry: Entry, copy: int) -> Slip:
    return KeyPaper(by.words, by.identity).of(taken_keys(by.ledger, entry), copy)


def _keys_ended(by: Slips, entry: Entry, copy: int) -> Slip:
    return KeyPaper(by.words, by.identity).of(ended_keys(by.ledger, entry), copy)


def _again(by: Slips, entry: Entry) -> KeyChangeAgain:
    """Read back how a key change was given out again."""
    body = entry.reading()
    row = by.ledger.key_changes.change(body["sale_seq"])
    sale = by.ledger.sale_by_seq(body["sale_seq"])
    if row is None or sale is None or sale.key_change is None:
        raise ReceiptUnknown(receipt=str(entry.seq))
    row = replace(row, copies=body["copy"])
    name = name_of(by.ledger, body["operator"])
    again = KeyChangeAgain(entry.seq, row, sale.key_change, name, entry.at_ms, 0)
    return replace(again, offset_minutes=sale.offset_minutes)


_PAPERS: Final[dict[str, Callable[[Slips, Entry, int], Slip]]] = {
    "shift_closed": _shift,
    "batch_closed": _batch,
    "refund": _redress,
    "compensation": _redress,
    "key_change_again": _key_change,
    "meter_act": _fault,
    "key_file_imported": _keys_taken,
    "keys_destroyed": _keys_ended,
    **dict.fromkeys(DESK_KINDS, _desk_act),
}
"""Who writes the paper of an entry that is no sale, by its kind."""
