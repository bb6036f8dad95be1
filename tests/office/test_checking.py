"""Tokens found at a meter: good ones without a sale are ghost vending."""

from __future__ import annotations

import pytest

from pos_app.exchange.key_file import read_key_file
from pos_app.head_office.checking import TokenCheck
from pos_app.head_office.errors import MeterNotHeld, OfficeKeyMissing
from pos_app.head_office.keys import hold_keys, meter_keys_for
from pos_app.head_office.rooms import Rooms
from pos_app.head_office.store import packs
from pos_app.sts.encoding import encode
from pos_app.sts.errors import TokenCrc
from pos_app.sts.identity import meter_pan
from pos_app.sts.keys import DecoderKey, KeyAttributes, VendingKey, derive_decoder_key
from pos_app.sts.kinds import CreditToken
from tests.key_makers import STS_KEY
from tests.office.makers import DRN, MadeTill, send, token
from tests.office.seen import evidence, open_findings, rows
from tests.office.test_attacks import VENDING

METER = {
    "drn": DRN, "name": "Ada", "utility": "grid", "tariff": "home", "commodity": "electricity",
    "sgc": "201457", "krn": 1, "ti": 1, "ken": 255, "kt": 2, "ea": 7, "dkga": 4, "base": 2014,
}  # fmt: skip
MINUTE = 17_000_001
KEY = derive_decoder_key(
    VendingKey(STS_KEY), KeyAttributes(meter_pan(DRN), 2, "201457", 1, 1, 2014, 7, 4)
)


def digits_of(minute: int, key: DecoderKey = KEY) -> str:
    return encode(CreditToken(0, 100, minute - 11_044_800, 5), key)


@pytest.fixture
def keyed(rooms: Rooms) -> Rooms:
    hold_keys(rooms.office, [(VENDING, VendingKey(STS_KEY))], "ada")
    with rooms.office.store.writing() as act:
        packs.put_meters(act, [METER], 1)
    return Rooms.of(rooms.office)


def test_a_token_that_a_sale_made_is_traced_to_it(keyed: Rooms, till: MadeTill) -> None:
    digits = digits_of(MINUTE)
    meter = METER | {"pan": meter_pan(DRN), "unit": "kWh", "utility_name": "Grid"}
    till.sell(1, meter=meter, tokens=[token(MINUTE, 100, digits)])
    send(keyed, till, till.bundle())
    found = TokenCheck(keyed.office)(DRN, digits, "ada")
    assert found["sales"] == [{"till": "TILL7", "seq": 3}]
    assert rows(keyed, "select proof from token") == [("holds",)]
    assert open_findings(keyed) == []


def test_a_good_token_without_a_sale_is_found(keyed: Rooms, till: MadeTill) -> None:
    digits = digits_of(MINUTE)
    for _ in range(2):
        assert TokenCheck(keyed.office)(DRN, digits, "ada")["sales"] == []
    assert open_findings(keyed) == ["token-without-sale"]
    assert evidence(keyed, "token-without-sale")["digits"] == f"… {digits[-4:]}"


def test_what_is_no_token_of_the_meter_is_told_so(keyed: Rooms) -> None:
    check = TokenCheck(keyed.office)
    with pytest.raises(TokenCrc):
        check(DRN, digits_of(MINUTE, DecoderKey(bytes(8))), "ada")
    with pytest.raises(MeterNotHeld):
        check("01234567897", digits_of(MINUTE), "ada")
    with keyed.office.store.writing() as act:
        packs.put_meters(act, [METER | {"sgc": "999999"}], 2)
    with pytest.raises(OfficeKeyMissing):
        check(DRN, digits_of(MINUTE), "ada")


def test_a_till_gets_the_keys_of_its_own_meters_only(keyed: Rooms, till: MadeTill) -> None:
    raw = meter_keys_for(keyed.office, keyed.till("TILL7"), [METER])
    file = read_key_file(raw)
    assert file.authority == keyed.office.authority.public
    assert [(box.attributes["kind"], box.attributes["pan"]) for box in file.keys] == [
        ("decoder", meter_pan(DRN))
    ]
    assert file.keys[0].attributes["kcv"] == KEY.check_value()
    assert STS_KEY.hex().encode() not in raw
    with pytest.raises(OfficeKeyMissing):
        meter_keys_for(keyed.office, keyed.till("TILL7"), [METER | {"sgc": "999999"}])


def test_keys_are_sealed_at_rest(keyed: Rooms) -> None:
    kept = rows(keyed, "select attributes, box from office_key")
    assert STS_KEY not in bytes(kept[0][1])
    assert STS_KEY.hex() not in repr(kept) + repr(keyed.ingest.workers.prover)
