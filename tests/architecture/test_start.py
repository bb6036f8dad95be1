"""What may be imported before the first screen, and what never in a till's window."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
LATER = {
    "argon2",
    "click",
    "cryptography",
    "Crypto",
    "escpos",
    "filelock",
    "platformdirs",
    "segno",
    "serial",
    "sqlcipher3",
    "sqlite_utils",
    "usb",
}
NEVER = {"numpy", "pandas", "PIL"}


def imported_by(statement: str) -> set[str]:
    code = f"import sys\n{statement}\nprint(*{{name.split('.')[0] for name in sys.modules}})"
    answer = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(answer.stdout.split())


def test_the_first_screen_waits_for_no_cipher_database_or_printer() -> None:
    assert imported_by("import pos_app.bootstrap.window") & (LATER | NEVER) == set()


@pytest.mark.parametrize("module", ["pos_app.bootstrap.shop", "pos_app.bootstrap.paper"])
def test_an_open_shop_brings_no_number_cruncher(module: str) -> None:
    assert imported_by(f"import {module}") & NEVER == set()
