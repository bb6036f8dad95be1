"""The worker process: deadlines, deaths, silence about tokens, and no orphans."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app.adapters.printing.worker_printer import WorkerPrinter
from pos_app.application.printing import (
    CashDrawer,
    PrinterSettings,
    PrintOutcome,
    PrintState,
    SlipMode,
    SlipPrinter,
    Transport,
)
from tests.adapters.printing.printer_paper import printed
from tests.adapters.printing.printers import HEALTHY, answering, drips, printer
from tests.adapters.printing.samples import CREDIT, arabic_sale, english_sale

PRINTED = PrintOutcome(PrintState.PRINTED)
SENT = PrintOutcome(PrintState.SENT)
GRACE = 3.0


def failed(problem: str) -> PrintOutcome:
    return PrintOutcome(PrintState.FAILED, problem)


@pytest.fixture
def worker() -> Iterator[WorkerPrinter]:
    printer_of_shop = WorkerPrinter()
    yield printer_of_shop
    printer_of_shop.close()


def dies_after(words: str) -> list[str]:
    """Return a worker that reads a job, answers `words` and is gone."""
    return [sys.executable, "-c", f"input(); print({words!r}, end='')"]


def pid_of(worker: WorkerPrinter) -> int:
    assert worker._process is not None
    return worker._process.pid


def test_slips_in_two_scripts_and_the_drawer_go_through_one_worker(worker: WorkerPrinter) -> None:
    port: SlipPrinter = worker
    with printer(answering(HEALTHY)) as model:
        settings = model.settings()
        assert port.probe(settings, 8) == PRINTED
        first = pid_of(worker)
        assert port.deliver(english_sale(), settings, 8) == PRINTED
        assert port.deliver(arabic_sale(), settings, 8) == PRINTED
        drawer: CashDrawer = worker
        assert drawer.open_drawer(settings, 8) == SENT
        assert pid_of(worker) == first
    paper = printed(bytes(model.received), 80)
    assert "".join(paper.text().split()).count(CREDIT) == 2
    assert paper.graphic_rows > 100


def test_no_token_is_in_the_workers_arguments_or_environment(worker: WorkerPrinter) -> None:
    with printer(answering(HEALTHY)) as model:
        worker.deliver(english_sale(), model.settings(), 8)
        seen = Path(f"/proc/{pid_of(worker)}/cmdline").read_bytes()
        seen += Path(f"/proc/{pid_of(worker)}/environ").read_bytes()
    for group in (CREDIT.encode(), CREDIT[:4].encode()):
        assert group not in seen


def test_a_worker_that_hangs_is_ended_at_the_deadline() -> None:
    hung = WorkerPrinter([sys.executable, "-c", "import time; time.sleep(60)"])
    start = time.monotonic()
    outcome = hung.deliver(english_sale(), PrinterSettings(Transport.FILE, "/x"), 1)
    assert outcome == failed("timeout")
    assert time.monotonic() - start < 1 + GRACE
    assert hung._process is None
    hung.close()


def test_a_printer_that_drips_ends_at_the_deadline_and_the_next_job_works(
    worker: WorkerPrinter,
) -> None:
    with printer(drips, receive_buffer=2048) as slow:
        start = time.monotonic()
        outcome = worker.deliver(english_sale(), slow.settings(SlipMode.RASTER), 2.5)
        seconds = time.monotonic() - start
    assert outcome == failed("timeout")
    assert seconds < 2.5 + GRACE
    with printer(answering(HEALTHY)) as model:
        assert worker.deliver(english_sale(), model.settings(), 8) == PRINTED


def test_a_worker_that_dies_is_told_and_the_next_job_gets_a_new_one(
    worker: WorkerPrinter, tmp_path: Path
) -> None:
    roll = PrinterSettings(Transport.FILE, str(tmp_path / "roll.bin"))
    assert worker.deliver(english_sale(), roll, 8) == SENT
    os.kill(pid_of(worker), signal.SIGKILL)
    assert worker.deliver(english_sale(), roll, 8) in (SENT, failed("worker-died"))
    assert worker.deliver(english_sale(), roll, 8) == SENT


def test_a_worker_that_dies_in_the_middle_of_a_job_is_told(worker: WorkerPrinter) -> None:
    with printer(drips, receive_buffer=2048) as slow:
        worker.warm()
        threading.Timer(0.7, os.kill, [pid_of(worker), signal.SIGKILL]).start()
        outcome = worker.deliver(english_sale(), slow.settings(SlipMode.RASTER), 10)
    assert outcome == failed("worker-died")


@pytest.mark.parametrize("words", ["", '{"state": "pri'])
def test_half_an_answer_is_no_answer(words: str) -> None:
    broken = WorkerPrinter(dies_after(words))
    outcome = broken.deliver(english_sale(), PrinterSettings(Transport.FILE, "/x"), 5)
    assert outcome == failed("worker-died")
    broken.close()


def test_a_worker_that_cannot_start_is_told() -> None:
    absent = WorkerPrinter(["/no/such/interpreter"])
    roll = PrinterSettings(Transport.FILE, "/x")
    assert absent.deliver(english_sale(), roll, 2) == failed("worker-died")


def test_closing_gives_up_the_job_under_way() -> None:
    worker = WorkerPrinter()
    with printer(drips, receive_buffer=2048) as slow:
        worker.warm()
        threading.Timer(0.5, worker.close).start()
        start = time.monotonic()
        outcome = worker.deliver(english_sale(), slow.settings(SlipMode.RASTER), 20)
        seconds = time.monotonic() - start
    assert outcome == failed("worker-died")
    assert seconds < 3
    again = worker.deliver(english_sale(), slow.settings(), 5)
    assert again == failed("worker-died")


def test_without_a_printer_no_worker_is_started() -> None:
    worker = WorkerPrinter()
    assert worker.deliver(english_sale(), PrinterSettings(), 1) == failed("none-configured")
    assert worker._process is None


def test_two_threads_may_print_and_each_gets_its_own_answer(
    worker: WorkerPrinter, tmp_path: Path
) -> None:
    roll = PrinterSettings(Transport.FILE, str(tmp_path / "roll.bin"))
    gone = PrinterSettings(Transport.FILE, str(tmp_path / "gone" / "roll.bin"))
    outcomes: dict[str, list[PrintOutcome]] = {"roll": [], "gone": []}

    def run(name: str, settings: PrinterSettings) -> None:
        outcomes[name] += [worker.deliver(english_sale(), settings, 10) for _ in range(5)]

    threads = [threading.Thread(target=run, args=each) for each in (("roll", roll), ("gone", gone))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == {"roll": [SENT] * 5, "gone": [failed("unreachable")] * 5}


PARENT = """
import sys, time
from pos_app.adapters.printing.worker_printer import WorkerPrinter
worker = WorkerPrinter()
worker.warm()
print(worker._process.pid, flush=True)
time.sleep(60)
"""


def test_a_till_that_is_killed_leaves_no_worker_behind() -> None:
    till = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True)
    assert till.stdout is not None
    worker = int(till.stdout.readline())
    assert Path(f"/proc/{worker}").exists()
    till.kill()
    till.wait()
    till.stdout.close()
    deadline = time.monotonic() + 5
    while alive(worker) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not alive(worker)


def alive(pid: int) -> bool:
    """Tell whether a process runs; an unreaped dead one does not."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return status.rsplit(")", 1)[1].split()[0] != "Z"


def test_the_tills_own_process_never_loads_the_printing_library() -> None:
    script = (
        "import sys; import pos_app.adapters.printing.worker_printer; "
        "sys.exit(any(name.split('.')[0] in {'escpos', 'PySide6', 'usb', 'serial', 'segno'} "
        "for name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], check=False, timeout=30)
    assert done.returncode == 0


def test_loading_the_printing_library_leaves_no_trace(tmp_path: Path) -> None:
    script = (
        "import logging, os, tempfile\n"
        "before = dict(os.environ)\n"
        "from pos_app.adapters.printing.escpos_text import drawer_pulse\n"
        "assert drawer_pulse()[:2] == b'\\x1bp'\n"
        "assert logging.getLogger().handlers == []\n"
        "assert os.environ == before\n"
        "assert os.listdir(tempfile.gettempdir()) == []\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        check=False,
        timeout=30,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    assert done.returncode == 0
    assert list(tmp_path.iterdir()) == []
