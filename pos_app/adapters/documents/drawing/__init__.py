"""Reports drawn with Qt: the same marks on the screen and on A4."""

from pos_app.adapters.documents.drawing.ink import Ink
from pos_app.adapters.documents.drawing.pages import save_pdf
from pos_app.adapters.documents.drawing.plots import PlotPainter, paint_plot, plot_height
from pos_app.adapters.documents.drawing.sheet import ReportPainter

__all__ = ["Ink", "PlotPainter", "ReportPainter", "paint_plot", "plot_height", "save_pdf"]
