"""The program on a real X display, by real keys: what stands in the ledger when it has ended."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from queue import Empty, Queue

import pytest

from pos_app.application.printing import PrintState
from pos_app.application.records import SaleRow
from pos_app.bootstrap.inspection import verify_shop
from pos_app.bootstrap.training_file import training_passphrase
from tests.e2e.program import assert_discreet, command, environment, shop_of_today, tokentill
from tests.forked import ROOT
from tests.shops import HIGHVELD, opened

pytestmark = pytest.mark.xvfb

SECONDS = 60.0
BREATH_SECONDS = 0.6
"""Between keys of a sale; two keys within 400 ms may be one, and pictures need their time."""
USUAL_START_SECONDS = 4.0
"""From the command to the open shop; a computer that takes longer gets longer breaths."""
WIDTH, HEIGHT = 1920, 1080


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """An X display of our own, on a number that the server finds free."""
    for program in ("Xvfb", "xdotool"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    reading, writing = os.pipe()
    server = subprocess.Popen(
        [
            "Xvfb",
            "-displayfd",
            str(writing),
            "-screen",
            "0",
            f"{WIDTH}x{HEIGHT}x24",
            "-nolisten",
            "tcp",
        ],
        pass_fds=(writing,),
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as told:
            number = told.readline().strip()
        if not number:
            pytest.skip("Xvfb does not start here")
        yield f":{number}"
    finally:
        server.terminate()
        server.wait(SECONDS)


def papers(shop: Path) -> Path:
    """Return where the user of a shop keeps documents."""
    return shop.parent / "Documents"


class Program:
    """The running window: what it announces, and a cashier's keys."""

    def __init__(self, shop: Path, display: str) -> None:
        own = {
            "DISPLAY": display,
            "TOKENTILL_ANNOUNCE": "1",
            "XDG_DOCUMENTS_DIR": str(papers(shop)),
        }
        self._env = environment(shop, own | {"HOME": str(shop.parent)})
        self._env.pop("QT_QPA_PLATFORM", None)
        self._journal = shop / "ledger.db-wal"
        self._begun, self._slower = time.monotonic(), 1.0
        self.process = subprocess.Popen(
            command(),
            cwd=ROOT,
            env=self._env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._lines: Queue[str] = Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line.strip())

    def announces(self, word: str) -> None:
        try:
            assert self._lines.get(timeout=SECONDS) == word
        except Empty:
            pytest.fail(f"the window never said {word}")

    def opens(self) -> None:
        """Wait for the open shop, and learn how slow this computer is today."""
        self.announces("READY")
        self.announces("OPEN")
        took = time.monotonic() - self._begun
        self._slower = max(1.0, took / USUAL_START_SECONDS)

    def breathe(self) -> None:
        time.sleep(BREATH_SECONDS * self._slower)

    def hand(self, *keys: str) -> None:
        subprocess.run(["xdotool", *keys], env=self._env, check=True, timeout=SECONDS)

    def type(self, text: str) -> None:
        self.hand("type", "--delay", "40", text)

    def enter(self) -> None:
        self.breathe()
        self.hand("key", "Return")
        self.breathe()

    def enter_and_commit(self) -> None:
        """Press Enter and wait until something is written to the ledger."""
        self.breathe()
        before = self._written()
        self.hand("key", "Return")
        end = time.monotonic() + SECONDS
        while self._written() == before:
            assert time.monotonic() < end, "nothing was written"
            time.sleep(0.01)

    def _written(self) -> tuple[int, int]:
        held = self._journal.stat()
        return held.st_size, held.st_mtime_ns

    def sign_in(self, number: str = "1", pin: str = "1111") -> None:
        self.opens()
        self.breathe()
        # There is no window manager here: a click gives the keyboard to the window.
        self.hand("mousemove", "500", "500", "click", "1")
        self.type(number)
        self.type(pin)
        self.enter_and_commit()
        self.breathe()

    def sell(self, fragment: str, amount: str) -> None:
        self.type(fragment)
        self.enter()
        self.type(amount)
        self.enter()
        self.enter_and_commit()

    def size(self) -> str:
        """Return the size of the window under the pointer."""
        found = self._ask("xdotool", "getmouselocation", "--shell").split("WINDOW=")[1].split()[0]
        return self._ask("xdotool", "getwindowgeometry", found).split("Geometry:")[1].strip()

    def _ask(self, *command: str) -> str:
        asked = subprocess.run(
            command, env=self._env, check=True, timeout=SECONDS, capture_output=True, text=True
        )
        return asked.stdout

    def screenshot(self, path: Path) -> None:
        if shutil.which("import"):
            taking = ["import", "-window", "root", str(path)]
            subprocess.run(taking, env=self._env, check=True, timeout=SECONDS)
            assert path.stat().st_size > 5_000  # an empty screen packs into a few hundred bytes

    def end(self, number: int) -> int:
        """Send a signal and return the exit code; nothing secret was said."""
        self.process.send_signal(number)
        code = self.process.wait(SECONDS)
        assert self.process.stderr is not None
        assert_discreet(self.process.stderr.read(), "1111")
        return code

    def kill(self) -> None:
        with contextlib.suppress(OSError):
            self.process.kill()
        self.process.wait(SECONDS)
        for pipe in (self.process.stdout, self.process.stderr):
            if pipe is not None:
                pipe.close()


