"""Text files that carry their own signature, in a last line that every reader takes as a comment.

The last line is ``#signed ed25519 KEY SIGNATURE`` in hexadecimal; the signature (Ed25519, RFC 8032)
is over every byte before that line, for one purpose. So a signed TOML file is the same file to any
other program, and a changed byte, a comment's too, breaks the signature.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar, Final

from pos_app.domain.errors import PosError
from pos_app.exchange.signing import SigningKey, signature_holds

TARIFF: Final = b"tokentill tariff"
ACCOUNT: Final = b"tokentill account"

_LINE: Final = re.compile(rb"#signed ed25519 ([0-9a-f]{64}) ([0-9a-f]{128})\s*")
_MARK: Final = b"#signed"


class SignatureWrong(PosError):
    """A file's signature line is broken, or the file was changed after it: `signer` (a key)."""

    code: ClassVar[str] = "signature-wrong"


@dataclass(frozen=True, slots=True)
class SignedText:
    """A file without its last line; `signer` is the public key that vouches for it, or None."""

    payload: bytes
    signer: bytes | None


def read_signed(content: bytes, purpose: bytes) -> SignedText:
    """Return the file and whose it is; raise `SignatureWrong` where a signature does not hold."""
    start = content.rstrip().rfind(b"\n") + 1
    line = content[start:]
    if not line.startswith(_MARK):
        return SignedText(content, None)
    found = _LINE.fullmatch(line)
    if found is None:
        raise SignatureWrong(signer="")
    public, signature = bytes.fromhex(found[1].decode()), bytes.fromhex(found[2].decode())
    payload = content[:start]
    if not signature_holds(public, purpose, payload, signature):
        raise SignatureWrong(signer=public.hex()[:16])
    return SignedText(payload, public)


def write_signed(content: bytes, purpose: bytes, key: SigningKey) -> bytes:
    """Return the file with the signature of `key` as its last line, in place of an earlier one."""
    start = content.rstrip().rfind(b"\n") + 1
    payload = content[:start] if content[start:].startswith(_MARK) else content
    if not payload.endswith(b"\n"):
        payload += b"\n"
    signature = key.sign(purpose, payload).hex()
    return payload + f"#signed ed25519 {key.public.hex()} {signature}\n".encode()
