"""Enrolment: how a till and its head office come to know each other.

Both files are one line of canonical JSON, ``{"body": {...}, "signature": "<128 hex>"}``, and a
line feed; the signature is Ed25519 over the canonical JSON of `body` for the purpose that is its
format's name. A *request* is the till's word: who it is, its public keys, and the one-time code
that somebody at head office gave to the shop. An *answer* is head office's word to that till:
its authority's key, where it is to be reached, and, sealed to the till, the secret that allowance
codes are made with. Online both travel by one POST; offline as two files on a stick.

A code is 75 random bits and 5 that find slips of the pen, written as four groups of four letters
and digits (Crockford's base 32: no I, L, O, U). Head office stores `code_digest` only. The
request carries the code itself: keep the file as one keeps the code.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from pos_app.domain.errors import PosError
from pos_app.exchange.canonical import canonical
from pos_app.exchange.chain import Signer
from pos_app.exchange.errors import ExchangeInvalid
from pos_app.exchange.fields import Fields
from pos_app.exchange.hpke import seal_to
from pos_app.exchange.signing import SigningKey, signature_holds

REQUEST_FORMAT: Final = "tokentill-enrolment-request"
ANSWER_FORMAT: Final = "tokentill-enrolment-answer"
VERSION: Final = 1
WHAT: Final = "enrolment"
LARGEST: Final = 16 * 1024
CODE_BYTES: Final = 10
"""Random bytes that `make_code` wants; 75 of their 80 bits are used."""
SECRET_BYTES: Final = 32
_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD: Final = str.maketrans("OIL", "011", " -")
_SYMBOLS: Final = 15
_REQUEST: Final = (
    "code", "exchange_key", "format", "made_at_ms", "mode", "public_key", "shop", "till",
    "version",
)  # fmt: skip
_ANSWER: Final = (
    "allowance_box", "exchange_key", "first_pack", "format", "made_at_ms", "name", "office",
    "public_key", "till", "url", "version",
)  # fmt: skip


class EnrolmentCodeWrong(PosError):
    """What was typed is no enrolment code: a character is wrong, missing or too many."""

    code: ClassVar[str] = "enrolment-code-wrong"


@dataclass(frozen=True, slots=True)
class EnrolmentRequest:
    """A till that asks to be enrolled; `public` is Ed25519, `exchange_key` X25519 (raw bytes).

    `code` is in the form `read_code` gives, and in no `repr`.
    """

    till: str
    shop: str
    mode: str
    public: bytes
    exchange_key: bytes
    code: str
    made_at_ms: int

    def __repr__(self) -> str:
        return f"EnrolmentRequest({self.till!r}, {self.public.hex()[:8]})"


@dataclass(frozen=True, slots=True)
class Office:
    """A head office that answers: its authority's key, what people call it, its address."""

    key: SigningKey
    name: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class EnrolmentAnswer:
    """Head office's word to a till that it accepted.

    `office` is the authority's public key and `name` what people call it; `public` and
    `exchange_key` are the till's keys as they were accepted; `url` is empty for a head office
    that is reached by stick only; `first_pack` is the number of the first pack it will send;
    `allowance_box` holds `SECRET_BYTES` sealed to the till (`allowance_info`).
    """

    office: bytes
    name: str
    till: str
    public: bytes
    exchange_key: bytes
    url: str
    first_pack: int
    allowance_box: bytes
    made_at_ms: int


def make_code(random: bytes) -> str:
    """Return a one-time code of `CODE_BYTES` random bytes, in groups to read aloud."""
    if len(random) != CODE_BYTES:
        raise ValueError(len(random))
    number = int.from_bytes(random, "big") >> 5
    plain = "".join(_LETTERS[number >> 5 * place & 31] for place in range(_SYMBOLS))
    return _grouped(plain + _check_letter(plain))


def read_code(typed: str) -> str:
    """Return a code as `make_code` writes it, however it was typed.

    Small letters, other spacing, O for 0 and I or L for 1 are understood. Raises
    `EnrolmentCodeWrong`.
    """
    plain = typed.strip().upper().translate(_MISREAD)
    if len(plain) != _SYMBOLS + 1 or any(letter not in _LETTERS for letter in plain):
        raise EnrolmentCodeWrong
    if _check_letter(plain[:-1]) != plain[-1]:
        raise EnrolmentCodeWrong
    return _grouped(plain)


def code_digest(code: str) -> str:
    """Return what head office stores of a code: 64 hex digits. Raises `EnrolmentCodeWrong`.

    A plain hash will do: nobody guesses 75 bits.
    """
    return hashlib.sha256(b"tokentill enrolment code\0" + read_code(code).encode()).hexdigest()


