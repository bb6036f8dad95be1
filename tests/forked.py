"""Commands as processes of their own, without the second half of a start: the imports.

A process that has loaded the program's modules forks for every command, so a test pays what the
command does and not what Python does before it. What a start itself costs and loads is tested
where it matters, with new interpreters: `tests.architecture.test_start`, the kill tests, the real
window.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from runpy import run_module
from typing import Any, NoReturn

from tests.argon_memo import remember

ROOT = Path(__file__).resolve().parent.parent
STREAMS = 3


@dataclass(frozen=True)
class Ended:
    """How a command ended and what it said."""

    returncode: int
    stdout: bytes
    stderr: bytes


class CommandHangs(Exception):
    """A command did not end in its time; it was killed."""


def run_forked(
    words: tuple[str, ...],
    say: bytes,
    environment: Mapping[str, str],
    seconds: float,
    module: str = "pos_app",
) -> Ended:
    """Run ``python -m`` `module` with `words` in a process of its own; raise `CommandHangs`."""
    with (
        tempfile.TemporaryFile() as given,
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as err,
    ):
        given.write(say)
        given.seek(0)
        streams = [given.fileno(), out.fileno(), err.fileno()]
        order = {"module": module, "words": words, "environment": dict(environment)}
        code = _server().run(order, streams, seconds)
        out.seek(0)
        err.seek(0)
        return Ended(code, out.read(), err.read())


class _Server:
    """The process that forks, seen from the tests."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        self._line = ours
        self._words = ours.makefile("r", encoding="utf-8")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.forked", str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
        )
        theirs.close()
        atexit.register(self._end)

    def run(self, order: Mapping[str, Any], streams: list[int], seconds: float) -> int:
        text = json.dumps(order).encode() + b"\n"
        socket.send_fds(self._line, [text[:1]], streams)
        self._line.sendall(text[1:])
        self._line.settimeout(60)
        process = int(self._words.readline())
        self._line.settimeout(seconds)
        try:
            return int(self._words.readline())
        except TimeoutError:
            os.kill(process, signal.SIGKILL)
            _server.cache_clear()
            raise CommandHangs(" ".join(order["words"])) from None

    def _end(self) -> None:
        self._line.shutdown(socket.SHUT_RDWR)
        self._process.wait(10)


@cache
def _server() -> _Server:
    return _Server()


def _serve(line: socket.socket) -> None:
    """Fork for every order; answer its process and, once it ended, its code."""
    while True:
        start, streams, _, _ = socket.recv_fds(line, 1, STREAMS)
        if not start:
            return
        order = json.loads(start + _rest(line))
        process = os.fork()
        if not process:
            line.close()
            _become(order, streams)
        for stream in streams:
            os.close(stream)
        line.sendall(b"%d\n" % process)
        _, status = os.waitpid(process, 0)
        line.sendall(b"%d\n" % os.waitstatus_to_exitcode(status))


def _rest(line: socket.socket) -> bytes:
    text = bytearray()
    while not text.endswith(b"\n"):
        text += line.recv(65536)
    return bytes(text)


def _become(order: Mapping[str, Any], streams: list[int]) -> NoReturn:
    """Be the command: its streams, its environment, its words, its exit code."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.environ.clear()
    os.environ.update(order["environment"])
    time.tzset()
    sys.argv = ["", *order["words"]]
    code = 0
    try:
        run_module(order["module"], run_name="__main__", alter_sys=True)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
        if isinstance(end.code, str):
            sys.stderr.write(end.code + "\n")
    except BaseException:  # noqa: BLE001 - what Python itself does with what nobody caught
        sys.excepthook(*sys.exc_info())
        code = 1
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _load() -> None:
    """Load what commands load, without starting anything."""
    from pos_app.cli.main import _COMMANDS  # noqa: PLC0415 - only in the process that forks

    for place in _COMMANDS.values():
        import_module(f"pos_app.cli.{place.partition(':')[0]}")
    for module in ("pos_app.bootstrap.shop", "pos_app.bootstrap.paper", "PySide6.QtGui"):
        import_module(module)


if __name__ == "__main__":
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    remember()
    _load()
    _serve(socket.socket(fileno=int(sys.argv[1])))
