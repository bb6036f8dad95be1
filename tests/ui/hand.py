"""A till without Qt: jobs wait until the test lets them run, the view keeps what it was told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from pos_app.application.printing import PrintState
from pos_app.application.records import Operator
from pos_app.application.slip.layout import Slip, Text
from pos_app.ui.presenters.desk import Slips, TillParts
from pos_app.ui.presenters.till import TillPresenter
from pos_app.ui.presenters.till_screen import Place, Step, TillScreen
from tests.ui.fake_desk import OPERATORS, FakeDesk, make_desk

T = TypeVar("T")


@dataclass
class Queue:
    """The ledger's thread, played by hand. `held` keeps jobs until `work` is called."""

    held: bool = False
    waiting: list[Callable[[], None]] = field(default_factory=list)

    def __call__(
        self,
        job: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        def act() -> None:
            try:
                answer = job()
            except Exception as error:  # noqa: BLE001 - a worker hands over every error
                failed(error)
            else:
                done(answer)

        if self.held:
            self.waiting.append(act)
        else:
            act()

    def work(self) -> None:
        while self.waiting:
            self.waiting.pop(0)()


@dataclass
class Seen:
    """A view that remembers."""

    screens: list[TillScreen] = field(default_factory=list)
    marks: list[Place] = field(default_factory=list)

    def show_screen(self, screen: TillScreen) -> None:
        self.screens.append(screen)

    def mark(self, place: Place) -> None:
        self.marks.append(place)


class Till:
    """A cashier at a presenter, with a clock that only the test moves."""

    def __init__(self, desk: FakeDesk | None = None, operator: Operator = OPERATORS[0]) -> None:
        self.desk = desk or make_desk()
        self.queue, self.view = Queue(), Seen()
        self.seconds = 100.0
        self.ids: list[str] = []
        slips = Slips(
            draft=lambda card, answer, received, _kept: Slip(
                "draft",
                (
                    Text(card.meter.drn),
                    Text(str(answer.quote.tenths if answer else None)),
                    Text(", ".join(f"{t.kind} {t.amount.plain()}" for t in received)),
                ),
            ),
            of=lambda sale, copy: Slip(sale.receipt, (Text(str(copy)),)),
        )
        parts = TillParts(
            self.desk, self.queue, slips, lambda: self.seconds, self._new_id, self.queue
        )
        self.presenter = TillPresenter(parts, operator, self.view)
        self.presenter.begin()

    def _new_id(self) -> str:
        self.ids.append(f"sale-{len(self.ids)}")
        return self.ids[-1]

    @property
    def screen(self) -> TillScreen:
        return self.presenter.screen

    @property
    def step(self) -> Step:
        return self.presenter.screen.step

    def at(self, step: Step) -> bool:
        return self.screen.step is step

    def code(self) -> str:
        assert self.screen.problem is not None
        return self.screen.problem.code

    def print_state(self) -> PrintState | None:
        return self.screen.print_state

    def enter(self, place: Place | None = None) -> None:
        self.seconds += 1
        self.presenter.enter(place or self.screen.place)

    def find(self, text: str) -> None:
        """Type key by key, as a hand or a scanner does."""
        for end in range(1, len(text) + 1):
            self.presenter.typed_find(text[:end])

    def to_amount(self, meter: str = "07124482166", amount: str = "100") -> None:
        self.find(meter)
        self.enter()
        for end in range(1, len(amount) + 1):
            self.presenter.typed_amount(amount[:end])

    def to_tender(self, meter: str = "07124482166", amount: str = "100") -> None:
        self.to_amount(meter, amount)
        self.enter()

    def sold(self) -> int:
        return len(self.desk.sales)
