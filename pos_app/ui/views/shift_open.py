"""Before and during a shift: the float, what was sold, and cash that moves without a sale."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from pos_app.application.shift_cash import LONGEST_REASON
from pos_app.application.shift_records import ShiftNow
from pos_app.domain.money import Currency, Money
from pos_app.domain.shift import CashMove
from pos_app.ui.look import Look
from pos_app.ui.presenters.shift import REASONS
from pos_app.ui.presenters.shift_screen import ShiftScreen
from pos_app.ui.theme.sheet import restate
from pos_app.ui.widgets.buttons import KeyButton
from pos_app.ui.widgets.choice import ChoiceRow
from pos_app.ui.widgets.entry import Entry
from pos_app.ui.widgets.keycap import ENTER
from pos_app.ui.widgets.labels import label, sentence

MOVES = (CashMove.IN, CashMove.OUT, CashMove.DROP)
_TWO_COLUMNS = 4


class FloatPanel(QWidget):
    """No shift is open: one field a currency, Enter opens."""

    typed = Signal(int, str)
    wanted = Signal()
    escaped = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        tokens, words = look.tokens, look.words
        self.fields: list[Entry] = []
        self._till: tuple[Currency, ...] = ()
        self._grid = QGridLayout()
        self._grid.setSpacing(tokens.gap)
        self.open = KeyButton(tokens, words("shiftpage.open"), ENTER, "primary")
        self.open.setAutoDefault(True)
        self.open.clicked.connect(self.wanted)
        body = sentence("quiet")
        body.setText(words("shiftpage.none.body"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.gap)
        column.addWidget(label(words("shiftpage.none"), "big"))
        column.addWidget(body)
        column.addSpacing(tokens.px(16))
        column.addLayout(self._grid)
        column.addSpacing(tokens.gap)
        column.addWidget(self.open)

    def show_screen(self, screen: ShiftScreen) -> None:
        """Draw a field for every currency of the till."""
        if screen.till != self._till:
            self._till = screen.till
            self._fill()
        for number, field in enumerate(self.fields):
            field.set_typed(screen.floats[number])
            restate(field, state="stop" if screen.wrong == number else "")
            if screen.wrong == number:
                field.setFocus(Qt.FocusReason.OtherFocusReason)
                field.selectAll()

    def _fill(self) -> None:
        tokens, words = self._look.tokens, self._look.words
        while (item := self._grid.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        self.fields = []
        rows = -(-len(self._till) // 2) if len(self._till) > _TWO_COLUMNS else len(self._till)
        for number, currency in enumerate(self._till):
            field = Entry(tokens, words("shiftpage.float.of", code=currency.code), amounts=True)
            field.setPlaceholderText(self._look.figures.money(Money(0, currency)))
            field.textEdited.connect(lambda text, at=number: self.typed.emit(at, text))
            field.entered.connect(self.wanted)
            field.escaped.connect(self.escaped)
            field.moved.connect(lambda by, at=number: self._step(at + by))
            row, start = number % rows, 2 * (number // rows)
            self._grid.addWidget(label(currency.code, "big-quiet"), row, start)
            self._grid.addWidget(field, row, start + 1)
            self._grid.setColumnStretch(start + 1, 1)
            self.fields.append(field)

    def _step(self, number: int) -> None:
        if 0 <= number < len(self.fields):
            self.fields[number].setFocus(Qt.FocusReason.TabFocusReason)

    def first(self) -> QWidget:
        """Return where the focus goes."""
        return self.fields[0] if self.fields else self.open


class OpenPanel(QWidget):
    """A running shift: what was sold since it was opened, and a key for every other thing."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        tokens, words = look.tokens, look.words
        self._title, self._since = label("", "big"), label("", "quiet")
        self._sums = QVBoxLayout()
        self._sums.setSpacing(0)
        self._rows: list[QLabel] = []
        self._count = label("", "quiet")
        self.tiles: dict[str, KeyButton] = {}
        tiles = QGridLayout()
        tiles.setSpacing(tokens.gap)
        for index, name in enumerate((*MOVES, "drawer")):
            tile = KeyButton(tokens, "", str(index + 1), "tile")
            tile.set_words(words(f"shiftpage.{name}"), words(f"shiftpage.{name}.body"))
            tile.stand(tokens.key)
            tile.setAutoDefault(True)
            self.tiles[name] = tile
            tiles.addWidget(tile, index // 2, index % 2)
        self.count = KeyButton(tokens, words("shiftpage.count"), ENTER, "primary")
        self.count.setProperty("tall", "true")
        self.close_now = KeyButton(tokens, words("shiftpage.close-uncounted"), "6", "plain")
        for button in (self.count, self.close_now):
            button.setAutoDefault(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.gap)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._since)
        column.addLayout(head)
        column.addSpacing(tokens.gap)
        column.addWidget(label(words("shiftpage.sold"), "caption"))
        column.addLayout(self._sums)
        column.addWidget(self._count)
        column.addSpacing(tokens.px(16))
        column.addLayout(tiles)
        column.addSpacing(tokens.gap)
        last = QHBoxLayout()
        last.setSpacing(tokens.gap)
        last.addWidget(self.count, 1)
        last.addWidget(self.close_now)
        column.addLayout(last)

    def show_screen(self, screen: ShiftScreen) -> None:
        """Draw what was sold, the drawer's cash untold."""
        now, words = screen.now, self._look.words
        if now is None:
            return
        self._title.setText(words("shiftpage.title", number=now.shift))
        since = self._look.figures.time(now.opened_ms)
        self._since.setText(words("shiftpage.since", time=since))
        count = words("shiftpage.sales", n=now.sales)
        self._count.setText(count if now.sales else words("shiftpage.sales.none"))
        self._show_sums(now, screen.till)

    def _show_sums(self, now: ShiftNow, till: tuple[Currency, ...]) -> None:
        for row in self._rows:
            self._sums.removeWidget(row)
            row.deleteLater()
        totals = now.totals or tuple(Money(0, currency) for currency in till[:1])
        role = "huge" if len(totals) == 1 else "big"
        self._rows = [label(self._look.figures.coded(total), role) for total in totals]
        for row in self._rows:
            self._sums.addWidget(row)

    def first(self) -> QWidget:
        """Return where the focus goes."""
        return self.count


