"""Key changes: the tokens that move a meter from its old key to a new one.

All values are those of the new key; all tokens are encrypted under the old key and entered in
order. A 64-bit key takes two tokens, or three with the SGC; a 128-bit key takes four, whose words
are 0, 3, 1, 2 of the key. Source: IEC 62055-41, set decoder key tokens; STS 531 CTSA05, CTSA15.
"""

from __future__ import annotations

from dataclasses import dataclass

from pos_app.sts.errors import FieldOutOfRange
from pos_app.sts.keys import EA_MISTY1, EA_STA, LARGEST_KEN, DecoderKey
from pos_app.sts.kinds import (
    KeyChangeFirst,
    KeyChangeFourth,
    KeyChangeSecond,
    KeyChangeSgc,
    KeyChangeThird,
    KeyChangeToken,
)

_TOKENS = {EA_STA: (2, 3), EA_MISTY1: (4,)}


def key_words(key: DecoderKey) -> list[int]:
    """Return the 32-bit words of a key, the first bytes first: two or four."""
    secret = key.reveal()
    return [int.from_bytes(secret[at : at + 4], "big") for at in range(0, len(secret), 4)]


@dataclass(frozen=True, slots=True)
class KeyChange:
    """The new key of a meter and what its tokens say about it.

    `tokens` is 2 or 3 for a 64-bit key (3 carries the SGC), 4 for a 128-bit key; `roll_over`
    says that the new key has another base date.
    """

    new_key: DecoderKey
    ken: int
    krn: int
    kt: int
    ti: int
    sgc: str
    roll_over: bool
    tokens: int


def key_change_set(change: KeyChange) -> list[KeyChangeToken]:
    """Return the tokens of one key change in the order they are entered.

    Raises `FieldOutOfRange` for a value no key has and a number of tokens no key takes.
    """
    allowed = _TOKENS[change.new_key.ea]
    if change.tokens not in allowed:
        raise FieldOutOfRange(field="tokens", largest=max(allowed))
    if not 0 <= change.ken <= LARGEST_KEN:
        raise FieldOutOfRange(field="ken", largest=LARGEST_KEN)
    sgc_token = KeyChangeSgc(change.sgc)  # also checks the SGC of the other sets
    sgc, words = int(change.sgc), key_words(change.new_key)
    three = int(change.tokens == 3)
    made: list[KeyChangeToken] = [
        KeyChangeFirst(
            change.ken >> 4, change.krn, int(change.roll_over), three, change.kt, words[0]
        ),
        KeyChangeSecond(change.ken & 0xF, change.ti, words[-1]),
    ]
    if change.tokens == 3:
        made.append(sgc_token)
    if change.tokens == 4:
        made.append(KeyChangeThird(sgc & 0xFFF, words[1]))
        made.append(KeyChangeFourth(sgc >> 12, words[2]))
    return made
