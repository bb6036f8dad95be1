from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.sts.errors import NotEstablished
from pos_app.sts.explain import KINDS, Field, explain, flag_of
from pos_app.sts.tokens import (
    ClearCredit,
    CreditToken,
    CurrencyCreditToken,
    ExtendedSet,
    KeyChangeFirst,
    MaxPowerLimit,
    MeterTestToken,
    TariffRate,
    Token,
)
from tests.unit.sts.drawn import CLEAR, ENCRYPTED, ONLY_LONG, ONLY_SHORT


def test_a_credit_is_told_with_service_amount_and_minute() -> None:
    told = explain(CreditToken(sub=1, tenths=256, tid=85750, rnd=5), base=2014)
    assert (told.kind, told.token_class, told.subclass) == ("credit", 0, 1)
    assert told.fields == (
        Field("service", "water"),
        Field("amount", Decimal("25.6"), "m3"),
        Field("minute", datetime(2014, 3, 1, 13, 10, tzinfo=UTC)),
        Field("tid", 85750, "min"),
        Field("rnd", 5),
    )


def test_a_currency_credit_is_told_in_currency() -> None:
    told = explain(CurrencyCreditToken(4, -12_345_678, 0))
    assert told.fields[:2] == (
        Field("service", "electricity"),
        Field("amount", Decimal("-123.45678"), "currency"),
    )


@pytest.mark.parametrize(
    ("register", "name"), [(0, "electricity"), (6, "gas-currency"), (0xFFFF, "all"), (9, 9)]
)
def test_a_register_is_told_by_name_where_it_has_one(register: int, name: str | int) -> None:
    assert explain(ClearCredit(register, 0, 0)).fields[0] == Field("register", name)


def test_tests_are_told_by_name() -> None:
    assert explain(MeterTestToken(0, (1 << 36) - 1, 0)).fields[0] == Field("test", "all")
    told = explain(MeterTestToken(1, 1 << 6 | 1 << 27, 3)).fields
    assert told == (Field("test", "power-limit"), Field("test", 28), Field("manufacturer", 3))


def test_power_is_told_in_watts_and_a_rate_without_a_unit() -> None:
    assert Field("watts", 1000, "W") in explain(MaxPowerLimit(1000, 0, 0)).fields
    assert Field("rate", 7, "") in explain(TariffRate(7, 0, 0)).fields


def test_a_key_change_tells_everything_but_the_key() -> None:
    told = explain(KeyChangeFirst(15, 1, 0, 0, 2, key_word=0x87F3ECBB))
    names = {each.name for each in told.fields}
    assert names == {"ken_high", "krn", "roll_over", "three_tokens", "kt"}
    assert str(0x87F3ECBB) not in repr(told)


def test_the_meaning_of_an_extended_flag_is_not_guessed() -> None:
    with pytest.raises(NotEstablished):
        flag_of(ExtendedSet(0xFC01, 1, 1))
    assert Field("index", 63) in explain(ExtendedSet(0xFC01, 1, 1)).fields


@given(st.one_of(ENCRYPTED, CLEAR, ONLY_LONG, ONLY_SHORT))
def test_every_kind_can_be_told(token: Token) -> None:
    told = explain(token, 2014)
    assert told.kind == KINDS[type(token)]
    assert all(each.name != "key_word" for each in told.fields)
