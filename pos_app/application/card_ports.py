"""What the use cases need of a card terminal."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from pos_app.domain.money import Money


class CardOutcome(StrEnum):
    """`UNKNOWN`: the question was sent and no answer is known. It is neither a yes nor a no."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class CardRequest:
    """`attempt` is unique for ever, so that the same question twice is the same payment."""

    attempt: str
    amount: Money


@dataclass(frozen=True, slots=True)
class CardAnswer:
    """`approval` comes with a yes; `card` is the number with all but its end hidden."""

    outcome: CardOutcome
    approval: str = ""
    card: str = ""


class CardTerminal(Protocol):
    """A terminal that charges cards.

    Both methods may take a minute: they never run on the ledger's thread or the window's. They
    raise nothing; whatever goes wrong once the question may have left is `UNKNOWN`.
    """

    def charge(self, request: CardRequest) -> CardAnswer:
        """Ask for a payment."""
        ...

    def query(self, attempt: str) -> CardAnswer:
        """Ask what became of an earlier question; this charges nothing."""
        ...
