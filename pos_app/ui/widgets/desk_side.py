"""The right third of a screen: paper in view, and the keys that belong to paper."""

from __future__ import annotations

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QStyle, QStyleOption, QVBoxLayout, QWidget

from pos_app.application.slip.layout import Slip
from pos_app.ui.look import Look
from pos_app.ui.widgets.buttons import KeyButton
from pos_app.ui.widgets.labels import label
from pos_app.ui.widgets.reason import ReasonPanel
from pos_app.ui.widgets.slip_view import SlipPainter, SlipView


class DeskSide(QWidget):
    """A slip under its caption; below it keys, or the question why a copy is needed."""

    def __init__(
        self,
        look: Look,
        painter: SlipPainter,
        keys: tuple[KeyButton, ...],
        above: QWidget | None = None,
    ) -> None:
        """`above` are keys over the others, shown now and then."""
        super().__init__()
        self.setObjectName("desk")
        self._words = look.words
        tokens = look.tokens
        self._caption = label(look.words("till.slip.done"), "caption")
        self.slip = SlipView(tokens, painter, look.words("till.slip"))
        self.reason = ReasonPanel(look)
        self.reason.hide()
        self._keys = QWidget()
        row = QHBoxLayout(self._keys)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(tokens.gap)
        for key in keys:
            row.addWidget(key, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.px(20), tokens.px(12), tokens.px(20), tokens.px(12))
        column.setSpacing(tokens.gap)
        column.addWidget(self._caption)
        column.addWidget(self.slip, 1)
        column.addWidget(self.reason)
        if above is not None:
            column.addWidget(above)
        column.addWidget(self._keys)
        self.setFixedWidth(tokens.desk)

    def show_slip(self, slip: Slip | None, *, draft: bool) -> None:
        """Lay a slip on the desk; a draft has no token yet."""
        so_far = draft and slip is not None
        self._caption.setText(self._words("till.slip.draft" if so_far else "till.slip.done"))
        self.slip.show_slip(slip)

    def ask_reason(self, *, asking: bool) -> None:
        """Show the reasons for a copy where the keys were."""
        self.reason.setVisible(asking)
        self._keys.setVisible(not asking)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Let the sheet draw the desk: a plain widget would stay transparent."""
        option = QStyleOption()
        option.initFrom(self)
        painter = QPainter(self)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_Widget, option, painter, self)
        painter.end()