def write_request(request: EnrolmentRequest, till: Signer) -> bytes:
    """Return the bytes of a request, signed by the till."""
    body = {
        "code": read_code(request.code),
        "exchange_key": request.exchange_key.hex(),
        "format": REQUEST_FORMAT,
        "made_at_ms": request.made_at_ms,
        "mode": request.mode,
        "public_key": request.public.hex(),
        "shop": request.shop,
        "till": request.till,
        "version": VERSION,
    }
    return _signed(body, till)


def read_request(raw: bytes) -> EnrolmentRequest:
    """Read a request; its signature proves that its maker holds the till's signing key.

    Raises `ExchangeInvalid`, `ExchangeNewer` or `EnrolmentCodeWrong`.
    """
    body, signature = _parts(raw, REQUEST_FORMAT)
    body.only(*_REQUEST)
    request = EnrolmentRequest(
        till=body.text("till", 40),
        shop=body.text("shop"),
        mode=body.text("mode"),
        public=body.bytes("public_key"),
        exchange_key=body.bytes("exchange_key"),
        code=read_code(body.text("code", 40)),
        made_at_ms=body.whole("made_at_ms"),
    )
    _prove(body, request.public, signature)
    return request


def allowance_info(office: bytes, till: str, public: bytes) -> bytes:
    """Return what the sealed allowance secret is bound to (HPKE's `info`)."""
    return canonical(["tokentill allowance secret", VERSION, office.hex(), till, public.hex()])


def answer_to(
    request: EnrolmentRequest, office: Office, secret: bytes, made_at_ms: int, first_pack: int = 1
) -> bytes:
    """Return the bytes of the answer to `request`, with the till's allowance `secret` sealed."""
    info = allowance_info(office.key.public, request.till, request.public)
    try:
        box = seal_to(request.exchange_key, secret, info)
    except ValueError:
        raise ExchangeInvalid(format=WHAT, line=1, problem="exchange_key") from None
    body = {
        "allowance_box": box.hex(),
        "exchange_key": request.exchange_key.hex(),
        "first_pack": first_pack,
        "format": ANSWER_FORMAT,
        "made_at_ms": made_at_ms,
        "name": office.name,
        "office": office.key.public.hex(),
        "public_key": request.public.hex(),
        "till": request.till,
        "url": office.url,
        "version": VERSION,
    }
    return _signed(body, office.key)


def read_answer(raw: bytes) -> EnrolmentAnswer:
    """Read an answer whose signature is that of the authority it names.

    Whether that is the right authority is for the reader to settle. Raises `ExchangeInvalid` or
    `ExchangeNewer`.
    """
    body, signature = _parts(raw, ANSWER_FORMAT)
    body.only(*_ANSWER)
    answer = EnrolmentAnswer(
        office=body.bytes("office"),
        name=body.text("name", 60),
        till=body.text("till", 40),
        public=body.bytes("public_key"),
        exchange_key=body.bytes("exchange_key"),
        url=body.text("url", 200, empty=True),
        first_pack=body.whole("first_pack", 1),
        allowance_box=body.bytes("allowance_box", None),
        made_at_ms=body.whole("made_at_ms"),
    )
    _prove(body, answer.office, signature)
    return answer


def _signed(body: dict[str, Any], key: Signer) -> bytes:
    signature = key.sign(str(body["format"]).encode(), canonical(body)).hex()
    return canonical({"body": body, "signature": signature}) + b"\n"


def _parts(raw: bytes, expected: str) -> tuple[Fields, bytes]:
    if len(raw) > LARGEST:
        raise ExchangeInvalid(format=WHAT, line=1, problem="length")
    held = Fields.read(raw.removesuffix(b"\n"), WHAT).only("body", "signature")
    body = Fields(held.values["body"], WHAT)
    return body.of_version(expected, VERSION), held.bytes("signature", 64)


def _prove(body: Fields, signer: bytes, signature: bytes) -> None:
    purpose = str(body.values["format"]).encode()
    if not signature_holds(signer, purpose, canonical(body.values), signature):
        raise body.refusal("signature")


def _check_letter(plain: str) -> str:
    """Return the letter that finds one wrong letter and most exchanges of neighbours.

    Weights 1, 3, 5 ... are odd and so have inverses modulo 32; neighbours' weights differ by 2,
    so only an exchange of letters that are 16 apart is missed.
    """
    total = sum((2 * place + 1) * _LETTERS.index(letter) for place, letter in enumerate(plain))
    return _LETTERS[total % 32]


def _grouped(plain: str) -> str:
    return "-".join(plain[at : at + 4] for at in range(0, len(plain), 4))