class MovePanel(QWidget):
    """How much, and why; Enter goes from the one to the other and then acts."""

    picked = Signal(int)  # number of a currency
    escaped = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        tokens, words = look.tokens, look.words
        self._title, self._body = label("", "big"), sentence("quiet")
        self._code = label("", "caption")
        self._till: tuple[Currency, ...] = ()
        self.choice: ChoiceRow | None = None
        self._choices = QVBoxLayout()
        self.amount = Entry(tokens, words("shiftpage.amount"), amounts=True)
        self.reason = Entry(tokens, words("shiftpage.reason"))
        self.reason.setMaxLength(LONGEST_REASON)
        self.reason.setProperty("role", "line")
        for field in (self.amount, self.reason):
            field.escaped.connect(self.escaped)
        self.act = KeyButton(tokens, "", ENTER, "primary")
        self.act.setProperty("tall", "true")
        self.act.setAutoDefault(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.gap)
        column.addWidget(self._title)
        column.addWidget(self._body)
        column.addSpacing(tokens.gap)
        column.addLayout(self._choices)
        column.addWidget(self._code)
        column.addWidget(self.amount)
        column.addSpacing(tokens.gap)
        column.addWidget(label(words("shiftpage.reason"), "caption"))
        column.addWidget(self.reason)
        column.addSpacing(tokens.gap)
        column.addWidget(self.act)

    def show_screen(self, screen: ShiftScreen) -> None:
        """Draw what moves."""
        words, kind = self._look.words, screen.move
        if screen.till != self._till:
            self._till = screen.till
            self._fill()
        self._title.setText(words(f"shiftpage.{kind}"))
        self._body.setText(words(f"shiftpage.{kind}.long"))
        self.act.set_words(words(f"shiftpage.{kind}.act"))
        self.reason.setPlaceholderText(words(f"shiftpage.{kind}.why"))
        if screen.currency is not None:
            self._code.setText(words("shiftpage.amount.of", code=screen.currency.code))
            if self.choice is not None:
                self.choice.pick(screen.currency.code)
        self.amount.set_typed(screen.amount)
        self.reason.set_typed(screen.reason)
        for number, field in enumerate((self.amount, self.reason)):
            wrong = screen.wrong == number
            restate(field, state="stop" if wrong else "")
            if wrong:
                field.setFocus(Qt.FocusReason.OtherFocusReason)
                field.selectAll()

    def _fill(self) -> None:
        if self.choice is not None:
            self._choices.removeWidget(self.choice)
            self.choice.deleteLater()
            self.choice = None
        if len(self._till) > 1:
            codes = tuple((each.code, each.code) for each in self._till)
            self.choice = ChoiceRow(
                self._look.tokens, self._look.words("shiftpage.currency"), codes
            )
            for button in self.choice.buttons.values():
                button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            at = {code: number for number, (code, _) in enumerate(codes)}
            self.choice.picked.connect(lambda code: self.picked.emit(at[code]))
            self._choices.addWidget(self.choice)

    def first(self) -> QWidget:
        """Return where the focus goes."""
        return self.amount


class DrawerPanel(QWidget):
    """Why the drawer opens: one digit."""

    given = Signal(int)

    def __init__(self, look: Look) -> None:
        super().__init__()
        tokens, words = look.tokens, look.words
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.gap)
        column.addWidget(label(words("shiftpage.drawer.title"), "big"))
        column.addSpacing(tokens.gap)
        self.reasons: list[KeyButton] = []
        for index, reason in enumerate(REASONS):
            button = KeyButton(tokens, words(f"shift.drawer-{reason}"), str(index + 1), "choice")
            button.setAutoDefault(True)
            button.clicked.connect(lambda _=False, at=index: self.given.emit(at))
            self.reasons.append(button)
            column.addWidget(button)

    def first(self) -> QWidget:
        """Return where the focus goes."""
        return self.reasons[0]
