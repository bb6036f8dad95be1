"""Corrections of a customer's record that a till proposes: head office decides about them.

What head office sent is never overwritten here. A proposal is a journal entry like any other and
travels up with the journal; the answer comes down in a pack, and what was accepted comes down as
a meter like any other.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Final

from pos_app.application.errors import MeterUnknown
from pos_app.application.ports import Clock, Ledger
from pos_app.application.records import MeterRecord, Operator
from pos_app.domain.errors import PosError

FIELDS: Final = ("name", "address", "phone", "account", "tariff")
"""What of a meter's record a till may propose to change; keys are head office's alone."""
LONGEST: Final = 120
SHOWN: Final = 8
_NEEDED: Final = ("name", "tariff")


class ProposalUnfit(PosError):
    """Empty, too long, unknown, or what stands there already. Facts: `field`, `typed`."""

    code: ClassVar[str] = "proposal-unfit"


class ProposalState(StrEnum):
    """What became of a proposal."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed correction; `seq` is its entry in the journal, `note` head office's word on it."""

    seq: int
    drn: str
    field: str
    was: str
    value: str
    operator: str
    at_ms: int
    state: ProposalState = ProposalState.OPEN
    note: str = ""


@dataclass(frozen=True, slots=True)
class ProposalDesk:
    """Everybody who is signed in may propose; nothing but head office's answer changes a meter."""

    ledger: Ledger
    clock: Clock

    def propose(self, drn: str, field: str, typed: str, operator: Operator) -> Proposal:
        """Journal that `field` of a meter should be `typed`.

        Raises `MeterUnknown` or `ProposalUnfit`.
        """
        meter = self.ledger.meter(drn)
        if meter is None:
            raise MeterUnknown(typed=drn[:40])
        value = " ".join(typed.split())
        was = self._was(meter, field, value)
        body = {"drn": drn, "field": field, "was": was, "value": value, "operator": operator.id}
        now_ms = self.clock.now_ms()
        with self.ledger.writing() as act:
            entry = act.append("meter_proposed", body, now_ms)
        return Proposal(entry.seq, drn, field, was, value, operator.id, now_ms)

    def _was(self, meter: MeterRecord, field: str, value: str) -> str:
        """Return what stands there now; raises `ProposalUnfit`."""
        unfit = ProposalUnfit(field=field[:40], typed=value[:40])
        if field not in FIELDS or len(value) > LONGEST or not value.isprintable():
            raise unfit
        was = str(getattr(meter, field))
        unknown = field == "tariff" and value not in self.ledger.tariff_ids()
        if value == was or unknown or (not value and field in _NEEDED):
            raise unfit
        return was

    def of_meter(self, drn: str) -> tuple[Proposal, ...]:
        """Return what was proposed for a meter, newest first."""
        return self.ledger.office.proposals(drn, SHOWN)

    def all(self, limit: int = 100) -> tuple[Proposal, ...]:
        """Return what was proposed here, newest first."""
        return self.ledger.office.proposals("", limit)
