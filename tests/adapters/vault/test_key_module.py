"""One vending key, two places for it: the same digits, the same refusals."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from Crypto.Cipher import DES

from pos_app.adapters.vault.errors import (
    KeyModuleUnavailable,
    KeyNotForModule,
    KeyNotInForce,
    KeyRecordBroken,
    KeyStoreBroken,
)
from pos_app.adapters.vault.module import MARK, close_module, module_of
from pos_app.adapters.vault.records import decoder_key
from pos_app.application.errors import PinWrong
from pos_app.application.keys import ModuleAccess, Person
from pos_app.application.ports import SealedKey
from pos_app.application.records import MeterRecord
from pos_app.bootstrap.inspection import verify_shop
from pos_app.bootstrap.shop import OpenShop
from pos_app.bootstrap.training_file import training_passphrase
from pos_app.sts.errors import NotEstablished
from pos_app.sts.identity import pan_block
from pos_app.sts.keys import DecoderKey, KeyAttributes, VendingKey
from pos_app.sts.tokens import CreditToken, decode, encode
from tests.adapters.vault.modules import DRIVER, module_access, needs_module, objects
from tests.key_makers import (
    ATTRIBUTES,
    GRACE,
    JOSEPH,
    STS_KEY,
    STS_PAN,
    key_file,
    trusting,
)
from tests.ledger_makers import METER
from tests.shops import HIGHVELD, START_MS, make_shop, opened, order

GROUP = replace(ATTRIBUTES, sgc="201457")  # the supply group of STS 531-1
VECTORS = Path(__file__).parents[2] / "data" / "sts"


def published(name: str) -> list[dict[str, Any]]:
    """Return the unit tokens of STS 531-1 under its DKGA04 key, base 2014."""
    held = json.loads((VECTORS / name).read_text())["vectors"]
    return [
        each
        for each in held
        if each["kind"] == "token"
        and each["type"] == "credit"
        and each["key"].get("vk") == STS_KEY.hex()
        and (each["key"]["sgc"], each["key"]["krn"], each["key"]["kt"]) == ("201457", 1, 2)
        and each["key"]["base"] == 2014
    ]


TOKENS = published("sts531-ea07.json") + published("sts531-ea11.json")


@pytest.fixture(params=["software", pytest.param("pkcs11", marks=needs_module)])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def shop(engine: str, tmp_path: Path) -> Iterator[OpenShop]:
    """A shop that holds the vending key of STS 531-1 where `engine` says."""
    made = opened(make_shop(tmp_path))
    trusting(made)
    if engine == "pkcs11":
        made.desk.keys.use_module(module_access(), GRACE, JOSEPH)
    made.desk.keys.bring_in(key_file(made, (GROUP, STS_KEY)), GRACE, JOSEPH)
    yield made
    made.close()


def held(shop: OpenShop) -> SealedKey:
    return next(key for key in shop.ledger.keys.vending()[::-1] if key.attributes == GROUP)


def meter(ea: int = 7, pan: str = STS_PAN, ti: int = 1) -> MeterRecord:
    return replace(
        METER, pan=pan, sgc="201457", krn=1, kt=2, ti=ti, ken=255, ea=ea, dkga=4, base=2014
    )


def test_the_digits_are_the_published_ones(shop: OpenShop) -> None:
    assert len(TOKENS) > 10
    for vector in TOKENS:
        key, args = vector["key"], vector["args"]
        made, _ = decoder_key(
            shop.store, (held(shop),), meter(vector["ea"], key["pan"], key["ti"]), START_MS
        )
        token = CreditToken(sub=args["sub"], tenths=args["units"], tid=args["tid"], rnd=args["rnd"])
        assert encode(token, made) == vector["expect"], vector["id"]


def test_a_sale_under_the_key_is_read_by_who_derives_it_elsewhere(shop: OpenShop) -> None:
    sale = shop.desk.sell(order(shop, HIGHVELD, 5_000))
    record = shop.ledger.meter(HIGHVELD)
    assert record is not None
    attributes = KeyAttributes(record.pan, 2, record.sgc, record.ti, record.krn, 2014, 7, 4)
    own = DecoderKey(VendingKey(STS_KEY).derive(attributes))
    token = decode(sale.tokens[0].digits, own)
    assert isinstance(token, CreditToken)
    assert token.tenths == sale.tenths
    assert shop.desk.explain_token(sale.tokens[0].digits, HIGHVELD)


def test_an_edited_record_and_an_ended_key_are_refused(shop: OpenShop) -> None:
    record = held(shop)
    edited = SealedKey(replace(GROUP, issue_until_ms=GROUP.issue_until_ms + 1), record.blob)
    with pytest.raises(KeyRecordBroken):
        decoder_key(shop.store, (edited,), meter(), START_MS)
    with pytest.raises(KeyNotInForce):
        decoder_key(shop.store, (record,), meter(), GROUP.issue_until_ms)


def test_what_is_not_established_is_refused_by_both(shop: OpenShop) -> None:
    common = SealedKey(held(shop).attributes, held(shop).blob)
    with pytest.raises(NotEstablished):
        decoder_key(shop.store, (common,), replace(meter(), ea=9), START_MS)


def test_destroying_the_keys_reaches_all_of_them(shop: OpenShop, engine: str) -> None:
    before = len(objects()) if engine == "pkcs11" else 0
    shop.desk.keys.destroy(training_passphrase(), GRACE, JOSEPH)
    assert not shop.ledger.keys.vending()
    if engine == "pkcs11":
        assert len(objects()) == before - 1


@needs_module
def test_a_key_in_the_module_is_nowhere_else_and_cannot_be_read(tmp_path: Path) -> None:
    pkcs11 = pytest.importorskip("pkcs11")
    shop = opened(make_shop(tmp_path))
    trusting(shop)
    shop.desk.keys.use_module(module_access(), GRACE, JOSEPH)
    other = bytes(range(100, 120))
    named = replace(ATTRIBUTES, sgc="600333", kcv=VendingKey(other).check_value())
    shop.desk.keys.bring_in(key_file(shop, (named, other)), GRACE, JOSEPH)
    session: Any = module_of(shop.store)._session
    key = session.get_key(label="TRAIN1 600333/1")
    with pytest.raises(pkcs11.exceptions.AttributeSensitive):
        _ = key[pkcs11.Attribute.VALUE]
    assert key[pkcs11.Attribute.EXTRACTABLE] is False
    shop.close()
    for path in shop.folder.iterdir():
        assert other not in path.read_bytes()
        assert module_access().pin.encode() not in path.read_bytes()
        assert MARK not in path.read_bytes()
    assert verify_shop(shop.folder, training_passphrase()).fault is None


@needs_module
def test_a_refused_ceremony_leaves_no_key_in_the_module(tmp_path: Path) -> None:
    shop = opened(make_shop(tmp_path))
    trusting(shop)
    shop.desk.keys.use_module(module_access(), GRACE, JOSEPH)
    before = len(objects())
    with pytest.raises(PinWrong):
        shop.desk.keys.bring_in(key_file(shop), GRACE, Person("joseph", "0000"))
    assert len(objects()) == before
    shop.close()


@needs_module
def test_a_key_no_module_can_protect_is_refused(tmp_path: Path) -> None:
    shop = opened(make_shop(tmp_path))
    trusting(shop)
    shop.desk.keys.use_module(module_access(), GRACE, JOSEPH)
    des = bytes.fromhex("abababababababab")
    named = replace(ATTRIBUTES, dkga=2, kcv=VendingKey(des).check_value())
    with pytest.raises(KeyNotForModule):
        shop.desk.keys.bring_in(key_file(shop, (named, des)), GRACE, JOSEPH)
    shop.close()


def test_one_decoder_key_and_one_block_give_a_dkga02_key_away() -> None:
    """Why: the module would have to answer DES(x), and x is public (IEC 62055-41, DKGA02)."""
    secret = bytes.fromhex("abababababababab")
    attributes = KeyAttributes(STS_PAN, 2, "123456", 1, 1, 2014, 7, 2)
    known = int.from_bytes(VendingKey(secret).derive(attributes), "big")
    x = int(pan_block("600727", STS_PAN[6:-1], 2), 16) ^ int("2123456011FFFFFF", 16)
    des = DES.new(secret, DES.MODE_ECB)  # noqa: S304 - what DKGA02 asks of a module
    asked = int.from_bytes(des.encrypt(x.to_bytes(8, "big")), "big")
    assert (known ^ asked ^ x).to_bytes(8, "big") == secret


@needs_module
@pytest.mark.parametrize(
    "access",
    [
        ModuleAccess(DRIVER, "no such token", "271828"),
        ModuleAccess("/nowhere.so", "till", "271828"),
        ModuleAccess(DRIVER, "till", "99999"),
    ],
    ids=["token", "driver", "pin"],
)
def test_a_module_that_does_not_answer_is_not_set(tmp_path: Path, access: ModuleAccess) -> None:
    module_access()
    shop = opened(make_shop(tmp_path))
    head = shop.ledger.head()
    with pytest.raises(KeyModuleUnavailable) as refused:
        shop.desk.keys.use_module(access, GRACE, JOSEPH)
    assert access.pin not in f"{refused.value} {access!r}"
    assert shop.ledger.head() == head
    assert not (shop.folder / "module.sealed").exists()
    shop.close()


@needs_module
def test_a_changed_or_missing_way_to_the_module_sells_nothing(tmp_path: Path) -> None:
    shop = opened(make_shop(tmp_path))
    trusting(shop)
    shop.desk.keys.use_module(module_access(), GRACE, JOSEPH)
    shop.desk.keys.bring_in(key_file(shop, (GROUP, STS_KEY)), GRACE, JOSEPH)
    path = shop.folder / "module.sealed"
    sound = path.read_bytes()
    close_module(shop.store)
    head = shop.ledger.head()
    path.write_bytes(bytes([sound[0] ^ 1]) + sound[1:])
    with pytest.raises(KeyStoreBroken):
        shop.desk.sell(order(shop, HIGHVELD, 5_000))
    path.unlink()
    with pytest.raises(KeyModuleUnavailable):
        shop.desk.sell(order(shop, HIGHVELD, 5_000))
    assert shop.ledger.head() == head
    path.write_bytes(sound)
    assert shop.desk.sell(order(shop, HIGHVELD, 5_000)).tokens
    shop.close()
