"""The record of a meter: what is known on the left, what to note on the right."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pos_app.application.key_change_records import key_of
from pos_app.application.key_shown import KeyNoted
from pos_app.application.meter_life import ActRow
from pos_app.application.printing import PrintState
from pos_app.application.records import Operator
from pos_app.application.slip.key_steps import short_key
from pos_app.domain.meter_life import Act, MeterLife
from pos_app.ui.look import Look
from pos_app.ui.presenters.record import AGAIN, CORRECT, SLIP, RecordPresenter, RecordScreen
from pos_app.ui.views.record_key import KeyFields
from pos_app.ui.views.record_swap import SwapFields
from pos_app.ui.widgets.buttons import KeyButton
from pos_app.ui.widgets.drop_down import DropDown
from pos_app.ui.widgets.entry import Entry
from pos_app.ui.widgets.keycap import ESCAPE
from pos_app.ui.widgets.labels import label, sentence
from pos_app.ui.widgets.notice import Notice

_SLIP_STATES: Final = {
    PrintState.FAILED: "meterlife.slip-failed",
    PrintState.QUEUED: "meterlife.slip-waiting",
    PrintState.SENDING: "meterlife.slip-waiting",
}
_SIGNS: Final = {"good": "done", "change": "done", "no-key": "stop", "refused": "stop"}


class RecordPage(QWidget):
    """One act at a time, with its reason; F2 notes it."""

    left = Signal()

    def __init__(self, look: Look, operator: Operator) -> None:
        super().__init__()
        self._look, self._operator = look, operator
        self._presenter: RecordPresenter | None = None
        self._choices: tuple[str, ...] = ()
        self._was_done = False
        tokens, words = look.tokens, look.words
        self.number, self.standing = label("", "big"), sentence("fact")
        self.keys, self.history = sentence("body"), sentence("body")
        self.what = DropDown(tokens, words("meterlife.what"))
        self.reason_caption = label("", "caption")
        self.reason = Entry(tokens, words("meterlife.reason"))
        self.way_caption = label(words("meterlife.way-out"), "caption")
        self.way_out = Entry(tokens, words("meterlife.way-out"))
        self.key, self.swap = KeyFields(look), SwapFields(look)
        self.notice = Notice(tokens)
        self.keep = KeyButton(tokens, words("meterlife.keep"), "F2", "primary")
        self.back = KeyButton(tokens, words("meterlife.back"), ESCAPE)
        self._build()

    def _build(self) -> None:
        tokens, words = self._look.tokens, self._look.words
        page = QHBoxLayout(self)
        page.setContentsMargins(tokens.gutter, tokens.px(16), tokens.gutter, tokens.px(12))
        page.setSpacing(tokens.px(32))
        eye, hand = QVBoxLayout(), QVBoxLayout()
        page.addLayout(eye, 1)
        page.addLayout(hand, 1)
        eye.setSpacing(tokens.px(10))
        eye.addWidget(label(words("meterlife.title"), "caption"))
        for part in (self.number, self.standing, self.keys, self.history):
            eye.addWidget(part)
        eye.addStretch(1)
        eye.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeading)
        hand.setSpacing(tokens.px(4))
        hand.addWidget(label(words("meterlife.what"), "caption"))
        fields: tuple[QWidget, ...] = (self.reason_caption, self.reason, self.way_caption)
        for field in (self.what, self.swap, *fields, self.way_out, self.key):
            hand.addWidget(field)
        for hidden in (self.swap, *fields, self.way_out, self.key):
            hidden.hide()  # all of them at once would make the window grow
        hand.addSpacing(tokens.gap)
        hand.addWidget(self.notice)
        hand.addStretch(1)
        hand.addWidget(self.keep)
        for button in (self.keep, self.back):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def attach(self, presenter: RecordPresenter) -> None:
        """Bring the screen to life."""
        self._presenter = presenter
        self.what.currentIndexChanged.connect(self._chosen)
        for field in (self.reason, self.way_out):
            field.escaped.connect(self.left)
            field.entered.connect(self._next)
        for part in (self.key, self.swap):
            part.escaped.connect(self.left)
        self.swap.ended.connect(lambda: self.reason.setFocus(Qt.FocusReason.OtherFocusReason))
        self.keep.clicked.connect(self._keep)
        self.back.clicked.connect(self.left)

    def under_way(self) -> bool:
        """Tell whether a swiped card would drop something: what was typed and not noted."""
        lines = (self.reason, self.way_out, self.swap.new, self.swap.credit)
        return any((*(each.text() for each in lines), *self.key.typed().values()))

    def about_meter(self, drn: str) -> None:
        """Show the record of a meter."""
        for field in (self.reason, self.way_out, self.key, self.swap):
            field.clear()
        self.what.setFocus(Qt.FocusReason.OtherFocusReason)
        if self._presenter is not None:
            self._presenter.begin(drn)

    def show_screen(self, screen: RecordScreen) -> None:
        """Draw the record and what may be noted."""
        self.number.setText(self._look.figures.grouped(screen.drn))
        if screen.life is not None:
            self.standing.setText("\n".join(self._lines(screen.life)))
        self.keys.setText("\n".join(self._key_lines(screen)))
        self.keys.setVisible(bool(self.keys.text()))
        asked = self._proposed(screen)
        history = [] if asked and not screen.acts else [self._history(screen)]
        self.history.setText("\n".join([*asked, *history]))
        if screen.choices != self._choices:
            self._choices = screen.choices
            self.what.clear()
            for choice in screen.choices:
                self.what.addItem(self._named(choice), choice)
        self.keep.setEnabled(bool(screen.choices))
        if screen.done and not self._was_done:
            self.reason.clear()
            self.way_out.clear()
            self.key.clear()
            self.swap.clear()
        self._was_done = screen.done
        self._chosen()
        self._say(screen)

    def _lines(self, life: MeterLife) -> list[str]:
        words = self._look.words
        lines = [words(f"meterlife.standing.{life.standing.value}").capitalize()]
        if life.blocked:
            lines.append(words("meterlife.blocked", reason=life.blocked))
        if life.seal:
            lines.append(words("meterlife.seal", seal=life.seal))
        if life.unit:
            lines.append(words("meterlife.unit", unit=life.unit))
        if life.replaced_by:
            lines.append(words("meterlife.replaced-by", drn=life.replaced_by))
        if life.replaces:
            lines.append(words("meterlife.replaces", drn=life.replaces))
        return lines

    def _key_lines(self, screen: RecordScreen) -> list[str]:
        """Return which key is to come and which were given, newest first."""
        words, figures = self._look.words, self._look.figures
        lines = []
        if screen.key is not None:
            lines.append(words("keychange.next", new=short_key(key_of(screen.key.meter))))
        for row in screen.changes:
            state = words(f"keychange.state.{row.state.value}", settled=row.settled)
            keys = {"old": short_key(row.old), "new": short_key(row.new)}
            day = f"{figures.day(row.at_ms)} {figures.time(row.at_ms)}"
            lines.append(words("keychange.line", day=day, state=state, **keys))
        return lines

    def _proposed(self, screen: RecordScreen) -> list[str]:
        """Return what head office was asked to correct, and its answers."""
        words = self._look.words
        return [
            words(
                f"meterlife.proposed.{each.state.value}",
                field=words(f"meterlife.field.{each.field}"),
                value=each.value,
                note=each.note,
            )
            for each in screen.proposed
        ]

    def _history(self, screen: RecordScreen) -> str:
        words, figures = self._look.words, self._look.figures
        if not screen.acts:
            return words("meterlife.none")
        return "\n".join(
            words(
                "meterlife.act",
                at=f"{figures.day(row.at_ms)} {figures.time(row.at_ms)}",
                act=words(f"meterlife.act.{row.act.value}"),
                operator=row.operator,
                words=self._said(row),
            )
            for row in screen.acts
        )

    def _said(self, row: ActRow) -> str:
        """Return the words of an act; those of a fault begin with its code."""
        code, _, note = row.words.partition(" ")
        key = f"faultslip.fault.{code}"
        if row.act is not Act.FAULT or not self._look.words.has(key):
            return row.words
        slip = self._look.words(_SLIP_STATES[row.slip]) if row.slip in _SLIP_STATES else ""
        return ". ".join(part for part in (self._look.words(key), note, slip) if part)

    def _named(self, choice: str) -> str:
        words = self._look.words
        if choice == AGAIN:
            return words("keychange.reissue")
        kind, _, code = choice.partition(":")
        if kind == SLIP:
            return words("meterlife.do.fault-slip", number=code)
        if kind == Act.FAULT:
            return words("meterlife.do.fault", fault=words(f"faultslip.fault.{code}"))
        if kind == CORRECT:
            return words("meterlife.do.correct", field=words(f"meterlife.field.{code}"))
        return words(f"meterlife.do.{kind}")

    def _chosen(self) -> None:
        choice = str(self.what.currentData() or "")
        paper = choice == AGAIN or choice.startswith(SLIP)
        for part in (self.reason_caption, self.reason):
            part.setVisible(not paper and choice != Act.SHOWN_KEY)
        self.key.setVisible(choice == Act.SHOWN_KEY)
        self.swap.setVisible(choice == Act.SWAP)
        does = "keychange.print" if paper else "meterlife.keep"
        self.keep.set_words(self._look.words(does))
        key = "meterlife.note" if choice.startswith(f"{Act.FAULT}:") else "meterlife.reason"
        key = "meterlife.should-be" if choice.startswith(CORRECT) else key
        self.reason_caption.setText(self._look.words(key))
        for part in (self.way_caption, self.way_out):
            part.setVisible(choice == Act.BLOCK)

    def _say(self, screen: RecordScreen) -> None:
        words = self._look.words
        if screen.problem is not None:
            self.notice.say(self._look.say(screen.problem))
            self.key.select(str(screen.problem.facts.get("field", "")))
        elif screen.noted is not None:
            self.notice.say(_noted_words(self._look, screen.noted), _SIGNS[screen.noted.outcome])
        elif screen.given is not None:
            given = words("keychange.reissued", receipt=screen.given.row.receipt)
            self.notice.say(given, "done")
        elif screen.slip is not None:
            report, copy = screen.slip
            said = "meterlife.slip-again" if copy else "meterlife.slip-retry"
            self.notice.say(words(said, number=report.number, copy=copy), "done")
        else:
            self.notice.say(_done_words(self._look, screen), "done")

    def _next(self) -> None:
        if self.way_out.isVisible() and not self.way_out.text():
            self.way_out.setFocus(Qt.FocusReason.OtherFocusReason)

    def _keep(self) -> None:
        choice = str(self.what.currentData() or "")
        if self._presenter is not None and choice == Act.SHOWN_KEY:
            self._presenter.note_key(self.key.typed())
        elif self._presenter is not None and choice == Act.SWAP:
            self._presenter.swap(*self.swap.typed(), self.reason.text())
        elif self._presenter is not None and choice:
            self._presenter.act(choice, self.reason.text(), self.way_out.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F2 notes it, Esc and F10 go back, from anywhere on the page."""
        if event.isAutoRepeat():
            return
        if event.key() == Qt.Key.Key_F2 and self.keep.isEnabled():
            self._keep()
        elif event.key() in {Qt.Key.Key_Escape, Qt.Key.Key_F10}:
            self.left.emit()
        else:
            super().keyPressEvent(event)


def _noted_words(look: Look, noted: KeyNoted) -> str:
    """Return what follows for the next sale."""
    new = short_key(key_of(noted.wish.meter)) if noted.wish else ""
    facts = {"key": short_key(noted.key), "new": new}
    said = look.words(f"keychange.shown.{noted.outcome}", **facts)
    return f"{said} {look.say(noted.problem)}" if noted.problem else said


def _done_words(look: Look, screen: RecordScreen) -> str:
    """Return what was just noted, empty for nothing."""
    words = look.words
    if screen.report is not None:
        return words("meterlife.reported", number=screen.report.number)
    if screen.asked is not None:
        return words("meterlife.asked")
    if screen.swapped:
        return words("meterlife.swapped", drn=look.figures.grouped(screen.swapped))
    return words("meterlife.done") if screen.done else ""