Start = Callable[[], Program]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return shop_of_today(tmp_path)


@pytest.fixture
def start(shop: Path, display: str) -> Iterator[Start]:
    started: list[Program] = []

    def begin() -> Program:
        started.append(Program(shop, display))
        return started[-1]

    yield begin
    for program in started:
        program.kill()


def sold(shop: Path) -> tuple[SaleRow, ...]:
    """Return the sales of a shop that no program has open, once its journal is proven."""
    assert verify_shop(shop, training_passphrase()).fault is None
    inside = opened(shop)
    try:
        return inside.ledger.sales_between(0, 1 << 60, "", 10)
    finally:
        inside.close()


def test_keys_alone_make_one_sale_and_the_window_ends_in_order(
    start: Start, shop: Path, tmp_path: Path
) -> None:
    window = start()
    window.sign_in()
    assert window.size() == f"{WIDTH}x{HEIGHT}"
    window.sell(HIGHVELD[:6], "50")
    window.breathe()
    window.screenshot(tmp_path / "sold.png")
    refused = tokentill(shop, "status")
    assert "already open in another Tokentill" in refused.refusal()
    assert window.end(signal.SIGTERM) == 0
    (sale,) = sold(shop)
    assert (sale.drn, sale.total.minor, sale.operator) == (HIGHVELD, 5000, "ama")


def test_a_supervisor_takes_the_sales_of_the_day_along_as_a_file(start: Start, shop: Path) -> None:
    window = start()
    window.sign_in("2", "3333")
    window.sell(HIGHVELD[:6], "50")
    for key in ("Escape", "F10", "5", "Down"):
        window.hand("key", key)
        window.breathe()
    window.hand("key", "F6")
    end = time.monotonic() + SECONDS
    while not (found := list((papers(shop) / "Tokentill").glob("sales-*.csv"))):
        assert time.monotonic() < end, "no file was written"
        time.sleep(0.05)
    window.breathe()
    assert window.end(signal.SIGTERM) == 0
    (line,) = found[0].read_text("utf-8-sig").splitlines()[1:]
    assert HIGHVELD in line.split(",")
    assert len(sold(shop)) == 1
    exported = tokentill(shop, "journal", "export", str(shop.parent / "journal"))
    assert exported.code == 0
    assert "report_released" in (shop.parent / "journal").read_text("utf-8")


def test_a_sale_survives_the_death_of_the_program_and_its_slip_waits(
    start: Start, shop: Path
) -> None:
    window = start()
    window.sign_in()
    window.sell(HIGHVELD[:6], "50")
    window.process.kill()
    window.process.wait(SECONDS)

    again = start()
    again.opens()
    assert again.end(signal.SIGTERM) == 0
    (sale,) = sold(shop)
    assert (sale.total.minor, sale.print_state) == (5000, PrintState.QUEUED)
    inside = opened(shop)
    task = inside.ledger.next_print_task()
    assert task is not None
    first = inside.ledger.sale_by_seq(task.sale_seq)
    inside.close()
    assert first is not None
    assert first.receipt == sale.receipt


def test_a_second_window_on_the_same_shop_waits_and_says_why(
    start: Start, shop: Path, tmp_path: Path
) -> None:
    window = start()
    window.opens()
    second = start()
    second.announces("READY")
    second.breathe()
    second.screenshot(tmp_path / "second.png")
    assert second.end(signal.SIGINT) == 0
    assert window.end(signal.SIGINT) == 0
    assert sold(shop) == ()


def test_what_was_sold_is_keyed_into_a_virtual_meter_beside_the_till(
    start: Start, shop: Path, tmp_path: Path
) -> None:
    window = start()
    window.sign_in()
    window.sell(HIGHVELD[:6], "50")
    kept = shop / "meters" / f"{HIGHVELD}.json"
    for key in ("F10", "6"):
        window.breathe()
        window.hand("key", key)
    window.breathe()
    window.breathe()
    window.type(HIGHVELD)
    window.enter()
    meter_says(kept, "unpaid", value=True)
    window.hand("key", "F9")
    meter_says(kept, "unpaid", value=False)
    window.screenshot(tmp_path / "meter.png")
    shown = tokentill(shop, "meter", "show", "--json").json()
    assert window.end(signal.SIGTERM) == 0
    (sale,) = sold(shop)
    assert shown["face"]["supply"] is True
    assert Decimal(shown["face"]["credit"]) == Decimal(sale.tenths) / 10


def meter_says(kept: Path, field: str, *, value: object) -> None:
    """Wait until the file of a virtual meter holds a value."""
    end = time.monotonic() + SECONDS
    while not kept.exists() or json.loads(kept.read_text())["meter"]["state"][field] != value:
        assert time.monotonic() < end, f"{field} never became {value}"
        time.sleep(0.05)
