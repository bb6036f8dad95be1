"""After the count: what is missing or over, and the one thing to do next."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pos_app.application.shift_records import DrawerLine
from pos_app.domain.money import Money
from pos_app.ui.look import Look
from pos_app.ui.presenters.shift_screen import ShiftScreen, Step
from pos_app.ui.widgets.buttons import KeyButton
from pos_app.ui.widgets.keycap import ENTER
from pos_app.ui.widgets.labels import label, sentence

MINUS, NOTHING = "\u2212", "\u2013"


class DonePanel(QWidget):
    """The difference by currency; then close, or sign out."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        tokens, words = look.tokens, look.words
        self._title, self._body = label("", "big"), sentence("quiet")
        self._drawer: tuple[DrawerLine, ...] | None = None
        self._lines = QWidget()
        self.act = KeyButton(tokens, words("shiftpage.close"), ENTER, "primary")
        self.act.setProperty("tall", "true")
        self.again = KeyButton(tokens, words("shiftpage.count.again"), "1", "plain")
        for button in (self.act, self.again):
            button.setAutoDefault(True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(tokens.gap)
        self._column.addWidget(self._title)
        self._column.addWidget(self._lines)
        self._column.addSpacing(tokens.gap)
        self._column.addWidget(self._body)
        keys = QHBoxLayout()
        keys.setSpacing(tokens.gap)
        keys.addWidget(self.act, 1)
        keys.addWidget(self.again)
        self._column.addLayout(keys)

    def show_screen(self, screen: ShiftScreen) -> None:
        """Draw the variance and what comes next."""
        words, closed = self._look.words, screen.step is Step.CLOSED
        number = screen.report.shift if screen.report else 0
        title = words("shiftpage.closed", number=number) if closed else words("shiftpage.counted")
        self._title.setText(title)
        self._body.setText(words("shiftpage.closed.next" if closed else "shiftpage.counted.next"))
        self.act.set_words(words("shiftpage.sign-out" if closed else "shiftpage.close"))
        self.again.setVisible(not closed)
        if screen.drawer != self._drawer:
            self._drawer = screen.drawer
            self._fill(screen.drawer)

    def _fill(self, drawer: tuple[DrawerLine, ...]) -> None:
        tokens = self._look.tokens
        lines = QWidget()
        column = QVBoxLayout(lines)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for line in drawer:
            caption, variance, state = self._found(line)
            shown = label(variance, "huge" if len(drawer) == 1 else "big")
            shown.setProperty("state", state)
            column.addSpacing(tokens.px(12))
            column.addWidget(label(f"{line.expected.currency.code} · {caption}", "fact"))
            column.addWidget(shown)
            column.addWidget(label(self._sums(line), "quiet"))
        if not drawer:
            column.addWidget(label(self._look.words("shiftpage.nothing-held"), "quiet"))
        self._column.replaceWidget(self._lines, lines)
        self._lines.deleteLater()
        self._lines = lines

    def _found(self, line: DrawerLine) -> tuple[str, str, str]:
        """Return the finding, the difference and its state."""
        words, variance = self._look.words, line.variance
        if variance is None:
            return words("shiftpage.uncounted"), NOTHING, "look"
        if not variance.minor:
            return words("shiftpage.exact"), self._look.figures.money(variance), "done"
        sign, key = (MINUS, "missing") if variance.minor < 0 else ("+", "over")
        size = Money(abs(variance.minor), variance.currency)
        return words(f"shiftpage.{key}"), f"{sign}{self._look.figures.money(size)}", "look"

    def _sums(self, line: DrawerLine) -> str:
        money, words = self._look.figures.money, self._look.words
        expected = money(line.expected)
        if line.counted is None:
            return words("shiftpage.expected", expected=expected)
        return words("shiftpage.sums", counted=money(line.counted.total), expected=expected)

    def first(self) -> QWidget:
        """Return where the focus goes."""
        return self.act
