"""The blind count: a field a note or coin, the sum of what was typed, a pad for fingers."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QStyle,
    QStyleOption,
    QVBoxLayout,
    QWidget,
)

from pos_app.domain.money import Money
from pos_app.ui.look import Look
from pos_app.ui.presenters.shift_screen import ShiftScreen
from pos_app.ui.theme.sheet import restate
from pos_app.ui.theme.tokens import Tokens
from pos_app.ui.widgets.buttons import KeyButton
from pos_app.ui.widgets.entry import Entry
from pos_app.ui.widgets.keycap import ENTER, ERASE, ESCAPE
from pos_app.ui.widgets.labels import label, sentence

_PAD = ("7", "8", "9", "4", "5", "6", "1", "2", "3", "erase", "0", "enter")
TIMES, NOTHING = "\u00d7", "\u2013"
_MOST_DIGITS = 6
_LONG = 9


class PieceField(Entry):
    """How many of one note or coin: digits only."""

    def __init__(self, tokens: Tokens, name: str) -> None:
        super().__init__(tokens, name, amounts=True)
        self._height = tokens.target
        self.setProperty("role", "pieces")
        self.setMaxLength(_MOST_DIGITS)

    def sizeHint(self) -> QSize:
        """Return the height of a finger."""
        return QSize(super().sizeHint().width(), self._height)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Refuse what is no digit; the signs of the pad stay Esc and the next row."""
        text = event.text()
        pad = bool(event.modifiers() & Qt.KeyboardModifier.KeypadModifier)
        typed = text.isprintable() and bool(text) and not (text.isascii() and text.isdigit())
        if not typed or (pad and text in {"-", "+"}):
            super().keyPressEvent(event)


