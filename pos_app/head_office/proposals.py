"""Corrections that tills propose: somebody here agrees, and only then a meter's record changes.

What a till signed may still be nonsense: it is shown as it is and can only be refused.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from pos_app.head_office.errors import (
    MeterNotHeld,
    ProposalDecided,
    ProposalNotReadable,
)
from pos_app.head_office.given_errors import ProposalUnknown
from pos_app.head_office.office import Office
from pos_app.head_office.store import journals, packs
from pos_app.head_office.store import proposals as held
from pos_app.head_office.store.engine import Act

FIELDS: Final = ("name", "address", "phone", "account", "tariff")
"""What may be corrected; keys and numbers of meters never are."""
_LONGEST: Final = 120
_LONGEST_NOTE: Final = 200
_TEXTS: Final = ("drn", "field", "was", "value", "operator")

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Proposals:
    """Reads proposals and answers them."""

    office: Office

    def told(self, act: Act, row: Row) -> Row:
        """Return a proposal as values: `now` is what head office has, `fit` whether it can be."""
        said = _read(row["body"])
        meter = packs.meter_of(act, said["drn"]) if said["fit"] else None
        now = str(meter.get(said["field"], "")) if meter is not None else None
        shown = {name: row[name] for name in row if name != "body"}
        return shown | said | {"now": now}

    def answer(self, till: str, seq: int, by: str, note: str, *, accepted: bool) -> None:
        """Answer a proposal; what was accepted changes the meter for every till.

        Raises `ProposalUnknown`, `ProposalDecided`, `ProposalNotReadable` or `MeterNotHeld`.
        """
        now_ms = self.office.clock.now_ms()
        with self.office.store.writing() as act:
            journals.take_turn(act, till)
            row = held.proposal_of(act, till, seq)
            if row is None:
                raise ProposalUnknown(till=till[:40], seq=seq)
            if row["accepted"] is not None:
                raise ProposalDecided(by=row["answered_by"])
            said = _read(row["body"])
            if accepted:
                self._correct(act, said)
            answer = {"till": till, "seq": seq, "accepted": accepted}
            answer |= {"note": note[:_LONGEST_NOTE], "answered_ms": now_ms, "answered_by": by}
            held.add_answer(act, answer)
            done = "proposal-accepted" if accepted else "proposal-refused"
            self.office.log(act, by, done, till, seq=seq, meter=said["drn"], field=said["field"])

    def _correct(self, act: Act, said: Row) -> None:
        if not said["fit"]:
            raise ProposalNotReadable
        meter = packs.meter_of(act, said["drn"])
        if meter is None:
            raise MeterNotHeld(drn=said["drn"])
        changed = meter | {said["field"]: said["value"]}
        packs.put_meters(act, [changed], packs.last_revision(act) + 1)


def _read(body: str) -> Row:
    """Return what an entry says; with `fit` false it is not a correction that can be made."""
    try:
        said = json.loads(body)
    except ValueError:
        said = {}
    found = said if isinstance(said, dict) else {}
    texts = {name: str(found.get(name, ""))[:_LONGEST] for name in _TEXTS}
    whole = all(found.get(name) == texts[name] for name in ("drn", "field", "value"))
    needed = texts["field"] in {"name", "tariff"}
    fit = whole and texts["field"] in FIELDS and texts["value"].isprintable()
    return texts | {"fit": fit and bool(texts["value"] or not needed)}
