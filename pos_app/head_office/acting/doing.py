"""What a person may do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from pos_app.exchange.pack import Section
from pos_app.head_office.checking import TokenCheck
from pos_app.head_office.codes import AllowanceCodes, CodeWish
from pos_app.head_office.errors import EntryUnfit, PageUnknown, TillUnknown
from pos_app.head_office.key_sets import Campaign, Drafted
from pos_app.head_office.oversold import Asked
from pos_app.head_office.packing import IssuedPack, Records, Wish
from pos_app.head_office.people import Person, Right, Role
from pos_app.head_office.quarantine import Quarantine
from pos_app.head_office.queries import findings
from pos_app.head_office.rooms import Rooms
from pos_app.head_office.store import browsing

_DAY_MS: Final = 86_400_000
_LONGEST_NOTE: Final = 1000
_LONGEST_MESSAGE: Final = 1000


@dataclass(frozen=True, slots=True)
class Bounds:
    """What an allowance grants: minor units, tenths, tokens, minor units of a sale, days.

    `although` as in `pos_app.head_office.packing.Wish`.
    """

    currency: str
    money_minor: int
    tenths: int
    count: int
    per_vend_minor: int
    days: int
    although: bool = False


@dataclass(frozen=True, slots=True)
class Doing:
    """Everything here raises `NotAllowed` for who may not do it, before anything else."""

    rooms: Rooms
    who: Person

    def settle(self, finding: int, note: str) -> None:
        """Settle a finding with a word on why; raises `EntryUnfit` or `FindingUnknown`."""
        self.who.need(Right.SETTLE)
        if not note.strip():
            raise EntryUnfit(field="note", typed="")
        findings.settle(self.rooms.office, finding, self.who.id, note[:_LONGEST_NOTE])

    def scan(self, code: str) -> dict[str, Any]:
        """Rebuild a sale from the code of its receipt; raises what `Scanning` raises."""
        self.who.need(Right.SETTLE)
        return self.rooms.scanning(code, self.who.id)

    def block(self, till: str, *, blocked: bool) -> None:
        """Refuse a till from now on, or let it in again."""
        self.who.need(Right.MANAGE)
        self.rooms.block(till, self.who.id, blocked=blocked)

    def enrolment_code(self, till: str, hours: int) -> str:
        """Return a one-time code for a till; raises `TillNameUnfit`."""
        self.who.need(Right.ENROL)
        return self.rooms.enrolling.code_for(till, self.who.id, hours)

    def check_token(self, meter: str, digits: str) -> dict[str, Any]:
        """Say whether a found token is good for its meter and which sale made it."""
        self.who.need(Right.READ)
        return TokenCheck(self.rooms.office)(meter, digits, self.who.id)

    def draft(self, wish: Wish) -> int:
        """Draft a pack and return the draft's number."""
        self.who.need(Right.DRAFT)
        return self.rooms.packing.draft(wish, self.who.id)

    def top_up(self, till: str, bounds: Bounds) -> int:
        """Draft a pack with a new allowance in place of what a till has left."""
        self.who.need(Right.DRAFT)
        end = self.rooms.office.clock.now_ms() + bounds.days * _DAY_MS
        record = {
            "currency": bounds.currency,
            "money_minor": bounds.money_minor,
            "tenths": bounds.tenths,
            "count": bounds.count,
            "per_vend_minor": bounds.per_vend_minor,
            "not_after_ms": end,
        }
        records: Records = [(Section.ALLOWANCE, record)]
        return self.draft(Wish(till, records, although=bounds.although))

    def wish_code(self, wish: CodeWish) -> int:
        """Draft an allowance code for the telephone and return the draft's number."""
        self.who.need(Right.DRAFT)
        return AllowanceCodes(self.rooms.office).wish(wish, self.who.id)

    def draft_sets(self, name: str, till: str, tokens: int, *, again: bool) -> Drafted:
        """Draft a pack of key-change sets for a till; raises what `KeySets.draft` raises."""
        self.who.need(Right.DRAFT)
        campaign = Campaign.of_name(name, tokens)
        return self.rooms.key_sets.draft(campaign, till, self.who.id, again=again)

    def issue(self, draft: int, *, although: bool = False) -> IssuedPack:
        """Approve a draft and issue its pack."""
        self.who.need(Right.APPROVE)
        return self.rooms.packing.issue(draft, self.who.id, although=although)

    def give_code(self, draft: int, *, although: bool = False) -> str:
        """Approve a code and return its 20 digits, once."""
        self.who.need(Right.APPROVE)
        return AllowanceCodes(self.rooms.office).give(draft, self.who.id, although=although)

    def refuse(self, draft: int, note: str = "") -> None:
        """Put a draft away: somebody who approves, or whoever drafted it."""
        self.who.need(Right.DRAFT)
        with self.rooms.office.store.reading() as act:
            row = browsing.draft_of(act, draft)
        if row is None:
            raise PageUnknown
        if row["made_by"] != self.who.id:
            self.who.need(Right.APPROVE)
        self.rooms.packing.refuse(draft, self.who.id, note[:_LONGEST_NOTE])

    def answer_proposal(self, till: str, seq: int, note: str, *, accepted: bool) -> None:
        """Agree to what a till proposes, or refuse it with a word on why."""
        self.who.need(Right.DRAFT)
        if not accepted and not note.strip():
            raise EntryUnfit(field="note", typed="")
        self.rooms.proposals.answer(till, seq, self.who.id, note.strip(), accepted=accepted)

    def draft_oversold(self, asked: Asked) -> list[int]:
        """Draft what corrects a month that several tills sold in; return the drafts' numbers."""
        self.who.need(Right.DRAFT)
        return self.rooms.oversold.draft(asked, self.who.id)

    def retry(self, till: str, digest: str) -> bool:
        """Try again to take what was set aside; return whether it could be taken now."""
        self.who.need(Right.SETTLE)
        return Quarantine(self.rooms).retry(till, digest, self.who.id)

    def put_person(self, person: Person, password: str) -> None:
        """Let somebody in, or give them another name, role or password."""
        self.who.need(Right.MANAGE)
        self.rooms.people.put(person, password, self.who)

    def retire_person(self, name: str) -> None:
        """Let somebody in no more; nobody retires themselves, so somebody always manages."""
        self.who.need(Right.MANAGE)
        if name == self.who.id:
            raise EntryUnfit(field="person", typed=name)
        self.rooms.people.retire(name, self.who)

    def new_token(self, name: str, role: Role) -> str:
        """Return a new API token, told once."""
        self.who.need(Right.MANAGE)
        if not name.strip() or not name.isprintable() or role not in {Role.BILLING, Role.AUDITOR}:
            raise EntryUnfit(field="name", typed=name[:40])
        return self.rooms.people.new_token(name.strip(), role, self.who)

    def add_hook(self, name: str, url: str, events: list[str]) -> str:
        """Keep a hook and return its secret, told once."""
        self.who.need(Right.MANAGE)
        return self.rooms.hooks.add(name.strip(), url.strip(), events, self.who.id)

    def retire_hook(self, name: str) -> None:
        """Tell a hook nothing more."""
        self.who.need(Right.MANAGE)
        self.rooms.hooks.retire(name, self.who.id)

    def send_hook_again(self, name: str) -> int:
        """Let a hook's dead messages wait again; return how many."""
        self.who.need(Right.MANAGE)
        return self.rooms.hooks.send_again(name, self.who.id)

    def retire_token(self, name: str) -> None:
        """Let API tokens of a name in no more."""
        self.who.need(Right.MANAGE)
        self.rooms.people.retire_token(name, self.who)


def message_of(text: str, now_ms: int, days: int) -> Records:
    """Return the record of a message to a till's operators."""
    record = {"id": str(now_ms), "text": text[:_LONGEST_MESSAGE], "from_ms": now_ms}
    return [(Section.MESSAGES, record | {"until_ms": now_ms + days * _DAY_MS})]


def till_named(rooms: Rooms, name: str) -> str:
    """Return a till's name as it was enrolled; raises `TillUnknown`."""
    if not name:
        raise TillUnknown(till="")
    return rooms.till(name).till
