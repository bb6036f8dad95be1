"""Work in a process of its own: what it took of the processor, and the memory at its highest."""

from __future__ import annotations

import os
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Generic, TypeVar

from tests.shops import HeldClock

T = TypeVar("T")


@dataclass(frozen=True)
class Ran(Generic[T]):
    """What some work returned; seconds; MiB held at its start and at its highest."""

    answer: T
    wall: float
    cpu: float
    before: float
    peak: float

    def line(self, name: str, count: int) -> str:
        """Return a row of a table for work on so many things."""
        grown = self.peak - self.before
        return (
            f"  {name:32} {self.wall:8.1f} s {count / self.wall:10,.0f}/s"
            f" {1e6 * self.cpu / count:8.1f} us {self.peak:7.0f} MiB ({grown:+.1f})"
        )


def ran(work: Callable[[], T]) -> Ran[T]:
    """Run some work here; its memory is counted from now on."""
    Path("/proc/self/clear_refs").write_text("5")  # proc(5): the highest is what is held now
    before = held("VmRSS")
    wall, cpu = time.perf_counter(), time.process_time()
    answer = work()
    took = time.perf_counter() - wall, time.process_time() - cpu
    return Ran(answer, *took, before, held("VmHWM"))


def apart(work: Callable[[], T]) -> T:
    """Run some work in a child of this process; nothing of it stays here but its answer."""
    here, there = Pipe()
    sys.stdout.flush()
    child = os.fork()
    if not child:
        here.close()
        _run(work, there)
    there.close()
    try:
        answer: Any = here.recv()
    except EOFError:
        raise RuntimeError("a part of the bench failed") from None
    finally:
        os.waitpid(child, 0)
    return answer  # type: ignore[no-any-return]


def _run(work: Callable[[], Any], answer: Connection) -> None:
    try:
        answer.send(work())
    except BaseException:  # noqa: BLE001 - a child must not go on as its parent
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(0)


def held(name: str) -> float:
    """Return a figure of this process's memory (proc(5)) in MiB."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition(f"{name}:")[2].split()[0]) / 1024


class RunningClock(HeldClock):
    """A clock that goes on from where it was set."""

    def now_ms(self) -> int:
        return self.now + self.steady_ms()

    def steady_ms(self) -> int:
        return int(1000 * time.monotonic()) - _STARTED_MS


_STARTED_MS = int(1000 * time.monotonic())