class CountPanel(QWidget):
    """One currency at a time; Enter goes down the rows."""

    typed = Signal(object, str)  # Money, how many pieces as typed
    ended = Signal()  # Enter in the last row
    escaped = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        tokens, words = look.tokens, look.words
        self._title, self._which = label("", "big"), label("", "quiet")
        self.fields: list[PieceField] = []
        self._pieces: tuple[Money, ...] = ()
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        body = sentence("quiet")
        body.setText(words("shiftpage.count.body"))
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._which)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.px(4))
        column.addLayout(head)
        column.addWidget(body)
        column.addSpacing(tokens.px(4))
        column.addWidget(self._scroll, 1)

    def show_screen(self, screen: ShiftScreen) -> None:
        """Draw the notes and coins of the currency being counted."""
        currency, words = screen.currency, self._look.words
        if currency is None:
            return
        if screen.pieces != self._pieces:
            self._pieces = screen.pieces
            self._fill()
        self._title.setText(words("shiftpage.count.title", code=currency.code))
        several = len(screen.held) > 1
        which = words("shiftpage.count.which", at=screen.at + 1, of=len(screen.held))
        self._which.setText(which if several else "")
        for number, piece in enumerate(self._pieces):
            field, wrong = self.fields[number], screen.wrong == number
            field.set_typed(screen.typed_of(piece))
            restate(field, state="stop" if wrong else "")
            if wrong:
                self.step(number)

    def _fill(self) -> None:
        tokens, figures = self._look.tokens, self._look.figures
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, tokens.gap, 0)
        grid.setHorizontalSpacing(tokens.gap)
        grid.setVerticalSpacing(tokens.px(6))
        self.fields = []
        rows = -(-len(self._pieces) // 2)
        for number, piece in enumerate(self._pieces):
            name = self._look.words(
                "shiftpage.count.pieces", code=piece.currency.code, value=figures.note(piece)
            )
            field = PieceField(tokens, name)
            field.textEdited.connect(lambda text, of=piece: self.typed.emit(of, text))
            field.escaped.connect(self.escaped)
            field.entered.connect(lambda at=number: self.step(at + 1))
            field.moved.connect(lambda by, at=number: self.step(max(at + by, 0)))
            value = label(f"{figures.note(piece)} {TIMES}", "fact")
            value.setAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
            start = 3 * (number // rows)
            grid.addWidget(value, number % rows, start)
            grid.addWidget(field, number % rows, start + 1)
            field.setMaximumWidth(tokens.px(260))
            grid.setColumnStretch(start + 1, 8)
            self.fields.append(field)
        grid.setColumnMinimumWidth(2, tokens.gutter)
        grid.setRowStretch(rows, 1)
        self._scroll.setWidget(holder)
        for before, after in zip(self.fields, self.fields[1:], strict=False):
            QWidget.setTabOrder(before, after)

    def step(self, number: int) -> None:
        """Go to a row; after the last one the count is ready."""
        if number >= len(self.fields):
            self.ended.emit()
            return
        field = self.fields[number]
        field.setFocus(Qt.FocusReason.TabFocusReason)
        field.selectAll()
        self._scroll.ensureWidgetVisible(field)

    def first(self) -> QWidget:
        """Return where the focus goes."""
        return self.fields[0]


class CountSide(QWidget):
    """The sum of what is typed, a pad, and the key that puts it on record."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setObjectName("desk")
        self._look = look
        tokens, words = look.tokens, look.words
        self.setFixedWidth(tokens.desk)
        self._caption, self.total = label("", "caption"), label("", "huge")
        grid = QGridLayout()
        grid.setSpacing(tokens.gap)
        self.pad: dict[str, KeyButton] = {}
        for index, key in enumerate(_PAD):
            button = self._pad_key(key)
            self.pad[key] = button
            grid.addWidget(button, index // 3, index % 3)
        self.record = KeyButton(tokens, words("shiftpage.count.record"), "F9", "primary")
        self.record.setProperty("tall", "true")
        self.record.setAutoDefault(True)
        self.back = KeyButton(tokens, words("shiftpage.back"), ESCAPE)
        self.back.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.px(20), tokens.px(12), tokens.px(20), tokens.px(12))
        column.setSpacing(tokens.gap)
        column.addWidget(self._caption)
        column.addWidget(self.total)
        column.addStretch(1)
        column.addLayout(grid)
        column.addStretch(1)
        column.addWidget(self.record)
        column.addWidget(self.back)

    def _pad_key(self, key: str) -> KeyButton:
        tokens = self._look.tokens
        if key == "erase":
            button = KeyButton(tokens, "", ERASE, "pad")
            button.setAccessibleName(self._look.words("signin.erase"))
        elif key == "enter":
            button = KeyButton(tokens, "", ENTER, "pad")
            button.setAccessibleName(self._look.words("shiftpage.count.next-row"))
        else:
            button = KeyButton(tokens, key, "", "pad")
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(lambda _=False, pressed=key: _type(pressed))
        return button

    def show_screen(self, screen: ShiftScreen) -> None:
        """Draw the sum; what should be there is nobody's to know yet."""
        total, words = screen.total(), self._look.words
        if screen.currency is None:
            return
        self._caption.setText(words("shiftpage.count.total", code=screen.currency.code))
        text = self._look.figures.money(total) if total is not None else NOTHING
        self.total.setText(text)
        restate(self.total, role="huge" if len(text) <= _LONG else "big")
        last = screen.at + 1 >= len(screen.held)
        key = "record" if last else "next"
        self.record.set_words(words(f"shiftpage.count.{key}"))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Let the sheet draw the desk: a plain widget would stay transparent."""
        option = QStyleOption()
        option.initFrom(self)
        painter = QPainter(self)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_Widget, option, painter, self)
        painter.end()


def _type(key: str) -> None:
    """Do to the field in focus what the key of a keyboard does."""
    field = QApplication.focusWidget()
    if not isinstance(field, PieceField):
        return
    if key == "enter":
        field.entered.emit()
        return
    if key == "erase":
        field.backspace()
    else:
        field.insert(key)
    field.textEdited.emit(field.text())
