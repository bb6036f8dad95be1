"""Head office's signed word on whether a till's journal is one, beside its acknowledgement.

In the header ``X-Tokentill-Standing`` of the answer to ``GET /api/v1/packs``, in base64url: the
canonical JSON of ``{"at_ms","format","found_ms","held_hash","held_seq","seq","signature","state",
"till","version"}``. The signature is the office's (purpose ``tokentill standing``) over the
canonical JSON of the other fields. A till that knows nothing of it reads the answer as it always
did. The newest `at_ms` counts; an older one is somebody's copy of what was true then.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from pos_app.exchange.canonical import canonical
from pos_app.exchange.fields import Fields
from pos_app.exchange.signing import SigningKey, signature_holds

PURPOSE: Final = b"tokentill standing"
FORMAT: Final = "tokentill-standing"
WHAT: Final = "standing"
VERSION: Final = 1
HEADER: Final = "X-Tokentill-Standing"
NOTHING: Final = bytes(32)
LARGEST: Final = 4096
"""So many characters at most; what is written has some 500."""
_NAMES: Final = (
    "at_ms", "format", "found_ms", "held_hash", "held_seq", "seq", "signature", "state", "till",
    "version",
)  # fmt: skip


class State(StrEnum):
    """Whether a journal is one."""

    ONE = "one"
    """Nothing is known that says otherwise, or head office settled what was."""
    FORKED = "forked"
    """Two signed entries have one number: an old copy was put back, or the till was copied."""
    CLONED = "cloned"
    """Both ends of a fork go on: two machines sell as one till."""
    ROLLED_BACK = "rolled-back"
    """The till forgot what it had told head office it holds."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What head office says of a till's journal at `at_ms`.

    `seq` is the first entry that the two journals do not share (0: not known), `found_ms` when
    head office found it (0 for `State.ONE`). `held_seq` and `held_hash` are the last entry that
    it holds of a journal that is one (0 and zeros: none, or two journals).
    """

    state: State
    seq: int
    found_ms: int
    at_ms: int
    held_seq: int = 0
    held_hash: bytes = NOTHING


def write_standing(till: str, found: Standing, office: SigningKey) -> str:
    """Return the header's text for `till`."""
    said: dict[str, Any] = {"state": found.state.value, "seq": found.seq}
    said |= {"found_ms": found.found_ms, "at_ms": found.at_ms}
    said |= {"held_seq": found.held_seq, "held_hash": found.held_hash.hex()}
    said |= {"format": FORMAT, "till": till, "version": VERSION}
    signature = office.sign(PURPOSE, canonical(said)).hex()
    return base64.urlsafe_b64encode(canonical(said | {"signature": signature})).decode("ascii")


def read_standing(text: str, till: str, office: bytes) -> Standing:
    """Read the header's text; raises `ExchangeInvalid` or `ExchangeNewer`."""
    line = Fields.read(_decoded(text), WHAT).of_version(FORMAT, VERSION).only(*_NAMES)
    said = {name: value for name, value in line.values.items() if name != "signature"}
    if not signature_holds(office, PURPOSE, canonical(said), line.bytes("signature", 64)):
        raise line.refusal("signature")
    if line.text("till") != till:
        raise line.refusal("till")
    state = line.text("state", 20)
    if state not in set(State):
        raise line.refusal("state")
    times = (line.whole("seq"), line.whole("found_ms"), line.whole("at_ms"))
    return Standing(State(state), *times, line.whole("held_seq"), line.bytes("held_hash"))


def _decoded(text: str) -> bytes:
    """Return the bytes of a header; what is none has none, and is refused as no object."""
    if len(text) > LARGEST:
        return b""
    try:
        return base64.b64decode(text, altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        return b""
