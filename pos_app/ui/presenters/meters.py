"""Virtual meters side by side: who is typed into, how fast time passes, what each one shows.

Time passes by ticks of a second that the screen gives; a tick that finds the last one still
under way is left out, so a slow disk makes the meters' time slower and never the window.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Protocol

from pos_app.domain.errors import PosError
from pos_app.meter.device import Act, AskEmergency, Enter, Live, Power, Press, Tamper
from pos_app.meter.results import Answer

if TYPE_CHECKING:
    from pos_app.meter.state import Meter
    from pos_app.ui.presenters.desk import Run

MOST: Final = 3
TOKEN_DIGITS: Final = 20
LOADS: Final = (0, 60, 300, 1000, 2000, 3500, 6000, 12_000)
"""W, or l/h, over all phases."""
SPEEDS: Final = (0, 1, 60, 900, 3600)
"""Seconds of the meters in a second of the clock."""


class MeterBench(Protocol):
    """The virtual meters of an open training shop; every method runs on the ledger's thread."""

    def examples(self) -> tuple[str, ...]:
        """Return numbers of meters to try."""
        ...

    def known(self) -> tuple[Meter, ...]:
        """Return the virtual meters there are."""
        ...

    def place(self, typed: str) -> Meter:
        """Return the virtual meter of a number, made if there is none."""
        ...

    def do(self, drn: str, act: Act) -> tuple[Meter, Answer]:
        """Let a meter do an act; return it afterwards, and its answer."""
        ...

    def last_tokens(self, drn: str) -> tuple[str, ...]:
        """Return the tokens of today's last sale for a meter; raise ``no-token-sold``."""
        ...


@dataclass(frozen=True, slots=True)
class OnWall:
    """A meter in view: what was typed into it, what it last said, and the load on it."""

    meter: Meter
    typed: str = ""
    answer: Answer | None = None
    load: int = 0

    def loads(self) -> tuple[int, ...]:
        """Return the load shared out over the phases."""
        phases = self.meter.profile.phases
        share, rest = divmod(LOADS[self.load], phases)
        return (share + rest, *(share for _ in range(phases - 1)))


@dataclass(frozen=True, slots=True)
class WallScreen:
    """`adding` asks for a meter's number; `speed` is an index of `SPEEDS`."""

    wall: tuple[OnWall, ...] = ()
    chosen: int = 0
    speed: int = 0
    adding: bool = False
    ready: bool = False
    examples: tuple[str, ...] = ()
    problem: PosError | None = None

    @property
    def current(self) -> OnWall | None:
        """The meter that is typed into."""
        return self.wall[self.chosen] if self.wall else None


class WallView(Protocol):
    """What the presenter asks of a screen."""

    def show_screen(self, screen: WallScreen) -> None:
        """Draw `screen`."""
        ...


