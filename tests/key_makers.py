"""Key files for tests: an authority, keys of published vectors, and a shop that trusts it."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from pos_app.application.keys import KeyDesk, Person
from pos_app.application.ports import KeyAttributes
from pos_app.bootstrap.shop import OpenShop
from pos_app.exchange.key_file import KeyRequest, read_request, write_key_file
from pos_app.exchange.signing import SigningKey
from pos_app.sts.keys import DecoderKey, VendingKey
from tests.shops import START_MS

AUTHORITY = SigningKey(bytes(range(32)))
STRANGER = SigningKey(bytes(range(1, 33)))
GRACE, JOSEPH = Person("grace", "3333"), Person("joseph", "4444")
DAY_MS = 86_400_000
# STS 531-1: vending key, and the decoder key of 600727000000000009 that follows from it (EA07)
STS_KEY = bytes.fromhex("abababababababab949494949494949401234567")
STS_DECODER_KEY = bytes.fromhex("87f3ecbb2e46b48f")
STS_PAN = "600727000000000009"
ATTRIBUTES = KeyAttributes(
    kind="vending",
    sgc="600111",
    krn=1,
    kt=2,
    base=2014,
    ken=255,
    dkga=4,
    kcv=VendingKey(STS_KEY).check_value(),
    active_from_ms=START_MS - DAY_MS,
    issue_until_ms=START_MS + 400 * DAY_MS,
)
OWN_ATTRIBUTES = replace(
    ATTRIBUTES,
    kind="decoder",
    kcv=DecoderKey(STS_DECODER_KEY).check_value(),
    pan=STS_PAN,
    ti=1,
    ea=7,
)


def trusting(shop: OpenShop) -> KeyDesk:
    """Let a shop's two supervisors name the authority."""
    shop.desk.keys.trust("Grid authority", AUTHORITY.public.hex(), GRACE, JOSEPH)
    return shop.desk.keys


def request_of(shop: OpenShop) -> KeyRequest:
    return read_request(shop.desk.keys.request())


def key_file(
    shop: OpenShop,
    *keys: tuple[KeyAttributes | dict[str, Any], bytes],
    sequence: int = 1,
    authority: SigningKey = AUTHORITY,
    **till: Any,
) -> bytes:
    """Return a file of the vending key of STS 531-1, or of `keys`, for the shop's till."""
    request = replace(request_of(shop), **till)
    listed = [
        (asdict(each) if isinstance(each, KeyAttributes) else each, secret)
        for each, secret in keys or ((ATTRIBUTES, STS_KEY),)
    ]
    return write_key_file(request, listed, sequence, START_MS, authority)
