"""Head office as the till sees it: who it is, what came from it, what may go wrong between them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Final

from pos_app.domain.errors import PosError

if TYPE_CHECKING:  # only named here
    from pos_app.domain.allowance import Allowance, Spent
    from pos_app.domain.money import Currency


class NotEnrolled(PosError):
    """This shop knows no head office yet."""

    code: ClassVar[str] = "not-enrolled"


class EnrolledElsewhere(PosError):
    """This shop belongs to another head office already. Fact: `name`."""

    code: ClassVar[str] = "enrolled-elsewhere"


class AnswerOfAnother(PosError):
    """An enrolment answer is for another till or for other keys. Fact: `till`."""

    code: ClassVar[str] = "answer-of-another"


class OfficeUnreachable(PosError):
    """Head office does not answer. Facts: `url`, `reason`."""

    code: ClassVar[str] = "office-unreachable"


class OfficeNotTrusted(OfficeUnreachable):
    """Head office shows a certificate that nothing here vouches for. Fact: `url`."""

    code: ClassVar[str] = "office-not-trusted"


class CertificateUnfit(PosError):
    """What should be a certificate is none."""

    code: ClassVar[str] = "certificate-unfit"


class CertificateDiffers(PosError):
    """Head office shows another certificate than the one whose SHA-256 was given. Fact: `shown`."""

    code: ClassVar[str] = "certificate-differs"


class CertificateElsewhere(PosError):
    """A certificate is for other names than head office is reached by. Fact: `url`."""

    code: ClassVar[str] = "certificate-elsewhere"


class NoLine(PosError):
    """Head office is reached by stick only. Fact: `name`."""

    code: ClassVar[str] = "no-line"


class OfficeRefused(PosError):
    """Head office refused what it was asked. Facts: `status`, `reason`."""

    code: ClassVar[str] = "office-refused"


class OfficeClockDiffers(PosError):
    """Head office does not take the till's word because their clocks differ. Fact: `minutes`."""

    code: ClassVar[str] = "office-clock-differs"


class OfficeAddressUnfit(PosError):
    """An address is none, or would send secrets in the clear. Fact: `url`."""

    code: ClassVar[str] = "office-address-unfit"


class PackOfAnotherTill(PosError):
    """A pack is for another till. Facts: `here`, `there`."""

    code: ClassVar[str] = "pack-of-another-till"


class PackSkips(PosError):
    """Packs before this one are not here yet. Facts: `number`, `expected`."""

    code: ClassVar[str] = "pack-skips"


class PackDiffers(PosError):
    """A pack of this number is here and says something else, or follows another. Fact: `number`."""

    code: ClassVar[str] = "pack-differs"


class JournalsPart(PosError):
    """Head office holds entries of this till that this till does not have.

    The ledger was copied and sold on elsewhere, or an old backup was restored. Facts: `seq`
    (head office's), `here` (ours).
    """

    code: ClassVar[str] = "journals-part"


class JournalForked(PosError):
    """Head office has two journals of this till. Fact: `seq`, where they part."""

    code: ClassVar[str] = "journal-forked"


class JournalCloned(JournalForked):
    """Two machines sell as this till. Fact: `seq`, where their journals part."""

    code: ClassVar[str] = "journal-cloned"


class JournalForgotten(PosError):
    """This machine forgot what it had told head office."""

    code: ClassVar[str] = "journal-forgotten"


class JournalParted(PosError):
    """Head office holds an entry of this till that is not in this journal. Fact: `seq`."""

    code: ClassVar[str] = "journal-parted"


class NoAnswerHere(PosError):
    """There is no answer to this till's enrolment in a folder. Fact: `path`."""

    code: ClassVar[str] = "no-answer-here"


class KeysDoNotWait(PosError):
    """No key file from head office waits."""

    code: ClassVar[str] = "keys-do-not-wait"


