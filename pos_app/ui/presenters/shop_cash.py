"""The shop's shifts and batches for a supervisor: other people's shifts, counts that are off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from pos_app.application.records import Operator
from pos_app.application.shift_records import BatchReport, OpenBatch, ShiftNow, ShiftReport
from pos_app.application.slip.layout import Slip
from pos_app.domain.cash_count import CashCount, parse_count
from pos_app.domain.errors import PosError
from pos_app.domain.money import Currency
from pos_app.domain.shift import Level
from pos_app.ui.presenters.desk import Desk, Run

T = TypeVar("T")


class Step(StrEnum):
    """Where the supervisor stands."""

    LOADING = "loading"
    LIST = "list"
    ONE = "one"
    COUNT = "count"
    REASON = "reason"
    PIN = "pin"
    REFERENCE = "reference"
    DONE = "done"


class Deed(StrEnum):
    """What can be done with somebody's open shift, in the order of the digits."""

    X = "x"
    COUNT = "count"
    CLOSE = "close"


DEEDS = tuple(Deed)
MOST_DIGITS = 9
TYPED = (Step.COUNT, Step.REASON, Step.PIN, Step.REFERENCE)
Choice = ShiftNow | ShiftReport | OpenBatch


@dataclass(frozen=True, slots=True)
class ShopCashScreen:
    """`choices` are open shifts, closed ones whose count waits, then the open batches.

    A page has what the digits reach, from the number `first` on; the last digit turns it.
    `counts` are those of the currencies before `at`; `done` names what was done.
    """

    step: Step = Step.LOADING
    choices: tuple[Choice, ...] = ()
    first: int = 0
    names: dict[str, str] = field(default_factory=dict)
    chosen: Choice | None = None
    at: int = 0
    counts: tuple[CashCount, ...] = ()
    reason: str = ""
    typed: str = ""
    slip: Slip | None = None
    done: str = ""
    problem: PosError | None = None
    wrong: bool = False
    busy: bool = False

    @property
    def page(self) -> tuple[Choice, ...]:
        """The choices that have a digit now."""
        if not self.turns:
            return self.choices
        return self.choices[self.first : self.first + MOST_DIGITS - 1]

    @property
    def turns(self) -> bool:
        """Tell whether there are more choices than digits."""
        return len(self.choices) > MOST_DIGITS

    @property
    def currency(self) -> Currency | None:
        """The currency being counted."""
        held = self.chosen.currencies if isinstance(self.chosen, ShiftNow) else ()
        return held[self.at] if self.at < len(held) else None


class ShopCashView(Protocol):
    """What the presenter asks of a screen."""

    def show_screen(self, screen: ShopCashScreen) -> None:
        """Draw `screen`."""
        ...


@dataclass(frozen=True, slots=True)
class ShopCashParts:
    """The door, a way to run there, and the paper of shifts and batches (on that thread)."""

    desk: Desk
    run: Run
    shift_slip: Callable[[ShiftReport, int], Slip]
    batch_slip: Callable[[BatchReport], Slip]


