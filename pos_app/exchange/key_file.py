"""Key files: how keys travel from a key authority to one till (``resources/keys/README.md``).

Both files are one line of canonical JSON, ``{"body": {...}, "signature": "<128 hex>"}``; the
signature is Ed25519 over the canonical JSON of ``body`` for the purpose named below.

A *request* is the till's word on who it is and which X25519 key to seal to. A *key file* is an
authority's word on what one till may hold. Each key in it is sealed by itself (HPKE,
`pos_app.exchange.hpke`); all its attributes, the till, its mode, the authority and the sequence
are the `info` of its box, so no box can be relabelled or moved to another file. Sequences of one
authority rise for each till.
Reading trusts nothing and needs no secret; opening boxes is the vault's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from pos_app.domain.errors import PosError
from pos_app.exchange.canonical import canonical, read_canonical
from pos_app.exchange.digest import sha256_hex
from pos_app.exchange.errors import NotCanonical
from pos_app.exchange.hpke import SUITE_NAME, seal_to
from pos_app.exchange.signing import SigningKey, signature_holds

FORMAT: Final = "tokentill keys"
REQUEST_FORMAT: Final = "tokentill key request"
VERSION: Final = 1
LARGEST_FILE: Final = 16 * 1024 * 1024
MOST_KEYS: Final = 20_000
_LONGEST_BOX: Final = 256


class KeyFileBad(PosError):
    """The bytes are no key file (or no request), or are cut off: `problem`."""

    code: ClassVar[str] = "key-file-bad"


class KeyFileNewer(PosError):
    """The file is of a version that this program does not know. Fact: `version`."""

    code: ClassVar[str] = "key-file-newer"


class KeyFileTooLarge(PosError):
    """A file is larger than any key file. Fact: `most` in MiB."""

    code: ClassVar[str] = "key-file-too-large"


class KeyFileForged(PosError):
    """The signature does not hold: the file was changed after it was signed. Fact: `signer`."""

    code: ClassVar[str] = "key-file-forged"


@dataclass(frozen=True, slots=True)
class KeyRequest:
    """Which till asks for keys, and the key to seal them to."""

    till: str
    shop: str
    mode: str
    made_ms: int
    public: bytes
    exchange_key: bytes


@dataclass(frozen=True, slots=True)
class KeyBox:
    """One sealed key with its attributes in the clear."""

    attributes: dict[str, Any]
    box: bytes


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A key file whose signature holds; `digest` is the SHA-256 of the file."""

    authority: bytes
    till: str
    mode: str
    exchange_key: bytes
    sequence: int
    issued_ms: int
    keys: tuple[KeyBox, ...]
    digest: str

    def info(self, attributes: dict[str, Any]) -> bytes:
        """Return what the box of a key with these attributes is bound to."""
        return _info(self.authority, self.till, self.mode, self.sequence, attributes)


def _info(
    authority: bytes, till: str, mode: str, sequence: int, attributes: dict[str, Any]
) -> bytes:
    return canonical([FORMAT, VERSION, authority.hex(), till, mode, sequence, attributes])


def fingerprint(public: bytes) -> str:
    """Return eight groups of four to compare a public key over the telephone."""
    digits = sha256_hex(public)
    return " ".join(digits[at : at + 4] for at in range(0, 32, 4))


def write_request(request: KeyRequest, signer: SigningKey) -> bytes:
    """Return the bytes of a request, signed by the till."""
    body = {
        "format": REQUEST_FORMAT,
        "version": VERSION,
        "till": request.till,
        "shop": request.shop,
        "mode": request.mode,
        "made": request.made_ms,
        "public_key": request.public.hex(),
        "exchange_key": request.exchange_key.hex(),
        "suite": SUITE_NAME,
    }
    return _signed(body, REQUEST_FORMAT, signer)


def read_request(raw: bytes) -> KeyRequest:
    """Read a request; its signature proves that whoever made it holds the till's signing key."""
    body, signature = _parts(raw, REQUEST_FORMAT)
    request = KeyRequest(
        till=_text(body, "till"),
        shop=_text(body, "shop"),
        mode=_text(body, "mode"),
        made_ms=_number(body, "made"),
        public=_hex(body, "public_key"),
        exchange_key=_hex(body, "exchange_key"),
    )
    _refuse_forged(request.public, REQUEST_FORMAT, body, signature)
    return request


