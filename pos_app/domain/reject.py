"""A meter refused a token: what it shows, what the till knows, and the one thing to do next.

Pure: no words, no files. The order of questions is the one of the trade: digits, meter number,
then key (supply group, tariff index, key revision), then the meter itself. What a meter's answer
means is in IEC 62055-41, token results; which text stands for it is the maker's affair
(`pos_app.application.makers`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Shown(StrEnum):
    """What the text on a meter means."""

    ACCEPTED = "accepted"
    REST_OF_SET = "rest-of-set"  # part of a key change taken, another part is awaited
    REJECTED = "rejected"  # checksum: mistyped, or another meter's, or another key's
    USED = "used"
    OLD = "old"
    FULL = "full"  # the credit register would overflow; the token stays good
    KEY_EXPIRED = "key-expired"
    DEFAULT_KEY = "default-key"
    KEY_TYPE = "key-type"
    FORMAT = "format"
    RANGE = "range"
    FUNCTION = "function"
    OTHER_MAKER = "other-maker"
    LOCKED = "locked"
    BUSY = "busy"
    NO_CREDIT = "no-credit"
    OVERLOAD = "overload"
    TAMPER = "tamper"
    NO_LINK = "no-link"  # the keypad unit does not reach the meter
    BROKEN = "broken"
    UNKNOWN = "unknown"


class Fit(StrEnum):
    """How a token goes with a meter, as far as this till's keys and sales tell."""

    NOT_GIVEN = "not-given"
    FITS = "fits"
    OLDER_KEY = "older-key"  # made for a key the meter had before
    NEWER_KEY = "newer-key"  # made for a key the meter does not have yet
    OTHER_KEY = "other-key"  # of another supply group or tariff index
    MISTYPED = "mistyped"  # nearly a token that was sold to this meter
    OTHER_METER = "other-meter"  # this till sold it to another meter
    UNREAD = "unread"  # decodes under no key of this till
    UNCHECKED = "unchecked"  # this till holds no key of the meter


class Use(StrEnum):
    """Whether a token was used, as far as it can be known away from the meter."""

    UNKNOWN = "unknown"  # not sold here
    NEWEST = "newest"  # the last one sold here: only the meter knows
    PROBABLY = "probably"  # later ones were sold to the meter
    FORGOTTEN = "forgotten"  # so many later ones that the meter takes it for old
    ANY_TIME = "any-time"  # a token without an identifier: it can be entered again


class Action(StrEnum):
    """The one thing to do next."""

    NOTHING = "nothing"
    ASK_AGAIN = "ask-again"
    NAME_MAKER = "name-maker"
    RETYPE = "retype"
    REPRINT = "reprint"
    OTHER_METER = "other-meter"
    COMPARE_KEY = "compare-key"
    REST_OF_SET = "rest-of-set"
    KEY_SET_FIRST = "key-set-first"
    KEY_CHANGE = "key-change"
    CHECK_CREDIT = "check-credit"
    REISSUE = "reissue"
    USE_UP = "use-up"
    WAIT_LOCK = "wait-lock"
    WAIT_BUSY = "wait-busy"
    ENTER_TOKEN = "enter-token"  # noqa: S105 - an act, no secret
    SWITCH_OFF = "switch-off"
    CLEAR_TAMPER = "clear-tamper"
    CHECK_UNIT = "check-unit"
    FAULT = "fault"


TID_MEMORY: Final = 50
"""So many identifiers a meter remembers at least: IEC 62055-41, TID store; common practice."""


_MAYBE_BEFORE_CHANGE: Final = frozenset({Fit.FITS, Fit.NOT_GIVEN, Fit.NEWER_KEY, Fit.UNCHECKED})
"""How a token may go with a meter that refuses it because its key change was not keyed in."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the till knows: how the token fits, whether it was used, what was tried already.

    `again` says that the customer typed the digits of the slip a second time, in vain. `changing`
    says that a key change was given for the meter and nothing bought since.
    """

    fit: Fit = Fit.NOT_GIVEN
    use: Use = Use.UNKNOWN
    again: bool = False
    changing: bool = False


