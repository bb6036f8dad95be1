"""The printer as the till sees it: jobs go to the worker process, which can be ended any time."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import pos_app
from pos_app.application.printing import PrinterSettings, PrintOutcome, PrintState, Transport
from pos_app.application.slip.layout import Slip
from pos_app.application.slip.wire import to_json

FROZEN_WORKER_OPTION = "--print-worker"
"""In a frozen till the program itself, started with this option, must call `worker.main`."""
_WORKER_MARGIN = 0.3
"""The worker stops by itself so much earlier than its parent would end it."""
_SHORTEST = 0.2
_NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0)


def worker_command() -> list[str]:
    """Return how to start the worker of this installation."""
    if getattr(sys, "frozen", False):
        return [sys.executable, FROZEN_WORKER_OPTION]
    return [sys.executable, "-m", "pos_app.adapters.printing.worker"]


class WorkerPrinter:
    """A `SlipPrinter` and `CashDrawer` whose every call ends by its deadline.

    Calls block for up to `seconds` and belong on an I/O thread; several threads may call, jobs
    run one at a time. The worker starts with the first job and stays for the next ones; when a
    job runs late it is killed, and the next job gets a new one.
    """

    def __init__(self, command: Sequence[str] | None = None) -> None:
        self._command = list(command) if command is not None else worker_command()
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False

    def deliver(self, slip: Slip, settings: PrinterSettings, seconds: float) -> PrintOutcome:
        """Print `slip`; give up after `seconds` whatever the printer does."""
        return self._job({"do": "print", "slip": to_json(slip)}, settings, seconds)

    def open_drawer(self, settings: PrinterSettings, seconds: float) -> PrintOutcome:
        """Open the cash drawer that hangs on this printer."""
        return self._job({"do": "drawer"}, settings, seconds)

    def probe(self, settings: PrinterSettings, seconds: float) -> PrintOutcome:
        """Ask the printer whether it is ready, without printing.

        `PRINTED`: it answered and is ready. `SENT`: it can be reached but says nothing.
        """
        return self._job({"do": "probe"}, settings, seconds)

    def warm(self, *, draw: bool = False, seconds: float = 10.0) -> None:
        """Start the worker and load its libraries, and with `draw` its fonts, before a sale."""
        with self._turn:
            if not self._closed:
                self._exchange({"do": "warm", "draw": draw}, seconds)

    def close(self) -> None:
        """End the worker; a job under way is given up."""
        self._closed = True
        process = self._process
        if process is not None:
            _end(process)

    def _job(self, job: dict[str, Any], settings: PrinterSettings, seconds: float) -> PrintOutcome:
        if settings.transport is Transport.NONE:
            return _failed("none-configured")
        end = time.monotonic() + seconds
        if not self._turn.acquire(timeout=max(seconds, 0)):
            return _failed("timeout")  # the job before it had a longer deadline
        try:
            left = end - time.monotonic()
            if self._closed:
                return _failed("worker-died")
            job |= {
                "settings": asdict(settings),
                "seconds": max(left - _WORKER_MARGIN, _SHORTEST),
            }
            return self._exchange(job, left)
        finally:
            self._turn.release()

    def _exchange(self, job: dict[str, Any], seconds: float) -> PrintOutcome:
        process = self._ready_process()
        if process is None:
            return _failed("worker-died")
        answers: SimpleQueue[bytes] = SimpleQueue()
        line = json.dumps(job).encode("ascii") + b"\n"
        # A thread, because neither writing to nor reading from a pipe can be given a time
        # on every system; it ends with the answer or with the process.
        threading.Thread(
            target=_ask, args=(process, line, answers), name="print-job", daemon=True
        ).start()
        try:
            answer = answers.get(timeout=max(seconds, 0))
        except Empty:
            self._drop(process)
            return _failed("timeout")
        if not answer.endswith(b"\n"):
            self._drop(process)
            return _failed("worker-died")
        found = json.loads(answer)
        return PrintOutcome(PrintState(found["state"]), found["problem"])

    def _ready_process(self) -> subprocess.Popen[bytes] | None:
        if self._process is not None and self._process.poll() is None:
            return self._process
        if self._process is not None:
            self._drop(self._process)
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=_environment(os.environ),
                start_new_session=True,  # Ctrl-C at a terminal is for the till, not the printer
                creationflags=_NO_WINDOW,
            )
        except OSError:
            return None
        if self._closed:  # closed while it was starting
            self._drop(self._process)
        return self._process

    def _drop(self, process: subprocess.Popen[bytes]) -> None:
        _end(process)
        self._process = None


def _ask(process: subprocess.Popen[bytes], line: bytes, answers: SimpleQueue[bytes]) -> None:
    """Put the worker's answer into `answers`, or nothing when the worker has ended."""
    try:
        if process.stdin is None or process.stdout is None:
            return
        process.stdin.write(line)
        process.stdin.flush()
        answers.put(process.stdout.readline())
    except (OSError, ValueError):  # ValueError: the pipe was closed under our hands
        answers.put(b"")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()


def _environment(inherited: Mapping[str, str]) -> dict[str, str]:
    """The worker finds this package wherever the till was started, and draws without a screen."""
    package = str(Path(pos_app.__file__).resolve().parent.parent)
    paths = [package, *filter(None, [inherited.get("PYTHONPATH")])]
    return {
        **inherited,
        "PYTHONPATH": os.pathsep.join(paths),
        "QT_QPA_PLATFORM": "offscreen",
    }


def _failed(problem: str) -> PrintOutcome:
    return PrintOutcome(PrintState.FAILED, problem)
