"""Selling is stopped by the clock: one sentence, one act, by a supervisor."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from pos_app.application.records import Operator, Role
from pos_app.domain.errors import PosError
from pos_app.domain.lockout import PinLocked
from pos_app.ui.look import Look
from pos_app.ui.presenters.desk import Desk, Run
from pos_app.ui.presenters.pin_lock import PinLockCount
from pos_app.ui.widgets.buttons import KeyButton
from pos_app.ui.widgets.drop_down import DropDown
from pos_app.ui.widgets.keycap import ENTER
from pos_app.ui.widgets.labels import label, rule, sentence
from pos_app.ui.widgets.notice import Notice

LOCK_BEAT_MS = 250


class ClockStopPage(QWidget):
    """What the clock says, large, and a supervisor's PIN."""

    settled = Signal()
    locked = Signal()

    def __init__(self, look: Look, desk: Desk, run: Run, seconds: Callable[[], float]) -> None:
        """`seconds` is a clock that nobody can set."""
        super().__init__()
        self._pin_lock = PinLockCount(seconds)
        self._refused: PosError | None = None
        self._lock_timer = QTimer(self)
        self._lock_timer.timeout.connect(self._count_down)
        self._look, self._desk, self._run = look, desk, run
        tokens, words = look.tokens, look.words
        self._supervisors: tuple[Operator, ...] = ()
        self._why = Notice(tokens)
        self._now = label("", "big")
        self._ask = sentence("quiet")
        self._ask.setText(words("clock.ask"))
        self.supervisor = DropDown(tokens, words("clock.supervisor"))
        self.pin = QLineEdit()
        self.pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.pin.setAccessibleName(words("clock.pin"))
        self.pin.returnPressed.connect(self._confirm)
        self.confirm = KeyButton(tokens, words("clock.confirm"), ENTER, "primary")
        self.confirm.clicked.connect(self._confirm)
        self._lock = KeyButton(tokens, words("clock.lock"), "F10", "plain")
        self._lock.clicked.connect(self.locked)
        self._problem = Notice(tokens)
        self._build()

    def _build(self) -> None:
        tokens, words = self._look.tokens, self._look.words
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.px(48), tokens.px(40), tokens.px(48), tokens.gutter)
        column.setSpacing(tokens.gap)
        column.addWidget(label(words("clock.title"), "big"))
        column.addWidget(self._why)
        column.addSpacing(tokens.px(16))
        column.addWidget(label(words("clock.now"), "caption"))
        column.addWidget(self._now)
        column.addSpacing(tokens.px(16))
        column.addWidget(rule())
        column.addSpacing(tokens.px(8))
        column.addWidget(self._ask)
        column.addSpacing(tokens.px(8))
        row = QHBoxLayout()
        row.setSpacing(tokens.gap)
        self.supervisor.setFixedWidth(tokens.px(240))
        self.pin.setFixedWidth(tokens.px(160))
        for part in (self.supervisor, self.pin, self.confirm, self._lock):
            row.addWidget(part)
        row.addStretch(1)
        self.pin.setPlaceholderText(words("clock.pin"))
        column.addLayout(row)
        column.addWidget(self._problem)
        column.addStretch(1)

    def show_stop(self, verdict: str, now_ms: int) -> None:
        """Say why selling stopped and what the computer's clock says."""
        key = f"clock.{verdict}"
        words = self._look.words
        self._why.say(words(key if words.has(key) else "status.stopped"))
        self._now.setText(self._look.figures.clock(now_ms))

    def under_way(self) -> bool:
        """Tell whether a swiped card would drop something: always, the clock is settled first."""
        return True

    def showEvent(self, event: QShowEvent) -> None:
        """Ask who is a supervisor, put the caret into the PIN."""
        super().showEvent(event)
        self.pin.setFocus(Qt.FocusReason.OtherFocusReason)
        self._run(self._desk.operators, self._listed, self._failed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F10 locks."""
        if event.key() == Qt.Key.Key_F10:
            self.locked.emit()
        else:
            super().keyPressEvent(event)

    def _listed(self, operators: tuple[Operator, ...]) -> None:
        self._supervisors = tuple(one for one in operators if one.role is Role.SUPERVISOR)
        self.supervisor.clear()
        self.supervisor.addItems([one.name for one in self._supervisors])
        self.confirm.setEnabled(bool(self._supervisors))
        if not self._supervisors:
            self._problem.say(self._look.words("clock.none"), "look")

    def _confirm(self) -> None:
        pin, at = self.pin.text(), self.supervisor.currentIndex()
        self.pin.clear()
        if not pin or not 0 <= at < len(self._supervisors):
            return
        chosen = self._supervisors[at].id
        self._show_refusal(None)
        self._run(lambda: self._desk.settle_clock(chosen, pin), self._done, self._failed)

    def _done(self, _nothing: None) -> None:
        self.settled.emit()

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, PosError):
            raise error
        self._pin_lock.begin(error)
        self._show_refusal(error)

    def _show_refusal(self, problem: PosError | None) -> None:
        counting = self._lock_timer.isActive()
        self._refused = problem
        locked = isinstance(problem, PinLocked)
        if locked and not counting:
            self._lock_timer.start(LOCK_BEAT_MS)
        elif not locked:
            self._lock_timer.stop()
        said = self._look.say(problem) if problem is not None else ""
        self._problem.say(said, aloud=not (locked and counting))

    def _count_down(self) -> None:
        problem = self._pin_lock.left_of(self._refused)
        if problem is not self._refused:
            self._show_refusal(problem)
