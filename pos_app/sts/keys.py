"""Keys: the vending key of a utility and the decoder key of one meter.

A decoder key of 8 bytes belongs to EA07 (STA), one of 16 bytes to EA11 (MISTY1). A vending key of
8 bytes serves DKGA02 (DES), one of 20 bytes DKGA04 (HMAC-SHA-256).
Source: IEC 62055-41, decoder key generation algorithms; the marks of what is not settled in
public raise `NotEstablished`.
"""

from __future__ import annotations

import hashlib
import hmac
from functools import lru_cache
from typing import Final, NamedTuple, NoReturn

from pos_app.sts import misty1, sta
from pos_app.sts.errors import (
    KeyAttributeInvalid,
    KeyLengthInvalid,
    KeyPairingInvalid,
    NotEstablished,
    VendingKeyParity,
)
from pos_app.sts.identity import KT_COMMON, PAN_LENGTH, is_digits, issuer_length, pan_block
from pos_app.sts.tid import BASES

EA_STA: Final = 7
EA_DEA: Final = 9
EA_MISTY1: Final = 11
EA_OF_LENGTH = {8: EA_STA, 16: EA_MISTY1}
DKGA_DES: Final = 2
DKGA_HMAC: Final = 4
LARGEST_KEN = 255
_UNSETTLED_DKGA = {1: "dkga01", 3: "dkga03"}
_DES_LENGTH, _TRIPLE_DES_LENGTH, _HMAC_LENGTH = 8, 16, 20
_SHA256_BLOCK = 64
_CONTROL_TAIL = "FFFFFF"


class _Secret:
    """Bytes that never show: not in `repr`, not in a pickle, compared in constant time."""

    __slots__ = ("_secret",)

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def __repr__(self) -> str:
        return f"<{type(self).__name__}, {8 * len(self._secret)} bit>"

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and hmac.compare_digest(self._secret, other._secret)

    __hash__ = None  # type: ignore[assignment]

    def __copy__(self) -> _Secret:
        return self

    def __deepcopy__(self, _: object) -> _Secret:
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key is not pickled; the vault seals it")

    def reveal(self) -> bytes:
        """Return the key's bytes, for the vault that seals them and for nothing else."""
        return self._secret


class DecoderKey(_Secret):
    """The key one meter holds; its length tells the encryption algorithm `ea`."""

    __slots__ = ("ea",)

    def __init__(self, secret: bytes) -> None:
        """Take 8 or 16 bytes; raises `KeyLengthInvalid` for another number."""
        self._secret = secret
        try:
            self.ea = EA_OF_LENGTH[len(secret)]
        except KeyError:
            raise KeyLengthInvalid(length=len(secret)) from None

    def encrypt(self, block: int, tables: str = sta.OPERATIONAL) -> int:
        """Return the encrypted 64-bit block; `tables` names the STA tables of EA07."""
        if self.ea == EA_STA:
            return sta.encrypt(self._secret, block, sta.tables_named(tables))
        return misty1.encrypt(self._secret, block)

    def decrypt(self, block: int, tables: str = sta.OPERATIONAL) -> int:
        """Return the decrypted 64-bit block."""
        if self.ea == EA_STA:
            return sta.decrypt(self._secret, block, sta.tables_named(tables))
        return misty1.decrypt(self._secret, block)

    def check_value(self) -> str:
        """Return six hex digits to compare by eye. Our own rule; the standard names none."""
        return hashlib.sha256(b"\x02" + self._secret).hexdigest()[:6]


class VendingKey(_Secret):
    """The key of a supply group, from which the decoder keys of its meters are derived."""

    __slots__ = ("_inner", "_outer", "dkga")

    def __init__(self, secret: bytes) -> None:
        """Take 8 bytes of odd parity (DKGA02) or 20 bytes (DKGA04).

        Raises `VendingKeyParity`, `NotEstablished` for 16 bytes (DKGA03), else
        `KeyLengthInvalid`.
        """
        super().__init__(secret)
        if len(secret) == _TRIPLE_DES_LENGTH:
            raise NotEstablished(what=_UNSETTLED_DKGA[3])
        if len(secret) == _DES_LENGTH:
            self.dkga = DKGA_DES
            if any(octet.bit_count() % 2 == 0 for octet in secret):
                raise VendingKeyParity(what="dkga02-key-parity")
        elif len(secret) == _HMAC_LENGTH:
            self.dkga = DKGA_HMAC
            # RFC 2104: both padded keys are hashed once and copied for every meter
            padded = secret.ljust(_SHA256_BLOCK, b"\0")
            self._inner = hashlib.sha256(bytes(octet ^ 0x36 for octet in padded))
            self._outer = hashlib.sha256(bytes(octet ^ 0x5C for octet in padded))
        else:
            raise KeyLengthInvalid(length=len(secret))

    def derive(self, of: KeyAttributes) -> bytes:
        """Return the bytes of the decoder key of `of`; see `derive_decoder_key`."""
        pan, kt, sgc, ti, krn, base, ea, dkga = of
        digits = _pan_digits(pan)
        if dkga != self.dkga:
            check_pairing(ea, dkga)
            raise KeyAttributeInvalid(field="dkga", value=dkga)
        if dkga == DKGA_DES:
            return self._derive_des(of)
        before, after, length = _around_pan(kt, sgc, ti, krn, base, ea)
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(before + digits + after)
        outer.update(inner.digest())
        return outer.digest()[:length]

    def _derive_des(self, of: KeyAttributes) -> bytes:
        """DKGA02: x = PANBlock xor CONTROLBlock, then DES(x) xor x xor the vending key."""
        check_attributes(of.kt, of.sgc, of.ti, of.krn, of.base)
        check_pairing(of.ea, DKGA_DES)
        at = issuer_length(of.pan)
        pan = pan_block(of.pan[:at], of.pan[at:-1], of.kt)
        control = f"{of.kt}{of.sgc}{of.ti:02d}{of.krn}{_CONTROL_TAIL}"
        mixed = int(pan, 16) ^ int(control, 16)
        encrypted = int.from_bytes(self._des(mixed.to_bytes(8, "big")), "big")
        return (encrypted ^ mixed ^ int.from_bytes(self._secret, "big")).to_bytes(8, "big")

    def _des(self, block: bytes) -> bytes:
        """Return 8 bytes encrypted by DES under an 8-byte key."""
        from Crypto.Cipher import DES  # noqa: PLC0415 - loads C libraries; off the start-up

        return bytes(DES.new(self._secret, DES.MODE_ECB).encrypt(block))  # noqa: S304 - DKGA02 is DES

    def check_value(self) -> str:
        """Return the six hex digits by which people compare vending keys.

        The first 3 bytes of DES(0), or of SHA-256(01 | key); known from a single source.
        """
        if self.dkga == DKGA_DES:
            return self._des(bytes(8))[:3].hex()
        return hashlib.sha256(b"\x01" + self._secret).hexdigest()[:6]