class ShopCashPresenter:
    """One question a step; after every deed its paper, then the list again."""

    def __init__(self, parts: ShopCashParts, operator: Operator, view: ShopCashView) -> None:
        self._desk, self._run, self._parts = parts.desk, parts.run, parts
        self._operator, self._view = operator, view
        self._screen = ShopCashScreen()
        self.changed: Callable[[], None] = lambda: None

    @property
    def screen(self) -> ShopCashScreen:
        """What stands on the screen."""
        return self._screen

    def begin(self) -> None:
        """Read what is open."""
        self._screen = ShopCashScreen()

        def job() -> tuple[tuple[Choice, ...], dict[str, str]]:
            shifts = self._desk.shifts
            names = {each.id: each.name for each in self._desk.operators()}
            batches = shifts.batches(self._operator.id)
            return (*shifts.open_now(), *shifts.unapproved(), *batches), names

        self._ask(job, lambda got: self._set(step=Step.LIST, choices=got[0], names=got[1]))

    def choose(self, number: int) -> None:
        """Take the answer with this number, from 0."""
        screen = self._screen
        if screen.busy:
            return
        if screen.step is Step.LIST and screen.turns and number == len(screen.page):
            after = screen.first + MOST_DIGITS - 1
            self._set(first=after if after < len(screen.choices) else 0, problem=None)
        elif screen.step is Step.LIST and 0 <= number < len(screen.page):
            self._choose(screen.page[number])
        elif screen.step is Step.ONE and 0 <= number < len(DEEDS):
            self._do(DEEDS[number])

    def _choose(self, choice: Choice) -> None:
        if isinstance(choice, ShiftNow):
            self._go(Step.ONE, chosen=choice)
        elif isinstance(choice, ShiftReport):
            self._ask(
                lambda: self._parts.shift_slip(choice, 0),
                lambda slip: self._go(Step.REASON, chosen=choice, slip=slip),
            )
        elif choice.row.level is Level.SALES:
            door = self._desk.shifts

            def job() -> Slip:
                return self._parts.batch_slip(door.close_sales_batch(self._operator.id))

            self._ask(job, lambda slip: self._finish("batch", slip))
        else:
            self._go(Step.REFERENCE, chosen=choice)

    def _do(self, deed: Deed) -> None:
        now = self._screen.chosen
        if not isinstance(now, ShiftNow):
            return
        if deed is Deed.COUNT and now.currencies:
            self._go(Step.COUNT, at=0, counts=())
        elif deed is Deed.X:

            def job() -> Slip:
                report = self._desk.shifts.x(self._operator.id, now.operator)
                return self._parts.shift_slip(report, 0)

            self._ask(job, lambda slip: self._set(slip=slip))
        else:
            self._close(now, ())

    def _close(self, now: ShiftNow, counts: tuple[CashCount, ...]) -> None:
        def job() -> Slip:
            report = self._desk.shifts.close(self._operator.id, counts, now.operator)
            return self._parts.shift_slip(report, 0)

        self._ask(job, lambda slip: self._finish("closed", slip))

    def typed(self, text: str) -> None:
        """Take what is typed into the field of the step."""
        self._set(typed=text, problem=None, wrong=False)

    def enter(self) -> None:
        """Take the line that was typed; after a deed go back to the list."""
        acts = {
            Step.COUNT: self._take_count,
            Step.REASON: self._take_reason,
            Step.PIN: self._approve,
            Step.REFERENCE: self._bank,
            Step.DONE: self.begin,
        }
        act = acts.get(self._screen.step)
        if act is not None and not self._screen.busy:
            act()

    def _take_count(self) -> None:
        screen, now = self._screen, self._screen.chosen
        if screen.currency is None or not isinstance(now, ShiftNow):
            return
        try:
            counts = (*screen.counts, parse_count(screen.typed, screen.currency))
        except PosError as problem:
            self._set(problem=problem, wrong=True)
            return
        if len(counts) < len(now.currencies):
            self._go(Step.COUNT, at=screen.at + 1, counts=counts)
        else:
            self._close(now, counts)

    def _take_reason(self) -> None:
        if self._screen.typed.strip():
            self._go(Step.PIN, reason=self._screen.typed)

    def _approve(self) -> None:
        report, pin = self._screen.chosen, self._screen.typed
        if not isinstance(report, ShiftReport) or not pin:
            return
        reason, me = self._screen.reason, self._operator.id
        self._set(typed="")

        def job() -> Slip:
            approved = self._desk.shifts.approve(report.shift, me, pin, reason)
            return self._parts.shift_slip(approved, 0)

        self._ask(job, lambda slip: self._finish("approved", slip))

    def _bank(self) -> None:
        reference, me = self._screen.typed, self._operator.id

        def job() -> Slip:
            return self._parts.batch_slip(self._desk.shifts.close_bank_batch(me, reference))

        self._ask(job, lambda slip: self._finish("banked", slip))

    def print_again(self) -> None:
        """Do nothing: every close of this page is on its way to paper already."""

    def back(self) -> bool:
        """Take Esc; False when there is nothing left to go back from."""
        step = self._screen.step
        if self._screen.busy:
            return True
        if step in {Step.LOADING, Step.LIST}:
            return False
        if step is Step.COUNT:
            self._go(Step.ONE)
        elif step is Step.PIN:
            self._go(Step.REASON, typed=self._screen.reason)
        else:
            self.begin()
        return True

    def _finish(self, done: str, slip: Slip) -> None:
        self._set(step=Step.DONE, done=done, slip=slip, typed="")
        self.changed()

    def _go(self, step: Step, **changes: Any) -> None:
        self._set(step=step, problem=None, wrong=False, **{"typed": "", **changes})

    def _ask(self, job: Callable[[], T], done: Callable[[T], None]) -> None:
        """Run `job` while no other key acts; after a problem the screen stays as it was."""

        def land(answer: T) -> None:
            self._screen = replace(self._screen, busy=False)
            done(answer)

        def fail(error: BaseException) -> None:
            self._screen = replace(self._screen, busy=False)
            if not isinstance(error, PosError):
                raise error
            self._set(problem=error, wrong=self._screen.step in TYPED)

        self._set(busy=True, problem=None, wrong=False)
        self._run(job, land, fail)

    def _set(self, **changes: Any) -> None:
        self._screen = replace(self._screen, **changes)
        self._view.show_screen(self._screen)
