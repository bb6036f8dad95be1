"""What stands above and below every screen: shop, training, operator, time; the true numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QStyle, QStyleOption, QWidget

from pos_app.application.identity import Operator, ShopIdentity, ShopMode
from pos_app.ui.look import Look
from pos_app.ui.theme.sheet import restate
from pos_app.ui.widgets.labels import ElidedLabel, label

if TYPE_CHECKING:
    from pos_app.application.records import TillStatus

LOW_ALLOWANCE = 10
OLD_TARIFF_DAYS = 60
OLD_SALES_MS = 3 * 24 * 3_600_000


class Band(QWidget):
    """A strip across the window, drawn by the sheet."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Let the sheet draw it: a plain widget would stay transparent."""
        option = QStyleOption()
        option.initFrom(self)
        painter = QPainter(self)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_Widget, option, painter, self)
        painter.end()


class Header(Band):
    """Shop at the start, training in the middle, operator and time at the end."""

    operator_pressed = Signal()

    def __init__(self, look: Look, identity: ShopIdentity | None) -> None:
        super().__init__()
        self._look = look
        tokens = look.tokens
        self.setObjectName("header")
        self.setFixedHeight(tokens.px(44))
        self._operator, self._time = label("", "fact"), label("", "fact")
        start, end = QHBoxLayout(), QHBoxLayout()
        start.setSpacing(tokens.px(12))
        end.setSpacing(tokens.px(24))
        start.addWidget(label("Tokentill", "brand"))
        start.addWidget(label(identity.shop if identity else "", "fact"))
        start.addStretch(1)
        end.addStretch(1)
        end.addWidget(self._operator)
        end.addWidget(self._time)
        row = QGridLayout(self)
        row.setContentsMargins(tokens.gutter, 0, tokens.gutter, 0)
        row.addLayout(start, 0, 0)
        row.addLayout(end, 0, 2)
        row.setColumnStretch(0, 1)
        row.setColumnStretch(2, 1)
        if identity is not None and identity.mode is ShopMode.TRAINING:
            band = label(look.words("shell.training"), "training")
            row.addWidget(band, 0, 1, Qt.AlignmentFlag.AlignCenter)
            restate(self, training=True)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take a press on who is signed in."""
        if self._operator.geometry().contains(event.position().toPoint()):
            self.operator_pressed.emit()

    def show_operator(self, operator: Operator | None) -> None:
        """Show who is signed in."""
        self._operator.setText(operator.name if operator else "")

    def show_time(self, now_ms: int) -> None:
        """Show the shop's time."""
        self._time.setText(self._look.figures.time(now_ms))


class Footer(Band):
    """Printer, what waits for head office, keys that end, allowance, tariff; sign and word each."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        tokens = look.tokens
        self.setObjectName("footer")
        self.setFixedHeight(tokens.px(32))
        self._printer, self._waiting = label("", "caption"), ElidedLabel("caption")
        self._allowance, self._tariff = label("", "caption"), label("", "caption")
        self._keys, self._rules = label("", "caption"), label("", "caption")
        self._parted = label("", "caption")
        for part in (self._keys, self._rules, self._parted):
            part.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(tokens.gutter, 0, tokens.gutter, 0)
        row.setSpacing(tokens.px(32))
        row.addWidget(self._printer)
        row.addWidget(self._waiting, 1)
        row.addWidget(self._keys)
        row.addWidget(self._rules)
        row.addWidget(self._allowance)
        row.addWidget(self._tariff)
        row.insertWidget(2, self._parted)

    def show_status(self, status: TillStatus, now_ms: int, *, printer: bool) -> None:
        """Show what is so now; `printer` tells whether one is set up."""
        words = self._look.words
        self._show_slips(status, printer=printer)
        self._show_waiting(status, now_ms)
        percent = status.allowance_percent
        low = percent < LOW_ALLOWANCE
        key = "status.allowance.low" if low else "status.allowance"
        state = ("stop" if percent <= 0 else "look") if low else ""
        self._chip("allowance", state, words(key, percent=percent))
        days = status.tariff_age_days
        state = "look" if days > OLD_TARIFF_DAYS else ""
        self._chip(
            "tariff", state, words("status.tariff" if days else "status.tariff.today", days=days)
        )

        self._show_keys(status)
        self._rules.setVisible(status.rules_outside)
        if status.rules_outside:
            self._chip("rules", "look", words("status.rules-outside"))
        self._parted.setVisible(status.parted)
        self._tariff.setVisible(not status.parted)
        if status.parted:  # the first thing to do something about; the narrowest bar has room
            self._keys.hide()
            self._rules.hide()
            self._chip("parted", "stop", words("status.parted"))

    def _show_keys(self, status: TillStatus) -> None:
        """Warn of the key that ends first, 90 days ahead and more urgently at 30 and at 7."""
        due = min(status.keys_due, key=lambda each: each.days, default=None)
        self._keys.setVisible(status.keys_destroyed or due is not None)
        if status.keys_destroyed:
            self._chip("keys", "stop", self._look.words("status.keys-destroyed"))
        elif due is not None:
            key = "status.key-ends" if due.days else "status.key-ended"
            state = {90: "", 30: "look"}.get(due.band, "stop")
            text = self._look.words(key, n=due.days, sgc=due.sgc, krn=due.krn)
            self._chip("keys", state, text)

    def _show_slips(self, status: TillStatus, *, printer: bool) -> None:
        """Warn of paper that will not come by itself; a slip on its way is nothing to do about."""
        failed, waiting = status.slips_failed, status.slips_waiting
        if not printer:
            key = "status.printer.none-waiting" if failed + waiting else "status.printer.none"
            state, count = "look" if failed + waiting else "", failed + waiting
        elif failed:
            state, key, count = "look", "status.printer.failed", failed
        elif waiting:
            state, key, count = "", "status.printer.printing", waiting
        else:
            state, key, count = "done", "status.printer.ready", 0
        self._chip("printer", state, self._look.words(key, n=count))

    def _show_waiting(self, status: TillStatus, now_ms: int) -> None:
        words, figures = self._look.words, self._look.figures
        if not status.waiting or status.waiting_oldest_ms is None:
            self._chip("waiting", "done", words("status.nothing-waiting"))
            return
        age = max(now_ms - status.waiting_oldest_ms, 0)
        count = sum(part.sales for part in status.waiting)
        sums = figures.sums([part.total for part in status.waiting])
        # Sums of several currencies may be cut off at the end, the count and the age never.
        key = "status.waiting" if len(status.waiting) == 1 else "status.waiting.several"
        text = words(key, n=count, money=sums, age=figures.age(age))
        self._chip("waiting", "look" if age > OLD_SALES_MS else "", text)

    def _chip(self, name: str, state: str, text: str) -> None:
        part = {
            "printer": self._printer,
            "keys": self._keys,
            "rules": self._rules,
            "parted": self._parted,
            "waiting": self._waiting,
            "allowance": self._allowance,
            "tariff": self._tariff,
        }[name]
        sign = {"done": "●", "look": "▲", "stop": "■"}.get(state, "●")
        if isinstance(part, ElidedLabel):  # sums of several currencies may be long
            part.set_whole(f"{sign}  {text}")
        else:
            part.setText(f"{sign}  {text}")
        restate(part, state=state)
