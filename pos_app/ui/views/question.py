"""A page that asks one question at a time: answers with digits, a line to type, paper in view."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from pos_app.ui.look import Look
from pos_app.ui.theme.sheet import restate
from pos_app.ui.widgets.buttons import KeyButton, press
from pos_app.ui.widgets.desk_side import DeskSide
from pos_app.ui.widgets.entry import Entry
from pos_app.ui.widgets.keycap import ENTER, ESCAPE
from pos_app.ui.widgets.labels import label, sentence
from pos_app.ui.widgets.notice import Notice
from pos_app.ui.widgets.slip_view import SlipPainter

MOST_ANSWERS = 9
ONE_COLUMN = 6
"""More answers stand in two columns, so that a small panel shows them all."""
_BACK = (Qt.Key.Key_Escape, Qt.Key.Key_Minus)


class Asker(Protocol):
    """The presenter behind a page of questions."""

    def choose(self, number: int) -> None:
        """Take the answer with this number, from 0."""
        ...

    def typed(self, text: str) -> None:
        """Take what is typed."""
        ...

    def enter(self) -> None:
        """Take the line that was typed."""
        ...

    def back(self) -> bool:
        """Step back; False when there is nothing left to go back from."""
        ...


class QuestionPage(QWidget):
    """A digit answers, Enter takes a line, Esc steps back, F9 prints."""

    left = Signal()

    def __init__(self, look: Look, painter: SlipPainter, again: str) -> None:
        super().__init__()
        self._look = look
        self._asker: Asker | None = None
        self._place = ""
        self._given: tuple[str, ...] = ()
        tokens = look.tokens
        self.about_line, self.title = label("", "quiet"), label("", "big")
        self.body = sentence("quiet")
        self._answer_rows = QGridLayout()
        self._answer_rows.setSpacing(tokens.gap)
        self.answers: list[KeyButton] = []
        self.field, self.amount = Entry(tokens, ""), Entry(tokens, "", amounts=True)
        self.act = KeyButton(tokens, "", ENTER, "primary")
        self.act.setProperty("tall", "true")
        self.notice = Notice(tokens)
        self.again = KeyButton(tokens, again, "F9")
        self.back = KeyButton(tokens, "", ESCAPE)
        self.paper = DeskSide(look, painter, (self.again, self.back))

    def build(
        self, *more: QWidget, top: QWidget | None = None, above: QWidget | None = None
    ) -> None:
        """Lay the page out; `more` stands between the field and the key that acts.

        `top` is the mark of a page that is not everybody's, `above` stands over the field.
        """
        tokens = self._look.tokens
        hand = QVBoxLayout()
        hand.setContentsMargins(tokens.gutter, tokens.px(16), tokens.gutter, tokens.px(12))
        hand.setSpacing(tokens.gap)
        if top is not None:
            hand.addWidget(top, 0, Qt.AlignmentFlag.AlignLeading)
        hand.addWidget(self.about_line)
        hand.addWidget(self.title)
        hand.addWidget(self.body)
        hand.addSpacing(tokens.gap)
        hand.addLayout(self._answer_rows)
        if above is not None:
            hand.addWidget(above)
        for part in (self.field, self.amount, *more, self.act, self.notice):
            hand.addWidget(part)
        hand.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(hand, 1)
        row.addWidget(self.paper)
        for button in (self.again, self.back, self.act):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def listen(self, asker: Asker, again: Callable[[], None] | None = None) -> None:
        """Bring the page to life; `again` queues a copy of the paper in view."""
        self._asker = asker
        for field in (self.field, self.amount):
            field.textEdited.connect(asker.typed)
            field.entered.connect(asker.enter)
            field.escaped.connect(self.step_back)
        self.act.clicked.connect(self.go_on)
        if again is not None:
            self.again.clicked.connect(again)
        self.back.clicked.connect(self.step_back)

    def hasHeightForWidth(self) -> bool:
        """Ask for no more height than the minimum: the window must not grow with a sentence."""
        return False

    def minimumSizeHint(self) -> QSize:
        """Leave the height to the window."""
        return QSize(super().minimumSizeHint().width(), self._look.tokens.px(400))

    def go_on(self) -> None:
        """Do what the large key says."""
        if self._asker is not None:
            self._asker.enter()

    def step_back(self) -> None:
        """Take Esc."""
        if self._asker is not None and not self._asker.back():
            self.left.emit()

    def restart(self) -> None:
        """Forget where the focus was, before the page is shown anew."""
        self._place = ""

    def show_answers(self, answers: tuple[str, ...]) -> None:
        """Show a button an answer, with its digit."""
        if answers == self._given:
            return
        self._given = answers
        for button in self.answers:
            self._answer_rows.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.answers = []
        shown = answers[:MOST_ANSWERS]
        rows = len(shown) if len(shown) <= ONE_COLUMN else -(-len(shown) // 2)
        for number, said in enumerate(shown):
            button = KeyButton(self._look.tokens, said, str(number + 1), "choice")
            button.setAutoDefault(True)
            button.clicked.connect(lambda _=False, at=number: self._choose(at))
            self.answers.append(button)
            self._answer_rows.addWidget(button, number % rows, number // rows)
            button.show()  # at once: the first one gets the focus

    def show_field(self, shown: Entry | None, typed: str, *, wrong: bool, hidden: bool) -> None:
        """Show one of the two fields, or none."""
        mode = QLineEdit.EchoMode.Password if hidden else QLineEdit.EchoMode.Normal
        self.field.setEchoMode(mode)
        for field in (self.field, self.amount):
            field.setVisible(field is shown)
            if field is shown:
                field.setAccessibleName(self.title.text())
                field.set_typed(typed)
                restate(field, state="stop" if wrong else "")

    def focus_on(self, place: str) -> None:
        """Put the focus where the next key goes, once a `place`."""
        if place == self._place:
            return
        self._place = place
        shown = next((each for each in (self.field, self.amount) if not each.isHidden()), None)
        if shown is not None:
            shown.setFocus(Qt.FocusReason.OtherFocusReason)
            shown.selectAll()
        elif self.answers:
            self.answers[0].setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _choose(self, number: int) -> None:
        if self._asker is not None:
            self._asker.choose(number)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A digit gives its answer, Enter acts, Esc steps back, F9 prints."""
        if event.isAutoRepeat() or self._asker is None:
            return
        key = event.key()
        number = key - Qt.Key.Key_1.value
        if key in _BACK:
            self.step_back()
        elif key == Qt.Key.Key_F9:
            press(self.again)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            press(self.act)
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.focusNextPrevChild(key == Qt.Key.Key_Down)
        elif 0 <= number < len(self.answers):
            press(self.answers[number])
        else:
            super().keyPressEvent(event)
