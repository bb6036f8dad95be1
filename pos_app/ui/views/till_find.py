"""Below the search field: nothing yet, customers found, or nobody found."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QListView, QVBoxLayout, QWidget

from pos_app.ui.look import Look
from pos_app.ui.models.hits import HitDelegate, HitsModel
from pos_app.ui.presenters.till_screen import TillScreen
from pos_app.ui.theme.tokens import Tokens
from pos_app.ui.widgets.keycap import ENTER, cap_width, paint_cap
from pos_app.ui.widgets.labels import label, rule, sentence
from pos_app.ui.widgets.notice import Notice

SEARCH_LIMIT = 20


class KeyCap(QWidget):
    """A key, drawn alone beside the words of what it does."""

    def __init__(self, tokens: Tokens, key: str) -> None:
        super().__init__()
        self._tokens = tokens
        self._key = key

    def sizeHint(self) -> QSize:
        """Return the size of the drawn key."""
        return QSize(cap_width(self._key, self.font(), self._tokens), self._tokens.px(24))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the key."""
        painter = QPainter(self)
        colour = QColor(self._tokens.palette.quiet).name()
        paint_cap(painter, QRectF(self.rect()), self._key, colour, self._tokens)
        painter.end()


class IdlePanel(QWidget):
    """The till at rest: one sentence, and the keys worth knowing."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        tokens, words = look.tokens, look.words
        column = QVBoxLayout(self)
        column.setContentsMargins(0, tokens.px(24), 0, 0)
        column.setSpacing(tokens.gap)
        column.addWidget(label(words("till.idle.title"), "big"))
        body = sentence("quiet")
        body.setText(words("till.idle.body"))
        column.addWidget(body)
        column.addSpacing(tokens.px(18))
        column.addWidget(rule())
        column.addSpacing(tokens.px(16))
        grid = QGridLayout()
        grid.setHorizontalSpacing(tokens.px(16))
        grid.setVerticalSpacing(tokens.px(8))
        keys = ("⏎", "Esc", "u", "d", "*", "F2", "F3", "F4", "F11")
        for row, key in enumerate(keys):
            cap = KeyCap(tokens, ENTER if key == "⏎" else key)
            edge = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
            grid.addWidget(cap, row, 0, edge)
            grid.addWidget(label(words(f"till.idle.key.{key.lower()}"), "quiet"), row, 1)
        grid.setColumnStretch(1, 1)
        column.addLayout(grid)
        column.addStretch(1)


class HitsPanel(QWidget):
    """The customers found; the caret stays in the search field."""

    chosen = Signal(int)  # row that was clicked

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        tokens = look.tokens
        self._model = HitsModel()
        self._count = label("", "caption")
        self._keys = label(look.words("till.hits.keys"), "caption")
        self.rows = QListView()
        self.rows.setModel(self._model)
        self.rows.setItemDelegate(HitDelegate(look))
        self.rows.setAccessibleName(look.words("till.hits"))
        self.rows.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.rows.setFrameShape(QFrame.Shape.NoFrame)
        self.rows.setUniformItemSizes(True)
        self.rows.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.rows.clicked.connect(lambda index: self.chosen.emit(index.row()))
        self._none = Notice(tokens)
        head = QHBoxLayout()
        head.addWidget(self._count)
        head.addStretch(1)
        head.addWidget(self._keys)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, tokens.px(12), 0, 0)
        column.setSpacing(tokens.px(6))
        column.addLayout(head)
        column.addWidget(self.rows, 1)
        column.addWidget(self._none)
        column.addStretch(0)

    def show_screen(self, screen: TillScreen) -> None:
        """Show the hits, or why there are none."""
        words, hits = self._look.words, screen.hits
        if hits is not None:
            self._model.show_hits(hits)
            self._show_count(len(hits))
            self.rows.setCurrentIndex(self._model.index(screen.chosen))
        self._say(screen)
        nobody = self._none.isVisibleTo(self)
        self.rows.setVisible(not nobody)
        self._keys.setVisible(bool(hits) and not nobody)
        self._count.setVisible(bool(hits) and not nobody)
        self._none.setAccessibleName(words("till.hits"))

    def _show_count(self, count: int) -> None:
        key = "till.hits.first" if count >= SEARCH_LIMIT else "till.hits.count"
        self._count.setText(self._look.words(key, n=count))

    def _say(self, screen: TillScreen) -> None:
        words = self._look.words
        if screen.problem is not None:
            self._none.say(self._look.say(screen.problem))
        elif screen.hits == ():
            self._none.say(words("till.none", text=screen.find.strip()), "look")
        else:
            self._none.say("")
