"""Records of packs as the things they stand for, and what became of them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import ClassVar, Final

from pos_app.application.office_records import Message
from pos_app.application.ports import OperatorRecord, UtilityRecord
from pos_app.application.records import Operator, Role
from pos_app.domain.allowance import Allowance
from pos_app.domain.errors import PosError
from pos_app.domain.staff import check_operator
from pos_app.domain.tid import MOST_SLOTS, Slot
from pos_app.exchange.fields import Fields
from pos_app.exchange.pack import PackTitle, Record, Section

MOST_TOLD: Final = 50
"""So many refused records are told one by one; the rest is a number."""
_MONTH: Final = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])")
_VERIFIER: Final = "$argon2id$"
_UTILITY: Final = ("id", "name", "address", "tax_reference", "help_line")
_ALLOWANCE: Final = (
    "currency", "sequence", "money_minor", "tenths", "count", "per_vend_minor", "not_after_ms",
)  # fmt: skip


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


class AllowanceOld(PosError):
    """An allowance is older than the one in force. Facts: `sequence`, `newest`."""

    code: ClassVar[str] = "allowance-old"


def operator_record(line: Fields) -> OperatorRecord:
    """Return an operator; raises `ExchangeInvalid` or `OperatorInvalid`."""
    line.only("id", "name", "role", "pin_verifier")
    verifier = line.text("pin_verifier", 200)
    if not verifier.startswith(_VERIFIER):
        raise line.refusal("pin_verifier")
    try:
        role = Role(line.text("role", 40))
    except ValueError:
        raise line.refusal("role") from None
    operator = Operator(line.text("id", 40), line.text("name"), role)
    check_operator(operator.id, operator.name)
    return OperatorRecord(operator, verifier)


def allowance_of(line: Fields) -> tuple[str, Allowance]:
    """Return (currency, allowance)."""
    line.only(*_ALLOWANCE)
    names = _ALLOWANCE[1:]
    return line.text("currency", 3), Allowance(*(line.whole(name) for name in names))


def utility_of(line: Fields) -> UtilityRecord:
    """Return the utility of a setting; another setting is refused."""
    if line.only("name", "value").text("name", 40) != "utility":
        raise line.refusal("name")
    value = Fields(line.values["value"], line.what, line.line).only(*_UTILITY)
    first = (value.text("id", 40), value.text("name"))
    return UtilityRecord(*first, *(value.text(name, 200, empty=True) for name in _UTILITY[2:]))


def message_of(line: Fields) -> Message:
    """Return a word to everybody at the till."""
    line.only("id", "text", "from_ms", "until_ms")
    times = (line.whole("from_ms"), line.whole("until_ms"))
    return Message(line.text("id", 40), line.text("text", 400), *times)


def answer_of(line: Fields) -> dict[str, object]:
    """Return head office's answer to a proposal as its journal entry says it."""
    accepted = line.only("seq", "accepted", "note").values["accepted"]
    if not isinstance(accepted, bool):
        raise line.refusal("accepted")
    note = line.text("note", 200, empty=True)
    return {"seq": line.whole("seq", 1), "accepted": accepted, "note": note}


def slot_of(line: Fields) -> Slot:
    """Return the till's slot for TIDs."""
    modulus = line.only("residue", "modulus").whole("modulus", 1, MOST_SLOTS)
    return Slot(line.whole("residue", 0, modulus - 1), modulus)


def units_of(line: Fields) -> tuple[str, str, int]:
    """Return (meter, month, the tenths it bought in it at all other tills)."""
    found = line.only("drn", "month", "tenths")
    month = found.text("month", 7)
    if not _MONTH.fullmatch(month):
        raise line.refusal("month")
    return found.text("drn", 20), month, found.whole("tenths")