class KeyAttributes(NamedTuple):
    """Everything but the vending key that decides a decoder key; checked when it is derived.

    `pan` 18 digits, `kt` key type 0 to 3, `sgc` 6 digits, `ti` 0 to 99, `krn` 1 to 9, `base` year
    of the base date (it enters DKGA04 only), `ea` 7 or 11, `dkga` 2 or 4.
    A named tuple because one is made for every token.
    """

    pan: str
    kt: int
    sgc: str
    ti: int
    krn: int
    base: int
    ea: int
    dkga: int


def check_attributes(kt: int, sgc: str, ti: int, krn: int, base: int) -> None:
    """Raise `KeyAttributeInvalid` for the first value that no key can have."""
    allowed = {
        "kt": (kt, 0 <= kt <= KT_COMMON),
        "sgc": (sgc, len(sgc) == 6 and is_digits(sgc)),
        "ti": (ti, 0 <= ti <= 99),
        "krn": (krn, 1 <= krn <= 9),
        "base": (base, base in BASES),
    }
    for name, (value, fits) in allowed.items():
        if not fits:
            raise KeyAttributeInvalid(field=name, value=value)


def check_pairing(ea: int, dkga: int) -> None:
    """Raise where this encryption algorithm and key derivation do not go together."""
    if ea == EA_DEA:
        raise NotEstablished(what="ea09")
    if ea not in EA_OF_LENGTH.values():
        raise KeyAttributeInvalid(field="ea", value=ea)
    if dkga in _UNSETTLED_DKGA:
        raise NotEstablished(what=_UNSETTLED_DKGA[dkga])
    if dkga not in (DKGA_DES, DKGA_HMAC):
        raise KeyAttributeInvalid(field="dkga", value=dkga)
    if ea == EA_MISTY1 and dkga == DKGA_DES:
        raise KeyPairingInvalid(ea=ea, dkga=dkga)


@lru_cache(maxsize=256)
def _around_pan(  # noqa: PLR0913, PLR0917 - the cache key
    kt: int, sgc: str, ti: int, krn: int, base: int, ea: int
) -> tuple[bytes, bytes, int]:
    """Return what DKGA04 hashes before and after the meterPAN, and the key length in bytes.

    Cached because the meters of a supply group share it; checks the attributes once.
    """
    check_attributes(kt, sgc, ti, krn, base)
    check_pairing(ea, DKGA_HMAC)
    if kt == KT_COMMON:
        raise NotEstablished(what="dkga04-kt3")
    length = 8 if ea == EA_STA else 16
    # label and context: a count of items, then each item with its length in front
    label = f"\x04\x0204\x02{base % 100:02d}\x02{ea:02d}\x02{ti:02d}"
    context = f"\x04\x06{sgc}\x01{kt}\x01{krn}\x12"
    return f"{label}\0{context}".encode("ascii"), (8 * length).to_bytes(4, "big"), length


def _pan_digits(pan: str) -> bytes:
    digits = pan.encode()
    if len(digits) != PAN_LENGTH or not digits.isdigit():
        raise KeyAttributeInvalid(field="pan", value=pan[:24])
    return digits


def hmac_message(of: KeyAttributes) -> tuple[bytes, int]:
    """Return what DKGA04 authenticates under the vending key and how many bytes of it are the key.

    For vending keys that another device holds; raises like `derive_decoder_key`.
    """
    digits = _pan_digits(of.pan)
    if of.dkga != DKGA_HMAC:
        check_pairing(of.ea, of.dkga)
        raise KeyAttributeInvalid(field="dkga", value=of.dkga)
    before, after, length = _around_pan(of.kt, of.sgc, of.ti, of.krn, of.base, of.ea)
    return before + digits + after, length


def derive_decoder_key(vending_key: VendingKey, attributes: KeyAttributes) -> DecoderKey:
    """Return the decoder key of the meter and key version that `attributes` describe.

    Raises `KeyAttributeInvalid`, `KeyPairingInvalid`, or `NotEstablished` for DKGA01, DKGA03,
    EA09, common keys under DKGA04 and common keys of 13-digit DRNs under DKGA02.
    """
    return DecoderKey(vending_key.derive(attributes))
