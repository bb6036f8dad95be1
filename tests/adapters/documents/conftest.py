"""One Qt application for the whole test run: the kind that the window's tests need too."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication


@pytest.fixture(autouse=True)
def one_application(qapp: QGuiApplication) -> QGuiApplication:
    return qapp
