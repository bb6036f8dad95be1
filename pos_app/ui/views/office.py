"""Head office: how things stand on the left, the ways to speak with it on the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from pos_app.ui.look import Look
from pos_app.ui.presenters.office import (
    ANSWER,
    ASK,
    CALL,
    ENROL,
    TAKE,
    WRITE,
    OfficeParts,
    OfficePresenter,
    OfficeScreen,
)
from pos_app.ui.views.office_enrol import EnrolFields
from pos_app.ui.views.office_facts import FACTS, facts_of
from pos_app.ui.widgets.buttons import KeyButton
from pos_app.ui.widgets.entry import Entry
from pos_app.ui.widgets.keycap import ESCAPE
from pos_app.ui.widgets.labels import label, sentence
from pos_app.ui.widgets.notice import Notice

if TYPE_CHECKING:
    from pos_app.application.office_records import OfficeStatus
    from pos_app.application.records import Operator, TillStatus
    from pos_app.ui.counter import Counter
    from pos_app.ui.tasks import Lease

MOST_STICKS = 4
SAME = "same"
_KEYS = {
    Qt.Key.Key_F5: CALL, Qt.Key.Key_F6: WRITE, Qt.Key.Key_F7: TAKE, Qt.Key.Key_F8: ENROL,
    Qt.Key.Key_F9: SAME,
}  # fmt: skip
_ENROLLING = {CALL: "enrol-call", WRITE: ASK, TAKE: ANSWER, ENROL: "enrol-back"}
"""What the keys say while a till is enrolled; the sticks keep their keys."""


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
        self.standing = Notice(tokens)
        self._place = (False, False, False)
        self.enrolling: bool | None = None  # not asked for: as long as the till is not enrolled
        self.keys = {
            SAME: KeyButton(tokens, words("uioffice.same"), "F9", "primary"),
            CALL: KeyButton(tokens, words("uioffice.call"), "F5", "primary"),
            WRITE: KeyButton(tokens, words("uioffice.write"), "F6"),
            TAKE: KeyButton(tokens, words("uioffice.take"), "F7"),
            ENROL: KeyButton(tokens, words("uioffice.enrol"), "F8"),
        }
        self.fields = EnrolFields(look)
        self.sticks = [KeyButton(tokens, "", str(at + 1), "choice") for at in range(MOST_STICKS)]
        self.code_caption = label(words("uioffice.code"), "caption")
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
        eye.addWidget(self.standing)
        eye.addWidget(self.words_of_office)
        grid = QGridLayout()
        grid.setVerticalSpacing(tokens.px(10))
        grid.setHorizontalSpacing(tokens.px(20))
        for at, name in enumerate(FACTS):
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
        hand.addWidget(self.fields)
        for button in (*self.keys.values(), *self.sticks):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            hand.addWidget(button)
        for button in self.sticks:
            button.hide()
        hand.addWidget(self.said)
        hand.addStretch(1)
        hand.addWidget(self.code_caption)
        hand.addWidget(self.code)
        self.back.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def attach(self, presenter: OfficePresenter) -> None:
        """Bring the screen to life."""
        self._presenter = presenter
        for name, button in self.keys.items():
            button.clicked.connect(lambda _=False, act=name: self._act(act))
        self.fields.entered.connect(lambda: self._act(CALL))
        self.fields.escaped.connect(self._escape)
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
        self._take_focus()

    def _act(self, name: str) -> None:
        """Do what a key says; while a till is enrolled the keys say something else."""
        presenter = self._presenter
        if presenter is None or not self.keys[name].isVisible() or not self.keys[name].isEnabled():
            return
        if name == ENROL:
            self._set_enrolling(on=not self._enrols)
        elif name == SAME:
            presenter.trust()
        elif not self._enrols:
            presenter.call() if name == CALL else presenter.stick(name)
        elif name != CALL:
            presenter.enrol_by_stick(_ENROLLING[name], self.fields.code.text())
        elif self.fields.address.text().strip():
            presenter.enrol(self.fields.address.text(), self.fields.code.text())
        else:
            self.fields.take_focus()

    @property
    def _enrols(self) -> bool:
        return bool(self.enrolling)

    def _set_enrolling(self, *, on: bool) -> None:
        self.enrolling = on
        presenter = self._presenter
        if presenter is not None:
            presenter.forget()
            if on:
                status = presenter.screen.status
                known = status.enrolled if status is not None else None
                self.fields.begin(known.url if known is not None else "")
            else:
                self._take_focus()

    def end_enrolling(self) -> None:
        """Show the page of a till that is enrolled."""
        self.enrolling = False

    def _escape(self) -> None:
        """Let go of a question first, then of enrolling, then of the page."""
        presenter = self._presenter
        if presenter is not None and (presenter.screen.shown or presenter.screen.sticks):
            presenter.forget()
        else:
            self.left.emit()

    def _take_focus(self) -> None:
        if self._enrols:
            self.fields.take_focus()
        else:
            self.code.setFocus(Qt.FocusReason.OtherFocusReason)

    def clear_code(self) -> None:
        """Empty the field of the code."""
        self.code.clear()

    def show_screen(self, screen: OfficeScreen) -> None:
        """Draw how things stand and what was done."""
        if screen.status is not None and screen.till is not None:
            self._show_facts(screen.status, screen.till)
            if self.enrolling is None and screen.status.enrolled is None:
                self._set_enrolling(on=True)
                return  # which drew it anew
        self._show_keys(screen)
        for at, button in enumerate(self.sticks):
            button.setVisible(at < len(screen.sticks))
            if at < len(screen.sticks):
                button.set_words(screen.sticks[at])
        self._place_focus(asked=bool(screen.sticks or screen.shown))
        self._say(screen)

    def _show_keys(self, screen: OfficeScreen) -> None:
        """Show the keys that are of use now, with what they do now."""
        words, status = self._look.words, screen.status
        joined = status is None or status.enrolled is not None  # as long as nobody knows: as usual
        line = status is None or bool(status.enrolled and status.enrolled.url)
        asked = screen.shown is not None
        shown = {
            SAME: asked,
            CALL: not asked and (self._enrols or line),
            WRITE: not asked and (self._enrols or joined),
            TAKE: not asked and (self._enrols or joined),
            ENROL: not asked and not screen.sticks,
        }
        for name, button in self.keys.items():
            button.setVisible(shown[name])
            button.setEnabled(not screen.busy)
            usual = "enrol-again" if name == ENROL and status and status.enrolled else name
            if name == SAME and not self._enrols:
                usual = "same-again"
            does = _ENROLLING.get(name, name) if self._enrols else usual
            button.set_words(words(f"uioffice.{does}"))
        self.fields.setVisible(self._enrols and not asked)
        for part in (self.code_caption, self.code):
            part.setVisible(not self._enrols and joined)

    def _place_focus(self, *, asked: bool) -> None:
        """Put the caret into the field that is there, once when it comes.

        While something is asked digits choose a stick and no field has the caret.
        """
        place = (asked, self.fields.isHidden(), self.code.isHidden())
        if place == self._place:
            return
        self._place = place
        self.code.setEnabled(not asked)
        if asked:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._take_focus()

    def _say(self, screen: OfficeScreen) -> None:
        words = self._look.words
        if screen.problem is not None:
            self.said.say(self._look.say(screen.problem))
        elif screen.busy:
            self.said.say(words("uioffice.busy"), "look", aloud=False)
        elif screen.shown is not None and self._presenter is not None:
            facts = {"url": self._presenter.asked_url, "fingerprint": screen.shown.fingerprint}
            self.said.say(words("uioffice.compare", **facts), "look")
        elif screen.sticks:
            self.said.say(words("uioffice.which-stick"), "look")
        elif screen.said is not None:
            self.said.say(
                words(f"uioffice.{screen.said.key}", **screen.said.facts), screen.said.state
            )
        else:
            self.said.say("")

    def _show_facts(self, status: OfficeStatus, till: TillStatus) -> None:
        for name, text in facts_of(self._look, status, till).items():
            self.facts[name].setText(text)
            self.facts[name].setVisible(bool(text))
            self.captions[name].setVisible(bool(text))
        problem = status.standing.problem
        self.standing.say("" if problem is None else self._look.say(problem))
        told = "\n".join(each.text for each in status.messages)
        self.words_of_office.say(told, "look", aloud=False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F5 to F9 act, a digit chooses a stick, Esc and F10 go back."""
        if event.isAutoRepeat() or self._presenter is None:
            return
        act = _KEYS.get(Qt.Key(event.key()))
        if act is not None:
            self._act(act)
        elif (
            self._presenter.screen.sticks
            and not self.code.isEnabled()
            and 0 <= event.key() - Qt.Key.Key_1.value < MOST_STICKS
        ):
            self._presenter.choose(event.key() - Qt.Key.Key_1.value)
        elif event.key() == Qt.Key.Key_Escape:
            self._escape()
        elif event.key() == Qt.Key.Key_F10:
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
