"""What stands on the shift page, and how what was typed there is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from pos_app.application.shift_records import DrawerLine, ShiftNow, ShiftReport
from pos_app.application.slip.layout import Slip
from pos_app.domain.cash_count import CashCount, CountInvalid, count_pieces, pieces_of
from pos_app.domain.errors import PosError
from pos_app.domain.money import Currency, Money
from pos_app.domain.shift import CashMove

Typed = Mapping[tuple[str, int], str]
"""(currency, value in minor units) -> pieces as typed."""


class Step(StrEnum):
    """Where the operator stands."""

    LOADING = "loading"
    FLOAT = "float"
    OPEN = "open"
    MOVE = "move"
    DRAWER = "drawer"
    COUNT = "count"
    COUNTED = "counted"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Said:
    """Something that was done: ``uishift`` has its words under ``shiftpage.said.<what>``."""

    what: str
    amount: Money | None = None
    number: int = 0


@dataclass(frozen=True, slots=True)
class ShiftScreen:
    """`floats` are typed by currency; `at` is the currency being moved or counted.

    `wrong` is the number of the field whose text is refused, -1 for none. While `busy` no key
    acts: the ledger is answering. `drop_above` is the limit that the drawer's cash is over.
    """

    step: Step = Step.LOADING
    till: tuple[Currency, ...] = ()
    floats: tuple[str, ...] = ()
    now: ShiftNow | None = None
    slip: Slip | None = None
    move: CashMove = CashMove.IN
    amount: str = ""
    reason: str = ""
    at: int = 0
    typed: Typed = field(default_factory=dict)
    drawer: tuple[DrawerLine, ...] = ()
    report: ShiftReport | None = None
    said: Said | None = None
    drop_above: Money | None = None
    problem: PosError | None = None
    wrong: int = -1
    busy: bool = False

    @property
    def under_way(self) -> bool:
        """Tell whether something was begun that is not on disk: a float typed, a move, a count."""
        begun = self.step in {Step.MOVE, Step.DRAWER, Step.COUNT, Step.COUNTED}
        return begun or (self.step is Step.FLOAT and any(self.floats))

    @property
    def held(self) -> tuple[Currency, ...]:
        """The currencies to count: those dealt with, or all while there was none."""
        dealt = self.now.currencies if self.now else ()
        return dealt or self.till

    @property
    def currency(self) -> Currency | None:
        """The currency being moved or counted."""
        choices = self.held if self.step is Step.COUNT else self.till
        return choices[self.at] if self.at < len(choices) else None

    @property
    def pieces(self) -> tuple[Money, ...]:
        """The notes and coins of the currency being counted."""
        return pieces_of(self.currency) if self.currency else ()

    def typed_of(self, piece: Money) -> str:
        """Return how many of a note or coin were typed."""
        return self.typed.get((piece.currency.code, piece.minor), "")

    def total(self) -> Money | None:
        """Return the sum of what is typed in the currency being counted, None if unreadable."""
        if self.currency is None:
            return None
        try:
            return counted(self.typed, self.currency).total
        except CountInvalid:
            return None

    def unreadable(self) -> int:
        """Return the number of the first note or coin whose pieces cannot be, -1 for none."""
        for number, piece in enumerate(self.pieces):
            key = (piece.currency.code, piece.minor)
            try:
                counted({key: self.typed.get(key, "")}, piece.currency)
            except CountInvalid:
                return number
        return -1


def read_float(typed: str, currency: Currency) -> Money | None:
    """Return a float, None for nothing; raise `AmountInvalid`."""
    text = typed.strip()
    if not text.strip("0.") and text.count(".") <= 1:
        return None
    return Money.parse(text, currency)


def counted(typed: Typed, currency: Currency) -> CashCount:
    """Return the count of one currency; raise `CountInvalid`."""
    pieces = {}
    for (code, minor), text in typed.items():
        if code != currency.code or not text.strip():
            continue
        if not (text.isascii() and text.isdigit()) or len(text) > _MOST_DIGITS:
            raise CountInvalid(typed=text[:40], currency=code)
        pieces[minor] = int(text)
    return count_pieces(pieces, currency)


def counted_all(typed: Typed, held: Sequence[Currency]) -> tuple[CashCount, ...]:
    """Return the count of every currency; raise `CountInvalid`."""
    return tuple(counted(typed, currency) for currency in held)


_MOST_DIGITS = 9
