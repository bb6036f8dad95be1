"""The sections of a pack, each through the use case that there is for it by hand.

Records are taken a few at a time, each lot in one act on the ledger's thread. Taking a record
twice changes nothing. A record that is refused is told by its line, section and error code.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from itertools import groupby, islice
from typing import Final

from pos_app.application.accounts import AccountDesk
from pos_app.application.meter_import import (
    MeterFileInvalid,
    journal_moved,
    known_meter,
    meter_of_row,
    noting,
)
from pos_app.application.office_up import Upwards
from pos_app.application.pack_records import (
    AllowanceOld,
    allowance_of,
    answer_of,
    message_of,
    operator_record,
    slot_of,
    units_of,
    utility_of,
)
from pos_app.application.ports import Clock, Ledger, LedgerTransaction
from pos_app.application.records import MeterRecord
from pos_app.application.staff import entry_body, refuse_too_few
from pos_app.application.tariffs import TariffDesk
from pos_app.domain.errors import PosError
from pos_app.domain.meter_key import MeterKey
from pos_app.exchange.acknowledgement import acknowledgement_of
from pos_app.exchange.digest import sha256_hex
from pos_app.exchange.key_file import read_key_file
from pos_app.exchange.pack import PackTitle, Record, Section

MOST_TOLD: Final = 50
"""So many refused records are told one by one; the rest is a number."""
LOT: Final = 40
"""So many meters or blocks are taken in one act: some 5 ms of the ledger's thread."""
_LOTS: Final = {Section.METERS: LOT, Section.BLOCKS: LOT, Section.ELSEWHERE: 5 * LOT}
_LONGEST: Final = 8_000_000

Job = Callable[[], None]


@dataclass(slots=True)
class Taking:
    """A pack while it is taken: records taken by section, how many were refused, the first."""

    title: PackTitle
    counts: Counter[str] = field(default_factory=Counter)
    refused: list[tuple[int, str, str]] = field(default_factory=list)
    refused_count: int = 0
    refused_in: set[Section] = field(default_factory=set)

    def refuse(self, record: Record, problem: PosError) -> None:
        """Set a record aside."""
        self.refused_count += 1
        self.refused_in.add(record.section)
        if len(self.refused) < MOST_TOLD:
            self.refused.append((record.line, record.section.value, problem.code))


