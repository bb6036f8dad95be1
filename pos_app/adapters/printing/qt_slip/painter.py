"""The slip as a drawing: on the screen, on dots, as a picture and as a PDF the same marks."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QIODevice,
    QMarginsF,
    QPointF,
    QRect,
    QSizeF,
    Qt,
)
from PySide6.QtGui import QColor, QImage, QImageWriter, QPageLayout, QPageSize, QPainter, QPdfWriter

from pos_app.adapters.printing.paper import DOTS_PER_MM, paper
from pos_app.adapters.printing.pieces import Piece, pieces
from pos_app.adapters.printing.qt_slip.drawing import AreaMark, CodeMark, Drawing, WordsMark, draw
from pos_app.adapters.printing.qt_slip.fonts import application
from pos_app.application.slip.layout import Slip

_PDF_DPI = 1200
_MM_PER_INCH = 25.4
_MARGIN_MM = 5.0
_SHARP = Qt.ImageConversionFlag.MonoOnly | Qt.ImageConversionFlag.ThresholdDither


class SlipPainter:
    """Paints slips for one paper at any width; the lines break alike at every width.

    Needs a `QGuiApplication`. Use it on the GUI thread for widgets.
    """

    def __init__(
        self, paper_mm: int = 80, ink: QColor | None = None, ground: QColor | None = None
    ) -> None:
        """`ink` and `ground` are the colours of print and paper, black on white by default."""
        self._paper = paper(paper_mm)
        self._ink = ink or QColor(Qt.GlobalColor.black)
        self._ground = ground or QColor(Qt.GlobalColor.white)
        self._slip: Slip | None = None
        self._drawing = Drawing((), self._paper.dots, 0.0)

    def height(self, slip: Slip, width: float) -> float:
        """Return the height of `slip` when its print is `width` wide, in the same unit."""
        return self._lay_out(slip).height * width / self._paper.dots

    def paint(self, painter: QPainter, slip: Slip, width: float) -> float:
        """Paint `slip` from the painter's origin, `width` wide; return its height."""
        drawing = self._lay_out(slip)
        paint_drawing(painter, drawing, width, self._ink, self._ground)
        return drawing.height * width / self._paper.dots

    def _lay_out(self, slip: Slip) -> Drawing:
        if slip != self._slip:
            self._drawing = draw(pieces(slip), self._paper.dots, right_to_left=slip.right_to_left)
            self._slip = slip
        return self._drawing


def paint_drawing(
    painter: QPainter, drawing: Drawing, width: float, ink: QColor, ground: QColor
) -> None:
    """Paint the marks of `drawing` from the origin, `width` wide; leave the painter as it was."""
    scale = width / drawing.width
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.save()
    painter.scale(scale, scale)
    for mark in drawing.marks:
        if isinstance(mark, WordsMark):
            painter.setPen(ground if mark.inverted else ink)
            mark.words.layout.draw(painter, QPointF(0, 0))
            painter.setPen(Qt.PenStyle.NoPen)
        elif isinstance(mark, AreaMark):
            painter.setBrush(ink)
            if mark.round:
                painter.drawEllipse(mark.area)
            else:
                painter.fillRect(mark.area, ink)
    painter.restore()
    for mark in drawing.marks:
        if isinstance(mark, CodeMark):
            _paint_code(painter, mark, scale, ink)
    painter.restore()


def _paint_code(painter: QPainter, code: CodeMark, scale: float, ink: QColor) -> None:
    """Paint a QR code with modules of whole device units, so that their edges stay sharp."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    module = max(1, int(code.module * scale))
    side = module * len(code.rows)
    left = round(code.middle * scale - side / 2)
    top = round(code.top * scale + (code.module * scale * len(code.rows) - side) / 2)
    runs = [
        QRect(left + start * module, top + down * module, (end - start) * module, module)
        for down, row in enumerate(code.rows)
        for start, end in _runs(row)
    ]
    painter.setBrush(ink)
    painter.drawRects(runs)


def _runs(row: bytes) -> Iterator[tuple[int, int]]:
    """Return start and end of each run of dark modules."""
    end = 0
    while (start := row.find(1, end)) >= 0:
        end = row.find(0, start)
        end = len(row) if end < 0 else end
        yield start, end


def dots(parts: tuple[Piece, ...], width: int, *, right_to_left: bool) -> list[bytes]:
    """Return `parts` drawn `width` dots wide, as rows of packed bits, 1 is black."""
    application()
    drawing = draw(parts, width, right_to_left=right_to_left)
    image = _painted(drawing, width, round(drawing.height), 0)
    image.convertTo(QImage.Format.Format_Mono, _SHARP)  # bit 0 is white, bit 1 black
    bits, stride = bytes(image.constBits()), image.bytesPerLine()
    return [bits[at : at + width // 8] for at in range(0, stride * image.height(), stride)]


def _painted(drawing: Drawing, width: int, height: int, margin: int) -> QImage:
    image = QImage(width + 2 * margin, max(height, 1) + 2 * margin, QImage.Format.Format_Grayscale8)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.translate(margin, margin)
    black, white = QColor(Qt.GlobalColor.black), QColor(Qt.GlobalColor.white)
    paint_drawing(painter, drawing, width, black, white)
    painter.end()
    return image


def png(slip: Slip, paper_mm: int) -> bytes:
    """Return a PNG of `slip` on its paper at the printer's resolution (8 dots per mm)."""
    application()
    sheet = paper(paper_mm)
    drawing = draw(pieces(slip), sheet.dots, right_to_left=slip.right_to_left)
    margin = round(sheet.margin_mm * DOTS_PER_MM)
    image = _painted(drawing, sheet.dots, round(drawing.height), margin)
    image.setDotsPerMeterX(DOTS_PER_MM * 1000)
    image.setDotsPerMeterY(DOTS_PER_MM * 1000)
    image.setText("Title", slip.title)
    target = QByteArray()
    buffer = QBuffer(target)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"PNG")).write(image)
    return bytes(target.data())


def pdf(slip: Slip, paper_mm: int) -> bytes:
    """Return a PDF of `slip`: one page as wide as the paper and exactly as long as the slip."""
    application()
    sheet = paper(paper_mm)
    drawing = draw(pieces(slip), sheet.dots, right_to_left=slip.right_to_left)
    height_mm = drawing.height / DOTS_PER_MM + 2 * _MARGIN_MM
    target = QByteArray()
    buffer = QBuffer(target)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(_PDF_DPI)
    size = QPageSize(QSizeF(sheet.mm, height_mm), QPageSize.Unit.Millimeter)
    writer.setPageLayout(QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF()))
    writer.setTitle(slip.title)
    writer.setCreator("Tokentill")
    painter = QPainter(writer)
    unit = _PDF_DPI / _MM_PER_INCH
    painter.translate(sheet.margin_mm * unit, _MARGIN_MM * unit)
    black, white = QColor(Qt.GlobalColor.black), QColor(Qt.GlobalColor.white)
    paint_drawing(painter, drawing, sheet.dots / DOTS_PER_MM * unit, black, white)
    painter.end()
    return bytes(target.data())