class MetersPresenter:
    """Keys to the chosen meter, seconds to all of them."""

    def __init__(self, bench: MeterBench, run: Run, view: WallView) -> None:
        self._bench, self._run, self._view = bench, run, view
        self._screen = WallScreen()
        self._under_way = 0

    @property
    def screen(self) -> WallScreen:
        """What stands on the screen."""
        return self._screen

    def begin(self) -> None:
        """Show the meters there are, time standing still."""
        self._ask(lambda: (self._bench.known(), self._bench.examples()), self._begun)

    def _begun(self, found: tuple[tuple[Meter, ...], tuple[str, ...]]) -> None:
        known, examples = found
        there = {each.meter.drn: each for each in self._screen.wall}
        wall = tuple(
            replace(there.get(meter.drn, OnWall(meter)), meter=meter) for meter in known[:MOST]
        )
        chosen = min(self._screen.chosen, max(len(wall) - 1, 0))
        self._set(wall=wall, chosen=chosen, speed=0, adding=not wall, ready=True, examples=examples)

    # the wall

    def choose(self, place: int) -> None:
        """Type into the meter at `place`; past the last comes the first."""
        if self._screen.wall:
            self._set(chosen=place % len(self._screen.wall), problem=None)

    def begin_adding(self) -> None:
        """Ask for another meter's number, where there is room for one."""
        if len(self._screen.wall) < MOST:
            self._set(adding=True, problem=None)

    def stop_adding(self) -> bool:
        """Go back to the wall; False when there is nothing to go back to."""
        if not self._screen.adding or not self._screen.wall:
            return False
        self._set(adding=False, problem=None)
        return True

    def add(self, typed: str) -> None:
        """Put the meter of a number on the wall; one that is there is chosen."""
        self._ask(lambda: self._bench.place(typed), self._added)

    def _added(self, meter: Meter) -> None:
        wall = self._screen.wall
        place = next((at for at, on in enumerate(wall) if on.meter.drn == meter.drn), len(wall))
        if place == len(wall):
            wall = (*wall, OnWall(meter))
        self._set(wall=wall, chosen=place, adding=False, problem=None)

    def take_away(self) -> None:
        """Take the chosen meter off the wall; it stays as it is on disk."""
        kept = tuple(on for at, on in enumerate(self._screen.wall) if at != self._screen.chosen)
        self._set(wall=kept, chosen=max(self._screen.chosen - 1, 0), adding=not kept, problem=None)

    # the keypad

    def typed(self, text: str) -> None:
        """Take digits to the chosen meter; groups may be pasted."""
        current = self._screen.current
        if current is not None:
            digits = "".join(each for each in text if each in "0123456789")
            more = (current.typed + digits)[:TOKEN_DIGITS]
            self._change(current.meter.drn, typed=more, answer=None)
            self._set(problem=None)

    def erase(self, *, whole: bool = False) -> bool:
        """Take back the last digit, or all; False when there is none."""
        current = self._screen.current
        if current is None or not current.typed:
            return False
        rest = "" if whole else current.typed[:-1]
        self._change(current.meter.drn, typed=rest)
        return True

    def enter(self) -> None:
        """Enter what was typed, once it is as long as a token."""
        current = self._screen.current
        if current is not None and len(current.typed) == TOKEN_DIGITS:
            self.act(Enter(current.typed))

    def key_last(self) -> None:
        """Key in the tokens of the last sale for the chosen meter, in their order."""
        current = self._screen.current
        if current is not None:
            drn = current.meter.drn
            self._ask(lambda: self._keyed(drn), lambda done: self._done(drn, done))

    def _keyed(self, drn: str) -> tuple[Meter, Answer]:
        """Return what came of the last sale's tokens; runs on the ledger's thread."""
        for digits in self._bench.last_tokens(drn):
            done = self._bench.do(drn, Enter(digits))
            if done[1].result is None or not done[1].result.taken:
                break
        return done

    # buttons, load and time

    def emergency(self) -> None:
        """Ask for emergency credit."""
        self.act(AskEmergency())

    def press(self) -> None:
        """Press the button on the meter."""
        self.act(Press())

    def mains(self) -> None:
        """Fail the mains, or bring them back."""
        current = self._screen.current
        if current is not None:
            self.act(Power(on=not current.meter.state.powered))

    def open_case(self) -> None:
        """Open the meter's case."""
        self.act(Tamper("cover"))

    def act(self, act: Act) -> None:
        """Let the chosen meter do an act."""
        current = self._screen.current
        if current is not None:
            drn = current.meter.drn
            self._ask(lambda: self._bench.do(drn, act), lambda done: self._done(drn, done))

    def set_load(self, index: int) -> None:
        """Put another load on the chosen meter; it counts from the next second on."""
        current = self._screen.current
        if current is not None:
            load = min(max(index, 0), len(LOADS) - 1)
            if load != current.load:
                self._change(current.meter.drn, load=load)
                self._live(0)

    def set_speed(self, index: int) -> None:
        """Let time stand still, or pass at one of the speeds."""
        self._set(speed=min(max(index, 0), len(SPEEDS) - 1), problem=None)

    def tick(self) -> None:
        """Let a second of the clock pass."""
        if SPEEDS[self._screen.speed] and not self._screen.adding:
            self._live(SPEEDS[self._screen.speed])

    def _live(self, seconds: int) -> None:
        if self._under_way:
            return
        for on in self._screen.wall:
            drn, act = on.meter.drn, Live(seconds, on.loads())
            self._ask(
                lambda drn=drn, act=act: self._bench.do(drn, act),  # type: ignore[misc]
                lambda done, drn=drn: self._lived(drn, done),  # type: ignore[misc]
            )

    def _lived(self, drn: str, done: tuple[Meter, Answer]) -> None:
        self._change(drn, meter=done[0])

    def _done(self, drn: str, done: tuple[Meter, Answer]) -> None:
        self._change(drn, meter=done[0], answer=done[1], typed="")
        self._set(problem=None)

    # asking and showing

    def _ask(self, job: Callable[[], Any], done: Callable[[Any], None]) -> None:
        self._under_way += 1

        def land(answer: Any) -> None:
            self._under_way -= 1
            done(answer)

        self._run(job, land, self._failed)

    def _failed(self, error: BaseException) -> None:
        self._under_way -= 1
        if not isinstance(error, PosError):
            raise error
        self._set(problem=error, speed=0)

    def _change(self, drn: str, **changes: Any) -> None:
        wall = tuple(
            replace(on, **changes) if on.meter.drn == drn else on for on in self._screen.wall
        )
        self._set(wall=wall)

    def _set(self, **changes: Any) -> None:
        self._screen = replace(self._screen, **changes)
        self._view.show_screen(self._screen)
