"""Processes that read and prove entries beside the server's own, which is left the database.

They are forked before the server has threads, hold the office's keys like it does, and touch
neither files nor the database: bytes come by a pipe and values go back. One that dies is not
replaced; its share is done here, so that nothing depends on any of them. When the server dies,
however it dies, their pipes end, and so do they.
"""

from __future__ import annotations

import os
import pickle
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.connection import Connection
from queue import Empty, SimpleQueue
from typing import Any, Final

from pos_app.exchange.errors import ExchangeInvalid
from pos_app.head_office.judging import signatures_that_fail
from pos_app.head_office.proving import TokenProver
from pos_app.head_office.reading import Batch, Plain, Readings, from_plain, read, to_plain

_AHEAD: Final = 2
"""Batches of one bundle that are read ahead of the one that is written."""
_MOST: Final = 16
_PATIENCE_S: Final = 5
"""How long work waits for a process to be free before it is done here."""
Work = Callable[..., Any]


def _read_batch(prover: TokenProver, *batch: Any) -> Plain:
    return to_plain(read(Batch(*batch), prover))


def _signatures(_: TokenProver, signed: Sequence[tuple[bytes, bytes]], public: bytes) -> list[int]:
    return signatures_that_fail(signed, public)


_WORKS: Final[dict[str, Work]] = {"read": _read_batch, "signatures": _signatures}


@dataclass(slots=True)
class _Asked:
    """A piece of work that is under way at `line`, or is yet to be done here (None)."""

    name: str
    words: tuple[Any, ...]
    line: Connection | None


@dataclass(slots=True)
class Workers:
    """Reads batches in order, in other processes where there are some."""

    prover: TokenProver
    number: int = 0
    _free: SimpleQueue[Connection] = field(default_factory=SimpleQueue)

    @classmethod
    def usual(cls) -> int:
        """Return how many do this computer good: the database wants a processor, too."""
        return min(max((os.cpu_count() or 1) - 1, 1), _MOST)

    def start(self, number: int) -> None:
        """Fork `number` processes; only before there are threads. Elsewhere than on Unix: none."""
        lines: list[Connection] = []
        if "fork" in get_all_start_methods():
            context = get_context("fork")
            for _ in range(number):
                here, there = context.Pipe()
                # Whoever is forked later must not hold an end of this pipe, or it never ends.
                target = (self.prover, there, [*lines, here])
                context.Process(target=_serve, args=target, daemon=True).start()
                there.close()
                lines.append(here)
        self.number = len(lines)
        for each in lines:
            self._free.put(each)

    def close(self) -> None:
        """Let the processes end that are not at work."""
        with suppress(Empty):
            while True:
                self._free.get_nowait().close()

    def read_all(self, batches: Iterable[Batch]) -> Iterator[Readings]:
        """Yield what is read of each batch; what came before a bad place comes first."""
        source = iter(batches)
        waiting: deque[_Asked] = deque()
        failure: ExchangeInvalid | None = None
        more = True
        try:
            while more or waiting:
                while more and (not waiting or self._can_read_ahead(waiting)):
                    try:
                        batch = next(source, None)
                    except ExchangeInvalid as bad:
                        batch, failure = None, bad
                    more = batch is not None
                    if batch is not None:
                        waiting.append(self._ask("read", tuple(batch)))
                if waiting:
                    yield from_plain(self._answer(waiting.popleft()))
        finally:
            for each in waiting:
                self._answer(each)
        if failure is not None:
            raise failure

    def failing(self, signed: Sequence[tuple[bytes, bytes]], public: bytes) -> list[int]:
        """Return the positions of the (hash, signature) pairs that are not the till's."""
        found: list[int] = self._answer(self._ask("signatures", (signed, public)))
        return found

    def _can_read_ahead(self, waiting: Sequence[_Asked]) -> bool:
        return len(waiting) < _AHEAD and not self._free.empty()

    def _ask(self, name: str, words: tuple[Any, ...]) -> _Asked:
        """Hand work to a process that is free, or will be: who waits here keeps none waiting."""
        try:
            line = self._free.get(timeout=_PATIENCE_S) if self.number else None
        except Empty:
            line = None
        if line is not None:
            try:
                line.send_bytes(pickle.dumps((name, words), pickle.HIGHEST_PROTOCOL))
            except OSError:
                self.number, line = self.number - 1, None
        return _Asked(name, words, line)

    def _answer(self, asked: _Asked) -> Any:
        if asked.line is not None:
            try:
                found = pickle.loads(asked.line.recv_bytes())  # noqa: S301 - from our own process
            except (OSError, EOFError):
                self.number -= 1
            else:
                self._free.put(asked.line)
                return found
        return _WORKS[asked.name](self.prover, *asked.words)


def _serve(prover: TokenProver, line: Connection, others: Sequence[Connection]) -> None:
    """Do what comes until the pipe ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server ends in its own time, then the pipe
    for each in others:
        each.close()
    with suppress(OSError, EOFError):
        while True:
            name, words = pickle.loads(line.recv_bytes())  # noqa: S301 - from our own process
            line.send_bytes(
                pickle.dumps(_WORKS[name](prover, *words), pickle.HIGHEST_PROTOCOL)
            )
    os._exit(0)
