"""Who is at the till: a number or a name, then a PIN."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from pos_app.domain.errors import PosError
from pos_app.ui.presenters.pin_lock import PinLockCount

if TYPE_CHECKING:
    from pos_app.application.records import Operator
    from pos_app.ui.presenters.desk import Desk, Run

LONGEST_PIN = 12


@dataclass(frozen=True, slots=True)
class SignInScreen:
    """`operators` is None until the shop is open; a PIN is known by its length only."""

    operators: tuple[Operator, ...] | None = None
    typed: str = ""
    shown: tuple[Operator, ...] = ()
    at: int = 0
    chosen: Operator | None = None
    pin_length: int = 0
    checking: bool = False
    problem: PosError | None = None


class SignInView(Protocol):
    """What the presenter asks of a screen."""

    def show_screen(self, screen: SignInScreen) -> None:
        """Draw `screen`."""
        ...


class SignInPresenter:
    """Choose by digit or by name, then check the PIN on the ledger's thread."""

    def __init__(
        self,
        desk: Desk,
        run: Run,
        view: SignInView,
        signed_in: Callable[[Operator], None],
        seconds: Callable[[], float],
    ) -> None:
        """`seconds` is a clock that nobody can set."""
        self.instead_of = ""  # whose sale in progress is taken over
        self._desk, self._run, self._view = desk, run, view
        self._signed_in = signed_in
        self._lock = PinLockCount(seconds)
        self._screen = SignInScreen()
        self._pin = ""

    @property
    def screen(self) -> SignInScreen:
        """What stands on the screen."""
        return self._screen

    def begin(self) -> None:
        """Ask who may sign in."""
        self._view.show_screen(self._screen)
        self._run(self._desk.operators, self._listed, self._failed)

    def key(self, text: str) -> None:
        """Take one typed character: a number or a letter of a name, then digits of the PIN."""
        if self._screen.checking or self._screen.operators is None:
            return
        if self._screen.chosen is not None:
            if text.isascii() and text.isdigit() and len(self._pin) < LONGEST_PIN:
                self._pin += text
                self._set(pin_length=len(self._pin), problem=None)
        elif text.isascii() and text.isdigit() and not self._screen.typed:
            self._choose_number(int(text))
        else:
            self._narrow(self._screen.typed + text)

    def choose(self, operator: Operator) -> None:
        """Take the operator whose tile was pressed."""
        self._pin = ""
        self._set(chosen=operator, pin_length=0, problem=None, typed="", shown=self._all())

    def enter(self) -> None:
        """Choose the name with the ring, or check the PIN."""
        if self._screen.checking:
            return
        chosen = self._screen.chosen
        if chosen is None:
            if self._screen.shown:
                self.choose(self._screen.shown[self._screen.at])
        elif self._pin:
            pin, self._pin = self._pin, ""
            self._set(checking=True, problem=None)
            self._run(
                lambda: self._desk.sign_in(chosen.id, pin, self.instead_of),
                self._accepted,
                self._failed,
            )

    def move(self, by: int) -> None:
        """Move the ring over the names."""
        shown = self._screen.shown
        if self._screen.chosen is None and shown:
            self._set(at=(self._screen.at + by) % len(shown))

    def erase(self) -> None:
        """Take back one character."""
        if self._pin:
            self._pin = self._pin[:-1]
            self._set(pin_length=len(self._pin))
        elif self._screen.chosen is None and self._screen.typed:
            self._narrow(self._screen.typed[:-1])

    def back(self) -> bool:
        """Take Esc: forget the PIN, or who it was of; False when there was nothing to forget."""
        if self._screen.checking:
            return True
        if self._pin:
            self._pin = ""
            self._set(pin_length=0, problem=None)
        elif len(self._all()) > 1 and (self._screen.chosen is not None or self._screen.typed):
            self._set(chosen=None, typed="", shown=self._all(), problem=None)
        else:
            return False
        return True

    def tick(self) -> None:
        """Count down how long a PIN stays locked; say nothing more once it is open."""
        problem = self._lock.left_of(self._screen.problem)
        if problem is not self._screen.problem:
            self._set(problem=problem)

    def _all(self) -> tuple[Operator, ...]:
        return self._screen.operators or ()

    def _choose_number(self, number: int) -> None:
        if 1 <= number <= min(9, len(self._screen.shown)):
            self.choose(self._screen.shown[number - 1])

    def _narrow(self, typed: str) -> None:
        wanted = typed.casefold()
        shown = tuple(one for one in self._all() if wanted in one.name.casefold())
        if shown:
            self._set(typed=typed, shown=shown, at=0)

    def _listed(self, operators: tuple[Operator, ...]) -> None:
        only = operators[0] if len(operators) == 1 else None
        self._set(operators=operators, shown=operators, chosen=only)

    def _accepted(self, operator: Operator) -> None:
        self._set(checking=False, pin_length=0)
        self._signed_in(operator)

    def _failed(self, error: BaseException) -> None:
        self._set(checking=False, pin_length=0)
        if not isinstance(error, PosError):
            raise error
        self._lock.begin(error)
        self._set(problem=error)

    def _set(self, **changes: Any) -> None:
        self._screen = replace(self._screen, **changes)
        self._view.show_screen(self._screen)
