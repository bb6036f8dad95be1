"""Packs for tills: drafted by one person, approved by another where they are worth money.

A pack is numbered, signed and written in the transaction that approves it; its bytes are kept in
pieces, so that a pack with a million meters takes no more memory than one with ten.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from pos_app.exchange.pack import PackTitle, Section, write_pack
from pos_app.head_office import corrections
from pos_app.head_office.checked_records import check_records
from pos_app.head_office.elsewhere import Unasked, news_of
from pos_app.head_office.errors import (
    DraftDecided,
    DraftNeedsAnother,
    DraftUnknown,
    PackEmpty,
    TillUnknown,
)
from pos_app.head_office.office import HERE, Office
from pos_app.head_office.pack_meters import any_key_news, key_news, meters_for
from pos_app.head_office.pack_parts import Parts
from pos_app.head_office.records import TillRecord
from pos_app.head_office.standings import marks_of, need_word
from pos_app.head_office.store import elsewhere, journals, key_facts, packs, proposals, tills
from pos_app.head_office.store.elsewhere import News
from pos_app.head_office.store.engine import Act

VALUABLE: Final = frozenset({
    Section.ACCOUNTS, Section.ALLOWANCE, Section.KEYS, Section.KEY_CHANGES, Section.OPERATORS,
    Section.SETTINGS, Section.TARIFFS, Section.ELSEWHERE,
})  # fmt: skip
"""What makes value, or decides who may: one person alone cannot send it."""

WAITING: Final = "waiting"
CODE_WAITING: Final = "code-waiting"
"""A draft of a code for the telephone."""
ISSUED: Final = "issued"
REFUSED: Final = "refused"

_LONGEST_NOTE: Final = 1000

Records = list[tuple[Section, dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to send to a till; `meters`: also every change of a meter since.

    `although` says that it is to get an allowance even if two machines may sell as this till.
    """

    till: str
    records: Records
    meters: bool = False
    note: str = ""
    active_from_ms: int = 0
    although: bool = False


@dataclass(frozen=True, slots=True)
class IssuedPack:
    """A pack that is issued; `digest` names it."""

    till: str
    number: int
    digest: str
    records: int


