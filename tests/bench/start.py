"""Starting, against a bare PySide6 window: time to the first screen, to the first sale, memory.

Both are processes of their own that say a word once they are painted; they take turns. Python's
compiled files are kept for both, as an installed program has them. A key derivation is slow on
purpose: it is measured by itself, and the time to the first sale without it in two ways. *Known*
answers it from memory, so nothing hides behind it: every import and all work count. *Typed* is a
real shop, whose passphrase takes somebody a while: what happens after it is known to be right.
Run: ``python -m tests.bench.start [--long]``; ``--long`` compares with 300,000 sales.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from pos_app.adapters.vault.header import FILE_NAME, Argon2Cost, read_header
from pos_app.adapters.vault.pins import ArgonPins
from pos_app.adapters.vault.sealing import passphrase_key
from pos_app.application.identity import Operator, Role, ShopIdentity, ShopMode
from pos_app.application.ports import OperatorRecord
from pos_app.bootstrap.shop import ShopPlan, create_shop, open_shop
from pos_app.bootstrap.training import create_training_shop
from pos_app.bootstrap.training_file import training_passphrase
from tests.bench.blocks import BLOCKS, Verdict, compare, machine, timed
from tests.bench.year import DAY_MS, sell_for

BARE = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel
class Bare(QLabel):
    def paintEvent(self, event):
        super().paintEvent(event)
        QTimer.singleShot(0, self.say)
    def say(self):
        print("READY", flush=True)
        QTimer.singleShot(500, self.weigh)
    def weigh(self):
        for line in Path("/proc/self/smaps_rollup").read_text().splitlines():
            if line.startswith("Rss:"):
                print("RSS", line.split()[1], flush=True)
app = QApplication(sys.argv[:1])
window = Bare("bare")
window.resize(1024, 600)
window.show()
app.exec()
"""
METERS, SALES, LONG_SALES = 200_000, 20_000, 300_000
SOLD = 10_000
FEW = 5
Command = tuple[str, ...]
BARE_WINDOW: Command = (sys.executable, "-c", BARE)
PROGRAM: Command = (sys.executable, "-m", "pos_app")
DRIVEN: Command = (sys.executable, "-m", "tests.bench.driven")


class Runs:
    """Processes with one folder for compiled files and no screen of their own."""

    def __init__(self, compiled: Path) -> None:
        kept = {name: text for name, text in os.environ.items() if not name.startswith("PYTHON")}
        kept.setdefault("QT_QPA_PLATFORM", "offscreen")
        self._environment = kept | {"PYTHONPYCACHEPREFIX": str(compiled), "TOKENTILL_ANNOUNCE": "1"}

    def words(self, command: Command, **extra: str) -> Iterator[tuple[float, str]]:
        """Yield (seconds since the start, line); the process ends with the iteration."""
        start = time.perf_counter()
        environment = self._environment | extra
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, text=True
        ) as process:
            try:
                for line in process.stdout or ():
                    yield time.perf_counter() - start, line.strip()
            finally:
                process.kill()

    def until(self, last: str, command: Command, **extra: str) -> dict[str, float]:
        """Return the seconds of every word up to `last`."""
        said: dict[str, float] = {}
        for seconds, word in self.words(command, **extra):
            said[word] = seconds
            if word == last:
                return said
        raise RuntimeError(f"{command[1:]} never said {last}")

    def bare(self) -> float:
        """Return the seconds of the yardstick."""
        return self.until("READY", BARE_WINDOW)["READY"]

    def memory(self, count: int, command: Command, **extra: str) -> list[int]:
        """Return the first `count` figures of memory a process says, in kB."""
        figures: list[int] = []
        for _, word in self.words(command, **extra):
            if word.startswith("RSS "):
                figures.append(int(word.split()[1]))
            if len(figures) == count:
                return figures
        raise RuntimeError(f"{command[1:]} said {figures} only")


def _known(shop: Path) -> dict[str, str]:
    header = read_header(shop / FILE_NAME)
    key = passphrase_key(training_passphrase(), header.salt, header.cost)
    return {"TOKENTILL_SHOP": str(shop), "DRIVEN_KEY": key.hex()}


def starts(runs: Runs, shop: Path) -> list[Verdict]:
    """Return the verdicts of a shop that opens by itself."""
    known = _known(shop)
    return [
        compare(
            "start to first screen",
            lambda: runs.until("READY", PROGRAM, TOKENTILL_SHOP=str(shop))["READY"],
            runs.bare,
            1.8,
        ),
        compare(
            "start to first sale, key known",
            lambda: runs.until("SELL", DRIVEN, **known)["SELL"],
            runs.bare,
            2.5,
        ),
    ]


