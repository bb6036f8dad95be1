"""Slips of an open shop: of a sale that is on disk, and of the quote on the screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from pos_app.application.engineering_records import KINDS as DESK_KINDS
from pos_app.application.engineering_records import DeskRecord
from pos_app.application.errors import ReceiptUnknown
from pos_app.application.fault_reports import fault_of, is_fault
from pos_app.application.key_change_records import KeyChangeAgain
from pos_app.application.key_receipts import ended_keys, taken_keys
from pos_app.application.operators import name_of
from pos_app.application.ports import Ledger, UtilityRecord
from pos_app.application.records import MeterCard, QuoteAnswer, ShopIdentity
from pos_app.application.redress_records import Redress
from pos_app.application.sale import Sale
from pos_app.application.shop_time import local
from pos_app.application.slip.close_slip import CloseSlipWriter
from pos_app.application.slip.compose import SlipHead, SlipWriter
from pos_app.application.slip.desk_slip import DeskSlipWriter
from pos_app.application.slip.fault_slip import fault_slip
from pos_app.application.slip.key_paper import KeyPaper
from pos_app.application.slip.key_slip import KeySlipWriter
from pos_app.application.slip.layout import Slip
from pos_app.application.slip.redress_slip import RedressSlipWriter
from pos_app.application.token_kinds import MONEY
from pos_app.application.words import Words
from pos_app.application.z_report import batch_report, z_report
from pos_app.domain.money import Money
from pos_app.domain.tariff.file import parse_tariff
from pos_app.domain.tariff.hours import Stretch
from pos_app.domain.tender import Tender
from pos_app.domain.tender_kind import CASH_KIND, TenderKind, givers
from pos_app.exchange.chain import Entry, Signer
from pos_app.exchange.compact import CompactSale, write_compact


def slip_head(utility: UtilityRecord | None, utility_id: str) -> SlipHead:
    """Return what stands at the top of a utility's slips."""
    if utility is None:
        return SlipHead(utility_id, "", "", "")
    return SlipHead(utility.name, utility.address, utility.tax_reference, utility.help_line)


@dataclass(frozen=True, slots=True)
class Slips:
    """Writes slips in one language; `signer` vouches for the code on them.

    `kinds` are the ways of paying that are in force: a draft says what change they give.
    """

    ledger: Ledger
    identity: ShopIdentity
    signer: Signer
    words: Words
    kinds: Callable[[], tuple[TenderKind, ...]] = lambda: (CASH_KIND,)

    def of_receipt(self, receipt: str, copy: int = 0) -> Slip:
        """Return the slip of a sale; `copy` 0 is the original."""
        found = self.ledger.sale_by_receipt(receipt)
        if found is None:
            raise ReceiptUnknown(receipt=receipt[:40])
        return self._write(*found, copy)

    def of_seq(self, seq: int, copy: int) -> Slip:
        """Return the slip of a sale, a close or a refund by its journal number."""
        sale = self.ledger.sale_by_seq(seq)
        if sale is None:
            return self._of_other(seq, copy)
        return self._write(seq, sale, copy)

    def _of_other(self, seq: int, copy: int) -> Slip:
        entry = self.ledger.entry(seq)
        write = None if entry is None else _PAPERS.get(entry.kind)
        if entry is None or write is None:
            raise ReceiptUnknown(receipt=str(seq))
        return write(self, entry, copy)

    def of_sale(self, sale: Sale, copy: int) -> Slip:
        """Return the slip of a sale that is on disk."""
        return self.of_receipt(sale.receipt, copy)

    def draft(
        self,
        card: MeterCard,
        answer: QuoteAnswer | None,
        tenders: tuple[Tender, ...],
        kept: Money | None = None,
    ) -> Slip:
        """Return the slip as it would print if the sale were made now."""
        utility = card.meter.utility
        head = slip_head(self.ledger.utility(utility), utility)
        writer = SlipWriter(self.words, self.identity, givers(self.kinds()))
        return writer.of_quote(card, answer, tenders, kept, head)

    def _write(self, seq: int, sale: Sale, copy: int) -> Slip:
        utility = sale.meter.utility
        head = slip_head(self.ledger.utility(utility), utility)
        code = sale_code(self.ledger, self.identity, self.signer, seq, sale)
        hours = self._hours(sale)
        done = self.ledger.redress.of_sale(seq)
        if done is not None:  # no tokens, no steps; a key change has a slip of its own
            sale = replace(sale, key_change=None)
        slip = SlipWriter(self.words, self.identity).of_sale(sale, head, copy, code, hours)
        if done is None:
            return slip
        return RedressSlipWriter(self.words, self.identity).marked(slip, done)

    def _hours(self, sale: Sale) -> tuple[Stretch, ...]:
        """Return the prices of the sale's day by the hour, for a meter that counts money."""
        record = None
        if sale.tokens[-1].kind == MONEY:
            record = self.ledger.tariff_version(sale.tariff, sale.tariff_version)
        if record is None:
            return ()
        return parse_tariff(record.text).hours(local(sale.at_ms, sale.offset_minutes).date())


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


def sale_code(ledger: Ledger, identity: ShopIdentity, signer: Signer, seq: int, sale: Sale) -> str:
    """Return the text of the code on a sale's slip."""
    entry = ledger.entry(seq)
    token = sale.tokens[-1]
    compact = CompactSale(
        till=identity.till,
        series=sale.series,
        number=sale.number,
        seq=seq,
        at_s=sale.at_ms // 1000,
        operator=sale.operator,
        drn=sale.meter.drn,
        tariff=sale.tariff,
        tariff_version=sale.tariff_version,
        bought_before=sale.bought_before,
        currency=sale.currency,
        total_minor=sale.total_minor,
        tenths=sale.tenths,
        tid=token.tid,
        digits=token.digits,
        seal=entry.hash.hex()[:16] if entry else "",
    )
    return write_compact(compact, signer)
