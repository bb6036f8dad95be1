"""One style sheet from the tokens; widgets name their `role`, `kind` and `state`."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from pos_app.ui.theme.tokens import Tokens


def restate(widget: QWidget, **properties: str | bool) -> None:
    """Set dynamic properties and let the sheet draw the widget anew, if one changed."""
    changed = False
    for name, value in properties.items():
        if widget.property(name) != value:
            widget.setProperty(name, value)
            changed = True
    if changed:
        widget.style().unpolish(widget)
        widget.style().polish(widget)
        widget.update()


def style_sheet(tokens: Tokens) -> str:
    """Return the sheet of every screen."""
    return "\n".join(
        (
            _ground(tokens),
            _type(tokens),
            _fields(tokens),
            _buttons(tokens),
            _lists(tokens),
            _meters(tokens),
        )
    )


def _ground(t: Tokens) -> str:
    p = t.palette
    return f"""
* {{ color: {p.ink}; font-size: {t.body}px; }}
QWidget#window, QWidget#ground {{ background: {p.ground}; }}
QWidget#header {{ background: {p.surface}; border-bottom: 1px solid {p.line}; }}
QWidget#header[training="true"] {{ border-bottom: 3px solid {p.training}; }}
QWidget#engineering {{ border-left: {t.px(6)}px solid {p.engineering}; }}
QWidget#footer {{ background: {p.surface}; border-top: 1px solid {p.line}; }}
QWidget#desk {{ background: {p.desk}; border-left: 1px solid {p.line}; }}
QFrame[role="rule"] {{ background: {p.line}; border: none; max-height: 1px; min-height: 1px; }}
QFrame#card {{ background: {p.surface}; border: 1px solid {p.line}; border-radius: {t.gap}px; }}
QFrame[role="notice"] {{ border: none; border-radius: {t.gap}px; }}
QFrame[role="notice"][state="stop"] {{ background: {p.stop_wash}; }}
QFrame[role="notice"][state="look"] {{ background: {p.look_wash}; }}
QFrame[role="notice"][state="done"] {{ background: {p.done_wash}; }}
QScrollArea, QScrollArea > QWidget > QWidget {{ background: transparent; border: none; }}
QToolTip {{ background: {p.surface}; color: {p.ink}; border: 1px solid {p.edge}; }}
"""


def _type(t: Tokens) -> str:
    p = t.palette
    return f"""
QLabel {{ background: transparent; }}
QLabel[role="caption"] {{ font-size: {t.caption}px; color: {p.quiet}; }}
QLabel[role="quiet"] {{ color: {p.quiet}; }}
QLabel[role="fact"] {{ font-weight: 600; }}
QLabel[role="brand"] {{ font-weight: 600; color: {p.accent}; }}
QLabel[role="big"] {{ font-size: {t.big}px; font-weight: 600; }}
QLabel[role="big-quiet"] {{ font-size: {t.big}px; font-weight: 400; color: {p.quiet}; }}
QLabel[role="huge"] {{ font-size: {t.huge}px; font-weight: 600; }}
QLabel[role="next"] {{ font-weight: 600; color: {p.accent}; }}
QLabel[state="faint"] {{ color: {p.faint}; }}
QLabel[state="stop"] {{ color: {p.stop}; }}
QLabel[state="look"] {{ color: {p.look}; }}
QLabel[state="done"] {{ color: {p.done}; }}
QLabel[role="badge"] {{ font-size: {t.caption}px; color: {p.quiet}; border: 1px solid {p.line};
  border-radius: {t.px(10)}px; padding: {t.px(2)}px {t.px(10)}px; background: {p.surface}; }}
QLabel[role="badge"][state="stop"] {{ color: {p.stop}; border-color: {p.stop}; font-weight: 600; }}
QLabel[role="badge"][state="look"] {{ color: {p.look}; border-color: {p.look}; }}
QLabel[role="badge"][state="done"] {{ color: {p.done}; border-color: {p.done}; }}
QLabel[role="engineering"] {{ color: {p.ink}; font-weight: 600; font-size: {t.caption}px;
  border: 1px solid {p.engineering}; border-left: {t.px(6)}px solid {p.engineering};
  border-radius: {t.px(4)}px; padding: {t.px(2)}px {t.px(10)}px; }}
QLabel[role="training"] {{ background: {p.training}; color: {p.on_training}; font-weight: 600;
  font-size: {t.caption}px; border-radius: {t.px(4)}px; padding: {t.px(3)}px {t.px(16)}px; }}
"""


def _fields(t: Tokens) -> str:
    p = t.palette
    return f"""
QLineEdit {{ background: {p.surface}; border: 1px solid {p.edge}; border-radius: {t.gap}px;
  padding: 1px {t.px(13)}px; selection-background-color: {p.accent};
  selection-color: {p.on_accent}; min-height: {t.target - 4}px;
  placeholder-text-color: {p.faint}; }}
QLineEdit:focus {{ border: 2px solid {p.accent}; padding: 0px {t.px(12)}px; }}
QLineEdit:disabled {{ background: transparent; border-color: {p.line}; color: {p.faint}; }}
QLineEdit[role="big"] {{ font-size: {t.big}px; font-weight: 600; min-height: {t.key - 4}px; }}
QLineEdit[role="pieces"] {{ font-size: {t.big}px; font-weight: 600; }}
QLineEdit[role="big"][light="true"] {{ font-weight: 400; }}
QLineEdit[state="stop"] {{ border-color: {p.stop}; selection-background-color: {p.stop};
  selection-color: {p.surface}; }}
QComboBox {{ background: {p.surface}; border: 1px solid {p.edge}; border-radius: {t.gap}px;
  padding: 1px {t.px(13)}px; min-height: {t.target - 4}px; }}