def use_of(*, sold_here: bool, later: int, identified: bool = True) -> Use:
    """Return what `later` tokens, sold to the same meter after this one, say of its use."""
    if not identified:
        return Use.ANY_TIME
    if later >= TID_MEMORY:
        return Use.FORGOTTEN
    if later:
        return Use.PROBABLY
    return Use.NEWEST if sold_here else Use.UNKNOWN


def _rejected(known: Known) -> Action:
    if known.changing and known.fit in _MAYBE_BEFORE_CHANGE:
        return Action.KEY_SET_FIRST
    by_fit = {
        Fit.MISTYPED: Action.REPRINT if known.again else Action.RETYPE,
        Fit.OTHER_METER: Action.OTHER_METER,
        Fit.OLDER_KEY: Action.REISSUE,
        Fit.NEWER_KEY: Action.KEY_SET_FIRST,
        Fit.OTHER_KEY: Action.REISSUE,
    }
    found = by_fit.get(known.fit)
    if found is not None:
        return found
    return Action.COMPARE_KEY if known.again else Action.RETYPE


def _old(known: Known) -> Action:
    return Action.CHECK_CREDIT if known.use is Use.PROBABLY else Action.REISSUE


def _unsupported(known: Known) -> Action:
    """A sound token the meter has no function for is the meter's matter, any other a slip."""
    return Action.FAULT if known.fit is Fit.FITS or known.again else Action.RETYPE


_BY_MEANING: Final[Mapping[Shown, Action | Callable[[Known], Action]]] = MappingProxyType(
    {
        Shown.ACCEPTED: Action.NOTHING,
        Shown.REST_OF_SET: Action.REST_OF_SET,
        Shown.REJECTED: _rejected,
        Shown.USED: Action.CHECK_CREDIT,
        Shown.OLD: _old,
        Shown.FULL: Action.USE_UP,
        Shown.KEY_EXPIRED: Action.KEY_CHANGE,
        Shown.DEFAULT_KEY: Action.KEY_CHANGE,
        Shown.KEY_TYPE: Action.KEY_CHANGE,
        Shown.FORMAT: _unsupported,
        Shown.RANGE: _unsupported,
        Shown.FUNCTION: _unsupported,
        Shown.OTHER_MAKER: Action.OTHER_METER,
        Shown.LOCKED: Action.WAIT_LOCK,
        Shown.BUSY: Action.WAIT_BUSY,
        Shown.NO_CREDIT: Action.ENTER_TOKEN,
        Shown.OVERLOAD: Action.SWITCH_OFF,
        Shown.TAMPER: Action.CLEAR_TAMPER,
        Shown.NO_LINK: lambda known: Action.FAULT if known.again else Action.CHECK_UNIT,
        Shown.BROKEN: Action.FAULT,
        Shown.UNKNOWN: Action.ASK_AGAIN,
    }
)


def next_action(shown: Shown, known: Known) -> Action:
    """Return the one thing to do next; every combination has exactly one."""
    answer = _BY_MEANING[shown]
    return answer if isinstance(answer, Action) else answer(known)


def slip_group(typed: str, sold: str) -> int:
    """Return which group of four (1 to 5) differs when `typed` is a slip of the keys for `sold`.

    A slip is one wrong digit or two neighbours changed over; 0 when it is none, or no difference.
    """
    if len(typed) != len(sold):
        return 0
    wrong = [at for at, (left, right) in enumerate(zip(typed, sold, strict=True)) if left != right]
    if len(wrong) == 1:
        return wrong[0] // 4 + 1
    if len(wrong) == 2 and wrong[1] == wrong[0] + 1:
        first, second = wrong
        if typed[first] == sold[second] and typed[second] == sold[first]:
            return first // 4 + 1
    return 0
