"""What a meter remembers. Frozen: every act makes a new state, so none is ever half done.

Times are seconds UTC since 1970, credit is in grains, use in W s (see `profile`), days are local
day numbers (see `hours`). The fields under "until the power fails" are what a real meter holds in
memory that a power cut empties.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

from pos_app.meter.hours import local_day
from pos_app.meter.profile import TIDS_KEPT, MeterProfile
from pos_app.meter.results import Event
from pos_app.sts.keys import DecoderKey

EVENTS_KEPT = 100
DAYS_KEPT = 62
MONTHS_KEPT = 13
TOKENS_KEPT = 20


class Cut(StrEnum):
    """Why the supply is off; several may hold at once."""

    NO_CREDIT = "no-credit"
    OVERLOAD = "overload"
    UNBALANCE = "unbalance"
    LOCKED = "overload-locked"
    TAMPER = "tamper"


class Emergency(StrEnum):
    """The overdraft: not asked for, in use, or used up until it is paid back."""

    NONE = "none"
    ON = "on"
    SPENT = "spent"


class Relay(StrEnum):
    """The load switch: follows its command, or is stuck."""

    SOUND = "sound"
    STUCK_OPEN = "stuck-open"
    STUCK_CLOSED = "stuck-closed"


@dataclass(frozen=True, slots=True)
class HeldKey:
    """The decoder key and its attributes; `base` year is not needed to decode, only to show."""

    key: DecoderKey
    sgc: str
    krn: int
    kt: int
    ti: int
    ken: int
    base: int


@dataclass(frozen=True, slots=True)
class Staging:
    """Sections of a key change that wait for the others: (subclass, 44 bits), and since when."""

    since_s: int
    sections: tuple[tuple[int, int], ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Period:
    """A finished day or month: its number, what was used, its cost, the credit at its end."""

    number: int
    use: int
    cost: int
    credit: int


@dataclass(frozen=True, slots=True)
class TokenNote:
    """An entry in the list of tokens: when, the result's number, and an amount where it had one."""

    at_s: int
    result: int
    amount: int = 0


@dataclass(frozen=True, slots=True)
class MeterState:
    """All of a meter's memory.

    `tids` are 50 sorted token identifiers, never fewer. `use_total` never falls. `unpaid` says
    that supply is off for want of credit. `warned` counts the levels of low credit told (0 to 2);
    `noted` is how many events there ever were.
    """

    at_s: int
    held: HeldKey
    tids: tuple[int, ...]
    credit: int = 0
    bought: int = 0
    spent: int = 0
    cleared: int = 0
    use_total: int = 0
    emergency: Emergency = Emergency.NONE
    unpaid: bool = True
    closed: bool = False
    relay: Relay = Relay.SOUND
    relay_fault: bool = False
    tamper: str = ""
    limit_w: int = 0
    unbalance_w: int = 0
    water_factor: int = 0
    warned: int = 2
    day: int = 0
    day_use: int = 0
    day_cost: int = 0
    month_use: int = 0
    month_cost: int = 0
    days: tuple[Period, ...] = ()
    months: tuple[Period, ...] = ()
    events: tuple[Event, ...] = ()
    noted: int = 0
    tokens: tuple[TokenNote, ...] = ()
    powered: bool = True
    loads: tuple[int, ...] = ()
    # until the power fails
    staging: Staging | None = None
    wrong: int = 0
    locked_until_s: int = 0
    over_s: int = 0
    trips: tuple[int, ...] = ()
    trip: Cut | None = None
    reclose_at_s: int = 0

    @property
    def conducts(self) -> bool:
        """Tell whether current can flow: the switch as it is, not as it was told."""
        if self.relay is Relay.SOUND:
            return self.closed
        return self.relay is Relay.STUCK_CLOSED

    def noting(self, code: str, value: int = 0) -> MeterState:
        """Return the state with an event of now added."""
        event = Event(self.at_s, code, value)
        events = (*self.events, event)[-EVENTS_KEPT:]
        return replace(self, events=events, noted=self.noted + 1)


@dataclass(frozen=True, slots=True)
class Meter:
    """A whole meter: its number, what it is, and what it remembers."""

    drn: str
    profile: MeterProfile
    state: MeterState


def cuts(state: MeterState) -> Iterator[Cut]:
    """Yield every reason why the supply is off; none means that it is on."""
    if state.tamper:
        yield Cut.TAMPER
    if state.unpaid:
        yield Cut.NO_CREDIT
    if state.trip is not None:
        yield state.trip


def new_meter(drn: str, profile: MeterProfile, held: HeldKey, at_s: int, made_tid: int) -> Meter:
    """Return a meter as it leaves the factory: no credit, switch open.

    `made_tid` is the TID of the day it was made, under the base date of its key: every token
    from before is old to it.
    """
    day = local_day(profile.local_s(at_s))
    state = MeterState(at_s, held, (made_tid,) * TIDS_KEPT, day=day, loads=(0,) * profile.phases)
    return Meter(drn, profile, state)
