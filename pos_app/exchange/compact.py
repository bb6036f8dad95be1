"""The signed compact sale: what the QR code of a slip carries.

From it head office can rebuild the sale of a lost till, and nobody else can make one up.
Text: ``TT1`` and base32 (RFC 4648, no padding) of the 64-byte signature followed by the canonical
JSON list of the fields of `CompactSale` in their order. Base32 keeps a QR code in its dense
alphanumeric mode.
"""

from __future__ import annotations

import base64
from dataclasses import astuple, dataclass, fields

from pos_app.exchange.canonical import canonical, read_canonical
from pos_app.exchange.chain import Signer
from pos_app.exchange.errors import NotCanonical
from pos_app.exchange.signing import SIGNATURE_BYTES, signature_holds

PREFIX = "TT1"
PURPOSE = b"tokentill receipt"


@dataclass(frozen=True, slots=True)
class CompactSale:
    """The facts of a sale that nothing else can tell.

    `at_s` seconds UTC since 1970; amounts in minor units; units in tenths; `bought_before` in
    tenths; `seal` the first 16 hex digits of the journal entry's hash.
    """

    till: str
    series: int
    number: int
    seq: int
    at_s: int
    operator: str
    drn: str
    tariff: str
    tariff_version: int
    bought_before: int
    currency: str
    total_minor: int
    tenths: int
    tid: int
    digits: str
    seal: str

    def __repr__(self) -> str:
        return f"CompactSale(till={self.till!r}, series={self.series}, number={self.number})"


def write_compact(sale: CompactSale, signer: Signer) -> str:
    """Return the text of the code."""
    content = canonical(list(astuple(sale)))
    raw = signer.sign(PURPOSE, content) + content
    return PREFIX + _base32(raw)


def _base32(raw: bytes) -> str:
    return base64.b32encode(raw).decode().rstrip("=")


def read_compact(text: str, public: bytes) -> CompactSale:
    """Read a code back; raise `NotCanonical` when it is damaged or not this till's word."""
    signature, content = _parts(text)
    if not signature_holds(public, PURPOSE, content, signature):
        raise NotCanonical(problem="signature")
    return _sale(content)


def named_till(text: str) -> str:
    """Return which till a code says it is of, before anything is proven.

    Raises `NotCanonical` for what is no code.
    """
    return _sale(_parts(text)[1]).till


def _parts(text: str) -> tuple[bytes, bytes]:
    """Return the signature and the content of a code."""
    coded = text.removeprefix(PREFIX)
    if coded == text:
        raise NotCanonical(problem="prefix")
    try:
        raw = base64.b32decode(coded + "=" * (-len(coded) % 8))
    except ValueError:
        raise NotCanonical(problem="base32") from None
    if _base32(raw) != coded:
        raise NotCanonical(problem="base32")
    return raw[:SIGNATURE_BYTES], raw[SIGNATURE_BYTES:]


def _sale(content: bytes) -> CompactSale:
    values = read_canonical(content)
    kinds = [{"str": str, "int": int}[str(each.type)] for each in fields(CompactSale)]
    if not isinstance(values, list) or [type(each) for each in values] != kinds:
        raise NotCanonical(problem="fields")
    return CompactSale(*values)
