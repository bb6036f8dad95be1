"""After the sale: the token, the change, and what comes next. It stays until the next key."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from pos_app.application.printing import PrintState
from pos_app.application.sale import Sale, SaleToken
from pos_app.application.token_kinds import FREE, MONEY, fine_amount
from pos_app.ui.look import Look
from pos_app.ui.presenters.till_screen import TillScreen
from pos_app.ui.theme.sheet import restate
from pos_app.ui.views.till_steps import StepsView
from pos_app.ui.widgets.labels import ElidedLabel, label, rule
from pos_app.ui.widgets.notice import Notice
from pos_app.ui.widgets.token_view import TokenView

_PRINT_SIGNS = {
    PrintState.QUEUED: "○",
    PrintState.SENDING: "◐",
    PrintState.SENT: "✓",
    PrintState.PRINTED: "✓",
    PrintState.FAILED: "■",
}


class ResultPanel(QWidget):
    """Digits first, then units and money, then the change due, large."""

    def __init__(self, look: Look, *, printer: bool) -> None:
        """`printer` tells whether one is set up."""
        super().__init__()
        self._look = look
        self._printer = printer
        self._announced: Sale | None = None
        self.several = False  # whether this till sells in more than one currency
        tokens = look.tokens
        self._sold = label("", "fact")
        self._who = ElidedLabel("quiet")
        self._receipt = label("", "quiet")
        self.token = TokenView(tokens)
        self.steps = StepsView(look)
        self._units, self._paid = label("", "big"), label("", "big")
        self._paid_caption, self._due_caption = label("", "caption"), label("", "caption")
        self.due = label("", "huge")
        self._print = label("", "fact")
        self._failed = Notice(tokens)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, tokens.px(16), 0, 0)
        column.setSpacing(tokens.gap)
        column.addLayout(self._head())
        column.addSpacing(tokens.px(4))
        column.addStretch(1)
        column.addWidget(self.token)
        column.addWidget(self.steps)
        column.addWidget(rule())
        column.addLayout(self._sums())
        column.addSpacing(tokens.px(12))
        column.addWidget(self._failed)
        column.addWidget(self._print)
        column.addStretch(5)

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(self._look.tokens.px(16))
        row.addWidget(self._sold)
        row.addWidget(self._who, 1)
        row.addWidget(self._receipt)
        return row

    def _sums(self) -> QGridLayout:
        tokens = self._look.tokens
        grid = QGridLayout()
        grid.setHorizontalSpacing(tokens.px(40))
        grid.setVerticalSpacing(0)
        units = label(self._look.words("till.units"), "caption")
        for column, (caption, value) in enumerate(
            ((units, self._units), (self._paid_caption, self._paid), (self._due_caption, self.due))
        ):
            grid.addWidget(caption, 0, column)
            grid.addWidget(value, 1, column, Qt.AlignmentFlag.AlignBottom)
        for value in (self._units, self._paid):
            value.setContentsMargins(0, 0, 0, tokens.px(9))  # on the base line of the change
        grid.setColumnStretch(3, 1)
        return grid

    def show_screen(self, screen: TillScreen) -> None:
        """Draw the sale."""
        sale = screen.sale
        if sale is None:
            return
        words, figures = self._look.words, self._look.figures
        sold = words("till.given" if sale.asked == "free" else "till.sold")
        done = words("till.copied", n=screen.copy) if screen.copy else sold
        self._sold.setText(f"✓ {done}")
        restate(self._sold, state="done")
        # A long name may be cut off, the digits the customer compares never.
        self._who.set_whole(f"{figures.last_four(sale.meter.drn)}\u2002{sale.meter.name}")
        self._receipt.setText(self._under(sale))
        self._show_tokens(sale)
        self._units.setText(self._carried(sale, sale.tokens[-1]) if sale.tokens else "")
        code = sale.currency if self.several else ""
        self._paid_caption.setText(self._look.in_currency("till.paid", code))
        self._due_caption.setText(self._look.in_currency("till.due", code))
        self._paid.setText(figures.money(sale.money(sale.due_minor)))
        self.due.setText(figures.money(sale.money(sale.change_minor)))
        restate(self.due, state="" if sale.change_minor else "faint")
        self._show_print(screen)
        if sale is not self._announced:
            self._announced = sale
            self._announce(sale)

    def _under(self, sale: Sale) -> str:
        """Return the receipt's number, and what the customer's wallet holds now."""
        words, after = self._look.words, sale.wallet_after_minor
        receipt = words("till.receipt", receipt=sale.receipt)
        if after is None:
            return receipt
        held = self._look.figures.money(sale.money(after))
        return words("pay.receipt-and-wallet", receipt=receipt, money=held)

    def _show_tokens(self, sale: Sale) -> None:
        """One token large; several in the order of entry, numbered, a key change first.

        A copy of a sale that was put right hands out no tokens.
        """
        words, change = self._look.words, sale.key_change
        several = len(sale.digits) > 1
        self.token.setVisible(len(sale.digits) == 1)
        self.steps.setVisible(several)
        self.token.set_digits("".join(sale.digits[-1:]), words("till.token"))
        steps = [(token.digits, self._marked(sale, token)) for token in sale.tokens]
        if change is not None:
            last = len(change.digits)
            waits = [words("keychange.then-waits", next=step) for step in range(2, last + 1)]
            done = [*waits, words("keychange.then-changed")]
            steps = [*zip(change.digits, done, strict=True), *steps]
        self.steps.show_steps(steps, words("keychange.first") if change else "")

    def _carried(self, sale: Sale, token: SaleToken) -> str:
        """Return what a token carries: units, or money where the meter counts money."""
        figures = self._look.figures
        if token.kind == MONEY:
            return f"{sale.currency} {figures.number(fine_amount(token.fine))}"
        return f"{figures.exact_units(token.tenths)} {sale.meter.unit}"

    def _marked(self, sale: Sale, token: SaleToken) -> str:
        """Return what a token carries, and that it cost nothing."""
        if token.kind != FREE:
            return self._carried(sale, token)
        units = self._look.figures.exact_units(token.tenths)
        return self._look.words("slip.line-free", units=units, unit=sale.meter.unit)

    def _announce(self, sale: Sale) -> None:
        """Let a screen reader say the change; the digits can be read on demand."""
        due = self._look.figures.money(sale.money(sale.change_minor))
        said = f"{self._sold.text()}. {self._due_caption.text()} {due}"
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, said))

    def _show_print(self, screen: TillScreen) -> None:
        words, state = self._look.words, screen.print_state or PrintState.QUEUED
        failed = state is PrintState.FAILED or screen.problem is not None
        if screen.problem is not None:
            self._failed.say(self._look.say(screen.problem))
        else:
            self._failed.say(words("till.print.failed") if failed else "")
        self._print.setVisible(not failed)
        key = f"till.print.{state.value}" if self._printer else "till.print.none"
        self._print.setText(f"{_PRINT_SIGNS[state]} {words(key)}")
        finished = state in (PrintState.PRINTED, PrintState.SENT)
        restate(self._print, state="done" if finished else "")
