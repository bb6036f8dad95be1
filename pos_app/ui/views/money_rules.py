"""The shop's rules for money: three parts, a field a rule, all of one part in view."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from pos_app.application.shift_settings import ShiftOpening
from pos_app.application.tender_settings import tender_name, with_names
from pos_app.domain.money import Money
from pos_app.ui.look import Look
from pos_app.ui.presenters.money_rules import (
    LIMITS,
    Key,
    MoneyRulesPresenter,
    Part,
    RulesScreen,
)
from pos_app.ui.theme.sheet import restate
from pos_app.ui.widgets.buttons import KeyButton
from pos_app.ui.widgets.choice import ChoiceRow
from pos_app.ui.widgets.keycap import ESCAPE
from pos_app.ui.widgets.labels import label, sentence
from pos_app.ui.widgets.notice import Notice

COLUMNS = 2


class MoneyRulesPage(QWidget):
    """A supervisor's page behind the settings."""

    left = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._presenter: MoneyRulesPresenter | None = None
        tokens, words = look.tokens, look.words
        parts = tuple((part.value, words(f"rules.part.{part}")) for part in Part)
        self.parts = ChoiceRow(tokens, words("rules.title"), parts)
        self._codes: tuple[str, ...] = ()
        self._currencies: ChoiceRow | None = None
        self._top = QHBoxLayout()
        self._rows = QWidget()
        self._shape: tuple[object, ...] = ()
        self.fields: dict[Key, QLineEdit] = {}
        self.ways: dict[str, KeyButton] = {}
        openings = tuple((each.value, words(f"rules.opening.{each}")) for each in ShiftOpening)
        self.opening = ChoiceRow(tokens, words("rules.opening"), openings)
        self._opening_caption = label(words("rules.opening"), "quiet")
        self._body = sentence("quiet")
        self.notice = Notice(tokens)
        self.keep = KeyButton(tokens, words("settings.save"), "F2", "primary")
        self.back = KeyButton(tokens, words("rules.back"), ESCAPE, "plain")
        self._build()

    def _build(self) -> None:
        tokens = self._look.tokens
        page = QVBoxLayout(self)
        page.setContentsMargins(tokens.px(48), tokens.px(10), tokens.px(48), tokens.px(10))
        page.setSpacing(tokens.gap)
        page.addWidget(label(self._look.words("rules.title"), "big"))
        self._top.setSpacing(tokens.px(48))
        self._top.addWidget(self.parts, 3)
        page.addLayout(self._top)
        page.addSpacing(tokens.gap)
        page.addWidget(self._opening_caption)
        page.addWidget(self.opening)
        self._place = QVBoxLayout()
        self._place.addWidget(self._rows)
        page.addLayout(self._place)
        page.addWidget(self._body)
        page.addStretch(1)
        page.addWidget(self.notice)
        keys = QHBoxLayout()
        keys.setSpacing(tokens.gap)
        keys.addStretch(1)
        for button in (self.back, self.keep):
            button.setAutoDefault(True)
            keys.addWidget(button)
        page.addLayout(keys)

    def attach(self, presenter: MoneyRulesPresenter) -> None:
        """Bring the screen to life."""
        self._presenter = presenter
        self.parts.picked.connect(lambda code: presenter.show_part(Part(code)))
        self.opening.picked.connect(lambda code: presenter.choose_opening(ShiftOpening(code)))
        self.keep.clicked.connect(presenter.keep)
        self.back.clicked.connect(self.left)

    def showEvent(self, event: QShowEvent) -> None:
        """Start from what is in force."""
        super().showEvent(event)
        if self._presenter is not None:
            self._presenter.begin()
        self.parts.buttons[Part.LIMITS].setFocus(Qt.FocusReason.OtherFocusReason)

    def show_screen(self, screen: RulesScreen) -> None:
        """Draw the part that is open."""
        self._show_currencies(screen)
        self.parts.pick(screen.part)
        self.opening.pick(screen.opening)
        openings = (self._opening_caption, self.opening)
        if screen.part is not Part.EARNING:  # never both at once: the window would grow for them
            for part in openings:
                part.hide()
        self._lay(screen)
        for part in openings:
            part.setVisible(screen.part is Part.EARNING)
        for key, entry in self.fields.items():
            text = screen.typed.get(key, "")
            if entry.text() != text:
                entry.setText(text)
            wrong = key == screen.wrong
            restate(entry, state="stop" if wrong else "")
            if wrong:
                entry.setFocus(Qt.FocusReason.OtherFocusReason)
                entry.selectAll()
        for code, button in self.ways.items():
            button.setChecked(code in screen.taken)
        self._say(screen)

    def _say(self, screen: RulesScreen) -> None:
        words, currency = self._look.words, screen.currency
        self._body.setVisible(screen.problem is None and not screen.kept)
        coin = ""
        if currency is not None:
            coin = self._look.figures.coded(Money(currency.smallest_coin, currency))
        self._body.setText(words(f"rules.body.{screen.part}", coin=coin))
        if screen.wrong is not None:
            typed = screen.typed.get(screen.wrong, "")
            key = "rules.no-percent" if screen.part is Part.EARNING else "rules.no-amount"
            self.notice.say(words(key, typed=typed))
        elif screen.problem is not None:
            self.notice.say(self._look.say(screen.problem))
        else:
            self.notice.say(words("rules.kept") if screen.kept else "", "done")

    def _show_currencies(self, screen: RulesScreen) -> None:
        codes = tuple(each.code for each in screen.about.currencies)
        if codes != self._codes:
            self._codes = codes
            names = tuple((code, code) for code in codes)
            self._currencies = ChoiceRow(
                self._look.tokens, self._look.words("rules.currency"), names
            )
            if self._presenter is not None:
                self._currencies.picked.connect(self._presenter.show_currency)
            self._top.addWidget(self._currencies, 2)
        if self._currencies is not None and screen.currency is not None:
            self._currencies.pick(screen.currency.code)
            several = len(codes) > 1 and screen.part is not Part.EARNING
            self._currencies.setVisible(several)

    def _lay(self, screen: RulesScreen) -> None:
        """Make the fields of this part and currency, once for each."""
        currency, kinds = screen.currency, tuple(kind.code for kind in screen.kinds)
        shape = (screen.part, screen.at, self._codes, kinds)
        if shape == self._shape:
            return
        self._shape = shape
        self.fields, self.ways = {}, {}
        rows = QWidget()
        grid = QGridLayout(rows)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(self._look.tokens.px(16))
        grid.setVerticalSpacing(self._look.tokens.gap)
        cells = self._cells(screen, currency.code if currency else "")
        for at, (caption, key) in enumerate(cells):
            column = 3 * (at % COLUMNS)
            grid.addWidget(caption, at // COLUMNS, column)
            grid.addWidget(self._field(key, caption), at // COLUMNS, column + 1)
        for column in (0, 3):
            grid.setColumnStretch(column, 3)
            grid.setColumnStretch(column + 1, 2)
        grid.setColumnMinimumWidth(2, self._look.tokens.gutter)
        self._place.replaceWidget(self._rows, rows)
        self._rows.deleteLater()
        self._rows = rows

    def _cells(self, screen: RulesScreen, code: str) -> list[tuple[QWidget, Key]]:
        words = self._look.words
        if screen.part is Part.LIMITS:
            return [(label(words(f"rules.{rule}"), "body"), (rule, code)) for rule in LIMITS]
        if screen.part is Part.EARNING:
            return [
                (label(words("rules.commission", name=name), "body"), ("commission", utility))
                for utility, name in screen.about.utilities
            ]
        named = with_names(words, screen.kinds)
        cells: list[tuple[QWidget, Key]] = []
        for kind in screen.kinds:
            way = KeyButton(self._look.tokens, tender_name(named, kind.code), kind="choice")
            way.setCheckable(True)
            way.clicked.connect(lambda _=False, at=kind.code: self._toggled(at))
            self.ways[kind.code] = way
            cells.append((way, (kind.code, code)))
        return cells

    def _toggled(self, code: str) -> None:
        if self._presenter is not None:
            self._presenter.toggle(code)

    def _field(self, key: Key, caption: QWidget) -> QLineEdit:
        words, rule = self._look.words, key[0]
        entry = QLineEdit()
        named = caption.text() if isinstance(caption, KeyButton) else ""
        entry.setAccessibleName(
            f"{named} {words('rules.limit')}".strip() if named else words(_caption(rule), name="")
        )
        entry.setAlignment(Qt.AlignmentFlag.AlignTrailing)
        nothing = {"commission": "rules.nothing", "wallet": "rules.no-wallet"}
        entry.setPlaceholderText(words(nothing.get(rule, "rules.no-limit")))
        presenter = self._presenter
        if presenter is not None:
            entry.textEdited.connect(lambda text: presenter.type(key, text))
        self.fields[key] = entry
        return entry

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F2 keeps, Esc leaves."""
        button = {Qt.Key.Key_F2: self.keep, Qt.Key.Key_Escape: self.back}.get(Qt.Key(event.key()))
        if button is None:
            super().keyPressEvent(event)
        else:
            button.click()


def _caption(rule: str) -> str:
    return f"rules.{rule}"
