"""The hand at the meters: load and time, the buttons of the chosen one, what it noted."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSlider, QVBoxLayout, QWidget

from pos_app.application.meter_lines import event_text, power_text
from pos_app.application.shop_time import local
from pos_app.ui.look import Look
from pos_app.ui.presenters.meters import LOADS, MOST, SPEEDS, WallScreen
from pos_app.ui.views.frame import Band
from pos_app.ui.widgets.buttons import KeyButton
from pos_app.ui.widgets.keycap import ESCAPE
from pos_app.ui.widgets.labels import ElidedLabel, label

EVENTS_SHOWN = 3
ACTS = (("last", "F9"), ("emergency", "F5"), ("press", "F6"), ("mains", "F7"), ("case", "F8"))


class Slide(QWidget):
    """A slider with its name and its value above; the arrow keys stand beside the name."""

    moved = Signal(int)

    def __init__(self, look: Look, name: str, keys: str, most: int) -> None:
        super().__init__()
        tokens = look.tokens
        self.value = label("", "fact")
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, most)
        self.slider.setPageStep(1)
        self.slider.setFixedHeight(tokens.target)
        self.slider.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.slider.setAccessibleName(name)
        self.slider.valueChanged.connect(self.moved)
        head = QHBoxLayout()
        head.addWidget(label(f"{name}  {keys}", "caption"), 1)
        head.addWidget(self.value)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.slider)

    def show_value(self, index: int, text: str) -> None:
        """Move the knob without telling anybody."""
        self.value.setText(text)
        self.slider.blockSignals(True)  # noqa: FBT003 - Qt's own signature
        self.slider.setValue(index)
        self.slider.blockSignals(False)  # noqa: FBT003 - as above


class MeterHand(Band):
    """Everything that is done to a meter and is not typed into it."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        tokens, words = look.tokens, look.words
        self.setObjectName("desk")
        self.setFixedWidth(tokens.desk)
        self.load = Slide(look, words("meterpage.load"), "\u2190 \u2192", len(LOADS) - 1)
        self.speed = Slide(look, words("meterpage.time"), "\u2191 \u2193", len(SPEEDS) - 1)
        self.clock = label("", "caption")
        self.acts = {name: KeyButton(tokens, words(f"meterpage.{name}"), key) for name, key in ACTS}
        self.add = KeyButton(tokens, words("meterpage.add"), "F2")
        self.away = KeyButton(tokens, words("meterpage.away"), "F4")
        self.back = KeyButton(tokens, words("meterpage.back"), ESCAPE, "plain")
        self.notes = [ElidedLabel("caption") for _ in range(EVENTS_SHOWN)]
        for button in (*self.acts.values(), self.add, self.away, self.back):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._lay_out()

    def _lay_out(self) -> None:
        tokens = self._look.tokens
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.px(20), tokens.px(12), tokens.px(20), tokens.px(12))
        column.setSpacing(tokens.gap)
        column.addWidget(self.load)
        column.addWidget(self.speed)
        column.addWidget(self.clock)
        column.addWidget(self.acts["last"])
        grid = QGridLayout()
        grid.setSpacing(tokens.gap)
        for place, name in enumerate(("emergency", "press", "mains", "case")):
            grid.addWidget(self.acts[name], place // 2, place % 2)
        column.addLayout(grid)
        column.addWidget(label(self._look.words("meterpage.events"), "caption"))
        notes = QVBoxLayout()
        notes.setSpacing(0)
        for note in self.notes:
            notes.addWidget(note)
        column.addLayout(notes)
        column.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(tokens.gap)
        for button in (self.add, self.away, self.back):
            row.addWidget(button, 1)
        column.addLayout(row)

    def show_screen(self, screen: WallScreen) -> None:
        """Draw load and time, what can be done, and the last things noted, newest first."""
        words, current = self._look.words, screen.current
        usable = current is not None and not screen.adding
        self.speed.show_value(screen.speed, words(f"meterpage.speed.{SPEEDS[screen.speed]}"))
        for button in (*self.acts.values(), self.away):
            button.setEnabled(usable)
        self.load.setEnabled(usable)
        self.add.setEnabled(len(screen.wall) < MOST and not screen.adding)
        if current is None:
            self.load.show_value(0, "")
            self.clock.setText("")
            self._note([])
            return
        profile, state = current.meter.profile, current.meter.state
        self.load.show_value(current.load, power_text(words, profile, LOADS[current.load]))
        offset = profile.offset_minutes
        now = local(state.at_s * 1000, offset)
        self.clock.setText(words("meterpage.clock", time=f"{now:%Y-%m-%d %H:%M:%S}"))
        mains = "mains" if state.powered else "mains-back"
        self.acts["mains"].set_words(words(f"meterpage.{mains}"))
        self._note(
            [
                words(
                    "meter.at",
                    time=f"{local(event.at_s * 1000, offset):%d %H:%M}",
                    event=event_text(words, profile, event),
                )
                for event in reversed(state.events[-EVENTS_SHOWN:])
            ]
        )

    def _note(self, lines: list[str]) -> None:
        for at, note in enumerate(self.notes):
            note.set_whole(lines[at] if at < len(lines) else "")