@dataclass(frozen=True, slots=True)
class Sections:
    """The use cases behind the sections."""

    ledger: Ledger
    clock: Clock
    tariffs: TariffDesk
    accounts: AccountDesk
    up: Upwards

    def jobs(self, records: Iterable[Record], taking: Taking) -> Iterator[Job]:
        """Yield short jobs for the ledger's thread, in the order of the records.

        What can be read without the ledger is read here, on the caller's thread.
        """
        for section, part in groupby(records, lambda record: record.section):
            while lot := list(islice(part, _LOTS.get(section, 1))):
                if section is Section.METERS:
                    meters = _read_meters(lot, taking)
                    yield lambda: self._meters(meters, taking)  # noqa: B023 - run before the next
                else:
                    yield lambda: self._take(section, lot, taking)  # noqa: B023 - as above

    def _take(self, section: Section, lot: list[Record], taking: Taking) -> None:
        many = {Section.BLOCKS: self._blocks, Section.ELSEWHERE: self._elsewhere}.get(section)
        if many is not None:
            many(lot, taking)
            return
        one: Callable[[Record], None] = {
            Section.OPERATORS: self._operator,
            Section.TARIFFS: self._tariff,
            Section.ACCOUNTS: self._account,
            Section.KEYS: self._keys,
            Section.KEY_CHANGES: self._keys,
            Section.ALLOWANCE: self._allowance,
            Section.SETTINGS: self._setting,
            Section.MESSAGES: self._message,
            Section.TID_SLOTS: self._slot,
            Section.PROPOSALS: self._answer,
            Section.ACKNOWLEDGEMENT: self._acknowledgement,
        }[section]
        for record in lot:
            try:
                one(record)
            except PosError as problem:
                taking.refuse(record, problem)
            else:
                taking.counts[section.value] += 1

    def _meters(self, lot: list[tuple[Record, MeterRecord | str]], taking: Taking) -> None:
        """Put meters on file or take them off; a local block stays."""
        utilities = {each.id for each in self.ledger.utilities()}
        tariffs = set(self.ledger.tariff_ids())
        fresh: dict[str, MeterRecord | None] = {}
        for record, meter in lot:
            if isinstance(meter, str):
                fresh[meter] = None
                continue
            try:
                known_meter(meter, record.line, utilities, tariffs)
            except MeterFileInvalid as problem:
                taking.refuse(record, problem)
                continue
            before = self.ledger.meter(meter.drn)
            new = meter if before is None else replace(meter, blocked=before.blocked)
            if new != before:
                fresh[meter.drn] = new
            taking.counts[Section.METERS.value] += 1
        gone = [drn for drn, meter in fresh.items() if meter is None]
        there = [meter for meter in fresh.values() if meter is not None]
        moved: dict[MeterKey, list[str]] = {}
        with self.ledger.writing() as act:
            act.import_meters(noting(self.ledger, there, moved))
            act.remove_meters(gone)
            journal_moved(act, moved, self.clock.now_ms())
        taking.counts[Section.METERS.value] += len(gone)

    def _blocks(self, lot: list[Record], taking: Taking) -> None:
        found: list[list[str]] = []
        for record in lot:
            try:
                line = record.fields().only("drn", "reason")
                found.append([line.text("drn", 20), line.text("reason", 200, empty=True)])
            except PosError as problem:
                taking.refuse(record, problem)
        changed = [each for each in found if self._block_of(each[0]) not in (None, each[1])]
        if changed:
            body = {"blocks": changed, "number": taking.title.number}
            self._journal("blocks_imported", body)
        taking.counts[Section.BLOCKS.value] += len(found)

    def _elsewhere(self, lot: list[Record], taking: Taking) -> None:
        """Take what meters bought at other tills: a state, in place of the one before."""
        found: list[tuple[str, str, int]] = []
        for record in lot:
            try:
                found.append(units_of(record.fields()))
            except PosError as problem:
                taking.refuse(record, problem)
        held = self.ledger.accounts.elsewhere
        changed = [[*each] for each in found if held(each[0], each[1]) != each[2]]
        if changed:
            self._journal("elsewhere_told", {"units": changed, "number": taking.title.number})
        taking.counts[Section.ELSEWHERE.value] += len(found)

    def _block_of(self, drn: str) -> str | None:
        meter = self.ledger.meter(drn)
        return meter.blocked if meter else None

    def _operator(self, record: Record) -> None:
        line = record.fields()
        if "retired" in line.values:
            operator_id = line.only("id", "retired").text("id", 40)
            for each in self.ledger.operators():
                if each.operator.id == operator_id:
                    refuse_too_few(self.ledger, each.operator)
                    with self.ledger.writing() as act:
                        act.retire_operator(operator_id)
                        self._append(act, "operator_retired", entry_body(each, by="office"))
            return
        new = operator_record(line)
        if new not in self.ledger.operators():
            with self.ledger.writing() as act:
                act.put_operator(new)
                self._append(act, "operator_imported", entry_body(new, by="office"))

    def _tariff(self, record: Record) -> None:
        content = record.fields().only("content").text("content", _LONGEST)
        self.tariffs.accept(content.encode(), "")

    def _account(self, record: Record) -> None:
        content = record.fields().only("content").text("content", _LONGEST)
        enrolled = self.ledger.office.enrolled()
        self.accounts.accept(content.encode(), "", enrolled.name if enrolled else "")

    def _keys(self, record: Record) -> None:
        content = record.fields().only("file").text("file", _LONGEST)
        file = read_key_file(content.encode())
        name, newest = self.ledger.keys.authorities().get(file.authority.hex(), ("", 0))
        if name and file.sequence <= newest:
            return  # brought in already
        with self.ledger.writing() as act:
            act.keep_key_file(bytes.fromhex(sha256_hex(content.encode())), content)

    def _allowance(self, record: Record) -> None:
        currency, new = allowance_of(record.fields())
        for code, held, _ in self.ledger.allowances():
            if code == currency and held.sequence >= new.sequence:
                if held.sequence == new.sequence:
                    return  # taken before this program was killed
                raise AllowanceOld(sequence=new.sequence, newest=held.sequence)
        self._journal("allowance", {"currency": currency, **asdict(new)})

    def _setting(self, record: Record) -> None:
        utility = utility_of(record.fields())
        if utility == self.ledger.utility(utility.id):
            return
        with self.ledger.writing() as act:
            act.put_utility(utility)
            self._append(act, "utility_imported", asdict(utility))

    def _message(self, record: Record) -> None:
        self._journal("office_message", asdict(message_of(record.fields())))

    def _slot(self, record: Record) -> None:
        slot = slot_of(record.fields())
        self._journal("tid_slots_set", {"residue": slot.residue, "modulus": slot.modulus})

    def _answer(self, record: Record) -> None:
        self._journal("proposal_answered", answer_of(record.fields()))

    def _acknowledgement(self, record: Record) -> None:
        self.up.take(acknowledgement_of(record.fields().only("at_ms", "hash", "seq")))

    def _journal(self, kind: str, body: dict[str, object]) -> None:
        with self.ledger.writing() as act:
            self._append(act, kind, body)

    def _append(self, act: LedgerTransaction, kind: str, body: dict[str, object]) -> None:
        act.append(kind, body, self.clock.now_ms())


def _read_meters(lot: list[Record], taking: Taking) -> list[tuple[Record, MeterRecord | str]]:
    """Return the meters of records, the number alone of those to take off the file."""
    found: list[tuple[Record, MeterRecord | str]] = []
    for record in lot:
        try:
            if "remove" in record.values:
                found.append((record, record.fields().only("drn", "remove").text("drn", 20)))
            else:
                found.append((record, _meter(record)))
        except PosError as problem:
            taking.refuse(record, problem)
    return found


def _meter(record: Record) -> MeterRecord:
    values = record.values
    if not all(isinstance(value, (str, int)) for value in values.values()):
        raise MeterFileInvalid(line=record.line, problem="fields")
    return meter_of_row({name: str(value) for name, value in values.items()}, record.line)
