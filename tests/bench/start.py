"""From starting the program to its first screen, against a bare PySide6 window.

Both are processes of their own that write a line after their first paint; they take turns.
Run: ``python -m tests.bench.start``.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pos_app.bootstrap.training import create_training_shop
from tests.bench.blocks import Verdict, compare, machine

BARE = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel
app = QApplication(sys.argv[:1])
window = QLabel("bare")
window.resize(1024, 600)
window.show()
QTimer.singleShot(0, lambda: (print("READY", flush=True), app.quit()))
app.exec()
"""
METERS = 200_000


def _seconds_to(word: bytes, command: list[str], environment: dict[str, str]) -> float:
    start = time.perf_counter()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
    ) as process:
        if process.stdout is None:
            raise RuntimeError(command)
        said = any(line.strip() == word for line in process.stdout)
        taken = time.perf_counter() - start
        process.kill()
    if not said:
        raise RuntimeError(f"{command} never said {word!r}")
    return taken


def measured(shop: Path) -> list[Verdict]:
    """Return the verdicts for the first screen and for an open shop."""
    environment = {**os.environ, "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
    bare = [sys.executable, "-c", BARE]
    environment |= {"TOKENTILL_SHOP": str(shop), "TOKENTILL_ANNOUNCE": "1"}
    till = [sys.executable, "-m", "pos_app"]

    def of(word: bytes) -> Verdict:
        goal = 1.8 if word == b"READY" else 2.5
        name = "start to first screen" if word == b"READY" else "start to open shop, KDF included"
        return compare(
            name,
            lambda: _seconds_to(word, till, environment),
            lambda: _seconds_to(b"READY", bare, environment),
            goal,
        )

    return [of(b"READY"), of(b"OPEN")]


def main() -> int:
    """Print the table; return 1 when a goal is missed."""
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        shop = Path(folder) / "shop"
        create_training_shop(shop, METERS)
        verdicts = measured(shop)
    for verdict in verdicts:
        print(verdict.line())
    return int(any(verdict.missed for verdict in verdicts))


if __name__ == "__main__":
    sys.exit(main())
