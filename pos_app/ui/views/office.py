"""Head office: how things stand on the left, the ways to speak with it on the right."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from pos_app.domain.money import Money
from pos_app.ui.look import Look
from pos_app.ui.presenters.office import (
    CALL,
    TAKE,
    WRITE,
    OfficeParts,
    OfficePresenter,
    OfficeScreen,
)
from pos_app.ui.widgets.buttons import KeyButton
from pos_app.ui.widgets.entry import Entry
from pos_app.ui.widgets.keycap import ESCAPE
from pos_app.ui.widgets.labels import label, sentence
from pos_app.ui.widgets.notice import Notice

if TYPE_CHECKING:
    from pos_app.application.office_records import AllowanceLeft, OfficeStatus
    from pos_app.application.records import Operator, TillStatus
    from pos_app.ui.counter import Counter
    from pos_app.ui.tasks import Lease

MOST_STICKS = 4
NO_BREAK = "\u00a0"
_ROWS = ("office", "received", "waiting", "allowance", "fresh", "coming")
_KEYS = {Qt.Key.Key_F5: CALL, Qt.Key.Key_F6: WRITE, Qt.Key.Key_F7: TAKE}


class OfficePage(QWidget):
    """Nothing here keeps a sale waiting; every act ends with one sentence."""

    left = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._presenter: OfficePresenter | None = None
        tokens, words = look.tokens, look.words
        self.captions: dict[str, QLabel] = {}
        self.facts: dict[str, QLabel] = {}
        self.said, self.words_of_office = Notice(tokens), Notice(tokens)
        self.keys = {
            CALL: KeyButton(tokens, words("uioffice.call"), "F5", "primary"),
            WRITE: KeyButton(tokens, words("uioffice.write"), "F6"),
            TAKE: KeyButton(tokens, words("uioffice.take"), "F7"),
        }
        self.sticks = [KeyButton(tokens, "", str(at + 1), "choice") for at in range(MOST_STICKS)]
        self.code = Entry(tokens, words("uioffice.code"))
        self.back = KeyButton(tokens, words("uioffice.back"), ESCAPE)
        self._build()

    def _build(self) -> None:
        tokens, words = self._look.tokens, self._look.words
        page = QHBoxLayout(self)
        page.setContentsMargins(tokens.gutter, tokens.px(16), tokens.gutter, tokens.px(12))
        page.setSpacing(tokens.px(40))
        eye, hand = QVBoxLayout(), QVBoxLayout()
        page.addLayout(eye, 5)
        page.addLayout(hand, 4)
        eye.setSpacing(tokens.gap)
        title = label(words("uioffice.title"), "big")
        title.setFixedHeight(tokens.px(44))
        eye.addWidget(title)
        eye.addWidget(self.words_of_office)
        grid = QGridLayout()
        grid.setVerticalSpacing(tokens.px(10))
        grid.setHorizontalSpacing(tokens.px(20))
        for at, name in enumerate(_ROWS):
            caption, fact = label(words(f"uioffice.{name}"), "caption"), sentence("body")
            self.captions[name], self.facts[name] = caption, fact
            grid.addWidget(caption, at, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(fact, at, 1)
        grid.setColumnStretch(1, 1)
        eye.addLayout(grid)
        eye.addStretch(1)
        eye.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeading)
        hand.setSpacing(tokens.gap)
        hand.addSpacing(tokens.px(44))  # as high as the title
        for button in (*self.keys.values(), *self.sticks):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            hand.addWidget(button)
        for button in self.sticks:
            button.hide()
        hand.addWidget(self.said)
        hand.addStretch(1)
        hand.addWidget(label(words("uioffice.code"), "caption"))
        hand.addWidget(self.code)
        self.back.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def attach(self, presenter: OfficePresenter) -> None:
        """Bring the screen to life."""
        self._presenter = presenter
        self.keys[CALL].clicked.connect(presenter.call)
        self.keys[WRITE].clicked.connect(lambda: presenter.stick(WRITE))
        self.keys[TAKE].clicked.connect(lambda: presenter.stick(TAKE))
        for at, button in enumerate(self.sticks):
            button.clicked.connect(lambda _=False, index=at: presenter.choose(index))
        self.code.entered.connect(lambda: presenter.code(self.code.text()))
        self.code.escaped.connect(self.left)
        self.back.clicked.connect(self.left)

    def showEvent(self, event: QShowEvent) -> None:
        """Ask anew, and put the caret where a code is typed."""
        super().showEvent(event)
        if self._presenter is not None:
            self._presenter.begin()
        self.code.setFocus(Qt.FocusReason.OtherFocusReason)

    def clear_code(self) -> None:
        """Empty the field of the code."""
        self.code.clear()

    def show_screen(self, screen: OfficeScreen) -> None:
        """Draw how things stand and what was done."""
        if screen.status is not None and screen.till is not None:
            self._show_facts(screen.status, screen.till)
        for button in self.keys.values():
            button.setEnabled(not screen.busy)
        for at, button in enumerate(self.sticks):
            button.setVisible(at < len(screen.sticks))
            if at < len(screen.sticks):
                button.set_words(screen.sticks[at])
        self._place_focus(asked=bool(screen.sticks))
        self._say(screen)

    def _place_focus(self, *, asked: bool) -> None:
        """Let digits choose a stick while one is asked for; otherwise they are a code's."""
        if asked == self.code.isEnabled():
            self.code.setEnabled(not asked)
            (self if asked else self.code).setFocus(Qt.FocusReason.OtherFocusReason)

    def _say(self, screen: OfficeScreen) -> None:
        words = self._look.words
        if screen.problem is not None:
            self.said.say(self._look.say(screen.problem))
        elif screen.busy:
            self.said.say(words("uioffice.busy"), "look", aloud=False)
        elif screen.sticks:
            self.said.say(words("uioffice.which-stick"), "look")
        elif screen.said is not None:
            self.said.say(
                words(f"uioffice.{screen.said.key}", **screen.said.facts), screen.said.state
            )
        else:
            self.said.say("")

    def _show_facts(self, status: OfficeStatus, till: TillStatus) -> None:
        words, figures = self._look.words, self._look.figures
        enrolled = status.enrolled
        at_ms = status.acknowledged_ms
        shown = {
            "office": enrolled.name if enrolled else words("uioffice.nobody"),
            "received": figures.clock(at_ms) if at_ms else words("uioffice.never"),
            "waiting": self._waiting(till),
            "allowance": "\n".join(self._allowance(each) for each in status.allowances)
            or words("uioffice.no-allowance"),
            "fresh": self._fresh(status),
            "coming": self._coming(status),
        }
        for name, text in shown.items():
            self.facts[name].setText(text)
            self.facts[name].setVisible(bool(text))
            self.captions[name].setVisible(bool(text))
        self.keys[CALL].setVisible(bool(enrolled and enrolled.url))
        told = "\n".join(each.text for each in status.messages)
        self.words_of_office.say(told, "look", aloud=False)

    def _waiting(self, till: TillStatus) -> str:
        words, figures = self._look.words, self._look.figures
        count = sum(part.sales for part in till.waiting)
        if not count:
            return words("uioffice.all-sent")
        sums = " + ".join(figures.coded(part.total) for part in till.waiting)
        return words("uioffice.unsent", n=count, money=sums)

    def _allowance(self, left: AllowanceLeft) -> str:
        minor = max(left.allowance.money_minor - left.spent.money_minor, 0)
        money = self._look.figures.coded(Money(minor, left.currency))
        until = self._look.figures.clock(left.allowance.not_after_ms)
        return self._look.words("uioffice.left", money=money, until=until)

    def _fresh(self, status: OfficeStatus) -> str:
        """Return each set of data with the day of its newest pack, in one line."""
        words, day = self._look.words, self._look.figures.day
        parts = [
            f"{words(f'uioffice.fresh.{name}')} {day(at)}".replace(" ", NO_BREAK)
            for name, at in status.freshness.items()
        ]
        if not parts:
            return ""
        return reduce(lambda first, then: words("uioffice.and", first=first, then=then), parts)

    def _coming(self, status: OfficeStatus) -> str:
        words, figures = self._look.words, self._look.figures
        parts = [
            words("uioffice.pack-waits", number=number, day=figures.day(at))
            for number, at in status.waiting_packs
        ]
        if status.waiting_keys:
            parts.append(words("uioffice.keys-wait", n=status.waiting_keys))
        return "\n".join(parts)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F5 to F7 act, a digit chooses a stick, Esc and F10 go back."""
        if event.isAutoRepeat() or self._presenter is None:
            return
        act = _KEYS.get(Qt.Key(event.key()))
        if act == CALL and self.keys[CALL].isVisible():
            self._presenter.call()
        elif act in {WRITE, TAKE}:
            self._presenter.stick(act)
        elif not self.code.isEnabled() and 0 <= event.key() - Qt.Key.Key_1.value < MOST_STICKS:
            self._presenter.choose(event.key() - Qt.Key.Key_1.value)
        elif event.key() in {Qt.Key.Key_Escape, Qt.Key.Key_F10}:
            self.left.emit()
        else:
            super().keyPressEvent(event)


def office_page(counter: Counter, tasks: Lease, look: Look, operator: Operator) -> OfficePage:
    """Return the page of an open shop, at work."""
    if counter.office is None:
        raise RuntimeError("there is no way to head office here")
    page = OfficePage(look)
    parts = OfficeParts(counter.office(), tasks.ledger, tasks.io)
    page.attach(OfficePresenter(parts, operator, page))
    return page
