"""The second person's word: given at the counter with a PIN, or from afar with a code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final, Protocol

from pos_app.application.identity import Operator
from pos_app.domain.errors import PosError
from pos_app.exchange.approval import ApprovalRequest

BY_PIN: Final = "pin"
BY_CODE: Final = "code"
CODE_LOCK: Final = "#code"
"""Whose wrong tries wrong codes are; no operator can be called so."""
KEY_IMPORT: Final = "key-import"
"""What a request to take in a key file is called; other requests are called as their acts."""
TRIES: Final = 5
"""Wrong codes that end a request."""
LASTS_MS: Final = 24 * 3_600_000


class SecondPersonNeeded(PosError):
    """Whoever asks cannot approve. Fact: `operator`."""

    code: ClassVar[str] = "second-person-needed"


class ApprovalMissing(PosError):
    """This takes a second person, and none was named. Fact: `act`."""

    code: ClassVar[str] = "approval-missing"


class ApproverNotEnrolled(PosError):
    """This supervisor holds no secret to approve from afar with. Fact: `operator`."""

    code: ClassVar[str] = "approver-not-enrolled"


class ApprovalUnknown(PosError):
    """No request here has this number, or it was for something else. Fact: `number`."""

    code: ClassVar[str] = "approval-unknown"


class ApprovalOver(PosError):
    """The request is used, too old or was guessed at too often. Facts: `number`, `why`."""

    code: ClassVar[str] = "approval-over"


class ApprovalWrong(PosError):
    """The code does not answer the request. Facts: `number`, `tries_left`."""

    code: ClassVar[str] = "approval-wrong"


@dataclass(frozen=True, slots=True)
class Approval:
    """A second person's word: a PIN, or the `code` for the request of `number`."""

    approver_id: str
    pin: str = ""
    number: str = ""
    code: str = ""

    def __repr__(self) -> str:
        return f"Approval({self.approver_id!r}, number={self.number!r})"


@dataclass(frozen=True, slots=True)
class Subject:
    """What is approved: the act, its meter, its amount in figures and letters."""

    act: str
    drn: str
    amount: str


@dataclass(frozen=True, slots=True)
class Approved:
    """Who said yes and how; `number` is the request a code answered."""

    approver: Operator
    way: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class AskedApproval:
    """A request on file."""

    request: ApprovalRequest
    at_ms: int
    used: bool
    failures: int


class ApprovalBook(Protocol):
    """The ledger's side of approvals from afar."""

    def next_number(self) -> int:
        """Return the running number of the next request."""
        ...

    def asked(self, number: str) -> AskedApproval | None:
        """Return a request by its number."""
        ...

    def turn(self, approver: str) -> int:
        """Return how often a supervisor's secret was made; 0 for never."""
        ...
