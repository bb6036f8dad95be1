"""The second person who is not here: the key that asks by telephone, the line to read out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from pos_app.ui.look import Look
from pos_app.ui.widgets.buttons import KeyButton
from pos_app.ui.widgets.labels import label

if TYPE_CHECKING:
    from pos_app.exchange.approval import ApprovalRequest


def phone_key(look: Look) -> KeyButton:
    """Return the key that asks a supervisor elsewhere; it leaves the focus where it is."""
    key = KeyButton(look.tokens, look.words("eng.ui-elsewhere"), "F5")
    key.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    key.hide()
    return key


def request_line() -> QLabel:
    """Return the line that is read out; it can be marked with the mouse, to be sent on."""
    line = label("", "fact")
    line.setWordWrap(True)
    line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    line.hide()
    return line


def said_request(line: QLabel, request: ApprovalRequest | None) -> None:
    """Show a request part by part; None hides the line."""
    line.setVisible(request is not None)
    line.setText("" if request is None else request.text().replace("/", " / "))
