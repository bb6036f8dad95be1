"""Reported faults: reading one back from the journal, and its slip once more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from pos_app.application.operators import name_of
from pos_app.application.ports import Clock, Ledger
from pos_app.application.records import Operator
from pos_app.domain.errors import PosError
from pos_app.domain.meter_life import Act, FaultCode
from pos_app.exchange.chain import Entry

ENTRY: Final = "meter_act"


class FaultReportUnknown(PosError):
    """No fault was reported here under this number. Fact: `number`."""

    code: ClassVar[str] = "fault-report-unknown"


@dataclass(frozen=True, slots=True)
class FaultReport:
    """A reported fault; `number` is what the customer quotes, `seq` its journal entry."""

    number: str
    code: FaultCode
    note: str
    drn: str
    name: str
    operator: str
    at_ms: int
    offset_minutes: int
    seq: int


def fault_number(till: str, seq: int) -> str:
    """Return the number of the fault of an entry."""
    return f"{till}-F{seq}"


def is_fault(entry: Entry) -> bool:
    """Tell whether an entry tells of a fault."""
    return entry.kind == ENTRY and entry.reading()["act"] == Act.FAULT.value


def fault_of(ledger: Ledger, till: str, entry: Entry) -> FaultReport:
    """Read a report back from its entry, see `is_fault`.

    Entries from before slips were queued name neither customer nor time zone: the customer's name
    is then the one on file now, and times are UTC.
    """
    body = entry.reading()
    code, _, note = str(body["words"]).partition(" ")
    told = body.get("fault", {})
    meter = ledger.meter(body["drn"])
    return FaultReport(
        number=fault_number(till, entry.seq),
        code=FaultCode(code),
        note=note,
        drn=body["drn"],
        name=told.get("name", meter.name if meter else ""),
        operator=told.get("operator_name", name_of(ledger, body["operator"])),
        at_ms=entry.at_ms,
        offset_minutes=told.get("offset_minutes", 0),
        seq=entry.seq,
    )


def find_fault(ledger: Ledger, till: str, number: str) -> FaultReport:
    """Return the report with this number; raises `FaultReportUnknown`."""
    start, digits = f"{till}-F", number.strip().upper().removeprefix(f"{till}-F".upper())
    seq = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 18 else 0
    entry = ledger.entry(seq) if seq else None
    if entry is None or not is_fault(entry) or number.strip().upper() != f"{start}{seq}".upper():
        raise FaultReportUnknown(number=number[:40])
    return fault_of(ledger, till, entry)


def slip_again(ledger: Ledger, clock: Clock, seq: int, operator: Operator) -> int:
    """Queue the slip of journal entry `seq` once more and return its copy number.

    One that did not come out of the printer is tried again as it was and is no copy, so 0 stays 0.
    One that is still on its way is left alone.
    """
    now, desk = clock.now_ms(), ledger.desk_acts
    copies = desk.copies_of(seq)
    if desk.slip_failed(seq):
        ledger.requeue(seq)
        return copies
    shift = ledger.shifts.of_operator(operator.id)
    body = {
        "act_seq": seq,
        "copy": copies + 1,
        "operator": operator.id,
        "shift": shift.number if shift else 0,
    }
    with ledger.writing() as act:
        act.append("desk_act_reprinted", body, now)
        act.queue_slip(seq, copies + 1, now)
    return copies + 1
