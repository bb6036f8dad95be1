"""Settings: what is chosen stands in view, and the printer can be asked before anything is kept."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from pos_app.application.printing import PrintState, SlipMode, Transport
from pos_app.application.settings import Theme
from pos_app.ui.look import Look
from pos_app.ui.presenters.settings import SettingsPresenter, SettingsScreen
from pos_app.ui.widgets.buttons import KeyButton
from pos_app.ui.widgets.choice import ChoiceRow
from pos_app.ui.widgets.drop_down import DropDown
from pos_app.ui.widgets.keycap import ESCAPE
from pos_app.ui.widgets.labels import label
from pos_app.ui.widgets.notice import Notice


class SettingsPage(QWidget):
    """Printer at the start, screen and words at the end."""

    left = Signal()
    rules_wanted = Signal()  # the rules for money

    def __init__(self, look: Look, languages: tuple[str, ...], *, rules: bool = False) -> None:
        """`rules` tells whether whoever is signed in may set the rules for money."""
        super().__init__()
        self._look = look
        self._presenter: SettingsPresenter | None = None
        tokens, words = look.tokens, look.words
        self.transport = DropDown(tokens, words("settings.transport"))
        for transport in Transport:
            self.transport.addItem(words(f"settings.transport.{transport.value}"), transport)
        self.address = QLineEdit()
        self.address.setAccessibleName(words("settings.address"))
        self.paper = self._row("paper", ("58", "80"))
        self.mode = self._row("mode", tuple(SlipMode))
        self.cut = self._row("cut", ("on", "off"))
        self.drawer = self._row("drawer", ("on", "off"))
        self.language = DropDown(tokens, words("settings.language"))
        self.slip_language = DropDown(tokens, words("settings.slip-language"))
        self.slip_language.addItem(words("settings.slip-language.same"), "")
        for code in languages:
            self.language.addItem(words(f"language.{code}"), code)
            self.slip_language.addItem(words(f"language.{code}"), code)
        self.theme = self._row("theme", tuple(Theme))
        self.probe = KeyButton(tokens, words("settings.probe"), "F5")
        self.test = KeyButton(tokens, words("settings.test"), "F6")
        self.rules = KeyButton(tokens, words("settings.rules"), "F7")
        self.rules.setEnabled(rules)
        if not rules:
            self.rules.hide()
        self.keep = KeyButton(tokens, words("settings.save"), "F2", "primary")
        self.back = KeyButton(tokens, words("settings.back"), ESCAPE, "plain")
        self.notice = Notice(tokens)
        self._build()

    def _row(self, name: str, codes: tuple[str, ...]) -> ChoiceRow:
        words = self._look.words
        choices = tuple((str(code), words(f"settings.{name}.{code}")) for code in codes)
        return ChoiceRow(self._look.tokens, words(f"settings.{name}"), choices)

    def _build(self) -> None:
        tokens, words = self._look.tokens, self._look.words
        page = QVBoxLayout(self)
        page.setContentsMargins(tokens.px(48), tokens.px(16), tokens.px(48), tokens.px(16))
        page.setSpacing(tokens.px(10))
        page.addWidget(label(words("settings.title"), "big"))
        halves = QHBoxLayout()
        halves.setSpacing(tokens.px(48))
        halves.addLayout(self._printer_half(), 1)
        end = QVBoxLayout()
        end.addLayout(self._screen_half())
        end.addSpacing(tokens.px(12))
        end.addWidget(self.notice)
        end.addStretch(1)
        halves.addLayout(end, 1)
        page.addLayout(halves)
        page.addStretch(1)
        keys = QHBoxLayout()
        keys.setSpacing(tokens.gap)
        for button in (self.probe, self.test, self.rules):
            keys.addWidget(button)
        keys.addStretch(1)
        for button in (self.back, self.keep):
            keys.addWidget(button)
        for button in (self.probe, self.test, self.rules, self.back, self.keep):
            button.setAutoDefault(True)
        page.addLayout(keys)

    def _half(self, title: str, rows: tuple[tuple[str, QWidget], ...]) -> QGridLayout:
        tokens, words = self._look.tokens, self._look.words
        grid = QGridLayout()
        grid.setHorizontalSpacing(tokens.px(16))
        grid.setVerticalSpacing(tokens.gap)
        grid.addWidget(label(words(title), "fact"), 0, 0, 1, 2)
        for at, (name, part) in enumerate(rows, 1):
            caption = label(words(f"settings.{name}"), "quiet")
            caption.setBuddy(part)
            grid.addWidget(caption, at, 0)
            grid.addWidget(part, at, 1)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(len(rows) + 1, 1)
        return grid

    def _printer_half(self) -> QGridLayout:
        return self._half(
            "settings.printer",
            (
                ("transport", self.transport),
                ("address", self.address),
                ("paper", self.paper),
                ("mode", self.mode),
                ("cut", self.cut),
                ("drawer", self.drawer),
            ),
        )

    def _screen_half(self) -> QGridLayout:
        return self._half(
            "settings.screen",
            (
                ("language", self.language),
                ("slip-language", self.slip_language),
                ("theme", self.theme),
            ),
        )

    def attach(self, presenter: SettingsPresenter) -> None:
        """Bring the screen to life."""
        self._presenter = presenter
        self.transport.activated.connect(
            lambda at: presenter.choose_printer(transport=self.transport.itemData(at), address="")
        )
        self.address.textEdited.connect(lambda text: presenter.choose_printer(address=text))
        self.paper.picked.connect(lambda code: presenter.choose_printer(paper_mm=int(code)))
        self.mode.picked.connect(lambda code: presenter.choose_printer(mode=SlipMode(code)))
        self.cut.picked.connect(lambda code: presenter.choose_printer(cut=code == "on"))
        self.drawer.picked.connect(lambda code: presenter.choose_printer(open_drawer=code == "on"))
        self.language.activated.connect(
            lambda at: presenter.choose(language=self.language.itemData(at))
        )
        self.slip_language.activated.connect(
            lambda at: presenter.choose(slip_language=self.slip_language.itemData(at))
        )
        self.theme.picked.connect(lambda code: presenter.choose(theme=Theme(code)))
        self.probe.clicked.connect(presenter.probe)
        self.test.clicked.connect(presenter.print_test)
        self.rules.clicked.connect(self.rules_wanted)
        self.keep.clicked.connect(presenter.keep)
        self.back.clicked.connect(self.left)

    def showEvent(self, event: QShowEvent) -> None:
        """Start from what is set."""
        super().showEvent(event)
        if self._presenter is not None:
            self._presenter.begin()
        self.transport.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_screen(self, screen: SettingsScreen) -> None:
        """Draw what is chosen."""
        words, chosen = self._look.words, screen.chosen
        printer = chosen.printer
        self.transport.setCurrentIndex(self.transport.findData(printer.transport))
        if self.address.text() != printer.address:
            self.address.setText(printer.address)
        none = printer.transport is Transport.NONE
        self.address.setEnabled(not none)
        self.address.setPlaceholderText(words(f"settings.address.{printer.transport.value}"))
        for button in (self.probe, self.test):
            button.setEnabled(not none and not screen.asking)
        self.paper.pick(str(printer.paper_mm))
        self.mode.pick(printer.mode.value)
        self.cut.pick("on" if printer.cut else "off")
        self.drawer.pick("on" if printer.open_drawer else "off")
        self.language.setCurrentIndex(self.language.findData(chosen.language))
        self.slip_language.setCurrentIndex(self.slip_language.findData(chosen.slip_language))
        self.theme.pick(chosen.theme)
        self._say(screen)

    def _say(self, screen: SettingsScreen) -> None:
        words = self._look.words
        if screen.asking:
            self.notice.say(words("settings.asking"), "look")
        elif screen.outcome is None:
            self.notice.say("")
        elif screen.outcome.state is PrintState.FAILED:
            self.notice.say(words(f"print.{screen.outcome.problem}"))
        else:
            ready = screen.outcome.state is PrintState.PRINTED
            self.notice.say(words("settings.ready" if ready else "settings.sent"), "done")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F5 asks, F6 prints a test, F7 goes on to the money, F2 keeps, Esc leaves."""
        keys = {
            Qt.Key.Key_F5: self.probe,
            Qt.Key.Key_F6: self.test,
            Qt.Key.Key_F7: self.rules,
            Qt.Key.Key_F2: self.keep,
            Qt.Key.Key_Escape: self.back,
        }
        button = keys.get(Qt.Key(event.key()))
        if button is None:
            super().keyPressEvent(event)
        elif button.isEnabled():
            button.click()
