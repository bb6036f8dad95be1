"""Proposed corrections for a shop without a disk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from pos_app.application.proposals import Proposal, ProposalUnfit
from pos_app.application.records import MeterRecord, Operator


@dataclass
class FakeProposals:
    """Keeps them in a list, newest first."""

    meter: Callable[[str], MeterRecord]
    now: Callable[[], int]
    made: list[Proposal] = field(default_factory=list)

    def propose(self, drn: str, field: str, typed: str, operator: Operator) -> Proposal:
        was = str(getattr(self.meter(drn), field))
        if typed in {"", was}:
            raise ProposalUnfit(field=field, typed=typed)
        seq = 900 + len(self.made)
        self.made.insert(0, Proposal(seq, drn, field, was, typed, operator.id, self.now()))
        return self.made[0]

    def of_meter(self, drn: str) -> tuple[Proposal, ...]:
        return tuple(each for each in self.made if each.drn == drn)
