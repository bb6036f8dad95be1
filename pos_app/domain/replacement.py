"""A token that is no good to its customer: what to try before a second one is made.

The questions go from what costs nothing to what creates value: print again, read the digits once
more, bring the meter's key up to date, and only then the same units a second time. Whoever has
seen a token can still type it, so a second one may mean that the units are used twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import ClassVar, Final

from pos_app.domain.errors import PosError
from pos_app.domain.reject import TID_MEMORY


class Complaint(StrEnum):
    """What the customer says; the words are ``eng.says-<complaint>``."""

    LOST = "lost"  # the slip is gone or cannot be read
    REFUSED = "refused"  # the meter takes it not
    USED = "used"  # the meter says that it was used
    NO_METER = "no-meter"  # the meter burned or was exchanged


class Advice(StrEnum):
    """The one next thing; the words are ``eng.advice-<advice>``."""

    PRINT_AGAIN = "print-again"  # the slip never came out
    REPRINT = "reprint"  # same digits, costs nothing
    NOTHING_DUE = "nothing-due"
    EXCHANGE = "exchange"  # the credit goes with the meter
    REPLACE = "replace"


class Why(StrEnum):
    """Why; the words are ``eng.why-<why>``."""

    NOT_PRINTED = "not-printed"
    SAME_DIGITS = "same-digits"
    NOT_TRIED = "not-tried"
    TAKEN = "taken"
    METER_GONE = "meter-gone"
    KEY_CHANGED = "key-changed"
    TOO_OLD = "too-old"
    STILL_REFUSED = "still-refused"


class NotPrinted(PosError):
    """The slip never came out of the printer. Fact: `receipt`."""

    code: ClassVar[str] = "replacement-not-printed"


class ReprintFirst(PosError):
    """A copy has the same digits and creates nothing. Fact: `receipt`."""

    code: ClassVar[str] = "replacement-reprint-first"


class NothingDue(PosError):
    """The meter has the units. Fact: `receipt`."""

    code: ClassVar[str] = "replacement-nothing-due"


class MeterGone(PosError):
    """The credit has to go to another meter. Fact: `receipt`."""

    code: ClassVar[str] = "replacement-of-meter"


class AlreadyReplaced(PosError):
    """The sale's token was replaced before: `receipt`, `slip`."""

    code: ClassVar[str] = "already-replaced"


class CreditCarried(PosError):
    """The old meter's credit went to another meter already: `drn`, `slip`."""

    code: ClassVar[str] = "credit-carried"


@dataclass(frozen=True, slots=True)
class Case:
    """What is known. `later` counts the meter's tokens after this one, `copies` its reprints."""

    says: Complaint
    printed: bool
    copies: int
    key_changed: bool
    later: int


def advise(case: Case) -> tuple[Advice, Why]:
    """Return the one next thing to do and why: the first question that is answered yes."""
    questions: tuple[tuple[bool, Advice, Why], ...] = (
        (case.says is Complaint.NO_METER, Advice.EXCHANGE, Why.METER_GONE),
        (case.says is Complaint.USED, Advice.NOTHING_DUE, Why.TAKEN),
        (not case.printed, Advice.PRINT_AGAIN, Why.NOT_PRINTED),
        (case.key_changed, Advice.REPLACE, Why.KEY_CHANGED),
        (case.later >= TID_MEMORY, Advice.REPLACE, Why.TOO_OLD),
        (case.says is Complaint.LOST, Advice.REPRINT, Why.SAME_DIGITS),
        (not case.copies, Advice.REPRINT, Why.NOT_TRIED),
    )
    for yes, advice, why in questions:
        if yes:
            return advice, why
    return Advice.REPLACE, Why.STILL_REFUSED


_EARLY: Final[Mapping[Advice, type[PosError]]] = MappingProxyType(
    {
        Advice.PRINT_AGAIN: NotPrinted,
        Advice.REPRINT: ReprintFirst,
        Advice.NOTHING_DUE: NothingDue,
        Advice.EXCHANGE: MeterGone,
    }
)


def refuse_early(advice: Advice, receipt: str) -> None:
    """Raise what comes before a replacement; return where it is the next thing."""
    if advice is not Advice.REPLACE:
        raise _EARLY[advice](receipt=receipt)
