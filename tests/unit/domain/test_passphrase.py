"""What counts as hard to guess; drawn words do, well-known and repeated ones do not."""

from __future__ import annotations

import pytest

from pos_app.domain.passphrase import LEAST_BITS, passphrase_bits

DRAWN = [
    "quarry velvet anthem pickle",
    "correct horse battery staple",
    "Quarry-Velvet-Anthem-Pickle",
    "12 84 91 73 55 02 66 19",
    "xk7q9mzp2wv4",
    "絵馬 机 りんご 電車 夕立ち",
]
EASY = [
    "",
    "12345678901234567890",
    "password password password password",
    "Password123!",
    "qwertyuiopasdfghjklzxcvbnm",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "abcdefghijklmnopqrstuvwxyz",
    "Summer2026!Winter2027!",
    "xk7q9mzp",  # eight random letters and digits: 41 bits
    "quarry velvet anthem",  # three words: 38 bits
    "19991231",
    "tokentill shop till power",
    "!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!",
]


@pytest.mark.parametrize("passphrase", DRAWN)
def test_drawn_words_and_long_random_text_are_enough(passphrase: str) -> None:
    assert passphrase_bits(passphrase) >= LEAST_BITS


@pytest.mark.parametrize("passphrase", EASY)
def test_what_a_guesser_tries_first_is_not(passphrase: str) -> None:
    assert passphrase_bits(passphrase) < LEAST_BITS


def test_four_drawn_words_count_what_dice_give() -> None:
    # 4 * log2(7776) = 51.7, and one sign between them
    assert 51 <= passphrase_bits("quarry velvet anthem pickle") <= 56
