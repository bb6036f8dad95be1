"""One virtual meter on the wall: its display, its lamp, and why supply is off."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout

from pos_app.application.meter_lines import (
    answer_sentence,
    credit_text,
    power_text,
    shown_line,
    shown_text,
)
from pos_app.meter.display import days_left, face
from pos_app.meter.results import Answer, Shown
from pos_app.ui.figures import THIN_SPACE
from pos_app.ui.look import Look
from pos_app.ui.presenters.meters import LOADS, TOKEN_DIGITS, OnWall
from pos_app.ui.theme.sheet import restate
from pos_app.ui.widgets.labels import label, rule, sentence

LAMP_ON, LAMP_OFF = "\u25cf", "\u25a0"
_GROUP = 4
_ON_LAMP = frozenset({"cut", "kept-on"})
_BELOW = frozenset({"load-switch", "low-credit", "locked"})


def _worth_a_line(shown: Shown) -> bool:
    return shown.name in _BELOW or (shown.name == "emergency" and shown.value != "none")


class MeterFace(QFrame):
    """Credit large; what is typed and answered under it; lamp and reason; use."""

    picked = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        tokens = look.tokens
        self.setObjectName("meter")
        self.kind, self.number = label("", "caption"), label("", "fact")
        self.display = QFrame()
        self.display.setObjectName("lcd")
        self.credit = label("", "big")
        self.typed = sentence("quiet")
        self.lamp = sentence("fact")
        self.reasons = sentence("body")
        self.says = sentence("body")
        self.use = sentence("quiet")
        inside = QVBoxLayout(self.display)
        inside.setContentsMargins(tokens.px(12), tokens.gap, tokens.px(12), tokens.gap)
        inside.setSpacing(tokens.px(2))
        inside.addWidget(self.credit)
        inside.addWidget(self.typed)
        self.typed.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeading)
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.px(12), tokens.px(10), tokens.px(12), tokens.px(10))
        column.setSpacing(tokens.px(6))
        for part in (self.kind, self.number, self.display, self.says, self.lamp, self.reasons):
            column.addWidget(part)
        column.addWidget(rule())
        column.addWidget(self.use)
        column.addStretch(1)

    def show_meter(self, on: OnWall, *, chosen: bool, alone: bool) -> None:
        """Draw a meter; the chosen one takes the keys, and one alone has room for large figures."""
        words, profile, state = self._look.words, on.meter.profile, on.meter.state
        restate(self, chosen=chosen)
        kind = (
            "money" if profile.money else ("electricity", "water", "gas", "time")[profile.service]
        )
        self.kind.setText(words(f"meterpage.kind.{kind}"))
        self.number.setText(on.meter.drn)
        dark = not state.powered
        restate(self.display, dark=dark)
        restate(self.credit, role="huge" if alone else "big")
        self.typed.setMinimumHeight(self._look.tokens.px(22 if alone else 44))
        self.credit.setText("" if dark else credit_text(words, profile, state.credit))
        self.typed.setText(self._typed(on, chosen=chosen))
        self._show_lamp(on)
        self._show_answer(on.answer)
        self.use.setText("\n".join(self._use(on)))
        self.setAccessibleName(f"{words(f'meterpage.kind.{kind}')} {on.meter.drn}")
        self.setAccessibleDescription(f"{self.credit.text()} {self.lamp.text()}")

    def _typed(self, on: OnWall, *, chosen: bool) -> str:
        if not on.typed:
            asks = chosen and on.answer is None and on.meter.state.powered
            return self._look.words("meterpage.type") if asks else ""
        groups = [on.typed[at : at + _GROUP] for at in range(0, len(on.typed), _GROUP)]
        counted = f"{len(on.typed)}/{TOKEN_DIGITS}"
        return f"{THIN_SPACE.join(groups)}  {counted}"

    def _show_lamp(self, on: OnWall) -> None:
        """Say on or off by sign, colour and word, and each reason in a line."""
        words, meter = self._look.words, on.meter
        state = "done" if meter.state.closed else "stop"
        sign, key = (LAMP_ON, "on") if meter.state.closed else (LAMP_OFF, "off")
        if not meter.state.powered:
            state, sign, key = "look", LAMP_OFF, "no-mains"
        self.lamp.setText(f"{sign} {words(f'meterpage.lamp.{key}')}")
        restate(self.lamp, state=state)
        lines = [
            shown_text(words, meter.profile, shown)
            for shown in face(meter)
            if shown.name in _ON_LAMP
        ]
        self.reasons.setText("\n".join(lines))
        self.reasons.setVisible(bool(lines))

    def _show_answer(self, answer: Answer | None) -> None:
        words = self._look.words
        said = answer_sentence(words, answer) if answer else ""
        taken = answer is not None and (
            answer.note == "granted" or (answer.result is not None and answer.result.taken)
        )
        self.says.setText(said)
        self.says.setVisible(bool(said))
        restate(self.says, state="done" if taken else "look")

    def _use(self, on: OnWall) -> list[str]:
        words, profile = self._look.words, on.meter.profile
        lines = [
            shown_line(words, profile, shown)
            for shown in face(on.meter)
            if on.answer is None and _worth_a_line(shown)
        ]
        lines += [shown_line(words, profile, shown) for shown in self._shown(on)]
        total = next(shown for shown in face(on.meter) if shown.name == "totals")
        load = power_text(words, profile, LOADS[on.load])
        lines.append(words("meter.line", name=words("meter.shown.power"), value=load))
        lines.append(shown_line(words, profile, total))
        days = days_left(on.meter)
        if days is not None and on.meter.state.credit > 0:
            lines.append(words("meterpage.days", n=days))
        return lines

    def _shown(self, on: OnWall) -> tuple[Shown, ...]:
        """Return what the last token asked to see, without the credit that stands above."""
        shown = on.answer.shown if on.answer else ()
        return tuple(each for each in shown if each.name != "credit")[:6]

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose this meter."""
        super().mousePressEvent(event)
        self.picked.emit()

    def minimumSizeHint(self) -> QSize:
        """Let the wall give the width."""
        return QSize(self._look.tokens.px(160), super().minimumSizeHint().height())