def write_key_file(
    request: KeyRequest,
    keys: Iterable[tuple[dict[str, Any], bytes]],
    sequence: int,
    issued_ms: int,
    authority: SigningKey,
) -> bytes:
    """Return a key file for the till of `request`; `keys` are (attributes, key bytes).

    Raises `KeyFileBad` when the till's exchange key is none or there are too many keys.
    """
    name = (authority.public, request.till, request.mode, sequence)
    try:
        sealed = [
            {
                "attributes": attributes,
                "box": seal_to(request.exchange_key, key, _info(*name, attributes)).hex(),
            }
            for attributes, key in keys
        ]
    except ValueError:
        raise KeyFileBad(problem="exchange_key") from None
    body = {
        "format": FORMAT,
        "version": VERSION,
        "suite": SUITE_NAME,
        "authority": authority.public.hex(),
        "till": request.till,
        "mode": request.mode,
        "exchange_key": request.exchange_key.hex(),
        "sequence": sequence,
        "issued": issued_ms,
        "keys": sealed,
    }
    if not 1 <= len(sealed) <= MOST_KEYS:
        raise KeyFileBad(problem="keys")
    return _signed(body, FORMAT, authority)


def read_key_file(raw: bytes) -> KeyFile:
    """Read a key file.

    Raises `KeyFileTooLarge`, `KeyFileBad`, `KeyFileNewer` or `KeyFileForged`.
    """
    body, signature = _parts(raw, FORMAT)
    authority = _hex(body, "authority")
    _refuse_forged(authority, FORMAT, body, signature)
    keys = body.get("keys")
    if not isinstance(keys, list) or not 1 <= len(keys) <= MOST_KEYS:
        raise KeyFileBad(problem="keys")
    return KeyFile(
        authority=authority,
        till=_text(body, "till"),
        mode=_text(body, "mode"),
        exchange_key=_hex(body, "exchange_key"),
        sequence=_number(body, "sequence"),
        issued_ms=_number(body, "issued"),
        keys=tuple(_box(each) for each in keys),
        digest=sha256_hex(raw),
    )


def _signed(body: dict[str, Any], purpose: str, signer: SigningKey) -> bytes:
    signature = signer.sign(purpose.encode(), canonical(body)).hex()
    return canonical({"body": body, "signature": signature}) + b"\n"


def _parts(raw: bytes, expected: str) -> tuple[dict[str, Any], bytes]:
    """Return (body, signature) of a file of the expected format and a known version."""
    if len(raw) > LARGEST_FILE:
        raise KeyFileTooLarge(most=LARGEST_FILE // (1024 * 1024))
    try:
        held = read_canonical(raw.removesuffix(b"\n"))
    except NotCanonical as bad:
        raise KeyFileBad(problem=str(bad.facts["problem"])) from None
    if not isinstance(held, dict) or sorted(held) != ["body", "signature"]:
        raise KeyFileBad(problem="fields")
    body = held["body"]
    if not isinstance(body, dict) or body.get("format") != expected:
        raise KeyFileBad(problem="format")
    if body.get("version") != VERSION:
        raise KeyFileNewer(version=str(body.get("version"))[:20])
    if body.get("suite") != SUITE_NAME:
        raise KeyFileBad(problem="suite")
    return body, _hex(held, "signature", 64)


def _refuse_forged(signer: bytes, purpose: str, body: dict[str, Any], signature: bytes) -> None:
    if not signature_holds(signer, purpose.encode(), canonical(body), signature):
        raise KeyFileForged(signer=signer.hex()[:16])


def _box(held: object) -> KeyBox:
    if not isinstance(held, dict) or sorted(held) != ["attributes", "box"]:
        raise KeyFileBad(problem="key")
    attributes, box = held["attributes"], held["box"]
    if not isinstance(attributes, dict) or not isinstance(box, str):
        raise KeyFileBad(problem="key")
    if not all(isinstance(value, (str, int)) for value in attributes.values()):
        raise KeyFileBad(problem="attributes")
    if len(box) > 2 * _LONGEST_BOX:
        raise KeyFileBad(problem="box")
    return KeyBox(attributes, _hex(held, "box", len(box) // 2))


def _text(held: dict[str, Any], name: str) -> str:
    value = held.get(name)
    if not isinstance(value, str) or not 1 <= len(value) <= 100:
        raise KeyFileBad(problem=name)
    return value


def _number(held: dict[str, Any], name: str) -> int:
    value = held.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise KeyFileBad(problem=name)
    return value


def _hex(held: dict[str, Any], name: str, length: int = 32) -> bytes:
    """Return the bytes of lower-case hex digits; no other spelling is the canonical one."""
    value = held.get(name)
    try:
        raw = bytes.fromhex(value) if isinstance(value, str) else b""
    except ValueError:
        raw = b""
    if len(raw) != length or raw.hex() != value:
        raise KeyFileBad(problem=name)
    return raw
