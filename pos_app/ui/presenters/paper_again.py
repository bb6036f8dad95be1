"""One more copy of a paper that is in view, wherever it stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from pos_app.application.slip.layout import Slip

M = TypeVar("M")


def paper_again(
    reprint: Callable[[], tuple[M, int]], slip: Callable[[M, int], Slip]
) -> Callable[[], tuple[Slip, int]]:
    """Return the job that journals a copy and queues it: its slip and its number, from 1.

    `reprint` writes the act down and returns what was made and the number of the copy. It runs
    with `slip` on the ledger's thread; a `PosError` of either goes to whoever runs the job.
    """

    def job() -> tuple[Slip, int]:
        again, copy = reprint()
        return slip(again, copy), copy

    return job
