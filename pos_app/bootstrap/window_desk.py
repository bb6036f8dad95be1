"""The desk as the window uses it: opened by its first job, on the ledger's thread.

The window is on the screen before the disk is touched. Every method but `draft` and `of` runs on
the ledger's thread; those two run on the GUI thread and use only what was read before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pos_app.application.printing import PrintOutcome
from pos_app.application.records import (
    MeterCard,
    MeterHit,
    Operator,
    QuoteAnswer,
    SaleRow,
    ShopIdentity,
    TillStatus,
)
from pos_app.application.slip.compose import SlipHead, SlipWriter
from pos_app.application.slip.layout import Slip
from pos_app.application.words import Words
from pos_app.domain.money import Money

if TYPE_CHECKING:
    from pos_app.application.ports import PrintTask
    from pos_app.application.sale import Sale
    from pos_app.application.sell import SaleOrder
    from pos_app.bootstrap.shop import OpenShop


@dataclass
class WindowDesk:
    """Implements the window's `Desk` and its `Slips` on a shop that opens later."""

    folder: Path
    identity: ShopIdentity
    slip_words: Callable[[], Words]
    passphrase: Callable[[], str] | None = None  # how to get one without asking anybody
    _shop: OpenShop | None = None
    _heads: dict[str, SlipHead] = field(default_factory=dict)
    _codes: dict[str, str] = field(default_factory=dict)

    def open(self, passphrase: str) -> None:
        """Open the shop; raises what `open_shop` raises."""
        from pos_app.application.slips import slip_head  # noqa: PLC0415 - after the first paint
        from pos_app.bootstrap.shop import open_shop  # noqa: PLC0415 - after the first paint

        if self._shop is not None:
            return
        shop = open_shop(self.folder, passphrase)
        self._heads = {each.id: slip_head(each, each.id) for each in shop.ledger.utilities()}
        self._shop = shop

    def close(self) -> None:
        """Close the shop if it is open."""
        shop, self._shop = self._shop, None
        if shop is not None:
            shop.close()

    @property
    def shop(self) -> OpenShop:
        """The open shop; asking before it is open is a programming error."""
        if self._shop is None:
            raise RuntimeError("the shop is not open")
        return self._shop

    def operators(self) -> tuple[Operator, ...]:
        """Return who may sign in; a shop whose passphrase is known opens now."""
        if self._shop is None and self.passphrase is not None:
            self.open(self.passphrase())
        return self.shop.desk.operators()

    def sign_in(self, operator_id: str, pin: str) -> Operator:
        """Sign an operator in."""
        return self.shop.desk.sign_in(operator_id, pin)

    def find(self, text: str, limit: int = 20) -> tuple[MeterHit, ...]:
        """Return meters for any fragment."""
        return self.shop.desk.find(text, limit)

    def meter_number(self, typed: str) -> str:
        """Return the DRN of a whole number."""
        return self.shop.desk.meter_number(typed)

    def card(self, drn: str) -> MeterCard:
        """Return all a cashier needs of a meter."""
        return self.shop.desk.card(drn)

    def quote(self, drn: str, amount: Money | None, tenths: int | None) -> QuoteAnswer:
        """Return what money buys or units cost."""
        return self.shop.desk.quote(drn, amount, tenths)

    def sell(self, order: SaleOrder) -> Sale:
        """Sell."""
        return self._with_code(self.shop.desk.sell(order))

    def reprint(self, receipt: str, reason: str, operator_id: str) -> tuple[Sale, int]:
        """Make a copy."""
        sale, copy = self.shop.desk.reprint(receipt, reason, operator_id)
        return self._with_code(sale), copy

    def sales_today(self, text: str = "", limit: int = 200) -> tuple[SaleRow, ...]:
        """Return today's sales."""
        return self.shop.desk.sales_today(text, limit)

    def sale(self, receipt: str) -> Sale:
        """Return a sale."""
        return self._with_code(self.shop.desk.sale(receipt))

    def status(self) -> TillStatus:
        """Return the true numbers."""
        return self.shop.desk.status()

    def settle_clock(self, operator_id: str, pin: str) -> None:
        """Take the present time as the truth."""
        self.shop.desk.settle_clock(operator_id, pin)

    def print_again(self, receipt: str) -> bool:
        """Queue a slip that did not come out again."""
        return self.shop.desk.print_again(receipt)

    def next_slip(self) -> tuple[PrintTask, Slip] | None:
        """Take the oldest waiting slip, with its layout."""
        from pos_app.application.slips import Slips  # noqa: PLC0415 - after the first paint

        if self._shop is None:
            return None
        shop = self._shop
        task = shop.ledger.next_print_task()
        if task is None:
            return None
        slips = Slips(shop.ledger, self.identity, shop.store.signer, self.slip_words())
        return task, slips.of_seq(task.sale_seq, task.copy)

    def note_print(self, task: PrintTask, outcome: PrintOutcome) -> None:
        """Record how a print job ended."""
        self.shop.ledger.note_print(task, outcome)

    def draft(
        self,
        card: MeterCard,
        answer: QuoteAnswer | None,
        received: Money | None,
        _operator: Operator,
    ) -> Slip:
        """Return the slip as it would print now."""
        return self._writer().of_quote(card, answer, received, self._head(card.meter.utility))

    def of(self, sale: Sale, copy: int) -> Slip:
        """Return the slip of a sale that came through this desk."""
        code = self._codes.get(sale.receipt, "")
        return self._writer().of_sale(sale, self._head(sale.meter.utility), copy, code)

    def _with_code(self, sale: Sale) -> Sale:
        from pos_app.application.slips import sale_code  # noqa: PLC0415 - after the first paint

        shop = self.shop
        found = shop.ledger.sale_by_receipt(sale.receipt)
        if found is not None:
            self._codes = {
                sale.receipt: sale_code(
                    shop.ledger, self.identity, shop.store.signer, found[0], sale
                )
            }
        return sale

    def _writer(self) -> SlipWriter:
        return SlipWriter(self.slip_words(), self.identity)

    def _head(self, utility: str) -> SlipHead:
        return self._heads.get(utility) or SlipHead(utility, "", "", "")
