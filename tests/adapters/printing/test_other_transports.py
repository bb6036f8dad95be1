"""Files, serial lines and the spooler: real files, a pty pair, and an ``lp`` of our own."""

from __future__ import annotations

import os
import pty
import stat
import threading
import time
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pos_app.adapters.printing.delivery import Deliveries
from pos_app.application.printing import PrinterSettings, PrintOutcome, PrintState, Transport
from tests.adapters.printing.printer_paper import printed
from tests.adapters.printing.samples import CREDIT, arabic_sale, english_sale

SENT = PrintOutcome(PrintState.SENT)
PRINTED = PrintOutcome(PrintState.PRINTED)


def failed(problem: str) -> PrintOutcome:
    return PrintOutcome(PrintState.FAILED, problem)


def to_file(path: Path) -> PrinterSettings:
    return PrinterSettings(Transport.FILE, str(path))


def test_a_file_is_a_roll_of_paper_that_only_its_owner_reads(tmp_path: Path) -> None:
    roll = tmp_path / "roll.bin"
    deliveries = Deliveries()
    assert deliveries.deliver(english_sale(), to_file(roll), 5) == SENT
    assert deliveries.deliver(english_sale(), to_file(roll), 5) == SENT
    paper = printed(roll.read_bytes(), 80)
    assert "".join(paper.text().split()).count(CREDIT) == 2
    assert (paper.cuts, paper.queries) == (2, [])
    assert stat.S_IMODE(roll.stat().st_mode) == 0o600


def test_a_file_in_a_missing_folder_is_unreachable(tmp_path: Path) -> None:
    gone = to_file(tmp_path / "gone" / "roll.bin")
    assert Deliveries().deliver(english_sale(), gone, 5) == failed("unreachable")
    assert Deliveries().probe(gone, 5) == failed("unreachable")


def test_asking_for_a_file_does_not_make_it(tmp_path: Path) -> None:
    assert Deliveries().probe(to_file(tmp_path / "roll.bin"), 5) == SENT
    assert list(tmp_path.iterdir()) == []


def test_a_directory_is_no_printer(tmp_path: Path) -> None:
    assert Deliveries().deliver(english_sale(), to_file(tmp_path), 5) == failed("unreachable")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    outcome = Deliveries().deliver(english_sale(), to_file(tmp_path / "roll.bin"), 5)
    tmp_path.chmod(0o700)
    assert outcome == failed("permission")


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs Linux' /proc")
def test_a_file_system_that_refuses_new_files_is_told() -> None:
    outcome = Deliveries().deliver(english_sale(), to_file(Path("/proc/roll.bin")), 5)
    assert outcome.state is PrintState.FAILED
    assert outcome.problem in {"permission", "unreachable"}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_device_is_lost() -> None:
    outcome = Deliveries().deliver(english_sale(), to_file(Path("/dev/full")), 5)
    assert outcome == failed("lost")


def test_a_pipe_nobody_reads_times_out(tmp_path: Path) -> None:
    path = tmp_path / "device"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    long_slip = arabic_sale()
    start = time.monotonic()
    outcomes = [Deliveries().deliver(long_slip, to_file(path), 3) for _ in range(2)]
    os.close(reader)
    assert outcomes == [SENT, failed("timeout")]  # a pipe holds 64 kB: one slip, not two
    assert time.monotonic() - start < 8


@contextmanager
def serial_printer(*, answers: bool, reads: bool = True) -> Iterator[tuple[str, bytearray]]:
    """Run a printer at the far end of a pty; it answers GS r and DLE EOT with `answers`."""
    far, near = pty.openpty()
    tty.setraw(near)
    received = bytearray()

    def run() -> None:
        while True:
            try:
                chunk = os.read(far, 256)
            except OSError:
                return
            received.extend(chunk)
            if answers:
                os.write(far, b"\x12" * chunk.count(b"\x10\x04"))
                os.write(far, b"\x00" * chunk.count(b"\x1dr\x01"))

    thread = threading.Thread(target=run, daemon=True)
    if reads:
        thread.start()
    try:
        yield os.ttyname(near), received
    finally:
        os.close(near)
        os.close(far) if not reads else None
        if reads:
            thread.join(5)
            os.close(far)


@pytest.mark.parametrize(("answers", "expected"), [(True, PRINTED), (False, SENT)])
def test_a_serial_printer_prints(*, answers: bool, expected: PrintOutcome) -> None:
    with serial_printer(answers=answers) as (path, received):
        settings = PrinterSettings(Transport.SERIAL, f"{path}@115200")
        assert Deliveries().deliver(english_sale(), settings, 8) == expected
    assert "".join(printed(bytes(received), 80).text().split()).count(CREDIT) == 1


def test_a_serial_line_that_stands_still_times_out_and_closes_at_once() -> None:
    with serial_printer(answers=False, reads=False) as (path, _):
        settings = PrinterSettings(Transport.SERIAL, f"{path}@9600")
        start = time.monotonic()
        outcome = Deliveries().deliver(arabic_sale(), settings, 4)
    assert outcome == failed("timeout")
    assert time.monotonic() - start < 7


def test_no_serial_port_is_unreachable() -> None:
    settings = PrinterSettings(Transport.SERIAL, "/dev/no-such-port@9600")
    assert Deliveries().deliver(english_sale(), settings, 5) == failed("unreachable")


def test_no_usb_printer_is_unreachable_or_has_no_driver() -> None:
    settings = PrinterSettings(Transport.USB, "1234:abcd")
    outcome = Deliveries().deliver(english_sale(), settings, 5)
    assert outcome in (failed("unreachable"), failed("missing-driver"))


def spooler(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> PrinterSettings:
    """Put an ``lp`` of our own first on the path."""
    lp = folder / "lp"
    lp.write_text(f"#!/bin/sh\n{script}\n")
    lp.chmod(0o700)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    return PrinterSettings(Transport.SPOOLER, "receipt")


def test_the_spooler_gets_the_slip_untouched_and_no_token_in_its_arguments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = spooler(
        tmp_path, f'echo "$@" > {tmp_path}/arguments; cat > {tmp_path}/job', monkeypatch
    )
    assert Deliveries().deliver(english_sale(), settings, 5) == SENT
    assert (tmp_path / "arguments").read_text() == "-s -t Tokentill slip -o raw -d receipt\n"
    paper = printed((tmp_path / "job").read_bytes(), 80)
    assert "".join(paper.text().split()).count(CREDIT) == 1


@pytest.mark.parametrize(
    ("script", "problem"), [("cat >/dev/null; exit 1", "unreachable"), ("exec sleep 20", "timeout")]
)
def test_a_spooler_that_fails_or_hangs_is_told_in_time(
    script: str, problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = spooler(tmp_path, script, monkeypatch)
    start = time.monotonic()
    assert Deliveries().deliver(english_sale(), settings, 2) == failed(problem)
    assert time.monotonic() - start < 5


def test_no_spooler_is_a_missing_driver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    settings = PrinterSettings(Transport.SPOOLER, "")
    assert Deliveries().deliver(english_sale(), settings, 5) == failed("missing-driver")
