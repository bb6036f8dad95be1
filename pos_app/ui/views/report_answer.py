"""The answer of a report: the finding, the plot or the notes, the table."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from pos_app.application.reports.report import Report
from pos_app.ui.look import Look
from pos_app.ui.presenters.report_screen import ReportsScreen
from pos_app.ui.views.report_list import ReportList
from pos_app.ui.widgets.labels import ElidedLabel, sentence
from pos_app.ui.widgets.plot_view import PlotPainter, PlotView

_PLOTS, _NOTES, _NOTHING = "plots", "notes", "nothing"
_SHARE = 0.34
_LEAST, _PLOT_MOST = 132, 240
_BAR_ROW, _CAPTION = 30, 26
_NOTE = 40


class ReportAnswer(QWidget):
    """One key turns from the plot to the notes and to more rows."""

    def __init__(self, look: Look, painter: PlotPainter) -> None:
        super().__init__()
        self._look = look
        self._report: Report | None = None
        self._face = _NOTHING
        self.finding = sentence("big")
        self.about = ElidedLabel("caption")
        self.plots = PlotView(look.tokens, painter)
        self.note = sentence("quiet")
        self.note.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeading)
        self.notes = QScrollArea()
        self.notes.setWidgetResizable(True)
        self.notes.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.notes.setWidget(self.note)
        self.rows = ReportList(look)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.tokens.px(4))
        column.addWidget(self.finding)
        column.addWidget(self.about)
        column.addWidget(self.plots)
        column.addWidget(self.notes)
        column.addWidget(self.rows, 1)
        column.addStretch(0)  # takes the room of a table that is not there

    def faces(self) -> tuple[str, ...]:
        """Return what can stand above the table, in the order of turning."""
        if self._report is None:
            return (_NOTHING,)
        plots, notes = self._report.plots, self._report.notes
        found = (_PLOTS,) * bool(plots) + (_NOTES,) * bool(notes)
        return (*found, _NOTHING) if self._report.rows else found or (_NOTHING,)

    def turn(self) -> None:
        """Go on from the plot to the notes, to more rows, to the plot again."""
        faces = self.faces()
        self._face = faces[(faces.index(self._face) + 1) % len(faces)]
        self._arrange()

    def show_screen(self, screen: ReportsScreen) -> None:
        """Draw the report; the same one keeps its place in the table."""
        report = screen.report
        if report is self._report:
            return
        same = report is not None and report.heading.name == self._name()
        self._report = report
        if not same or self._face not in self.faces():
            self._face = self.faces()[0]
        self.finding.setText(report.title if report else "")
        head = report.heading if report else None
        parts = (head.kind, head.period, head.shop, head.till, head.made) if head else ()
        self.about.set_whole(" · ".join(parts))
        self.plots.show_plots(report.plots if report else ())
        self.note.setText("\n".join(report.notes) if report else "")
        self.rows.show_report(report, screen.head, screen.sort)
        self.rows.setVisible(report is not None and bool(report.rows))
        self._arrange()

    def _name(self) -> str:
        return self._report.heading.name if self._report else ""

    def _arrange(self) -> None:
        plots = self._report.plots if self._report else ()
        self.plots.setVisible(self._face == _PLOTS)
        self.notes.setVisible(self._face == _NOTES)
        tokens = self._look.tokens
        room = max(round(self.height() * _SHARE), tokens.px(_LEAST))
        height = min(room, tokens.px(_PLOT_MOST))
        if plots and not plots[0].standing:
            height = min(height, tokens.px(_CAPTION + _BAR_ROW * len(plots[0].bars)))
        self.plots.wish(height)
        self.note.ensurePolished()
        wanted = max(self.note.heightForWidth(max(self.width() - tokens.px(12), 1)), 0)
        alone = self._report is not None and not self._report.rows
        height = wanted if alone else min(wanted, room)
        self.notes.setMinimumHeight(min(height, tokens.px(_NOTE)) if alone else height)
        self.notes.setMaximumHeight(height)
        self._column.setStretchFactor(self.notes, int(alone))

    def hasHeightForWidth(self) -> bool:
        """Take the height there is: else every wrapped line would make the window grow."""
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new height out."""
        super().resizeEvent(event)
        self._arrange()
