"""Key-change sets made at head office, for meters whose old and new vending key it holds.

A till that shall not hold a new vending key gets the tokens of single meters instead, sealed to it
in a pack that two people decide (``resources/keys/KEY-CHANGES.md``). A campaign is all meters that
hold one vending key, as entries tell or else their record, and are to get another one.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from pos_app.domain.errors import PosError
from pos_app.domain.meter_key import KEY_FIELDS, MeterKey
from pos_app.exchange.key_file import KeyRequest, write_key_file
from pos_app.exchange.key_set import HeldSet, made_set
from pos_app.exchange.pack import Section
from pos_app.head_office.errors import (
    CampaignEmpty,
    CampaignUnfit,
    TillUnknown,
    VendingKeyMissing,
)
from pos_app.head_office.key_facts import read
from pos_app.head_office.key_fitness import Fitness
from pos_app.head_office.keys import held_attributes, key_ring
from pos_app.head_office.office import Office
from pos_app.head_office.packing import Packing, Wish
from pos_app.head_office.proving import KeyRing, attributes_of
from pos_app.head_office.store import campaigns, key_facts, tills
from pos_app.head_office.store import office as facts
from pos_app.head_office.store.campaigns import CANNOT, TODO, Scope
from pos_app.sts.identity import meter_pan
from pos_app.sts.keys import derive_decoder_key

MOST_SETS: Final = 4000
"""Sets of one draft: a file of them fits into one line of a pack (8 MiB)."""
_SEQUENCE: Final = "key-file-sequence"
_CHANGE: Final = "change"
_NAMED: Final = re.compile(r"(\d{6}):(\d)>(\d{6}):(\d)(?:@(1993|2014|2035))?", re.ASCII)
_MOST_CAMPAIGNS: Final = 50

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Campaign:
    """Which meters (by the vending key they hold) are to get which other vending key.

    `base` 0 takes the only base date that the office holds the new key for. `tokens` is for 64-bit
    keys: 2, or 3 with the supply group.
    """

    old_sgc: str
    old_krn: int
    new_sgc: str
    new_krn: int
    base: int = 0
    tokens: int = 2

    @property
    def name(self) -> str:
        """Return how the campaign is written: ``201457:1>201461:2``."""
        end = f"@{self.base}" if self.base else ""
        return f"{self.old_sgc}:{self.old_krn}>{self.new_sgc}:{self.new_krn}{end}"

    @classmethod
    def of_name(cls, name: str, tokens: int = 2) -> Campaign:
        """Return the campaign of a name; raises `CampaignUnfit` for what is none."""
        found = _NAMED.fullmatch(name)
        if found is None:
            raise CampaignUnfit(typed=name[:40])
        old_sgc, old_krn, new_sgc, new_krn, base = found.groups()
        return cls(old_sgc, int(old_krn), new_sgc, int(new_krn), int(base or 0), tokens)

    def scope(self, key: Row, mode: str) -> Scope:
        """Return what is asked of the store about a campaign to `key`."""
        return Scope((self.old_sgc, self.old_krn), _place(key), mode)


@dataclass(frozen=True, slots=True)
class Drafted:
    """What became of a draft: its number, sets in it, meters left for the next, meters left out.

    `unfit` counts meters by why no set can be made: a partial record, no old key, a refused change.
    """

    draft: int
    sets: int
    left: int
    unfit: Counter[str]


@dataclass(frozen=True, slots=True)
class Progress:
    """How many meters of a campaign are in which state, and why some cannot have a set.

    ``todo`` without a set, ``made`` with one in a draft that waits, ``sent`` in a pack,
    ``given`` to the customer, ``done``: the meter bought again where it was given, or showed it.
    """

    counts: dict[str, int]
    cannot: dict[str, int]


@dataclass(frozen=True, slots=True)
class KeySets:
    """Makes sets and says how far a campaign is."""

    office: Office

    def draft(self, campaign: Campaign, till: str, by: str, *, again: bool = False) -> Drafted:
        """Draft a pack for a till with the sets it has not, up to `MOST_SETS`.

        `again`: of the meters that got the key at other tills, which this one has to follow.
        Raises `TillUnknown`, `VendingKeyMissing`, or `CampaignEmpty` where no set is to be made.
        """
        new, ring = self._new_key(campaign), key_ring(self.office)
        with self.office.store.reading() as act:
            record = tills.till_of(act, till)
            if record is None:
                raise TillUnknown(till=till[:40])
            scope = campaign.scope(new, record.mode)
            if again:
                waiting = campaigns.given_elsewhere(act, scope, till)
            else:
                waiting = campaigns.without_set(act, scope, till, own=bool(ring.decoder))
            found = _sets(Fitness(ring, new, scope.old), waiting, campaign.tokens)
        if not found.made:
            raise CampaignEmpty(campaign=campaign.name, till=till[:40])
        now_ms = self.office.clock.now_ms()
        request = KeyRequest(
            record.till, record.shop, record.mode, now_ms, record.public, record.exchange_key
        )
        file = write_key_file(request, found.made, self._sequence(), now_ms, self.office.authority)
        content = {"file": file.decode("ascii")}
        wish = Wish(till, [(Section.KEY_CHANGES, content)], note=campaign.name)
        number = Packing(self.office).draft(wish, by)
        drns = [(drn, *_place(new)) for drn in found.drns]
        with self.office.store.writing() as act:
            campaigns.add_sets(act, till, drns, number, now_ms)
            named = {"draft": number, "sets": len(drns)}
            self.office.log(act, by, "key-sets-made", till, campaign=campaign.name, **named)
        return Drafted(number, len(drns), found.left, found.unfit)

    def progress(self, campaign: Campaign) -> Progress:
        """Return how many meters are in which state; raises `VendingKeyMissing`."""
        new, ring = self._new_key(campaign), key_ring(self.office)
        counted: Counter[str] = Counter(dict.fromkeys(campaigns.STATES, 0))
        reasons: Counter[str] = Counter()
        fitness = Fitness(ring, new, (campaign.old_sgc, campaign.old_krn))
        with self.office.store.reading() as act:
            scope = campaign.scope(new, key_facts.mode_here(act))
            for row in campaigns.counts(act, scope, own=bool(ring.decoder)):
                reason = fitness(row["key"], own=bool(row["own"])) if row["state"] == TODO else ""
                counted[CANNOT if reason else row["state"]] += row["meters"]
                if reason:
                    reasons[reason] += row["meters"]
        return Progress(dict(counted), dict(reasons))

    def meters(self, campaign: Campaign, state: str, after: str, most: int) -> list[Row]:
        """Return meters of a campaign in one state, by number, after one; as `progress`.

        A meter that cannot have a set has the `reason`.
        """
        new, ring = self._new_key(campaign), key_ring(self.office)
        fitness = Fitness(ring, new, (campaign.old_sgc, campaign.old_krn))
        asked, own = (TODO if state == CANNOT else state), bool(ring.decoder)
        with self.office.store.reading() as act:
            scope = campaign.scope(new, key_facts.mode_here(act))
            rows = campaigns.listed(act, scope, asked, after, own=own)
            shown = (_shown(row, asked, fitness) for row in rows)
            return list(islice((row for row in shown if row["state"] == state), most))

    def begun(self) -> list[Row]:
        """Return the campaigns that sets were drafted for, those drafted last first."""
        with self.office.store.reading() as act:
            rows = campaigns.begun(act, _MOST_CAMPAIGNS)
        return [row for row in rows if _NAMED.fullmatch(row["name"])]

    def _new_key(self, campaign: Campaign) -> Row:
        """Return the attributes of the vending key that a campaign leads to, the newest."""
        wanted, now_ms = (campaign.new_sgc, campaign.new_krn), self.office.clock.now_ms()
        fitting = [
            each
            for each in held_attributes(self.office)
            if each["kind"] == "vending"
            and (each["sgc"], each["krn"]) == wanted
            and campaign.base in {0, each["base"]}
            and now_ms < int(each["issue_until_ms"])
        ]
        if not fitting:
            raise VendingKeyMissing(sgc=campaign.new_sgc, krn=campaign.new_krn)
        newest = max(fitting, key=lambda each: int(each["active_from_ms"]))
        # A till takes the key in force since last, and a campaign is a decision of today.
        return newest | {"active_from_ms": max(int(newest["active_from_ms"]), now_ms)}

    def _sequence(self) -> int:
        """Return a number for a key file above all before; the time in seconds, as `keys seal`."""
        with self.office.store.writing() as act:
            before = int(facts.fact_of(act, _SEQUENCE) or 0)
            number = max(self.office.clock.now_ms() // 1000, before + 1)
            facts.put_fact(act, _SEQUENCE, str(number))
        return number


def _place(key: Row) -> tuple[str, int, int]:
    return str(key["sgc"]), int(key["krn"]), int(key["base"])


def _shown(row: Row, state: str, fitness: Fitness) -> Row:
    record = json.loads(row["record"])
    shown = {name: str(record.get(name, "")) for name in ("name", "address")}
    reason = fitness(row["key"], own=bool(row["own"])) if state == TODO else ""
    facts = {"reason": reason, "key": read(row["key"])}
    return {"drn": row["drn"], **shown, "state": CANNOT if reason else state, **facts}


@dataclass(slots=True)
class _Made:
    made: list[tuple[Row, bytes]] = field(default_factory=list)
    drns: list[str] = field(default_factory=list)
    left: int = 0
    unfit: Counter[str] = field(default_factory=Counter)


def _sets(fitness: Fitness, meters: Iterable[Row], tokens: int) -> _Made:
    """Return the sets of the first meters, up to `MOST_SETS`, and what became of the others."""
    found = _Made()
    for meter in meters:
        reason = fitness(meter["key"], own=bool(meter["own"]))
        if reason:
            found.unfit[reason] += 1
            continue
        if len(found.made) == MOST_SETS:
            found.left += 1
            continue
        try:
            found.made.append(_set(fitness.ring, meter, fitness.new, tokens))
            found.drns.append(str(meter["drn"]))
        except PosError as problem:
            found.unfit[problem.code] += 1
    return found


def _set(ring: KeyRing, meter: Row, new: Row, tokens: int) -> tuple[Row, bytes]:
    """Return the attributes of a set and its bytes.

    Raises `VendingKeyMissing` for a meter whose old key is not here, or what is wrong with its
    number.
    """
    full = {**read(meter["key"]), "pan": meter_pan(str(meter["drn"]))}
    old = MeterKey(**{name: full[name] for name in KEY_FIELDS})
    leads_to = {name: new[name] for name in ("sgc", "krn", "ken", "kt", "dkga", "base")}
    wanted = MeterKey(**leads_to, ti=old.ti, ea=old.ea)
    old_key = ring.key_for(attributes_of(full))
    new_of = attributes_of({**full, **leads_to})
    vending = ring.vending.get((new_of.sgc, new_of.krn, new_of.kt, new_of.base, new_of.dkga))
    if old_key is None or vending is None:
        raise VendingKeyMissing(sgc=old.sgc, krn=old.krn)
    key = derive_decoder_key(vending, new_of)
    digits = made_set(old, old_key, wanted, key, tokens)
    own = {"kind": _CHANGE, "pan": full["pan"], "ti": wanted.ti, "ea": wanted.ea}
    return {**new, **own, "kcv": key.check_value()}, HeldSet(old, digits).to_bytes()
