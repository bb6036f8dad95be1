"""Processes that read and prove entries beside the server's own, which is left the database.

They are forked before the server has threads, hold the office's keys like it does, and touch
neither files nor the database: bytes come by a pipe and values go back. One that dies is not
replaced; its share is done here, so that nothing depends on any of them. When the server dies,
however it dies, their pipes end, and so do they.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.connection import Connection
from queue import Empty, SimpleQueue
from typing import Any, Final

from pos_app.exchange.errors import ExchangeInvalid
from pos_app.head_office.judging import signatures_that_fail
from pos_app.head_office.proving import TokenProver
from pos_app.head_office.reading import Batch, Plain, Readings, from_plain, read, to_plain
from pos_app.head_office.stretch import Stretch, stretch_of

_AHEAD: Final = 2
"""Batches of one bundle that are read ahead of the one that is written."""
_MOST: Final = 16
Answer = Callable[[], Any]
Work = Callable[..., Any]


Read = tuple[Batch, Stretch | Readings]
"""A batch, and what it comes to: at once, or entry by entry."""


def _read_batch(prover: TokenProver, *batch: Any) -> Plain | Stretch:
    made = Batch(*batch)
    return stretch_of(made, prover) or to_plain(read(made, prover))


def _signatures(_: TokenProver, signed: Sequence[tuple[bytes, bytes]], public: bytes) -> list[int]:
    return signatures_that_fail(signed, public)


_WORKS: Final[dict[str, Work]] = {"read": _read_batch, "signatures": _signatures}


@dataclass(slots=True)
class Workers:
    """Reads batches in order, in other processes where there are some."""

    prover: TokenProver
    number: int = 0
    _free: SimpleQueue[Connection] = field(default_factory=SimpleQueue)
    _threads: ThreadPoolExecutor | None = None
    """One for each process, to hand it work and to wait for it."""

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
        self._threads = ThreadPoolExecutor(self.number, "reader") if lines else None

    def close(self) -> None:
        """Let the processes end their work, and end."""
        if self._threads is not None:
            self._threads.shutdown()
            self._threads, self.number = None, 0
        with suppress(Empty):
            while True:
                self._free.get_nowait().close()

    def read_all(self, batches: Iterable[Batch]) -> Iterator[Read]:
        """Yield what is read of each batch; what came before a bad place comes first."""
        source = iter(batches)
        waiting: deque[tuple[Batch, Answer]] = deque()
        failure: ExchangeInvalid | None = None
        more = True
        while more or waiting:
            while more and len(waiting) <= _AHEAD:
                try:
                    batch = next(source, None)
                except ExchangeInvalid as bad:
                    batch, failure = None, bad
                more = batch is not None
                if batch is not None:
                    waiting.append((batch, self._ask("read", *batch)))
            if waiting:
                batch, answer = waiting.popleft()
                found = answer()
                yield batch, found if isinstance(found, Stretch) else from_plain(found)
        if failure is not None:
            raise failure

    def read_singly(self, batch: Batch) -> Readings:
        """Return what is read of a batch entry by entry."""
        return from_plain(self._ask("read", *batch._replace(to=None))())

    def failing(self, signed: Sequence[tuple[bytes, bytes]], public: bytes) -> list[int]:
        """Return the positions of the (hash, signature) pairs that are not the till's."""
        found: list[int] = self._ask("signatures", signed, public)()
        return found

    def _ask(self, name: str, *words: Any) -> Answer:
        """Let work begin, where there are processes, and return how to have its result."""
        if self._threads is None:
            return partial(_WORKS[name], self.prover, *words)
        return self._threads.submit(self._there, name, *words).result

    def _there(self, name: str, *words: Any) -> Any:
        """Let a process do some work; without one, or when it dies, do it here."""
        with suppress(Empty, OSError, EOFError):
            line = self._free.get_nowait()  # there are as many threads as processes at first
            try:
                line.send_bytes(pickle.dumps((name, words), pickle.HIGHEST_PROTOCOL))
                found = pickle.loads(line.recv_bytes())  # noqa: S301 - from our own process
            except (OSError, EOFError):
                self.number -= 1
                line.close()
                raise
            self._free.put(line)
            return found
        return _WORKS[name](self.prover, *words)


def _serve(prover: TokenProver, line: Connection, others: Sequence[Connection]) -> None:
    """Do what comes until the pipe ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server ends in its own time, then the pipe
    for each in others:
        each.close()
    gc.freeze()  # what the server made before stays as it is: it need not be looked through
    with suppress(OSError, EOFError):
        while True:
            name, words = pickle.loads(line.recv_bytes())  # noqa: S301 - from our own process
            line.send_bytes(pickle.dumps(_WORKS[name](prover, *words), pickle.HIGHEST_PROTOCOL))
    os._exit(0)
