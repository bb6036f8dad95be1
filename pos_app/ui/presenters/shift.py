"""A shift from its float to its Z: every step a key, no step ever blocked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeVar

from pos_app.application.records import Operator
from pos_app.application.shift_cash import DrawerReason
from pos_app.application.shift_records import DrawerLine, DropDue, ShiftNow, ShiftReport
from pos_app.application.slip.layout import Slip
from pos_app.domain.cash_count import CountInvalid
from pos_app.domain.errors import PosError
from pos_app.domain.money import AmountInvalid, Currency, Money
from pos_app.domain.shift import CashMove
from pos_app.ui.presenters.desk import Run
from pos_app.ui.presenters.paper_again import paper_again
from pos_app.ui.presenters.shift_desk import Shifts
from pos_app.ui.presenters.shift_screen import (
    Said,
    ShiftScreen,
    Step,
    counted,
    counted_all,
    read_float,
)

REASONS = tuple(DrawerReason)
T = TypeVar("T")
_Standing = tuple[ShiftNow | None, tuple[Currency, ...], Money | None]


class ShiftView(Protocol):
    """What the presenter asks of a screen."""

    def show_screen(self, screen: ShiftScreen) -> None:
        """Draw `screen`."""
        ...


@dataclass(frozen=True, slots=True)
class ShiftParts:
    """The door, a way to run there, the paper of an X or Z, and the pulse to the drawer.

    `drops` are the drawers with too much cash, as the status bar has them; `slip` takes the number
    of the copy, 0 for the original. Both run on the ledger's thread.
    """

    shifts: Shifts
    drops: Callable[[], tuple[DropDue, ...]]
    run: Run
    slip: Callable[[ShiftReport, int], Slip]
    pulse: Callable[[], None]


class ShiftPresenter:
    """The count is blind: what should be there is asked for only once the count is on disk."""

    def __init__(self, parts: ShiftParts, operator: Operator, view: ShiftView) -> None:
        self._shifts, self._run, self._slip = parts.shifts, parts.run, parts.slip
        self._pulse, self._drops = parts.pulse, parts.drops
        self._operator, self._view = operator, view
        self._screen = ShiftScreen()
        self.changed: Callable[[], None] = lambda: None

    @property
    def screen(self) -> ShiftScreen:
        """What stands on the screen."""
        return self._screen

    def begin(self) -> None:
        """Read where the shift stands; pieces typed before stay while it is the same shift."""
        kept = self._screen
        self._screen = ShiftScreen(now=kept.now, typed=kept.typed)
        self._ask(self._standing, self._began)

    def _standing(self) -> _Standing:
        """Read the shift, the currencies of the till and the drawer's limit if it is passed."""
        operator = self._operator.id
        limits = [due.limit for due in self._drops() if due.operator == operator]
        now, till = self._shifts.now(operator), self._shifts.currencies()
        return now, till, limits[0] if limits else None

    def _began(self, answer: _Standing) -> None:
        now, till, limit = answer
        before = self._screen.now
        same = now is not None and before is not None and now.shift == before.shift
        self._set(
            step=Step.OPEN if now else Step.FLOAT,
            now=now,
            till=till,
            drop_above=limit,
            floats=("",) * len(till),
            typed=self._screen.typed if same else {},
        )

    # opening

    def typed_float(self, number: int, text: str) -> None:
        """Take what is typed as the float of a currency."""
        floats = list(self._screen.floats)
        floats[number] = text
        self._set(floats=tuple(floats), problem=None, wrong=-1)

    def open(self) -> None:
        """Open the shift with the floats; an empty one is none."""
        if self._screen.step is not Step.FLOAT:
            return
        opening: list[Money] = []
        for number, currency in enumerate(self._screen.till):
            try:
                money = read_float(self._screen.floats[number], currency)
            except AmountInvalid as problem:
                self._set(problem=problem, wrong=number)
                return
            opening += [money] if money else []
        self._ask(lambda: self._shifts.open(self._operator.id, opening), self._opened)

    def _opened(self, now: ShiftNow) -> None:
        self._set(step=Step.OPEN, now=now, typed={}, said=Said("opened", number=now.shift))
        self.changed()

    # cash between sales

    def begin_move(self, kind: CashMove) -> None:
        """Ask how much goes in, out or into the safe, and why."""
        if self._screen.step is Step.OPEN:
            self._set(step=Step.MOVE, move=kind, amount="", reason="", at=self._usual(), said=None)

    def _usual(self) -> int:
        """Return the number of the currency the shift deals in, else the first."""
        dealt = self._screen.now.currencies if self._screen.now else ()
        return self._screen.till.index(dealt[0]) if dealt and dealt[0] in self._screen.till else 0

    def typed_amount(self, text: str) -> None:
        """Take what is typed as the amount."""
        self._set(amount=text, problem=None, wrong=-1)

    def typed_reason(self, text: str) -> None:
        """Take what is typed as the reason."""
        self._set(reason=text, problem=None, wrong=-1)

    def choose(self, at: int) -> None:
        """Move or count another currency."""
        choices = self._screen.held if self._screen.step is Step.COUNT else self._screen.till
        if 0 <= at < len(choices):
            self._set(at=at, problem=None, wrong=-1)

    def amount_stands(self) -> bool:
        """Tell whether the amount can be read; say why not."""
        return self._read_amount() is not None

    def _read_amount(self) -> Money | None:
        currency = self._screen.currency
        try:
            return Money.parse(self._screen.amount, currency) if currency else None
        except AmountInvalid as problem:
            self._set(problem=problem, wrong=0)
            return None

    def move(self) -> None:
        """Journal the cash that moves."""
        if self._screen.step is not Step.MOVE:
            return
        amount = self._read_amount()
        if amount is None:
            return
        kind, reason, operator = self._screen.move, self._screen.reason, self._operator.id

        def job() -> _Standing:
            self._shifts.move_cash(operator, kind, amount, reason)
            return self._standing()

        self._ask(job, lambda after: self._moved(Said(kind.value, amount), after), wrong=1)

    def _moved(self, said: Said, after: _Standing) -> None:
        self._set(step=Step.OPEN, now=after[0], drop_above=after[2], said=said, slip=None)
        self._pulse()
        self.changed()

    def begin_drawer(self) -> None:
        """Ask why the drawer opens."""
        if self._screen.step is Step.OPEN:
            self._set(step=Step.DRAWER, said=None)

    def drawer(self, number: int) -> None:
        """Open the drawer for the reason with this number, from 0."""
        if self._screen.step is not Step.DRAWER or not 0 <= number < len(REASONS):
            return
        reason, operator = REASONS[number], self._operator.id
        self._ask(lambda: self._shifts.open_drawer(operator, reason), self._drawer_noted)

    def _drawer_noted(self, _seq: int) -> None:
        self._set(step=Step.OPEN, said=Said("drawer"), slip=None)
        self._pulse()

    # X, count, close

    def read_x(self) -> None:
        """Lay the shift so far on the desk."""
        if self._screen.step is not Step.OPEN:
            return

        def job() -> Slip:
            return self._slip(self._shifts.x(self._operator.id), 0)

        self._ask(job, lambda slip: self._set(slip=slip))

    def begin_count(self) -> None:
        """Count, or count again."""
        if self._screen.step in {Step.OPEN, Step.COUNTED}:
            self._set(step=Step.COUNT, at=0, drawer=(), slip=None, said=None)

    def typed_pieces(self, piece: Money, text: str) -> None:
        """Take how many pieces of a note or coin are there."""
        key = (piece.currency.code, piece.minor)
        typed = {**self._screen.typed, key: text}
        self._set(typed=typed, problem=None, wrong=-1)

    def count(self) -> None:
        """Go to the next currency; after the last put the count on record."""
        screen = self._screen
        if screen.step is not Step.COUNT or screen.busy or screen.currency is None:
            return
        try:
            counted(screen.typed, screen.currency)
            if screen.at + 1 < len(screen.held):
                self.choose(screen.at + 1)
                return
            counts = counted_all(screen.typed, screen.held)
        except CountInvalid as problem:
            self._set(problem=problem, wrong=screen.unreadable())
            return
        self._ask(lambda: self._shifts.count(self._operator.id, counts), self._counted)

    def _counted(self, lines: tuple[DrawerLine, ...]) -> None:
        self._set(step=Step.COUNTED, drawer=lines)

    def close(self) -> None:
        """Close, counted or not."""
        if self._screen.step not in {Step.OPEN, Step.COUNTED}:
            return

        def job() -> tuple[ShiftReport, Slip]:
            report = self._shifts.close(self._operator.id)
            return report, self._slip(report, 0)

        self._ask(job, self._closed)

    def _closed(self, answer: tuple[ShiftReport, Slip]) -> None:
        report, slip = answer
        self._set(
            step=Step.CLOSED, now=None, typed={}, drawer=report.drawer, report=report, slip=slip
        )
        self.changed()

    def print_again(self) -> None:
        """Queue a copy of the Z."""
        report, by = self._screen.report, self._operator.id
        if self._screen.step is Step.CLOSED and report is not None:
            job = paper_again(lambda: self._shifts.reprint_z(by, report.shift), self._slip)
            self._ask(job, lambda done: self._set(slip=done[0], said=Said("copy", number=done[1])))

    def back(self) -> bool:
        """Take Esc; False when there is nothing left to go back from."""
        step = self._screen.step
        if self._screen.busy:
            return True
        if step is Step.COUNT and self._screen.at:
            self.choose(self._screen.at - 1)
        elif step in {Step.MOVE, Step.DRAWER, Step.COUNT, Step.COUNTED}:
            self._set(step=Step.OPEN, problem=None, wrong=-1, at=0)
        else:
            return False
        return True

    def _ask(self, job: Callable[[], T], done: Callable[[T], None], wrong: int = -1) -> None:
        """Run `job` while no other key acts; after a problem the screen stays as it was."""
        if self._screen.busy:
            return

        def land(answer: T) -> None:
            self._screen = replace(self._screen, busy=False)
            done(answer)

        def fail(error: BaseException) -> None:
            self._screen = replace(self._screen, busy=False)
            if not isinstance(error, PosError):
                raise error
            self._set(problem=error, wrong=wrong)

        self._set(busy=True, problem=None, wrong=-1, said=None)
        self._run(job, land, fail)

    def _set(self, **changes: Any) -> None:
        self._screen = replace(self._screen, **changes)
        self._view.show_screen(self._screen)
