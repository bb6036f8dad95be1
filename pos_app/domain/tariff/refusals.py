"""What a tariff refuses: purchases it cannot price and files it cannot read.

Facts are texts and whole numbers, so that a sentence can hold them as they are. Amounts are
plain (``1250.00``) beside their `currency`.
"""

from enum import StrEnum
from typing import ClassVar

from pos_app.domain.errors import PosError


class BelowMinimum(PosError):
    """Less money than the tariff's least purchase: `minimum`, `currency`."""

    code: ClassVar[str] = "below-minimum"


class AboveMaximum(PosError):
    """More money than the tariff's largest purchase: `maximum`, `currency`."""

    code: ClassVar[str] = "above-maximum"


class BuysNothing(PosError):
    """The money is not enough for the smallest amount a token carries: `total`, `currency`."""

    code: ClassVar[str] = "buys-nothing"


class ChargesFirst(PosError):
    """Charges and debts take all of the money; it buys no unit.

    Facts: `due` (what they take in all), `least` (the smallest purchase that buys something),
    `total`, `currency`.
    """

    code: ClassVar[str] = "charges-first"


class NotInForce(PosError):
    """The tariff is not valid on the day of the purchase.

    Facts: `tariff`, `day`, `valid_from`, `valid_to` (each empty where there is none).
    """

    code: ClassVar[str] = "tariff-not-in-force"


class NoFreeUnits(PosError):
    """Nothing is due: the account is not entitled, or has had this month's free units."""

    code: ClassVar[str] = "no-free-units"


class FreeWithPurchase(PosError):
    """The tariff gives free units on the bought token only."""

    code: ClassVar[str] = "free-with-purchase"


class NoPriceAbove(PosError):
    """The price table ends before the purchase does.

    Facts: `bound` (units a month), `unit`, `bought` (units this month before the purchase),
    `most` (the money that the rest of the table costs), `currency`.
    """

    code: ClassVar[str] = "no-price-above"


class UnitsInvalid(PosError):
    """What was typed is not a number of units with at most one decimal: `typed`."""

    code: ClassVar[str] = "units-invalid"


class UnitsBeyondToken(PosError):
    """More units than one token can carry: `largest`, in units with one decimal."""

    code: ClassVar[str] = "units-beyond-token"


class TariffProblem(StrEnum):
    """What is wrong with one field of a tariff; the words are elsewhere."""

    SYNTAX = "syntax"
    DUPLICATE = "duplicate"
    UNKNOWN = "unknown"
    MISSING = "missing"
    NOT_TEXT = "not-text"
    NOT_WHOLE = "not-whole"
    NOT_YES_NO = "not-yes-no"
    NOT_TABLE = "not-table"
    NOT_CHOICE = "not-choice"
    NOT_NUMBER = "not-number"
    FLOAT = "float"
    NOT_POSITIVE = "not-positive"
    TOO_LARGE = "too-large"
    NEGATIVE = "negative"
    NOT_RISING = "not-rising"
    OPEN_TOO_EARLY = "open-too-early"
    BAD_DATE = "bad-date"
    BAD_AMOUNT = "bad-amount"
    BAD_UNITS = "bad-units"
    RESERVED = "reserved"
    EITHER_OR = "either-or"
    PRICE_NOT_POSITIVE = "price-not-positive"
    HOURS_TWICE = "hours-twice"
    HOURS_MISSING = "hours-missing"
    BAD_HOURS = "bad-hours"
    HOURS_NEED_MONEY = "hours-need-money"
    NO_UNITS = "no-units"
    OVERLAP = "overlap"
    OTHER_TARIFF = "other-tariff"


class TariffInvalid(PosError):
    """One field of a tariff is wrong.

    Facts: `line` (of the file, from 1; 0 when it did not come from a file), `field` (as in
    ``block[2].price``), `problem` (a `TariffProblem`), `detail` (what stood there, the nearest
    known name, or nothing). Both texts are cut to 40 characters and hold no control characters.
    """

    code: ClassVar[str] = "tariff-invalid"

    def __init__(
        self, *, field: str, problem: TariffProblem, detail: str = "", line: int = 0
    ) -> None:
        field, detail = _shown(field), _shown(detail)
        super().__init__(line=line, field=field, problem=problem.value, detail=detail)
        self.field = field
        self.problem = problem
        self.detail = detail
        self.line = line

    def at(self, line: int) -> "TariffInvalid":
        """Return the same fault, found in `line` of a file."""
        return TariffInvalid(field=self.field, problem=self.problem, detail=self.detail, line=line)


def _shown(text: str) -> str:
    # a file can name a field with a terminal's control codes; a sentence must not carry them on
    return "".join(char if char.isprintable() else "?" for char in text[:40])