@dataclass(frozen=True, slots=True)
class Packing:
    """Drafts packs, has them approved, hands them out."""

    office: Office

    def draft(self, wish: Wish, by: str) -> int:
        """Keep a wish and return its number.

        Records of an allowance have no sequence yet: it is given when the pack is issued. Raises
        `TillUnknown`, `PackEmpty`, `TillParted`, or what `check_records` raises of a record that
        no till would take.
        """
        check_records(wish.till, wish.records)
        with self.office.store.writing() as act:
            return self.draft_in(act, wish, by)

    def draft_in(self, act: Act, wish: Wish, by: str) -> int:
        """Keep a wish whose records nobody typed, in a transaction that is open."""
        if not wish.records and not wish.meters:
            raise PackEmpty
        order = list(Section)
        records = sorted(wish.records, key=lambda each: order.index(each[0]))
        if tills.till_of(act, wish.till) is None:
            raise TillUnknown(till=wish.till[:40])
        sections = {section for section, _ in records}
        known = self._known(act, wish.till, sections, although=wish.although)
        values = {
            "till": wish.till,
            "state": WAITING,
            "meters": wish.meters,
            "note": wish.note[:_LONGEST_NOTE],
            "active_from_ms": wish.active_from_ms,
            "made_ms": self.office.clock.now_ms(),
            "made_by": by,
            "decided_by": "",
        }
        held = [(section.value, record) for section, record in records]
        number = packs.add_draft(act, values, held)
        named = sorted(section.value for section in sections)
        facts = {"draft": number, "sections": named, **known}
        self.office.log(act, by, "pack-drafted", wish.till, **facts)
        return number

    @staticmethod
    def _known(act: Act, till: str, sections: set[Section], *, although: bool) -> dict[str, str]:
        return need_word(act, till, although=although) if Section.ALLOWANCE in sections else {}

    def issue(self, draft: int, by: str, *, although: bool = False) -> IssuedPack:
        """Approve a draft and issue its pack; `although` as in `Wish`.

        Raises `DraftUnknown`, `DraftDecided`, `TillParted`, or `DraftNeedsAnother` where whoever
        drafted it must not approve it.
        """
        with self.office.store.writing() as act:
            row = self._undecided(act, draft)
            sections = {Section(name) for name in packs.sections_of(act, draft)}
            if row.made_by == by and sections & VALUABLE:
                raise DraftNeedsAnother(by=by)
            journals.take_turn(act, row.till)
            known = self._known(act, row.till, sections, although=although)
            till = tills.till_of(act, row.till)
            if till is None:
                raise TillUnknown(till=row.till)
            issued = self._write(act, till, row, by)
            now_ms = self.office.clock.now_ms()
            packs.decide_draft(act, draft, ISSUED, by, now_ms)
            self.office.log(
                act, by, "pack-issued", till.till, draft=draft, number=issued.number,
                digest=issued.digest, drafted_by=row.made_by, **known,
            )  # fmt: skip
        return issued

    def issue_units(self, name: str, by: str = HERE) -> IssuedPack | None:
        """Issue a pack with what a till's meters bought elsewhere, and the keys they got there.

        None: nothing is new to it. Raises `TillUnknown`.
        """
        with self.office.store.reading() as act:
            news = self._news(act, name)
            heads = key_facts.heads(act) if key_facts.many_untold(act, name) else []
            due = elsewhere.any_units(act, news) or any_key_news(act, news.till)
        if not due and not heads and news.behind <= elsewhere.MANY:
            return None
        with self.office.store.writing() as act:
            journals.take_turn(act, name)
            if not due:
                elsewhere.note(act, news)
                key_facts.note(act, name, heads)
                return None
            news = self._news(act, name)  # again: another connection may have told it
            if not (elsewhere.any_units(act, news) or any_key_news(act, news.till)):
                return None
            issued = self._write(act, news.till, Unasked(name), by)
            facts = {"number": issued.number, "digest": issued.digest}
            self.office.log(act, by, "pack-issued", name, **facts)
        return issued

    def _news(self, act: Act, name: str) -> News:
        till = tills.till_of(act, name)
        if till is None:
            raise TillUnknown(till=name[:40])
        return news_of(act, till, self.office.clock.now_ms(), meters=False)

    def refuse(self, draft: int, by: str, note: str = "") -> None:
        """Put a draft away, of a pack or of a telephone code.

        Raises `DraftUnknown` or `DraftDecided`.
        """
        with self.office.store.writing() as act:
            row = self._undecided(act, draft, (WAITING, CODE_WAITING))
            packs.decide_draft(act, draft, REFUSED, by, self.office.clock.now_ms())
            self.office.log(act, by, "pack-refused", row.till, draft=draft, note=note)

    def _undecided(self, act: Act, draft: int, states: tuple[str, ...] = (WAITING,)) -> Any:
        row = packs.draft_of(act, draft)
        if row is None:
            raise DraftUnknown(draft=draft)
        if row.state not in states:
            raise DraftDecided(draft=draft, state=row.state)
        return row

    def _write(self, act: Act, till: TillRecord, row: Any, by: str) -> IssuedPack:
        number, now_ms = till.pack_number + 1, self.office.clock.now_ms()
        news = None
        if row.active_from_ms <= now_ms:  # by the day of a later one they would be old
            news = news_of(act, till, now_ms, meters=row.meters)
        told = key_facts.heads(act)  # before what is told is looked up
        records, sections = self._records(act, till, row, by, news)
        title = PackTitle(
            office=self.office.authority.public,
            till=till.till,
            number=number,
            previous=bytes.fromhex(till.pack_digest),
            issued_at_ms=now_ms,
            active_from_ms=row.active_from_ms,
            sections=sections,
        )
        parts = Parts(act, till.till, number)
        count = 0

        def counted() -> Iterator[tuple[Section, dict[str, Any]]]:
            nonlocal count
            for each in records:
                count += 1
                yield each

        digest = write_pack(parts, title, counted(), self.office.authority).hex()  # type: ignore[arg-type]
        parts.end()
        values = {
            "till": till.till,
            "number": number,
            "previous": till.pack_digest,
            "digest": digest,
            "sections": " ".join(section.value for section in sections),
            "records": count,
            "size": parts.size,
            "issued_ms": now_ms,
            "active_from_ms": row.active_from_ms,
            "made_by": row.made_by,
            "approved_by": by,
        }
        packs.add_pack(act, values)
        proposals.delivered(act, till.till, number)
        if news is not None:
            elsewhere.note(act, news)
            if Section.METERS in sections:
                key_facts.note(act, till.till, told)
        changed: dict[str, Any] = {"pack_number": number, "pack_digest": digest}
        if row.meters:
            changed["meters_revision"] = packs.last_revision(act)
        tills.change(act, till.till, **changed)
        return IssuedPack(till.till, number, digest, count)

    def _records(
        self, act: Act, till: TillRecord, row: Any, by: str, news: News | None
    ) -> tuple[Iterable[tuple[Section, dict[str, Any]]], tuple[Section, ...]]:
        """Return a pack's records in the order of their sections, and the sections."""
        added = self._added(act, till, row)
        if news is not None and not row.meters and any_key_news(act, till):
            added[Section.METERS] = key_news(act, till)
        if news is not None and elsewhere.gather(act, news):
            added[Section.ELSEWHERE] = elsewhere.units(act)
        named = {Section(name) for name in packs.sections_of(act, row.id)} | added.keys()
        sections = tuple(section for section in Section if section in named)

        def each() -> Iterator[tuple[Section, dict[str, Any]]]:
            drafted = packs.draft_records(act, row.id)
            held = next(drafted, None)
            for section in sections:
                while held is not None and held[0] == section.value:
                    yield section, self._final(act, section, held[1], row, by)
                    held = next(drafted, None)
                yield from ((section, record) for record in added.get(section, ()))

        return each(), sections

    def _added(
        self, act: Act, till: TillRecord, row: Any
    ) -> dict[Section, Iterable[dict[str, Any]]]:
        """Return what goes with every pack: answers and how much is held; and meters if wished."""
        added: dict[Section, Iterable[dict[str, Any]]] = {}
        if row.meters:
            added[Section.METERS] = meters_for(act, till)
        answers = proposals.undelivered(act, till.till)
        if answers:
            added[Section.PROPOSALS] = answers
        said = marks_of(act, till.till, self.office.clock.now_ms())
        if said:
            added[Section.ACKNOWLEDGEMENT] = said
        return added

    def _final(
        self, act: Act, section: Section, record: dict[str, Any], row: Any, by: str
    ) -> dict[str, Any]:
        """Return a drafted record as it is sent; an allowance gets its sequence here."""
        if section is Section.ACCOUNTS:
            return corrections.final(act, row.till, record)
        if section is not Section.ALLOWANCE:
            return record
        sequence = self._next_sequence(act, row.till, str(record["currency"]))
        granted = record | {"sequence": sequence}
        packs.add_grant(
            act,
            granted
            | {
                "till": row.till,
                "way": packs.BY_PACK,
                "granted_ms": self.office.clock.now_ms(),
                "granted_by": row.made_by,
                "approved_by": by,
            },
        )
        return granted

    def _next_sequence(self, act: Act, till: str, currency: str) -> int:
        """Return a sequence above all that were granted and all that the till says it holds."""
        branches = journals.branches_of(act, till)
        held = [each.books.get("allowances", {}).get(currency) for each in branches]
        told = [int(each["sequence"]) for each in held if each]
        return max([packs.last_sequence(act, till, packs.BY_PACK), *told]) + 1
