"""The keys of the till as rows: what each is for, where it is, and at a glance how it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from pos_app.ui.look import Look
from pos_app.ui.theme.sheet import restate
from pos_app.ui.widgets.labels import ElidedLabel, label, rule

if TYPE_CHECKING:
    from pos_app.application.key_moves import Holding

MOST: Final = 100
"""So many groups stand here; a till with more has one decoder key a meter."""
_MOST_TARIFFS: Final = 3
_STATES: Final = {
    "in-force": ("●", "done"),
    "covered": ("●", "done"),
    "waiting": ("○", ""),
    "ending": ("▲", "look"),
    "ended": ("■", "stop"),
}


class KeyRow(QWidget):
    """One group: supply group and revision, whom it serves, its state; its marks below."""

    def __init__(self, look: Look, holding: Holding) -> None:
        super().__init__()
        self._look = look
        tokens, words = look.tokens, look.words
        standing, group = holding.standing, holding.standing.group
        self.name = label(f"{group.sgc} / {group.krn}", "fact")
        self.utility = ElidedLabel("body")
        self.utility.set_whole(", ".join(holding.served.utilities) or words("uikeys.unserved"))
        state = "covered" if standing.covered else standing.life.state.value
        sign, colour = _STATES[state]
        self.state = label(f"{sign}  {self._state(holding, state)}", "fact")
        restate(self.state, state=colour)
        self.marks = ElidedLabel("caption")
        self.marks.set_whole(self._marks(holding))
        self.kcv = label(self._kcv(holding), "caption")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, tokens.px(7), 0, tokens.px(7))
        grid.setHorizontalSpacing(tokens.px(16))
        grid.setVerticalSpacing(tokens.px(2))
        grid.addWidget(self.name, 0, 0)
        grid.addWidget(self.utility, 0, 1)
        grid.addWidget(self.state, 0, 2, Qt.AlignmentFlag.AlignTrailing)
        grid.addWidget(self.marks, 1, 0, 1, 2)
        grid.addWidget(self.kcv, 1, 2, Qt.AlignmentFlag.AlignTrailing)
        grid.setColumnStretch(1, 1)
        spoken = (self.name, self.state, self.kcv)
        heard = (self.utility.accessibleName(), self.marks.accessibleName())
        self.setAccessibleName(", ".join((*(part.text() for part in spoken), *heard)))

    def _state(self, holding: Holding, state: str) -> str:
        life, figures = holding.standing.life, self._look.figures
        facts = {
            "n": life.days,
            "day": figures.date(life.ends_ms),
            "start": figures.date(holding.standing.group.active_from_ms),
        }
        return self._look.words(f"uikeys.state-{state}", **facts)

    def _marks(self, holding: Holding) -> str:
        words, group, served = self._look.words, holding.standing.group, holding.served
        parts = [words(f"uikeys.kind-{group.kind}"), words(f"uikeys.place-{holding.place}")]
        if served.tariffs:
            shown = [f"{each:02d}" for each in served.tariffs[:_MOST_TARIFFS]]
            more = ["…"] if len(served.tariffs) > _MOST_TARIFFS else []
            parts.append(words("uikeys.ti", list=", ".join((*shown, *more))))
        parts += [f"KEN {group.ken}", words("uikeys.base", year=group.base)]
        if served.meters:
            shown_count = self._look.figures.number(served.meters)
            parts.append(words("uikeys.count", n=served.meters, count=shown_count))
        return " · ".join(parts)

    def _kcv(self, holding: Holding) -> str:
        words, group = self._look.words, holding.standing.group
        if group.kcv:
            return f"{words('uikeys.kcv')} {group.kcv.upper()}"
        return words("uikeys.keys", n=group.keys)


class KeyRows(QScrollArea):
    """All rows under each other; arrows scroll."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.rows: list[KeyRow] = []
        self._shown: tuple[Holding, ...] = ()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(look.words("uikeys.title"))

    def show_holdings(self, holdings: tuple[Holding, ...]) -> None:
        """Show these, the one that ends first on top."""
        if holdings == self._shown:
            return
        self._shown = holdings
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.rows = [KeyRow(self._look, each) for each in holdings[:MOST]]
        for row in self.rows:
            column.addWidget(row)
            column.addWidget(rule())
        if len(holdings) > MOST:
            column.addWidget(label(self._look.words("uikeys.more", n=len(holdings) - MOST)))
        column.addStretch(1)
        self.setWidget(holder)

    def scroll_rows(self, rows: int) -> None:
        """Go up or down by rows."""
        bar = self.verticalScrollBar()
        height = self.rows[0].height() if self.rows else 0
        bar.setValue(bar.value() + rows * height)
