"""Key-change sets of head office: a till without the new key sells under it all the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from pos_app.adapters.ledger.twin import twin_fault
from pos_app.application.key_attributes import CHANGE
from pos_app.application.key_office import PlainKeysInvalid, read_plain_keys, seal_for
from pos_app.application.key_records import KeyUnfit
from pos_app.application.ports import KeyAttributes
from pos_app.domain.meter_key import BaseDateBeyond, MeterKey
from pos_app.exchange.key_set import HeldSet, KeySetUnfit, carried_key, made_set, proven_key
from tests.key_makers import AUTHORITY, DAY_MS, GRACE, JOSEPH, STS_PAN
from tests.key_meters import FIRST_KEY, KeyShop, decoder_key, held_by, vending_attributes

METER = "00000000000"
NEW = MeterKey("201461", 8, 1, 255, 2, 7, 4, 2014)
# STS 531-1-07, CTSA19.4: the set, and 0.1 kWh at 2024-04-01 22:20 under the key it leads to
AT = "2024-04-01 22:20"
DIGITS = ("41266369345358295161", "21997097807109148443")
CREDIT = "57066075059481486900"


@pytest.fixture
def till(tmp_path: Path) -> Iterator[KeyShop]:
    shop = KeyShop(tmp_path, AT)
    shop.meter(METER, FIRST_KEY)
    yield shop
    assert twin_fault(shop.shop.ledger.db, shop.shop.ledger.head()) is None
    shop.close()


def attributes(till: KeyShop, new: MeterKey = NEW) -> KeyAttributes:
    """Return what a file says of a set."""
    listed = vending_attributes(new, bytes(20), till.clock.now - DAY_MS)
    kcv = decoder_key(STS_PAN, new).check_value()
    return replace(listed, kind=CHANGE, pan=STS_PAN, ti=new.ti, ea=new.ea, kcv=kcv)


def test_a_set_brings_the_published_tokens_and_credit_under_a_key_that_is_not_here(
    till: KeyShop,
) -> None:
    till.bring((attributes(till), HeldSet(FIRST_KEY, DIGITS).to_bytes()))
    sale = till.sell(METER, 1)
    assert sale.key_change is not None
    assert sale.key_change.digits == DIGITS
    assert sale.tokens[-1].digits == CREDIT
    assert held_by(till.shop, METER) == NEW
    later = till.sell(METER, 1)
    assert later.key_change is None
    assert later.meter.sgc == NEW.sgc
    reading = till.shop.desk.explain_token(later.tokens[-1].digits, METER)
    assert reading.receipt == later.receipt


def test_a_set_serves_a_meter_that_holds_another_key_than_head_office_thinks(till: KeyShop) -> None:
    till.vend_under(replace(FIRST_KEY, krn=2))
    assert till.sell(METER).meter.krn == 2
    till.bring((attributes(till), HeldSet(FIRST_KEY, DIGITS).to_bytes()))
    till.ask(sgc=NEW.sgc)
    sale = till.sell(METER)
    assert sale.key_change is not None
    assert sale.key_change.old.krn == 2
    assert sale.key_change.digits != DIGITS
    assert sale.meter.sgc == NEW.sgc


def test_tokens_that_say_something_else_than_their_record_sell_nothing(till: KeyShop) -> None:
    wrong = (
        replace(attributes(till), ti=3),
        replace(attributes(till), kcv="000000"),
        replace(attributes(till), ken=254),
    )
    for record in wrong:
        till.bring((record, HeldSet(FIRST_KEY, DIGITS).to_bytes()))
        head = till.shop.ledger.head().seq
        till.ask(sgc=NEW.sgc)
        with pytest.raises(KeySetUnfit):
            till.sell(METER)
        assert till.shop.ledger.head().seq == head + 1  # what was asked, nothing sold


def test_a_box_that_holds_no_set_is_not_taken(till: KeyShop) -> None:
    whole = HeldSet(FIRST_KEY, DIGITS).to_bytes()
    for bad in (b"", whole[:-1], whole + b" 12345678901234567890 1", b"\xff" * 40, whole[:60]):
        with pytest.raises(KeyUnfit):
            till.bring((attributes(till), bad))


def test_a_whole_set_carries_the_new_key_and_a_part_of_it_does_not() -> None:
    for ea, tokens in ((7, 2), (7, 3), (11, 2)):
        old, new = replace(FIRST_KEY, ea=ea), replace(NEW, ea=ea, base=2035)
        old_key, new_key = decoder_key(STS_PAN, old), decoder_key(STS_PAN, new)
        digits = made_set(old, old_key, new, new_key, tokens)
        assert len(digits) == (tokens if ea == 7 else 4)
        assert carried_key(digits, old_key) == new_key
        assert carried_key(digits[::-1], old_key) == new_key
        assert carried_key(digits[1:], old_key) is None
        assert proven_key(HeldSet(old, digits), old_key, new, new_key.check_value()) == new_key
        for wrong in (replace(new, krn=9), replace(new, base=2014), replace(new, ken=1)):
            with pytest.raises(KeySetUnfit):
                proven_key(HeldSet(old, digits), old_key, wrong, new_key.check_value())
        with pytest.raises(KeySetUnfit):
            proven_key(HeldSet(old, digits), new_key, new, new_key.check_value())


def listed(old: str, new: str, base: int = 2014) -> str:
    return f"""
[[key]]
kind = "change"
drn = "{METER}"
sgc = "201461"
krn = 8
ti = 1
kt = 2
ea = 7
base = 2014
ken = 255
dkga = 4
active_from = 2024-01-01
issue_until = 2034-01-01
key = "{new}"
old_key = "{old}"
from = {{sgc = "201457", krn = 1, ti = 1, ken = 255, kt = 2, dkga = 4, base = {base}}}
"""


def test_an_authority_makes_the_set_from_a_meters_two_keys(till: KeyShop) -> None:
    old, new = decoder_key(STS_PAN, FIRST_KEY).reveal(), decoder_key(STS_PAN, NEW).reveal()
    plain = read_plain_keys(listed(old.hex(), new.hex()).encode())
    raw = seal_for(till.shop.desk.keys.request(), plain, 1, till.clock.now, AUTHORITY)
    view = till.shop.desk.keys.bring_in(raw, GRACE, JOSEPH)
    assert [each.kind for each in view.keys] == [CHANGE]
    assert "digits" not in repr(plain)
    assert DIGITS[0] not in repr(plain) + str(asdict(view.keys[0]))
    sale = till.sell(METER, 1)
    assert sale.key_change is not None
    assert sale.key_change.digits == DIGITS


def test_a_list_that_asks_for_an_impossible_set_is_refused() -> None:
    key = "11" * 8
    with pytest.raises(BaseDateBeyond):
        read_plain_keys(listed(key, key, base=2035).encode())
    for old, text in (("11" * 16, "old_key"), ("", "old_key"), ("zz", "old_key")):
        with pytest.raises(Exception, match=text if old != "" else "key"):
            read_plain_keys(listed(old, key).encode())
    with pytest.raises(PlainKeysInvalid):
        read_plain_keys(listed(key, key).replace("from =", "of =").encode())
