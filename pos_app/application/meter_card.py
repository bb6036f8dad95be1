"""From a swiped card to a meter on file; a payment card leaves nothing behind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from pos_app.application.lookup import meter_number
from pos_app.application.ports import Ledger
from pos_app.application.records import MeterRecord
from pos_app.domain.errors import PosError
from pos_app.domain.track2 import MeterCardData, SwipeFault, read_swipe


class CardOfPayment(PosError):
    """A payment card was swiped where a meter's is asked for. No facts: its number is nobody's."""

    code: ClassVar[str] = "card-of-payment"


class CardUnread(PosError):
    """The swipe was cut, or read badly."""

    code: ClassVar[str] = "card-unread"


class CardBackwards(PosError):
    """The card was read from its end to its start."""

    code: ClassVar[str] = "card-backwards"


class CardOfOthers(PosError):
    """The card is neither a meter's nor one for payment."""

    code: ClassVar[str] = "card-of-others"


_FAULTS: dict[SwipeFault, type[PosError]] = {
    SwipeFault.PAYMENT_CARD: CardOfPayment,
    SwipeFault.CUT: CardUnread,
    SwipeFault.BACKWARDS: CardBackwards,
    SwipeFault.UNKNOWN_CARD: CardOfOthers,
}


@dataclass(frozen=True, slots=True)
class CardFound:
    """The meter of a card; `differs` names what card and record do not agree on.

    Names are ``sgc``, ``ti``, ``krn``; the record is the truth and is not changed.
    """

    drn: str
    differs: tuple[str, ...] = ()


def find_card(ledger: Ledger, track: str) -> CardFound:
    """Return the meter of what a card reader typed.

    Raises `CardOfPayment`, `CardUnread`, `CardBackwards`, `CardOfOthers`, or `MeterUnknown`.
    """
    swipe = read_swipe(track)
    if isinstance(swipe, SwipeFault):
        raise _FAULTS[swipe]
    drn = meter_number(ledger, swipe.pan)
    meter = ledger.meter(drn)
    return CardFound(drn, _differences(swipe, meter) if meter is not None else ())


def _differences(card: MeterCardData, meter: MeterRecord) -> tuple[str, ...]:
    stated = {"sgc": card.sgc or None, "ti": card.ti, "krn": card.krn}
    held = {"sgc": meter.sgc, "ti": meter.ti, "krn": meter.krn}
    return tuple(name for name, value in stated.items() if value not in {None, held[name]})