QComboBox:focus {{ border: 2px solid {p.accent}; padding: 0px {t.px(12)}px; }}
QComboBox {{ combobox-popup: 0; }}
QComboBox::drop-down {{ border: none; width: {t.px(32)}px; }}
QComboBox QAbstractItemView {{ background: {p.surface}; border: 1px solid {p.edge};
  selection-background-color: {p.wash}; selection-color: {p.ink}; outline: none; }}
QComboBox QAbstractItemView::item {{ min-height: {t.target}px; padding: 0 {t.px(13)}px; }}
QComboBox QAbstractItemView::item:selected {{ background: {p.wash}; color: {p.ink}; }}
"""


def _buttons(t: Tokens) -> str:
    p = t.palette
    return f"""
QPushButton {{ background: {p.raised}; border: 1px solid {p.edge}; border-radius: {t.gap}px;
  padding: 1px {t.px(13)}px; min-height: {t.target - 4}px; }}
QPushButton:hover {{ background: {p.pressed}; }}
QPushButton:pressed {{ background: {p.pressed}; }}
QPushButton:focus {{ border: 2px solid {p.accent}; padding: 0px {t.px(12)}px; }}
QPushButton:disabled {{ background: transparent; border-color: {p.line}; }}
QPushButton[kind="primary"] {{ background: {p.accent}; border-color: {p.accent}; }}
QPushButton[kind="primary"]:focus {{ border: 2px solid {p.ink}; }}
QPushButton[kind="primary"]:disabled {{ background: transparent; border-color: {p.line}; }}
QPushButton[kind="plain"] {{ background: transparent; border-color: transparent; }}
QPushButton[kind="plain"]:hover {{ background: {p.pressed}; }}
QPushButton[kind="plain"]:focus {{ border: 2px solid {p.accent}; }}
QPushButton[kind="note"], QPushButton[kind="pad"] {{ min-height: {t.key - 4}px; }}
QPushButton[kind="primary"][tall="true"] {{ min-height: {t.key - 4}px; }}
QPushButton[kind="tile"]:checked, QPushButton[kind="choice"]:checked {{ background: {p.wash}; }}
QPushButton[kind="tile"][current="true"] {{ border: 2px solid {p.accent};
  padding: 0px {t.px(12)}px; }}
QFrame#pin {{ background: {p.surface}; border: 1px solid {p.edge}; border-radius: {t.gap}px; }}
QFrame#pin[state="focus"] {{ border: 2px solid {p.accent}; }}
"""


def _lists(t: Tokens) -> str:
    p = t.palette
    return f"""
QAbstractItemView {{ background: transparent; border: none; outline: none;
  selection-background-color: {p.wash}; selection-color: {p.ink}; }}
QHeaderView {{ background: transparent; border: none; }}
QHeaderView::section {{ background: transparent; border: none;
  border-bottom: 1px solid {p.edge}; font-size: {t.caption}px; color: {p.quiet};
  padding: {t.px(6)}px {t.gap + 3}px; }}
QTableView::item {{ border-bottom: 1px solid {p.line}; padding: 0 {t.gap}px; }}
QListWidget#reports::item {{ min-height: {t.px(34)}px; padding: 0 {t.px(10)}px;
  border: 2px solid transparent; border-radius: {t.px(6)}px; }}
QListWidget#reports::item:selected {{ background: {p.wash}; color: {p.ink}; }}
QListWidget#reports::item:focus {{ border-color: {p.accent}; }}
QTableView#report::item {{ padding: 0 {t.px(10)}px; }}
QTableView#report::item:focus {{ border: 2px solid {p.accent}; padding: 0 {t.px(8)}px; }}
QTableView#report QHeaderView::section {{ padding: {t.px(6)}px {t.px(10) + 3}px; }}
QTableView#report::corner, QAbstractScrollArea::corner {{ background: transparent; border: none; }}
QTableView#report QScrollBar:horizontal {{ background: transparent; height: {t.px(10)}px; }}
QTableView {{ gridline-color: transparent; }}
QScrollBar:vertical {{ background: transparent; width: {t.px(10)}px; margin: 0; }}
QScrollBar::handle:vertical {{ background: {p.edge}; border-radius: {t.px(4)}px;
  min-height: {t.px(32)}px; margin: 1px; }}
QScrollBar::handle:horizontal {{ background: {p.edge}; border-radius: {t.px(4)}px;
  min-width: {t.px(32)}px; margin: 1px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; width: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QScrollBar:horizontal {{ height: 0; }}
"""


def _meters(t: Tokens) -> str:
    p = t.palette
    return f"""
QFrame#meter {{ background: {p.surface}; border: 1px solid {p.line}; border-radius: {t.gap}px; }}
QFrame#meter[chosen="true"] {{ border: 2px solid {p.accent}; }}
QFrame#lcd {{ background: {p.done_wash}; border: 1px solid {p.line}; border-radius: {t.px(4)}px; }}
QFrame#lcd[dark="true"] {{ background: {p.desk}; }}
QSlider::groove:horizontal {{ background: {p.line}; height: {t.px(4)}px;
  border-radius: {t.px(2)}px; }}
QSlider::sub-page:horizontal {{ background: {p.accent}; height: {t.px(4)}px;
  border-radius: {t.px(2)}px; }}
QSlider::handle:horizontal {{ background: {p.surface}; border: 2px solid {p.accent};
  width: {t.px(18)}px; margin: -{t.px(8)}px 0; border-radius: {t.px(10)}px; }}
QSlider::handle:horizontal:disabled {{ border-color: {p.edge}; }}
QSlider::sub-page:horizontal:disabled {{ background: {p.edge}; }}
"""
