from __future__ import annotations

import random
import sys

import pytest

from pos_app.sts.batch import CreditRequest, credit_tokens
from pos_app.sts.errors import KeyAttributeInvalid, KeyPairingInvalid, NotEstablished
from pos_app.sts.identity import luhn_digit, meter_pan
from pos_app.sts.keys import KeyAttributes, VendingKey, derive_decoder_key
from pos_app.sts.tid import BASES
from pos_app.sts.tokens import CreditToken, encode

VENDING_KEY = VendingKey(bytes.fromhex("abababababababab949494949494949401234567"))
DES_KEY = VendingKey(bytes.fromhex("abababababababab"))


def requests(count: int, seed: int, *, dkga: int = 4) -> list[CreditRequest]:
    draw = random.Random(seed)  # noqa: S311 - test meters, not keys
    made = []
    for _ in range(count):
        body = f"{draw.randrange(10**10):010d}"
        attributes = KeyAttributes(
            pan=meter_pan(body + luhn_digit(body)),
            kt=draw.randrange(3),
            sgc=f"{draw.randrange(10**6):06d}",
            ti=draw.randrange(100),
            krn=draw.randint(1, 9),
            base=draw.choice(BASES),
            ea=7 if dkga == 2 else draw.choice([7, 11]),
            dkga=dkga,
        )
        tenths = draw.choice([draw.randrange(18201625), draw.randrange(20000), 16383, 180215])
        token = CreditToken(draw.randrange(4), tenths, draw.randrange(1 << 24), draw.randrange(16))
        made.append(CreditRequest(attributes, token))
    return made


def one_by_one(key: VendingKey, wanted: list[CreditRequest]) -> list[str]:
    return [encode(each.token, derive_decoder_key(key, each.attributes)) for each in wanted]


@pytest.mark.parametrize("seed", [1, 2])
def test_a_batch_is_digit_for_digit_the_single_tokens(seed: int) -> None:
    pytest.importorskip("numpy")
    wanted = requests(5000, seed)  # more than one pass of the batch, both ciphers mixed
    assert credit_tokens(VENDING_KEY, wanted) == one_by_one(VENDING_KEY, wanted)


def test_a_batch_of_des_keys_is_no_different() -> None:
    pytest.importorskip("numpy")
    wanted = requests(300, 3, dkga=2)
    assert credit_tokens(DES_KEY, wanted) == one_by_one(DES_KEY, wanted)


def test_without_numpy_the_single_path_makes_the_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numpy", None)
    wanted = requests(50, 4)
    assert credit_tokens(VENDING_KEY, wanted) == one_by_one(VENDING_KEY, wanted)


def test_an_empty_batch_is_empty() -> None:
    assert credit_tokens(VENDING_KEY, []) == []


def test_one_impossible_request_refuses_the_batch() -> None:
    good = requests(3, 5)
    meter = good[0].attributes
    for wrong, refusal in (
        (meter._replace(krn=0), KeyAttributeInvalid),
        (meter._replace(ea=9), NotEstablished),
        (meter._replace(ea=11, dkga=2), KeyPairingInvalid),
    ):
        bad = CreditRequest(wrong, good[0].token)
        with pytest.raises(refusal):
            credit_tokens(VENDING_KEY, [*good, bad])
