"""One meter as its user meets it: acts in, answers out, everything stored before it is said."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from pos_app.meter.credit import ask_emergency, powered, press, settled
from pos_app.meter.entry import enter
from pos_app.meter.results import Answer
from pos_app.meter.state import Meter, MeterState, Relay
from pos_app.meter.supply import live


@dataclass(frozen=True, slots=True)
class Enter:
    """Twenty digits are keyed in."""

    digits: str

    def __repr__(self) -> str:
        return "Enter(a token)"


@dataclass(frozen=True, slots=True)
class Live:
    """Time passes under a load: W per phase, or l/h of water or gas."""

    seconds: int
    loads: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Power:
    """The mains fail or come back."""

    on: bool


@dataclass(frozen=True, slots=True)
class Tamper:
    """Somebody opens the case, holds a magnet to it or turns it round; `how` says which."""

    how: str


@dataclass(frozen=True, slots=True)
class AskEmergency:
    """The customer asks for the overdraft."""


@dataclass(frozen=True, slots=True)
class Press:
    """The button on the meter is pressed."""


@dataclass(frozen=True, slots=True)
class SetRelay:
    """The load switch gets stuck, or is mended."""

    relay: Relay


Act = Enter | Live | Power | Tamper | AskEmergency | Press | SetRelay


def step(meter: Meter, act: Act) -> tuple[Meter, Answer]:
    """Return the meter after an act, and its answer. Pure: the same again gives the same."""
    state, answer = _done(meter, act)
    after = settled(meter, state)
    new = after.noted - meter.state.noted
    events = after.events[-new:] if new else ()
    return replace(meter, state=after), replace(answer, events=events)


def _done(meter: Meter, act: Act) -> tuple[MeterState, Answer]:
    match act:
        case Enter(digits):
            return enter(meter, digits)
        case Live(seconds, loads):
            return live(meter, seconds, loads), Answer()
        case AskEmergency():
            asked, note = ask_emergency(meter)
            return asked, Answer(note=note)
        case _:
            return _happened(meter.state, act), Answer()


def _happened(state: MeterState, act: Act) -> MeterState:
    match act:
        case Power(on):
            return state if on == state.powered else powered(state, on=on)
        case Tamper(how):
            return replace(state, tamper=how).noting("tamper")
        case SetRelay(relay):
            return replace(state, relay=relay)
        case _:
            return press(state)


class MeterStore(Protocol):
    """Where a meter lives between acts."""

    def load(self) -> Meter:
        """Return the meter as last saved."""
        ...

    def save(self, meter: Meter) -> None:
        """Keep the meter, whole or not at all; on return it is durable."""
        ...


class VirtualMeter:
    """A meter on its store. An answer is given only when what it says is kept.

    When keeping fails nothing has happened: the same token may be entered again.
    """

    def __init__(self, store: MeterStore) -> None:
        self._store = store
        self._meter = store.load()

    @property
    def meter(self) -> Meter:
        """Return the meter as it is now."""
        return self._meter

    def do(self, act: Act) -> Answer:
        """Do one act, keep what came of it, answer."""
        after, answer = step(self._meter, act)
        self._store.save(after)
        self._meter = after
        return answer
