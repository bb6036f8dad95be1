"""What can be wrong with a meter number, a key, a token or a vector file.

Facts name the field, never a key byte and never a whole token.
"""

from __future__ import annotations

from typing import ClassVar

from pos_app.domain.errors import PosError


class NotEstablished(PosError):
    """No public source settles `what`; the product says so and does not guess."""

    code: ClassVar[str] = "not-established"


class DrnInvalid(PosError):
    """Not a meter number of 11, 13 or 18 digits: `typed`."""

    code: ClassVar[str] = "drn-invalid"


class DrnCheckDigit(PosError):
    """The last digit does not fit the others, so one was mistyped: `typed`."""

    code: ClassVar[str] = "drn-check-digit"


class TidOutOfRange(PosError):
    """The minute, or the TID, is outside the 24 bits that start at `base`: `tid`."""

    code: ClassVar[str] = "tid-out-of-range"


class FieldOutOfRange(PosError):
    """A value does not fit the token `field`: `largest` where there is one."""

    code: ClassVar[str] = "token-field"


class AmountTooLarge(PosError):
    """More than one token carries: `largest`, in the unit of the field."""

    code: ClassVar[str] = "amount-too-large"


class KeyAttributeInvalid(PosError):
    """A property of a key is impossible: `field`, `value`."""

    code: ClassVar[str] = "key-attribute"


class KeyPairingInvalid(PosError):
    """This encryption algorithm is never used with this key derivation: `ea`, `dkga`."""

    code: ClassVar[str] = "key-pairing"


class KeyLengthInvalid(PosError):
    """A key of `length` bytes belongs to no algorithm known here."""

    code: ClassVar[str] = "key-length"


class VendingKeyParity(NotEstablished):
    """A DES vending key has bytes of even parity; sources disagree on what to do with it."""

    code: ClassVar[str] = "vending-key-parity"


class KeyExpired(PosError):
    """The key's expiry number `ken` is behind the time of this token: `period`."""

    code: ClassVar[str] = "key-expired"


class KeyMissing(PosError):
    """A token of this class is encrypted and needs the meter's decoder key: `token_class`."""

    code: ClassVar[str] = "key-missing"


class StaTablesUnknown(PosError):
    """No substitution tables of this `name` are installed."""

    code: ClassVar[str] = "sta-tables-unknown"


class TokenFormat(PosError):
    """Not 20 digits, or a number no token has: `length`."""

    code: ClassVar[str] = "token-format"


class TokenCrc(PosError):
    """The checksum is wrong: mistyped, or made for another meter or another key."""

    code: ClassVar[str] = "token-crc"


class TokenReserved(PosError):
    """The standard gives this token no meaning: `token_class`, `subclass`."""

    code: ClassVar[str] = "token-reserved"


class TokenProofFailed(PosError):
    """A token just made does not decode to what was asked: `fields` or `cause`."""

    code: ClassVar[str] = "token-proof-failed"


class VectorFileInvalid(PosError):
    """Not a vector file that can be read: `reason`."""

    code: ClassVar[str] = "vector-file"
