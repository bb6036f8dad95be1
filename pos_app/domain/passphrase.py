"""How hard a passphrase is to guess, estimated low.

Whoever has the disk can try passphrases as fast as Argon2id lets them. At the till's cost a guess
takes 256 MiB and most of a second; 45 bits put the first key of a stolen disk far beyond ten
million dollars. Eight random letters and digits are 41 bits and not enough, four words drawn from
a list of 7,776 are 51 (EFF, "dice-generated passphrases").

The estimate splits the text into runs of letters, runs of digits and single signs, and asks of
each run how a guesser would find it cheapest: as a well-known password, as a word, as a repetition
or a row of keys, or sign by sign. A sentence of common words passes more easily than it should;
no program can tell drawn words from chosen ones, so people are told to draw them.
"""

from __future__ import annotations

import re
from typing import Final

LEAST_BITS: Final = 45
# In tenths of a bit.
_WORD: Final = 129  # one of the 7,776 words of a dice list
_COMMON_WORD: Final = 60
_LETTER: Final = 47
_OTHER_LETTER: Final = 60  # of a script with more letters than the Latin one
_DIGIT: Final = 33
_SIGN: Final = 40
_YEAR: Final = 60
_STEP: Final = 10  # the same again, or the next one in a row
_CAPITAL: Final = 10
_ROWS: Final = (
    "abcdefghijklmnopqrstuvwxyz",
    "zyxwvutsrqponmlkjihgfedcba",
    "01234567890",
    "09876543210",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
)
_COMMON: Final = frozenset({
    "access", "admin", "administrator", "baseball", "batman", "cash", "cashier", "computer",
    "counter", "dragon", "electric", "electricity", "flower", "football", "freedom", "hello",
    "iloveyou", "letmein", "login", "love", "manager", "master", "meter", "michael", "monkey",
    "mustang", "passphrase", "passw0rd", "password", "power", "prepaid", "princess", "sales",
    "secret", "shadow", "shop", "store", "summer", "sunshine", "super", "superman", "supervisor",
    "system", "test", "till", "token", "tokentill", "trustno", "welcome", "winter",
})  # fmt: skip
_RUN: Final = re.compile(r"[^\W\d_]+|\d+|[\W_]")
_VOWELS: Final = frozenset("aeiouy")


def passphrase_bits(passphrase: str) -> int:
    """Return an estimate of the bits a guesser has to try, rounded down."""
    seen: set[str] = set()
    signs: set[str] = set()
    tenths = 0
    for run in _RUN.findall(passphrase):
        low = run.casefold()
        if not run.isalnum():
            # The same sign between all words is one choice, not many.
            tenths += 0 if run in signs else _SIGN
            signs.add(run)
        elif low in seen:
            tenths += _STEP
        else:
            tenths += _tenths_of(run, low)
        seen.add(low)
    return tenths // 10


def _tenths_of(run: str, low: str) -> int:
    if run.isdigit():
        return _digits(run)
    capital = _CAPITAL if run != low else 0
    if low in _COMMON:
        return _COMMON_WORD + capital
    by_sign = sum(
        _STEP if at and _follows(low[at - 1], letter) else _letter(letter)
        for at, letter in enumerate(low)
    )
    return (min(by_sign, _WORD) if _like_a_word(low) else by_sign) + capital


def _digits(run: str) -> int:
    if len(run) == 4 and run[:2] in {"19", "20"}:
        return _YEAR
    return sum(_STEP if at and _follows(run[at - 1], run[at]) else _DIGIT for at in range(len(run)))


def _letter(letter: str) -> int:
    return _LETTER if letter.isascii() else _OTHER_LETTER


def _follows(before: str, letter: str) -> bool:
    """Tell whether a sign repeats the one before or is its neighbour in a row."""
    return before == letter or any(before + letter in row for row in _ROWS)


def _like_a_word(low: str) -> bool:
    """Tell whether letters could be a word: a vowel in every stretch of five."""
    if not low.isascii():
        return False
    stretches = (low[at : at + 5] for at in range(max(len(low) - 4, 1)))
    return all(_VOWELS.intersection(stretch) for stretch in stretches)
