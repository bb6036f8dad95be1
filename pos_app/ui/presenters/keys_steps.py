"""One question of the key ceremony after another, on a screen that its presenter redraws."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeVar

from pos_app.application.records import Operator, Role
from pos_app.domain.errors import PosError
from pos_app.ui.presenters.desk import Desk, Run
from pos_app.ui.presenters.keys_screen import (
    PATHS,
    TYPED,
    KeyAct,
    KeySide,
    KeysScreen,
    Step,
    flow,
    settled_at,
)

T = TypeVar("T")


class KeysView(Protocol):
    """What the presenter asks of a screen."""

    def show_screen(self, screen: KeysScreen) -> None:
        """Draw `screen`."""
        ...


@dataclass(frozen=True, slots=True)
class KeysParts:
    """The door, files and papers, ways to run, and the word that destroys."""

    desk: Desk
    side: KeySide
    run: Run
    io: Run
    word: str


class KeySteps(ABC):
    """The steps of an act: forward, back, and where a problem can be put right."""

    def __init__(self, parts: KeysParts, operator: Operator, view: KeysView) -> None:
        self._side, self._operator, self._view = parts.side, operator, view
        self._run = parts.run
        self._screen = KeysScreen()

    @property
    def screen(self) -> KeysScreen:
        """What stands on the screen."""
        return self._screen

    @abstractmethod
    def begin(self) -> None:
        """Go back to the list of keys."""

    def back(self) -> bool:
        """Take Esc; False when there is nothing left to go back from."""
        screen = self._screen
        if screen.busy:
            return True
        if screen.step is Step.HOME or screen.act is None:
            return False
        if screen.step is Step.CODE:
            self._go(Step.SECOND_PIN, request=None)
            return True
        steps = self._flow()
        at = steps.index(screen.step) if screen.step in steps else 0
        if at == 0:
            self.begin()
        else:
            before = steps[at - 1]
            typed = screen.path if before in PATHS else ""
            self._go(before, typed=typed)
        return True

    def _flow(self) -> tuple[Step, ...]:
        return flow(self._screen.act, own=self._operator.role is Role.SUPERVISOR)

    def _forward(self) -> None:
        steps = self._flow()
        self._go(steps[steps.index(self._screen.step) + 1])

    def _go(self, step: Step, **changes: Any) -> None:
        plain = {"typed": "", "said": "", "problem": None, "wrong": False}
        if step is Step.PLACE:
            plain["typed"] = self._proposed()
        self._set(step=step, **{**plain, **changes})

    def _proposed(self) -> str:
        name = "till.request" if self._screen.act is KeyAct.REQUEST else "keys-destroyed.json"
        return self._side.files.place(name)

    def _ask(self, job: Callable[[], T], done: Callable[[T], None], on: Run | None = None) -> None:
        """Run `job` while no other key acts; after a problem the screen stays as it was."""

        def land(answer: T) -> None:
            self._screen = replace(self._screen, busy=False)
            done(answer)
            self._view.show_screen(self._screen)

        self._set(busy=True, problem=None, wrong=False)
        (on or self._run)(job, land, self._failed)

    def _failed(self, error: BaseException) -> None:
        self._screen = replace(self._screen, busy=False)
        if not isinstance(error, PosError):
            raise error
        step = settled_at(error, self._screen, self._flow())
        if step is not self._screen.step:
            self._go(step, problem=error, wrong=True, typed=self._again(step))
        else:
            self._set(problem=error, wrong=step in TYPED)

    def _again(self, step: Step) -> str:
        return self._screen.path if step in PATHS else ""

    def _set(self, **changes: Any) -> None:
        self._screen = replace(self._screen, **changes)
        self._view.show_screen(self._screen)
