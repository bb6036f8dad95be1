"""The threads of a window, and how many of its questions are not answered yet."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from pos_app.ui.tasks import Tasks

T = TypeVar("T")


class WatchedTasks(Tasks):
    """`under_way` counts the jobs whose answers have not been heard on the GUI thread."""

    def __init__(self) -> None:
        super().__init__()
        self.under_way = 0

    def ledger(
        self,
        job: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        self.under_way += 1
        super().ledger(job, self._heard(done), self._heard(failed))

    def io(
        self,
        job: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        self.under_way += 1
        super().io(job, self._heard(done), self._heard(failed))

    def _heard(self, hear: Callable[[T], None]) -> Callable[[T], None]:
        def land(answer: T) -> None:
            self.under_way -= 1
            hear(answer)

        return land
