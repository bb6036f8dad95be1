"""Slips of an open shop: of a sale that is on disk, and of the quote on the screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from pos_app.application.errors import ReceiptUnknown
from pos_app.application.ports import Ledger, UtilityRecord
from pos_app.application.records import MeterCard, QuoteAnswer, ShopIdentity
from pos_app.application.sale import Sale
from pos_app.application.shop_time import local
from pos_app.application.slip.compose import SlipHead, SlipWriter
from pos_app.application.slip.layout import Slip
from pos_app.application.token_kinds import MONEY
from pos_app.application.words import Words
from pos_app.domain.money import Money
from pos_app.domain.tariff.file import parse_tariff
from pos_app.domain.tariff.hours import Stretch
from pos_app.domain.tender import Tender
from pos_app.domain.tender_kind import CASH_KIND, TenderKind, givers
from pos_app.exchange.chain import Signer
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
        from pos_app.application.other_slips import other_slip  # noqa: PLC0415 - off the way to a sale

        return other_slip(self, seq, copy)

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
        from pos_app.application.slip.redress_slip import (  # noqa: PLC0415 - off the way to a sale
            RedressSlipWriter,
        )

        return RedressSlipWriter(self.words, self.identity).marked(slip, done)

    def _hours(self, sale: Sale) -> tuple[Stretch, ...]:
        """Return the prices of the sale's day by the hour, for a meter that counts money."""
        record = None
        if sale.tokens[-1].kind == MONEY:
            record = self.ledger.tariff_version(sale.tariff, sale.tariff_version)
        if record is None:
            return ()
        return parse_tariff(record.text).hours(local(sale.at_ms, sale.offset_minutes).date())


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
