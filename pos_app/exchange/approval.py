"""Approval from afar: a request that can be read over the phone, and the code that answers it.

A request names till, number, act, meter, amount and who asks; a supervisor elsewhere holds a
secret that the till can work out, too. The code is the HMAC-SHA-256 of the whole request under
that secret, cut to eight decimal digits: a guess is right once in a hundred million. Together
with the till's limits (five wrong codes end a request, waiting grows between requests) guessing
is hopeless; whoever holds the secret can approve whatever they like.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from pos_app.domain.errors import PosError
from pos_app.exchange.canonical import canonical, read_canonical
from pos_app.exchange.errors import NotCanonical

CODE_DIGITS: Final = 8
SECRET_BYTES: Final = 20
FORMAT: Final = "tokentill approver"
_PURPOSE: Final = b"tokentill approval\0"
_PART: Final = re.compile(r"[A-Za-z0-9.:-]{1,40}")
_SECRET_FILE_KEYS: Final = {"format", "version", "till", "mode", "approver", "turn", "secret"}


class ApprovalRequestBroken(PosError):
    """What was typed is no request, or was mistyped. Fact: `problem`."""

    code: ClassVar[str] = "approval-request-broken"


class ApproverFileBroken(PosError):
    """The file holds no approver's secret."""

    code: ClassVar[str] = "approver-file-broken"


class ApproverOfAnotherTill(PosError):
    """The secret is for another till: `here` (the secret's), `there` (the request's)."""

    code: ClassVar[str] = "approver-of-another-till"


@dataclass(frozen=True, slots=True)
class ApprovalRequest:
    """What is to be approved. `number` is ``<series>-<n>``; `amount` says units and their kind."""

    till: str
    number: str
    act: str
    drn: str
    amount: str
    operator: str

    def text(self) -> str:
        """Return the line that is read over the phone; its last part finds slips of the tongue."""
        return f"{self._line()}/{_check(self._line())}"

    def _line(self) -> str:
        parts = (self.till, self.number, self.act, self.drn, self.amount, self.operator)
        return "/".join(parts)

    def code(self, secret: bytes, mode: str) -> str:
        """Return the eight digits that approve this request in a shop of `mode`."""
        message = _PURPOSE + mode.encode() + b"\0" + self._line().encode()
        digest = hmac.digest(secret, message, hashlib.sha256)
        return f"{int.from_bytes(digest[:8], 'big') % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


@dataclass(frozen=True, slots=True)
class ApproverSecret:
    """What a supervisor holds away from the till. The secret is in no `repr`."""

    till: str
    mode: str
    approver: str
    turn: int
    secret: bytes

    def __repr__(self) -> str:
        return f"ApproverSecret({self.till!r}, {self.approver!r}, turn={self.turn})"

    def to_file(self) -> bytes:
        """Return the bytes of the file that holds it."""
        held: dict[str, Any] = {
            "format": FORMAT,
            "version": 1,
            "till": self.till,
            "mode": self.mode,
            "approver": self.approver,
            "turn": self.turn,
            "secret": base64.b32encode(self.secret).decode(),
        }
        return canonical(held) + b"\n"

    def approve(self, request: ApprovalRequest) -> str:
        """Return the code for a request; raises `ApproverOfAnotherTill`."""
        if request.till != self.till:
            raise ApproverOfAnotherTill(here=self.till, there=request.till)
        return request.code(self.secret, self.mode)


def read_request(typed: str) -> ApprovalRequest:
    """Read a request back; raises `ApprovalRequestBroken`."""
    parts = "".join(typed.split()).split("/")
    if len(parts) != 7 or not all(map(_PART.fullmatch, parts)):
        raise ApprovalRequestBroken(problem="form")
    request = ApprovalRequest(*parts[:6])
    if not hmac.compare_digest(request.text().rpartition("/")[2], parts[6].upper()):
        raise ApprovalRequestBroken(problem="mistyped")
    return request


def read_secret(raw: bytes) -> ApproverSecret:
    """Read an approver's file; raises `ApproverFileBroken`."""
    try:
        held = read_canonical(raw.strip())
        if held.keys() != _SECRET_FILE_KEYS or (held["format"], held["version"]) != (FORMAT, 1):
            raise ApproverFileBroken
        secret = base64.b32decode(held["secret"])
        names = [held[name] for name in ("till", "mode", "approver")]
        turn = int(held["turn"])
    except (NotCanonical, binascii.Error, TypeError, ValueError, AttributeError):
        raise ApproverFileBroken from None
    if len(secret) != SECRET_BYTES or not all(isinstance(name, str) for name in names):
        raise ApproverFileBroken
    return ApproverSecret(names[0], names[1], names[2], turn, secret)


def part(text: str) -> str:
    """Return `text` as one part of a request: what cannot be read aloud becomes a dash."""
    return re.sub(r"[^A-Za-z0-9.:-]", "-", text)[:40] or "-"


def _check(line: str) -> str:
    return f"{int.from_bytes(hashlib.sha256(line.encode()).digest()[:4], 'big') % 1000:03d}"
