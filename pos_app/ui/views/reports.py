"""Reports: which one and of which days at the start, the answer beside it."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from pos_app.application.reports.report import Row
from pos_app.application.reports.rows import LongRows
from pos_app.ui.look import Look
from pos_app.ui.presenters.report_screen import FILES, ReportsScreen, Span
from pos_app.ui.presenters.reports import ReportsPresenter
from pos_app.ui.views.report_answer import ReportAnswer
from pos_app.ui.widgets.buttons import KeyButton
from pos_app.ui.widgets.choice import ChoiceRow
from pos_app.ui.widgets.keycap import ENTER, ESCAPE
from pos_app.ui.widgets.labels import label
from pos_app.ui.widgets.notice import Notice
from pos_app.ui.widgets.plot_view import PlotPainter

SLOW_MS, TICK_MS = 300, 200
_FILE_KEYS = (Qt.Key.Key_F5, Qt.Key.Key_F6, Qt.Key.Key_F7)


class _Names(QListWidget):
    """The names of reports; what is typed here belongs to the field beside it."""

    typed = Signal(str)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep the arrows, pass on the rest."""
        if event.text().isprintable() and event.text():
            self.typed.emit(event.text())
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.typed.emit("")
        else:
            super().keyPressEvent(event)


class ReportsPage(QWidget):
    """Up and down choose the report, left and right its days, Tab goes to the table."""

    left = Signal()

    def __init__(self, look: Look, painter: PlotPainter, *, saves: bool) -> None:
        """Build the page; `saves` tells whether this operator may make files."""
        super().__init__()
        self._look, self._saves = look, saves
        self._presenter: ReportsPresenter | None = None
        self._names: tuple[str, ...] = ()
        self._captions: dict[QLineEdit, QLabel] = {}
        tokens, words = look.tokens, look.words
        self.names = _Names()
        self.names.setObjectName("reports")
        self.names.setAccessibleName(words("reports.title"))
        self.names.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        spans = tuple((span.value, words(f"reports.span.{span.value}")) for span in Span)
        self.spans = ChoiceRow(tokens, words("reports.days"), spans)
        self.ask = KeyButton(tokens, words("reports.ask"), ENTER, "primary")
        self.meter = self._field("reports.meter", "reports.meter.example")
        self.first = self._field("reports.first", "reports.day.example")
        self.last = self._field("reports.last", "reports.day.example")
        self.answer = ReportAnswer(look, painter)
        self.notice = Notice(tokens)
        # A long path guesses its height badly before it has a width; it must not claim it.
        self.notice.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        keys = ("F5", "F6", "F7")
        self.files = [
            KeyButton(tokens, words(f"reports.save.{kind}"), key)
            for kind, key in zip(FILES, keys, strict=True)
        ]
        self.open = KeyButton(tokens, words("reports.open"), "F8")
        self.order = KeyButton(tokens, words("reports.sort"), "F4")
        self.turn = KeyButton(tokens, words("reports.turn"), "F1")
        self.back = KeyButton(tokens, words("reports.back"), ESCAPE)
        self._slow, self._ticks = QTimer(self), QTimer(self)
        self._slow.setSingleShot(True)
        self._slow.setInterval(SLOW_MS)
        self._ticks.setInterval(TICK_MS)
        self._build()

    def _field(self, name: str, example: str) -> QLineEdit:
        words, field = self._look.words, QLineEdit()
        field.setAccessibleName(words(name))
        field.setPlaceholderText(words(example))
        field.returnPressed.connect(self.ask.click)
        return field

    def _build(self) -> None:
        tokens, words = self._look.tokens, self._look.words
        start = QVBoxLayout()
        start.setContentsMargins(tokens.px(16), tokens.px(12), tokens.px(4), tokens.px(12))
        start.setSpacing(tokens.gap)
        start.addWidget(label(words("reports.title"), "big"))
        start.addWidget(self.names, 1)
        start.addWidget(label(words("reports.keys"), "caption"))
        side = QWidget()
        side.setFixedWidth(tokens.px(212))
        side.setLayout(start)
        end = QVBoxLayout()
        end.setContentsMargins(tokens.px(16), tokens.px(12), tokens.gutter, tokens.px(12))
        end.setSpacing(tokens.gap)
        end.addWidget(self.spans)
        end.addLayout(self._question())
        end.addWidget(self.answer, 1)
        end.addWidget(self.notice)
        end.addLayout(self._keys())
        halves = QHBoxLayout(self)
        halves.setContentsMargins(0, 0, 0, 0)
        halves.setSpacing(0)
        halves.addWidget(side)
        halves.addLayout(end, 1)

    def _question(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(self._look.tokens.gap)
        for field in (self.meter, self.first, self.last):
            caption = self._captions[field] = label(field.accessibleName(), "quiet")
            caption.setBuddy(field)
            row.addWidget(caption)
            row.addWidget(field, 1)
        row.addWidget(self.ask)
        return row

    def _keys(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(self._look.tokens.gap)
        for button in self.files:
            row.addWidget(button)
            if not self._saves:  # a button without a window must not be shown either
                button.hide()
        row.addWidget(self.open)
        self.open.hide()
        row.addStretch(1)
        for button in (self.turn, self.order, self.back):
            row.addWidget(button)
        for button in (*self.files, self.open, self.turn, self.order, self.back):
            button.setAutoDefault(True)
        return row

    @property
    def presenter(self) -> ReportsPresenter | None:
        """Who answers, None before the page was brought to life."""
        return self._presenter

    def attach(self, presenter: ReportsPresenter) -> None:
        """Bring the screen to life."""
        self._presenter = presenter
        self._names = presenter.screen.names
        for name in self._names:
            self.names.addItem(self._look.words(f"report.kind.{name}"))
        self.names.typed.connect(self._type)
        self.names.currentRowChanged.connect(self._choose)
        self.spans.picked.connect(lambda code: presenter.pick(Span(code)))
        self.meter.textEdited.connect(presenter.typed_meter)
        for field in (self.first, self.last):
            field.textEdited.connect(lambda _: presenter.typed(self.first.text(), self.last.text()))
        self.ask.clicked.connect(presenter.ask)
        self.answer.rows.wanted.connect(presenter.want)
        self.answer.rows.sort_wanted.connect(presenter.sort)
        self.order.clicked.connect(self.answer.rows.sort_here)
        self.turn.clicked.connect(self.answer.turn)
        for kind, button in zip(FILES, self.files, strict=True):
            button.clicked.connect(lambda _=False, chosen=kind: presenter.save(chosen))
        self.open.clicked.connect(lambda: self._open(presenter.screen.saved))
        self.back.clicked.connect(self._back)
        self._slow.timeout.connect(lambda: self._say(presenter.screen, slow=True))
        self._ticks.timeout.connect(presenter.tick)
        self.show_screen(presenter.screen)

    def _choose(self, row: int) -> None:
        if self._presenter is not None and row >= 0:
            self._presenter.choose(self._names[row])

    def _type(self, text: str) -> None:
        """Go on in the field that waits for something."""
        for field in (self.meter, self.first):
            if field.isVisible():
                if not field.hasFocus():
                    field.setFocus(Qt.FocusReason.OtherFocusReason)
                    field.selectAll()
                if text:
                    field.insert(text)
                    field.textEdited.emit(field.text())
                return

    def showEvent(self, event: QShowEvent) -> None:
        """Ask anew whenever the page is opened."""
        super().showEvent(event)
        self.names.setFocus(Qt.FocusReason.OtherFocusReason)
        if self._presenter is not None:
            self._presenter.begin()

    def show_screen(self, screen: ReportsScreen) -> None:
        """Draw what was asked and what was answered."""
        self._show_question(screen)
        self.answer.show_screen(screen)
        held = screen.report is not None and bool(screen.report.rows)
        for button in self.files:
            button.setEnabled(held and not screen.saving)
        self.open.setVisible(bool(screen.saved))
        self.order.setEnabled(held)
        self.turn.setEnabled(len(self.answer.faces()) > 1)
        for timer, wanted in ((self._slow, screen.working), (self._ticks, bool(screen.saving))):
            if not wanted:
                timer.stop()
            elif not timer.isActive():
                timer.start()
        self._say(screen, slow=False)

    def _show_question(self, screen: ReportsScreen) -> None:
        self.names.setCurrentRow(screen.names.index(screen.chosen))
        self.spans.pick(screen.span.value)
        for code, button in self.spans.buttons.items():
            button.setVisible(Span(code) in screen.spans)
        days = screen.span is Span.TYPED
        for field, wanted in (
            (self.meter, screen.asks_meter),
            (self.first, days),
            (self.last, days),
        ):
            field.setVisible(wanted)
            self._captions[field].setVisible(wanted)
        for field, text in ((self.first, screen.first), (self.last, screen.last)):
            if field.text() != text:
                field.setText(text)
        self.ask.setVisible(days or screen.asks_meter)

    def show_page(self, rows: LongRows, first: int, page: tuple[Row, ...]) -> None:
        """Put rows of a long list into their places."""
        self.answer.rows.model.put(rows, first, page)

    def _say(self, screen: ReportsScreen, *, slow: bool) -> None:
        words, number = self._look.words, self._look.figures.number
        if screen.problem is not None:
            self.notice.say(self._look.say(screen.problem))
        elif screen.saving:
            kind = words(f"reports.save.{screen.saving}")
            done = {"done": number(screen.done), "of": number(screen.of)}
            self.notice.say(words("reports.saving", kind=kind, **done), "look", aloud=False)
        elif screen.saved:
            self.notice.say(words("reports.saved", path=screen.saved), "done")
        elif slow and screen.working:
            self.notice.say(words("reports.working"), "look")
        elif screen.asks_meter and screen.report is None and not screen.working:
            self.notice.say(words("reports.which-meter"), "look")
        elif not screen.working:
            self.notice.say("")

    def _open(self, path: str) -> None:
        """Hand the file to the program that shows such files, which can print it too."""
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(path)):
            self.notice.say(self._look.words("reports.no-program", path=path), "look")

    def _back(self) -> None:
        if self._presenter is not None and not self._presenter.back():
            self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F5 to F7 make files, F8 opens the last, F4 sorts, F1 turns, Esc stops or leaves."""
        key = Qt.Key(event.key())
        buttons = dict(zip(_FILE_KEYS, self.files, strict=True))
        buttons |= {Qt.Key.Key_F4: self.order, Qt.Key.Key_F1: self.turn, Qt.Key.Key_F8: self.open}
        if key in buttons:
            if buttons[key].isEnabled() and buttons[key].isVisible():
                buttons[key].click()
        elif key in {Qt.Key.Key_Escape, Qt.Key.Key_F10}:
            self._back()
        elif key in {Qt.Key.Key_Left, Qt.Key.Key_Right}:
            self._step(key)
        else:
            super().keyPressEvent(event)

    def _step(self, key: Qt.Key) -> None:
        """Go to the days beside these, in the direction of the arrow on the screen."""
        if self._presenter is None:
            return
        spans = self._presenter.screen.spans
        forward = (key == Qt.Key.Key_Right) is not self.isRightToLeft()
        at = spans.index(self._presenter.screen.span) + (1 if forward else -1)
        if 0 <= at < len(spans):
            self._presenter.pick(spans[at])
