"""What a person may look at of meters' keys: one meter's, a campaign's, what a register lacks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Final

from pos_app.domain.errors import PosError
from pos_app.exchange.key_file import read_key_file
from pos_app.head_office.acting.masking import masked
from pos_app.head_office.acting.pages import ROWS, Page, Row
from pos_app.head_office.errors import PageUnknown
from pos_app.head_office.key_facts import read
from pos_app.head_office.key_sets import Campaign
from pos_app.head_office.people import Person, Right
from pos_app.head_office.queries import keys
from pos_app.head_office.rooms import Rooms
from pos_app.head_office.store import key_facts
from pos_app.head_office.store.campaigns import STATES

_ISSUER: Final = "600727"
_LONG_NUMBERS: Final = "0000"


@dataclass(frozen=True, slots=True)
class KeyReading:
    """Everything here raises `NotAllowed` for who may not see it."""

    rooms: Rooms
    who: Person

    def meter_key(self, drn: str) -> Row:
        """Return the key that a meter holds, its list's, and what entries tell of changes."""
        self.who.need(Right.READ)
        with self.rooms.office.store.reading() as act:
            state = key_facts.of_meter(act, drn, key_facts.mode_here(act))
            sure = key_facts.confirmed(act, [drn])
        facts = []
        for row in state.facts:
            place = (row["till"], row["seq"], row["branch"])
            shown = row | {name: read(row[name]) for name in ("key", "old")}
            facts.append(shown | {"confirmed": place in sure})
        said = {"key": read(state.key), "listed": read(state.listed), "behind": state.behind}
        return said | {"facts": facts}

    def campaigns(self) -> list[Row]:
        """Return the campaigns that sets were drafted for, those drafted last first."""
        self.who.need(Right.READ)
        return self.rooms.key_sets.begun()

    def campaign(self, name: str) -> Row:
        """Return a campaign with its counts; raises `CampaignUnfit` or `VendingKeyMissing`."""
        self.who.need(Right.READ)
        campaign = Campaign.of_name(name)
        progress = self.rooms.key_sets.progress(campaign)
        return {**asdict(campaign), "name": campaign.name, **asdict(progress)}

    def campaign_meters(self, name: str, state: str, after: str) -> Page:
        """Return meters of a campaign in one state, by number."""
        self.who.need(Right.READ)
        if state not in STATES:
            raise PageUnknown
        found = self.rooms.key_sets.meters(Campaign.of_name(name), state, after, ROWS + 1)
        return Page.of(found, "drn")

    def changed_keys(self) -> Iterator[str]:
        """Yield the lines of CSV of meters whose list is behind."""
        self.who.need(Right.READ_SALES)
        return keys.as_csv(self.rooms.office)


def sets_in(record: str, most: int) -> Row:
    """Return what the record of a pack's sets says, without any of their tokens.

    The first meters, how many there are, and the key that they lead to; a record that is none is
    shown as it is, its digits masked.
    """
    said: dict[str, Any] = json.loads(record)
    try:
        held = read_key_file(str(said.get("file", "")).encode()).keys
    except PosError:
        return {"said": masked(said), "sets": None}
    names = ("sgc", "krn", "ken", "kt", "dkga", "base")
    ends = sorted({tuple(each.attributes[name] for name in names) for each in held})
    drns = [_drn(str(each.attributes["pan"])) for each in held[:most]]
    to = [dict(zip(names, end, strict=True)) for end in ends]
    return {"said": {"sets": len(held), "to": to}, "sets": drns, "count": len(held), "to": to}


def _drn(pan: str) -> str:
    """Return the meter's number out of its PAN, which ends with a check digit."""
    start = _ISSUER if pan.startswith(_ISSUER) else _LONG_NUMBERS
    return pan.removeprefix(start)[:-1]
