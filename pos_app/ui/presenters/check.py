"""Check a token and a meter's answer: three fields, one verdict, one thing to do next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

from pos_app.application.token_check import Diagnosis, TokenCheck
from pos_app.domain.errors import PosError
from pos_app.ui.presenters.desk import Latest, Run

METER, TOKEN, SHOWS = "meter", "token", "shows"


@dataclass(frozen=True, slots=True)
class CheckScreen:
    """What is typed and what is known; `at_fault` names the field a problem is about."""

    meter: str = ""
    digits: str = ""
    shows: str = ""
    maker: str = ""
    again: bool = False
    check: TokenCheck | None = None
    diagnosis: Diagnosis | None = None
    problem: PosError | None = None
    at_fault: str = ""


class CheckDesk(Protocol):
    """The part of the desk that reads tokens."""

    def check_token(self, digits: str, typed_meter: str) -> TokenCheck:
        """Return all this till knows of a token and a meter."""
        ...

    def diagnose(
        self, typed_meter: str, digits: str, shows: str, maker: str = "", *, again: bool = False
    ) -> Diagnosis:
        """Return the one thing to do about what a meter shows."""
        ...


class CheckView(Protocol):
    """What the presenter asks of a screen."""

    def show_screen(self, screen: CheckScreen) -> None:
        """Draw `screen`."""
        ...

    def mark(self, field: str) -> None:
        """Put the caret into a field with everything there selected."""
        ...


class CheckPresenter:
    """Enter goes to the next field that is empty, and asks as soon as there is enough."""

    def __init__(self, desk: CheckDesk, run: Run, view: CheckView) -> None:
        self._desk, self._view = desk, view
        self._asking = Latest(run)
        self._screen = CheckScreen()

    @property
    def screen(self) -> CheckScreen:
        """What stands on the screen."""
        return self._screen

    def begin(self, meter: str = "") -> None:
        """Start anew, about a meter if one is given."""
        self._asking.drop()
        self._screen = CheckScreen(meter=meter)
        self._view.show_screen(self._screen)
        self._view.mark(TOKEN if meter else METER)

    def typed(self, field: str, text: str) -> None:
        """Take what was typed, pasted or scanned; what was known of the old text is gone."""
        names = {METER: "meter", TOKEN: "digits", SHOWS: "shows"}
        self._asking.drop()
        gone: dict[str, Any] = {"diagnosis": None, "problem": None, "at_fault": ""}
        if field != SHOWS:
            gone["check"] = None
        self._set(**{names[field]: text}, **gone)

    def choose_maker(self, maker: str) -> None:
        """Read the display as this maker's; empty for any."""
        self._set(maker=maker)
        if self._screen.shows.strip():
            self.enter(SHOWS)

    def tried_again(self) -> None:
        """The customer typed it once more, in vain."""
        self._set(again=True)
        self.enter(SHOWS)

    def enter(self, field: str) -> None:
        """Ask, or go where something is missing."""
        screen = self._screen
        if not screen.meter.strip():
            self._view.mark(METER)
        elif screen.shows.strip() and field != TOKEN:
            self._diagnose()
        elif screen.digits.strip():
            self._check()
        else:
            self._view.mark(TOKEN if field == METER else SHOWS)

    def _check(self) -> None:
        screen = self._screen
        self._ask(lambda: self._desk.check_token(screen.digits, screen.meter), self._checked)

    def _diagnose(self) -> None:
        now = self._screen
        self._ask(
            lambda: self._desk.diagnose(
                now.meter, now.digits, now.shows, now.maker, again=now.again
            ),
            self._diagnosed,
        )

    def _ask(self, job: Callable[[], Any], done: Callable[[Any], None]) -> None:
        self._asking.ask(job, done, self._failed)

    def _checked(self, check: TokenCheck) -> None:
        self._set(check=check, problem=None, at_fault="")
        self._view.mark(SHOWS)

    def _diagnosed(self, diagnosis: Diagnosis) -> None:
        self._set(diagnosis=diagnosis, check=diagnosis.check, problem=None, at_fault="")

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, PosError):
            raise error
        field = TOKEN if error.code.startswith("token-") else METER
        self._set(problem=error, at_fault=field, check=None, diagnosis=None)
        self._view.mark(field)

    def _set(self, **changes: Any) -> None:
        self._screen = replace(self._screen, **changes)
        self._view.show_screen(self._screen)
