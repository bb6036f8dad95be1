"""What stands between starting the program and its first screen."""

from __future__ import annotations

import subprocess
import sys

SLOW = ("sqlite3", "sqlcipher3", "sqlite_utils", "escpos", "numpy", "segno", "cryptography", "usb")
LATER = ("pos_app.ui.views.shell", "pos_app.ui.views.sales", "pos_app.ui.views.settings")


def modules_after(statement: str) -> set[str]:
    """Return what a fresh interpreter has loaded after `statement`."""
    code = f"{statement}; import sys; print(*sys.modules, sep='\\n')"
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    return set(shown.stdout.split())


def test_the_first_screen_loads_no_database_no_printer_and_no_later_page() -> None:
    loaded = modules_after("import pos_app.ui.views.window")
    assert loaded.isdisjoint(SLOW)
    assert loaded.isdisjoint(LATER)


def test_only_three_parts_of_qt_are_loaded() -> None:
    loaded = modules_after("import pos_app.ui.views.shell, pos_app.ui.views.settings")
    parts = {name for name in loaded if name.startswith("PySide6.Qt")}
    assert parts == {"PySide6.QtCore", "PySide6.QtGui", "PySide6.QtWidgets"}


def test_presenters_need_no_qt() -> None:
    names = ("till", "sales", "settings", "sign_in", "status")
    modules = ", ".join(f"pos_app.ui.presenters.{name}" for name in names)
    assert not any(name.startswith("PySide6") for name in modules_after(f"import {modules}"))
