"""Slips of an open shop: of a sale that is on disk, and of the quote on the screen."""

from __future__ import annotations

from dataclasses import dataclass

from pos_app.application.errors import ReceiptUnknown
from pos_app.application.ports import Ledger
from pos_app.application.records import MeterCard, QuoteAnswer, ShopIdentity
from pos_app.application.sale import Sale
from pos_app.application.slip.compose import SlipHead, SlipWriter
from pos_app.application.slip.layout import Slip
from pos_app.application.words import Words
from pos_app.domain.money import Money
from pos_app.exchange.chain import Signer
from pos_app.exchange.compact import CompactSale, write_compact


@dataclass(frozen=True, slots=True)
class Slips:
    """Writes slips in one language; `signer` vouches for the code on them."""

    ledger: Ledger
    identity: ShopIdentity
    signer: Signer
    words: Words

    def of_receipt(self, receipt: str, copy: int = 0) -> Slip:
        """Return the slip of a sale; `copy` 0 is the original."""
        found = self.ledger.sale_by_receipt(receipt)
        if found is None:
            raise ReceiptUnknown(receipt=receipt[:40])
        seq, sale = found
        writer = SlipWriter(self.words, self.identity)
        return writer.of_sale(sale, self._head(sale.meter.utility), copy, self._code(seq, sale))

    def of_seq(self, seq: int, copy: int) -> Slip:
        """Return the slip of a sale by its journal number."""
        sale = self.ledger.sale_by_seq(seq)
        if sale is None:
            raise ReceiptUnknown(receipt=str(seq))
        return self.of_receipt(sale.receipt, copy)

    def draft(self, card: MeterCard, answer: QuoteAnswer | None, received: Money | None) -> Slip:
        """Return the slip as it would print if the sale were made now."""
        writer = SlipWriter(self.words, self.identity)
        return writer.of_quote(card, answer, received, self._head(card.meter.utility))

    def _head(self, utility_id: str) -> SlipHead:
        found = self.ledger.utility(utility_id)
        if found is None:
            return SlipHead(utility_id, "", "", "")
        return SlipHead(found.name, found.address, found.tax_reference, found.help_line)

    def _code(self, seq: int, sale: Sale) -> str:
        entry = self.ledger.entry(seq)
        token = sale.tokens[-1]
        compact = CompactSale(
            till=self.identity.till,
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
        return write_compact(compact, self.signer)
