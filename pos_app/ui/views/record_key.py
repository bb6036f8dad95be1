"""The key that a meter shows, typed field by field as its display says it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from pos_app.ui.look import Look
from pos_app.ui.widgets.entry import Entry
from pos_app.ui.widgets.labels import label, sentence

FIELDS: Final = (("sgc", "krn"), ("ti", "ken", "base"))
"""In the order in which meters are asked; the base date only where a maker shows it."""


class KeyFields(QWidget):
    """Enter goes to the next field, what is left empty was not read."""

    escaped = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        tokens, words = look.tokens, look.words
        self.fields = {
            name: Entry(tokens, words(f"keychange.field.{name}")) for row in FIELDS for name in row
        }
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.px(8))
        hint = sentence("caption")
        hint.setText(words("keychange.shown.hint"))
        column.addWidget(hint)
        for names in FIELDS:
            column.addLayout(self._row(look, names))
        self._chain()

    def _row(self, look: Look, names: tuple[str, ...]) -> QGridLayout:
        """Lay out fields of one width under their captions."""
        row = QGridLayout()
        row.setHorizontalSpacing(look.tokens.px(12))
        row.setVerticalSpacing(look.tokens.px(4))
        for at, name in enumerate(names):
            row.addWidget(label(look.words(f"keychange.field.{name}"), "caption"), 0, at)
            row.addWidget(self.fields[name], 1, at)
            row.setColumnStretch(at, 1)
        return row

    def _chain(self) -> None:
        order = list(self.fields.values())
        for field, following in zip(order, [*order[1:], order[0]], strict=True):
            field.escaped.connect(self.escaped)
            field.entered.connect(lambda to=following: to.setFocus(Qt.FocusReason.OtherFocusReason))

    def typed(self) -> dict[str, str]:
        """Return what stands in the fields."""
        return {name: field.text() for name, field in self.fields.items()}

    def clear(self) -> None:
        """Empty every field."""
        for field in self.fields.values():
            field.clear()

    def select(self, name: str) -> None:
        """Go to a field and select what was typed there."""
        field = self.fields.get(name)
        if field is not None:
            field.setFocus(Qt.FocusReason.OtherFocusReason)
            field.selectAll()
