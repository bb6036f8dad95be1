"""Check a token: the fields for the hand on the left, what is known and what to do on the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pos_app.application.check_words import action, check_lines, meaning
from pos_app.application.makers import makers
from pos_app.application.token_check import TokenCheck
from pos_app.domain.reject import Action, Fit, Use
from pos_app.ui.look import Look
from pos_app.ui.presenters.check import METER, SHOWS, TOKEN, CheckPresenter, CheckScreen
from pos_app.ui.theme.sheet import restate
from pos_app.ui.widgets.buttons import KeyButton
from pos_app.ui.widgets.drop_down import DropDown
from pos_app.ui.widgets.entry import Entry
from pos_app.ui.widgets.keycap import ESCAPE
from pos_app.ui.widgets.labels import label, sentence
from pos_app.ui.widgets.notice import Notice

if TYPE_CHECKING:
    from pos_app.ui.counter import Counter
    from pos_app.ui.tasks import Lease

_TRY_AGAIN = frozenset({Action.RETYPE, Action.CHECK_UNIT})
_DOUBTFUL = frozenset({Use.PROBABLY, Use.FORGOTTEN})


class CheckPage(QWidget):
    """Everything here only reads: nothing is sold, written or printed."""

    left = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._presenter: CheckPresenter | None = None
        tokens, words = look.tokens, look.words
        self.fields = {
            METER: Entry(tokens, words("check.meter")),
            TOKEN: Entry(tokens, words("check.token")),
            SHOWS: Entry(tokens, words("check.shows")),
        }
        self.maker = DropDown(tokens, words("check.maker"))
        self.maker.addItem(words("check.maker.any"), "")
        for each in makers().values():
            if each.texts and each.id != "generic":
                self.maker.addItem(each.name, each.id)
        self.verdict, self.facts = Notice(tokens), sentence("body")
        self.shown = sentence("fact")
        self.next_caption, self.action = label(words("check.next"), "caption"), sentence("next")
        self.again = KeyButton(tokens, words("check.again"), "F6")
        self.back = KeyButton(tokens, words("check.back"), ESCAPE)
        self.hint = sentence("quiet")
        self.hint.setText(words("check.hint"))
        self._build()

    def _build(self) -> None:
        tokens, words = self._look.tokens, self._look.words
        page = QHBoxLayout(self)
        page.setContentsMargins(tokens.gutter, tokens.px(16), tokens.gutter, tokens.px(12))
        page.setSpacing(tokens.px(32))
        hand, eye = QVBoxLayout(), QVBoxLayout()
        page.addLayout(hand, 1)
        page.addLayout(eye, 1)
        hand.setSpacing(tokens.px(4))
        hand.addWidget(label(words("check.title"), "big"))
        for name, field in self.fields.items():
            hand.addSpacing(tokens.gap)
            hand.addWidget(label(words(f"check.{name}"), "caption"))
            hand.addWidget(field)
        hand.addSpacing(tokens.gap)
        hand.addWidget(label(words("check.maker"), "caption"))
        hand.addWidget(self.maker)
        hand.addStretch(1)
        hand.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeading)
        eye.setSpacing(tokens.px(10))
        eye.addSpacing(tokens.px(44))
        for part in (self.hint, self.verdict, self.shown, self.next_caption, self.action):
            eye.addWidget(part)
        eye.addWidget(self.again, 0, Qt.AlignmentFlag.AlignLeading)
        eye.addSpacing(tokens.px(6))
        eye.addWidget(self.facts)
        eye.addStretch(1)
        for button in (self.again, self.back):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def attach(self, presenter: CheckPresenter) -> None:
        """Bring the screen to life."""
        self._presenter = presenter
        for name, field in self.fields.items():
            field.textEdited.connect(lambda text, at=name: presenter.typed(at, text))
            field.entered.connect(lambda at=name: presenter.enter(at))
            field.escaped.connect(self.left)
            field.moved.connect(lambda by, at=name: self._move(at, by))
        self.maker.activated.connect(
            lambda at: presenter.choose_maker(str(self.maker.itemData(at)))
        )
        self.again.clicked.connect(presenter.tried_again)
        self.back.clicked.connect(self.left)

    def about_meter(self, meter: str) -> None:
        """Start anew, about a meter if one is given."""
        self.maker.setCurrentIndex(0)
        if self._presenter is not None:
            self._presenter.begin(meter)

    def mark(self, field: str) -> None:
        """Put the caret into a field with everything there selected."""
        self.fields[field].setFocus(Qt.FocusReason.OtherFocusReason)
        self.fields[field].selectAll()

    def _move(self, name: str, by: int) -> None:
        names = list(self.fields)
        self.mark(names[(names.index(name) + by) % len(names)])

    def show_screen(self, screen: CheckScreen) -> None:
        """Draw what is typed and what is known."""
        typed = {METER: screen.meter, TOKEN: screen.digits, SHOWS: screen.shows}
        for name, field in self.fields.items():
            field.set_typed(typed[name])
            restate(field, state="stop" if screen.at_fault == name else "")
        nothing = screen.check is None and screen.diagnosis is None and screen.problem is None
        self.hint.setVisible(nothing)
        self._show_check(screen)
        self._show_diagnosis(screen)

    def _show_check(self, screen: CheckScreen) -> None:
        check = screen.check
        if screen.problem is not None:
            self.verdict.say(self._look.say(screen.problem))
        elif check is not None:
            first, *rest = check_lines(check, self._look.words)
            self.verdict.say(first, _state(check))
            self.facts.setText("\n".join(line.strip() for line in rest))
        else:
            self.verdict.say("")
        self.facts.setVisible(check is not None and check.reading is not None)

    def _show_diagnosis(self, screen: CheckScreen) -> None:
        found, words = screen.diagnosis, self._look.words
        for part in (self.shown, self.next_caption, self.action):
            part.setVisible(found is not None)
        self.again.setVisible(found is not None and found.action in _TRY_AGAIN and not screen.again)
        if found is not None:
            self.shown.setText(meaning(found, words))
            self.action.setText(action(found, words))
            self.action.setAccessibleName(self.action.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F6 says it was typed again, Esc and F10 go back, from anywhere on the page."""
        if event.isAutoRepeat() or self._presenter is None:
            return
        if event.key() == Qt.Key.Key_F6 and self.again.isVisible():
            self._presenter.tried_again()
        elif event.key() in {Qt.Key.Key_Escape, Qt.Key.Key_F10}:
            self.left.emit()
        else:
            super().keyPressEvent(event)


def _state(check: TokenCheck) -> str:
    if check.fit is not Fit.FITS:
        return "look" if check.fit in {Fit.UNCHECKED, Fit.NEWER_KEY} else "stop"
    return "look" if check.use in _DOUBTFUL else "done"


def check_page(counter: Counter, tasks: Lease, look: Look) -> CheckPage:
    """Return the page of an open shop, at work."""
    page = CheckPage(look)
    page.attach(CheckPresenter(counter.desk, tasks.ledger, page))
    return page