@dataclass(frozen=True, slots=True)
class EnrolWish:
    """Where to enrol over the line: an address, a one-time code, a certificate to trust.

    `pem` is empty where the system's certificates are to vouch for head office.
    """

    url: str
    code: str = field(repr=False)
    pem: str = ""


@dataclass(frozen=True, slots=True)
class ShownCertificate:
    """The certificate that a server shows: its PEM text, and its SHA-256 in groups of four."""

    pem: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The head office of this shop; `office` is its authority's public key.

    `public` is the till's key it accepted, `allowance_box` the sealed secret of allowance codes,
    `seq` the entry that tells of it.
    """

    office: bytes
    name: str
    url: str
    first_pack: int
    public: bytes
    allowance_box: bytes
    seq: int


@dataclass(frozen=True, slots=True)
class PackRow:
    """A pack that is here; `waits` until `active_from_ms`."""

    series: str
    number: int
    digest: bytes
    issued_at_ms: int
    active_from_ms: int
    waits: bool
    seq: int


@dataclass(frozen=True, slots=True)
class Message:
    """A word of head office to everybody at the till."""

    id: str
    text: str
    from_ms: int
    until_ms: int


@dataclass(frozen=True, slots=True)
class PackTaken:
    """What became of a pack.

    With `again` it was here before and nothing changed; with `waits` it counts from
    `active_from_ms` on. `counts` are the records taken by section, `refused` what was wrong with
    the first of the `refused_count` others: (line, section, error code).
    """

    series: str
    number: int
    active_from_ms: int
    counts: dict[str, int]
    refused: tuple[tuple[int, str, str], ...] = ()
    refused_count: int = 0
    again: bool = False
    waits: bool = False


ONE: Final = "one"
PARTED: Final = "parted"
"""This till itself found that head office holds what is not in its journal."""
_OF_JOURNALS: Final[dict[str, type[PosError]]] = {
    "forked": JournalForked,
    "cloned": JournalCloned,
    "rolled-back": JournalForgotten,
    PARTED: JournalParted,
}


@dataclass(frozen=True, slots=True)
class TillStanding:
    """What was said last of whether this journal is the till's only one.

    `state` is `ONE`, `PARTED` or another of `pos_app.exchange.standing`; `seq` is the first entry
    that the two do not share (0: not known), `found_ms` when it was found, `at_ms` when head
    office said it.
    """

    state: str = ONE
    seq: int = 0
    found_ms: int = 0
    at_ms: int = 0

    @property
    def is_one(self) -> bool:
        """Tell whether nobody knows of another journal."""
        return self.state == ONE

    @property
    def problem(self) -> PosError | None:
        """What is to be said about it, None where this journal is the only one."""
        return None if self.is_one else _OF_JOURNALS[self.state](seq=self.seq)


@dataclass(frozen=True, slots=True)
class HeldPack:
    """The newest pack of a till: its number, and the SHA-256 that the next one names (or none)."""

    number: int
    digest: bytes = b""


@dataclass(frozen=True, slots=True)
class PackAnswer:
    """Whether a pack came, and what head office says of the journal ("" where it says nothing)."""

    came: bool
    standing: str = ""


@dataclass(frozen=True, slots=True)
class AllowanceLeft:
    """An allowance in one currency and what is spent of it."""

    currency: Currency
    allowance: Allowance
    spent: Spent


@dataclass(frozen=True, slots=True)
class OfficeStatus:
    """How the till stands with head office. Times in milliseconds UTC, 0 for never.

    `freshness` is when head office issued the newest pack with each section, `pack` the number of
    the newest pack; `waiting_packs` are (number, when it counts) of those whose day has not come.
    """

    enrolled: Enrolled | None
    acknowledged_seq: int
    acknowledged_ms: int
    unsent: bool
    pack: int
    freshness: dict[str, int]
    waiting_packs: tuple[tuple[int, int], ...]
    waiting_keys: int
    messages: tuple[Message, ...]
    allowances: tuple[AllowanceLeft, ...]
    standing: TillStanding
