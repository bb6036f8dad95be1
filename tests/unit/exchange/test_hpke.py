"""HPKE: what the library does is what RFC 9180 says, shown by the RFC's own vector."""

from __future__ import annotations

import hashlib
import hmac
import os
from dataclasses import dataclass

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from pos_app.exchange.hpke import Sealed, open_sealed, public_of, seal_to

KEM = b"KEM" + (0x0020).to_bytes(2, "big")
HPKE = b"HPKE" + b"".join(part.to_bytes(2, "big") for part in (0x0020, 0x0001, 0x0003))

# RFC 9180, appendix A.2.1: base mode, sequence number 0
RECIPIENT = bytes.fromhex("8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb")
RECIPIENT_PUBLIC = "4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a"
EPHEMERAL = bytes.fromhex("f4ec9b33b792c372c1d2c2063507b684ef925b8c75a42dbcbf57d63ccd381600")
ENC = "1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a"
INFO = bytes.fromhex("4f6465206f6e2061204772656369616e2055726e")
SHARED_SECRET = "0bbe78490412b4bbea4812666f7916932b828bba79942424abb65244930d69a7"
KEY = "ad2744de8e17f4ebba575b3f5f5a8fa1f69c2a07f6e7500bc60ca6e3e3ec1c91"
BASE_NONCE = "5c4d98150661b848853b547f"
PLAIN = bytes.fromhex("4265617574792069732074727574682c20747275746820626561757479")
AAD = b"Count-0"
CIPHERTEXT = (
    "1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28"
)


def extract(suite: bytes, salt: bytes, label: bytes, ikm: bytes) -> bytes:
    """LabeledExtract of section 4; HKDF-Extract is HMAC with the salt as key (RFC 5869)."""
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + ikm, "sha256")


def expand(suite: bytes, prk: bytes, label: bytes, info: bytes, length: int) -> bytes:
    """LabeledExpand of section 4, for at most one block of SHA-256."""
    labelled = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
    return hmac.digest(prk, labelled + b"\x01", hashlib.sha256)[:length]


@dataclass(frozen=True)
class Oracle:
    """RFC 9180 written out from its text, sections 4.1 and 5.1, for this one suite."""

    shared_secret: bytes
    key: bytes
    base_nonce: bytes


def oracle(shared_point: bytes, enc: bytes, recipient: bytes, info: bytes) -> Oracle:
    prk = extract(KEM, b"", b"eae_prk", shared_point)
    secret = expand(KEM, prk, b"shared_secret", enc + recipient, 32)
    context = b"\x00" + extract(HPKE, b"", b"psk_id_hash", b"")
    context += extract(HPKE, b"", b"info_hash", info)
    scheduled = extract(HPKE, secret, b"secret", b"")
    return Oracle(
        secret,
        expand(HPKE, scheduled, b"key", context, 32),
        expand(HPKE, scheduled, b"base_nonce", context, 12),
    )


def oracle_seal(plain: bytes, info: bytes, aad: bytes, ephemeral: bytes, recipient: bytes) -> bytes:
    own = X25519PrivateKey.from_private_bytes(ephemeral)
    enc = own.public_key().public_bytes_raw()
    point = own.exchange(X25519PublicKey.from_public_bytes(recipient))
    made = oracle(point, enc, recipient, info)
    return enc + ChaCha20Poly1305(made.key).encrypt(made.base_nonce, plain, aad)


def oracle_open(private: bytes, box: bytes, info: bytes) -> bytes:
    own = X25519PrivateKey.from_private_bytes(private)
    point = own.exchange(X25519PublicKey.from_public_bytes(box[:32]))
    made = oracle(point, box[:32], own.public_key().public_bytes_raw(), info)
    return ChaCha20Poly1305(made.key).decrypt(made.base_nonce, box[32:], b"")


def test_the_oracle_reproduces_the_vector_of_the_rfc() -> None:
    recipient = bytes.fromhex(RECIPIENT_PUBLIC)
    own = X25519PrivateKey.from_private_bytes(EPHEMERAL)
    point = own.exchange(X25519PublicKey.from_public_bytes(recipient))
    made = oracle(point, bytes.fromhex(ENC), recipient, INFO)
    assert made.shared_secret.hex() == SHARED_SECRET
    assert (made.key.hex(), made.base_nonce.hex()) == (KEY, BASE_NONCE)
    assert oracle_seal(PLAIN, INFO, AAD, EPHEMERAL, recipient).hex() == ENC + CIPHERTEXT


def test_the_recipients_public_key_is_the_published_one() -> None:
    assert public_of(RECIPIENT).hex() == RECIPIENT_PUBLIC


@pytest.mark.parametrize("plain", [b"", b"\x00", PLAIN, bytes(range(200))])
@pytest.mark.parametrize("info", [b"", INFO, b"x" * 500])
def test_the_oracle_opens_what_we_seal_and_we_open_what_it_seals(plain: bytes, info: bytes) -> None:
    public = bytes.fromhex(RECIPIENT_PUBLIC)
    assert oracle_open(RECIPIENT, seal_to(public, plain, info), info) == plain
    assert open_sealed(RECIPIENT, oracle_seal(plain, info, b"", EPHEMERAL, public), info) == plain


def test_no_box_is_like_another() -> None:
    public = public_of(RECIPIENT)
    assert len({seal_to(public, PLAIN, INFO) for _ in range(20)}) == 20


def test_a_changed_bit_another_info_or_another_key_opens_nothing() -> None:
    box = seal_to(public_of(RECIPIENT), PLAIN, INFO)
    for place in range(len(box)):
        changed = bytearray(box)
        changed[place] ^= 1
        # X25519 ignores the top bit of a point, but the whole point enters the key: RFC 9180, 4.1
        with pytest.raises(Sealed):
            open_sealed(RECIPIENT, bytes(changed), INFO)
    for private, bytes_, info in (
        (RECIPIENT, box, INFO + b"x"),
        (RECIPIENT, box, b""),
        (os.urandom(32), box, INFO),
        (RECIPIENT, box[:-1], INFO),
        (RECIPIENT, box[:40], INFO),
        (RECIPIENT, b"", INFO),
        (RECIPIENT, bytes(len(box)), INFO),
    ):
        with pytest.raises(Sealed):
            open_sealed(private, bytes_, info)


def test_a_key_that_is_none_is_not_sealed_to() -> None:
    for public in (bytes(32), b"short"):
        with pytest.raises(ValueError, match=r"."):
            seal_to(public, PLAIN, INFO)
