"""Slips drawn with Qt: on dots for printers, as PNG and PDF, and live on the till's screen."""

from pos_app.adapters.printing.qt_slip.painter import SlipPainter, dots, pdf, png

__all__ = ["SlipPainter", "dots", "pdf", "png"]
