"""What head office finds out: kinds of findings, each told once for its mark.

Words are ``headoffice.finding.<kind>`` with the finding's evidence as facts.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class FindingKind(StrEnum):
    """What is not as it should be."""

    GAP = "gap"
    """Entries came whose past is missing; settles itself when the past arrives."""
    FORKED = "forked"
    """Two signed entries have one number: an old copy was put back, or the till was copied."""
    CLONED = "cloned"
    """Both ends of a fork go on: two machines sell as one till."""
    RESTORED = "restored"
    """The till says itself that a backup was put back."""
    ROLLED_BACK = "rolled-back"
    """The till forgot a pack that it had told us it holds."""
    EDITED = "edited"
    """An entry is not what the till signed: somebody changed the till's database."""
    FORGED = "forged"
    """An entry bears no signature of the till."""
    UNREADABLE = "unreadable"
    """An entry is genuine and says nothing that can be booked."""
    CLOCK_BACK = "clock-back"
    """An entry is earlier than the one before it, and nobody put the clock right."""
    CLOCK_AHEAD = "clock-ahead"
    """An entry is of a time that has not come yet."""
    RECEIPT_GAP = "receipt-gap"
    """A receipt's number does not follow the one before."""
    OVER_ALLOWANCE = "over-allowance"
    """A sale went beyond what the till may sell."""
    ALLOWANCE_NOT_GRANTED = "allowance-not-granted"
    """The till counts down an allowance that head office did not grant like this."""
    TOKEN_DIFFERS = "token-differs"  # noqa: S105 - a kind of finding
    """A token says something else to its meter than its sale says."""
    TID_TWICE = "tid-twice"
    """One meter got two tokens of one identifier; it takes only the first."""
    TOKEN_WITHOUT_SALE = "token-without-sale"  # noqa: S105 - a kind of finding
    """A token is good for its meter and no sale that we hold made it."""
    TOKENS_OVER_ENTRY = "tokens-over-entry"
    """The tokens of an entry give more than the entry says was sold or given."""
    VALUE_WITHOUT_SALE = "value-without-sale"
    """Something was made good for an entry that is no sale of this till."""
    VALUE_WITHOUT_APPROVAL = "value-without-approval"
    """Value was made, or destroyed, that no second person agreed to."""
    VALUE_TWICE = "value-twice"
    """One sale was made good twice."""
    REPRINT_WITHOUT_SALE = "reprint-without-sale"
    """A slip was printed again for a sale that is none."""
    RECEIPT_DIFFERS = "receipt-differs"
    """A receipt that the till signed says something else than the journal's entry."""
    RECEIPT_WITHOUT_ENTRY = "receipt-without-entry"
    """The till signed a receipt, and its journal has another entry in that place."""
    PACK_RECORDS_REFUSED = "pack-records-refused"
    """A till took a pack and could not take some of its records."""
    PACKS_FORGOTTEN = "packs-forgotten"
    """A till holds packs that head office knows nothing of: its old database was put back."""
    PACK_REFUSED = "pack-refused"
    """A till was given another pack under a number, or on another history, and refused it."""
    CODE_USED_TWICE = "code-used-twice"
    """Somebody tried an enrolment code that was used before."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding of a till; the same `kind` and `mark` again is the same finding."""

    kind: FindingKind
    mark: str
    seq: int | None
    evidence: dict[str, Any]