def typed_starts(runs: Runs, shop: Path) -> list[Verdict]:
    """Return the verdicts of a shop whose passphrase is typed, at a real shop's cost."""
    header = read_header(shop / FILE_NAME)
    asked = {"TOKENTILL_SHOP": str(shop), "DRIVEN_PASSPHRASE": training_passphrase()}
    machine_time, derivation = [], []
    for _ in range(FEW):
        unit = runs.bare()
        said = runs.until("SELL", DRIVEN, **asked)
        machine_time.append((said["READY"] + said["SELL"] - said["KNOWN"], unit))
        argon = timed(lambda: passphrase_key(training_passphrase(), header.salt, header.cost))
        derivation.append((said["KNOWN"] - said["ASKED"], argon))
    return [
        _verdict("start to first sale, passphrase typed", machine_time, 2.5),
        _verdict("key derivation beside the window", derivation, 1.1),
    ]


def _verdict(name: str, pairs: list[tuple[float, float]], goal: float) -> Verdict:
    own, unit = (median(part) for part in zip(*pairs, strict=True))
    return Verdict(name, tuple(one / other for one, other in pairs), own, unit, goal)


def independence(runs: Runs, full: Path, empty: Path, name: str) -> Verdict:
    """Return how a full shop starts compared with an empty one."""
    these, those = _known(full), _known(empty)
    return compare(
        name,
        lambda: runs.until("SELL", DRIVEN, **these)["SELL"],
        lambda: runs.until("SELL", DRIVEN, **those)["SELL"],
        1.1,
        BLOCKS + 2,
    )


def memory(runs: Runs, shop: Path) -> bool:
    """Print what a till takes and how it grows; return whether a goal is missed."""
    bare = runs.memory(1, BARE_WINDOW)[0]
    idle, half, end = runs.memory(3, DRIVEN, **_known(shop), DRIVEN_SALES=str(SOLD))
    growth, late = end / idle - 1, (end - half) / (SOLD / 2)
    lines = (
        (f"memory, idle: {idle / 1024:.0f} MB", idle / bare, "x a bare window", 2.0),
        (f"growth over {SOLD:,} sales", growth * 100, "%", 5),
        (f"growth over the last {SOLD // 2:,}", late, "kB a sale", 1.0),
    )
    for name, figure, unit, goal in lines:
        word = "MISSED" if figure > goal else "ok"
        print(f"{name:<44} {figure:>7.2f} {unit}  goal <= {goal:g} {word}", flush=True)
    return any(figure > goal for _, figure, _, goal in lines)


def _with_sales(shop: Path, sales: int) -> None:
    opened = open_shop(shop, training_passphrase())
    try:
        sell_for(opened.ledger, sales, 300, first_ms=opened.clock.now_ms() - 301 * DAY_MS)
    finally:
        opened.close()


def _make_live(folder: Path) -> None:
    """Make a shop that asks for its passphrase and stretches it as long as a real one."""
    pin = ArgonPins().verifier("4711")
    plan = ShopPlan(
        identity=ShopIdentity("BENCH1", "Bench", ShopMode.LIVE),
        cost=Argon2Cost(),
        operators=(OperatorRecord(Operator("ama", "Ama", Role.CASHIER), pin),),
        utilities=(),
        tariffs=(),
        keys=lambda _: (),
        allowances=(),
        meters=(),
    )
    create_shop(folder, training_passphrase(), plan)


def _measured(runs: Runs, folder: Path, sales: int) -> bool:
    shop, live, empty = folder / "shop", folder / "live", folder / "empty"
    create_training_shop(shop, METERS)
    create_training_shop(empty, 0)
    _make_live(live)
    runs.bare()  # fills the folder of compiled files
    runs.until("SELL", DRIVEN, **_known(empty))
    missed = False
    for verdict in (*starts(runs, shop), *typed_starts(runs, live)):
        print(verdict.line(), flush=True)
        missed |= verdict.missed
    _with_sales(shop, sales)
    name = f"{METERS // 1000} k meters, {sales // 1000} k sales against none"
    verdict = independence(runs, shop, empty, name)
    print(verdict.line(), flush=True)
    return missed | verdict.missed | memory(runs, shop)


def main(arguments: tuple[str, ...] = ()) -> int:
    """Print the table; return 1 when a goal is missed."""
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        runs = Runs(Path(folder) / "compiled")
        sales = LONG_SALES if "--long" in arguments else SALES
        return int(_measured(runs, Path(folder), sales))


if __name__ == "__main__":
    sys.exit(main(tuple(sys.argv[1:])))
