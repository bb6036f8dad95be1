"""Key changes: their tokens under the old key, made here or taken from a set of head office.

A set of head office is sealed like a key of one meter. Its tokens carry the new key, readable to
who holds the old one (IEC 62055-41, set decoder key sections), so a till without the new key makes
credit under it all the same: the set says it all, and is proven against its own attributes first.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import ClassVar, Final

from pos_app.domain.errors import PosError
from pos_app.domain.meter_key import MeterKey, rolls_over
from pos_app.sts.errors import TokenProofFailed
from pos_app.sts.keychange import KeyChange, key_change_set
from pos_app.sts.keys import EA_MISTY1, EA_STA, DecoderKey
from pos_app.sts.proof import prove
from pos_app.sts.tokens import (
    KeyChangeFirst,
    KeyChangeFourth,
    KeyChangeSecond,
    KeyChangeThird,
    Token,
    decode,
    encode,
)

_DIGITS: Final = 20
_FOUR: Final = 4
_FIELDS: Final = 8
SET_LENGTHS: Final = {EA_STA: (2, 3), EA_MISTY1: (4,)}
"""How many tokens a set has, by the cipher of the meter."""


class KeySetUnfit(PosError):
    """A key-change set of head office does not do what its record says. Facts: `sgc`, `krn`."""

    code: ClassVar[str] = "key-set-unfit"


@dataclass(frozen=True, slots=True)
class HeldSet:
    """A set of head office: the key it leads away from, and its tokens in the order of entry."""

    old: MeterKey
    digits: tuple[str, ...]

    def __repr__(self) -> str:
        return f"HeldSet(tokens={len(self.digits)})"

    def to_bytes(self) -> bytes:
        """Return it as it is sealed: attributes and digits, a space between each."""
        return " ".join((*(str(each) for each in astuple(self.old)), *self.digits)).encode("ascii")

    @classmethod
    def from_bytes(cls, raw: bytes) -> HeldSet:
        """Read it back; raises `ValueError` for what is none."""
        parts = raw.decode("ascii").split(" ")
        sgc, *numbers = parts[:_FIELDS]
        digits = tuple(parts[_FIELDS:])
        right = 2 <= len(digits) <= _FOUR and all(
            len(each) == _DIGITS and each.isdigit() for each in digits
        )
        if not right or len(numbers) != _FIELDS - 1:
            raise ValueError("no key-change set")
        return cls(MeterKey(sgc, *(int(each) for each in numbers)), digits)


def made_set(
    old: MeterKey, old_key: DecoderKey, new: MeterKey, new_key: DecoderKey, tokens: int
) -> tuple[str, ...]:
    """Return the digits that change `old_key` into `new_key`, each proven under the old key.

    `tokens` is for 64-bit keys; the others always take four.
    """
    change = KeyChange(
        new_key=new_key,
        ken=new.ken,
        krn=new.krn,
        kt=new.kt,
        ti=new.ti,
        sgc=new.sgc,
        roll_over=rolls_over(old, new),
        tokens=tokens if new_key.ea == EA_STA else _FOUR,
    )
    made = []
    for token in key_change_set(change):
        digits = encode(token, old_key)
        prove(digits, old_key, token)
        made.append(digits)
    if carried_key(tuple(made), old_key) != new_key:
        raise TokenProofFailed(fields="key")
    return tuple(made)


def carried_key(digits: tuple[str, ...], old_key: DecoderKey) -> DecoderKey | None:
    """Return the key that the tokens of a whole set bring to a meter that holds `old_key`.

    None when they are no whole set. Raises as `decode` does for tokens not under `old_key`.
    """
    words: dict[type[Token], int] = {}
    for token in (decode(each, old_key) for each in digits):
        if isinstance(token, (KeyChangeFirst, KeyChangeSecond, KeyChangeThird, KeyChangeFourth)):
            words[type(token)] = token.key_word
    order: tuple[type[Token], ...] = (KeyChangeFirst, KeyChangeSecond)
    if old_key.ea != EA_STA:
        order = (KeyChangeFirst, KeyChangeThird, KeyChangeFourth, KeyChangeSecond)
    if words.keys() != set(order):
        return None
    return DecoderKey(b"".join(words[kind].to_bytes(4, "big") for kind in order))


def proven_key(held: HeldSet, old_key: DecoderKey, new: MeterKey, kcv: str) -> DecoderKey:
    """Return the new key of a set of head office, once all it says is what its record says.

    Raises `KeySetUnfit`, also for tokens that are not under `old_key`.
    """
    unfit = KeySetUnfit(sgc=new.sgc, krn=new.krn)
    try:
        key = carried_key(held.digits, old_key)
    except PosError:
        raise unfit from None
    if key is None or key.ea != new.ea or key.check_value() != kcv:
        raise unfit
    change = KeyChange(
        new_key=key,
        ken=new.ken,
        krn=new.krn,
        kt=new.kt,
        ti=new.ti,
        sgc=new.sgc,
        roll_over=rolls_over(held.old, new),
        tokens=len(held.digits),
    )
    if [decode(each, old_key) for each in held.digits] != key_change_set(change):
        raise unfit
    return key
