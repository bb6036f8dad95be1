"""Key changes of random keys: typed into a virtual meter they change its key, and credit counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pos_app.domain.meter_key import KeyAsk, MeterKey
from pos_app.meter.device import Enter, Live, Power, step
from pos_app.meter.display import face
from pos_app.meter.profile import KEY_CHANGE_S
from pos_app.meter.results import Result, Shown
from pos_app.sts.identity import luhn_digit, meter_pan
from tests.key_meters import SUPERVISOR, KeyShop, decoder_key, held_by
from tests.unit.application.meters_in_house import in_house, vending_of

AT = "2035-06-01 09:00"
A_YEAR = 365 * 1440
WAITS = {Result.FIRST_KCT, Result.SECOND_KCT, Result.THIRD_KCT, Result.FOURTH_KCT}


@dataclass
class Counted:
    """Numbers no example had before."""

    at: int = 0

    def __call__(self) -> int:
        self.at += 1
        return self.at


NEXT = Counted()


@pytest.fixture(scope="module")
def till(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeyShop]:
    shop = KeyShop(tmp_path_factory.mktemp("keys"), AT)
    yield shop
    shop.close()


@st.composite
def changes(draw: st.DrawFn) -> tuple[MeterKey, MeterKey, int]:
    """Return (old key, new key, tokens wanted of a 64-bit set); some attributes differ."""
    number, ea = NEXT(), draw(st.sampled_from((7, 11)))
    dkga = 4 if ea == 11 else draw(st.sampled_from((2, 4)))
    old = MeterKey(
        f"{600_000 + number}",
        draw(st.integers(1, 9)),
        draw(st.integers(0, 99)),
        draw(st.sampled_from((200, 255))),
        draw(st.sampled_from((1, 2, 2, 2))),
        ea,
        dkga,
        2014,
    )
    new = replace(
        old,
        sgc=draw(st.sampled_from((old.sgc, f"{800_000 + number}"))),
        krn=draw(st.integers(1, 9)),
        ti=draw(st.integers(0, 99)),
        ken=draw(st.sampled_from((old.ken, 201, 255))),
        kt=3 if dkga == 2 and old.kt == 2 and draw(st.booleans()) else 2,
        dkga=4 if draw(st.booleans()) else dkga,
        base=draw(st.sampled_from((2014, 2035))),
    )
    if new.kt == 3:
        new = replace(new, dkga=2)
    return old, new, draw(st.sampled_from((2, 3)))


@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(change=changes(), tenths=st.integers(1, 20_000))
def test_the_tokens_of_a_sale_change_the_meters_key_and_bring_the_credit(
    till: KeyShop, change: tuple[MeterKey, MeterKey, int], tenths: int
) -> None:
    old, new, wanted = change
    body = f"14{NEXT():08d}"
    drn = body + luhn_digit(body)
    till.meter(drn, old)
    till.hold(old, vending_of(old), "2034-01-01 00:00")
    if replace(new, ti=old.ti) != old:
        till.hold(new, vending_of(new))
    till.meter(drn, new)
    if wanted == 3:
        till.ask(sgc=new.sgc, tokens=3)
    try:
        sale = till.sell(drn, tenths)
    finally:
        if wanted == 3:
            till.shop.desk.key_changes.drop("highveld", "plain", SUPERVISOR)
    made = sale.tokens[-1].minute - 11_044_800 - A_YEAR
    meter = in_house(drn, old, till.clock.now, made)
    count = 0 if old == new else wanted if new.ea == 7 else 4
    assert len(sale.digits) == count + 1
    for at, digits in enumerate(sale.digits, 1):
        meter, answer = step(meter, Enter(digits))
        assert answer.result in (WAITS if at < count else {Result.ACCEPT}), at
    held = meter.state.held
    assert held.key == decoder_key(meter_pan(drn), new, vending_of(new))
    assert (held.krn, held.kt, held.ti, held.ken) == (new.krn, new.kt, new.ti, new.ken)
    assert held.base == new.base
    knows_group = old == new or new.ea == 11 or wanted == 3
    assert held.sgc == (new.sgc if knows_group else "000000")
    assert meter.state.credit == sale.tenths * meter.profile.grains_per_step
    assert held_by(till.shop, drn) == new
    again, answer = step(meter, Enter(sale.tokens[-1].digits))
    assert answer.result is Result.USED
    assert again.state.credit == meter.state.credit


def test_credit_before_its_key_change_is_refused_and_works_after_it(till: KeyShop) -> None:
    old = MeterKey("600000", 1, 1, 255, 2, 7, 4, 2014)
    new = replace(old, krn=2)
    till.hold(old, since="2034-01-01 00:00")
    till.meter("00000000000", old)
    till.hold(new)
    sale = till.sell("00000000000")
    made = sale.tokens[-1].minute - 11_044_800 - A_YEAR
    meter = in_house("00000000000", old, till.clock.now, made)
    meter, answer = step(meter, Enter(sale.tokens[-1].digits))
    assert answer.result is Result.CRC
    for digits in sale.digits:
        meter, answer = step(meter, Enter(digits))
    assert answer.result is Result.ACCEPT
    assert meter.state.credit == sale.tenths * meter.profile.grains_per_step


def test_what_was_asked_of_one_tariff_comes_before_what_was_asked_of_all(till: KeyShop) -> None:
    desk = till.shop.desk.key_changes
    desk.ask(KeyAsk("highveld", ti=8, base=2014), SUPERVISOR)
    till.ask(ti=9)
    asked = till.shop.ledger.key_changes.ask_for("highveld", "plain")
    assert (asked.ti, asked.base) == (9, 2014)
    assert till.shop.ledger.key_changes.ask_for("highveld", "other").ti == 8
    desk.drop("highveld", "plain", SUPERVISOR)
    desk.drop("highveld", "", SUPERVISOR)
    assert not desk.asks()


SETS = {"two": (7, 2), "three": (7, 3), "four": (11, 4)}


@pytest.mark.parametrize("name", SETS)
def test_a_set_works_in_any_order_and_again_after_a_power_cut(till: KeyShop, name: str) -> None:
    """The credit of the same sale then stands on the display, once, whatever came before."""
    ea, count = SETS[name]
    body = f"14{NEXT():08d}"
    drn = body + luhn_digit(body)
    old = MeterKey(f"{600_000 + NEXT()}", 1, 1, 255, 2, ea, 4, 2014)
    new = replace(old, krn=2, ti=7)
    till.hold(old, since="2034-01-01 00:00")
    till.hold(new)
    till.meter(drn, old)
    if count == 3:
        till.ask(sgc=old.sgc, tokens=3)
    till.meter(drn, new)
    sale = till.sell(drn, 425)
    if count == 3:
        till.shop.desk.key_changes.drop("highveld", "plain", SUPERVISOR)
    assert sale.key_change is not None
    changes, credit = sale.key_change.digits, sale.tokens[-1].digits
    assert len(changes) == count
    made = sale.tokens[-1].minute - 11_044_800 - A_YEAR
    for order in permutations(changes):
        meter = in_house(drn, old, till.clock.now, made)
        meter, answer = step(meter, Enter(order[0]))
        assert answer.result in WAITS
        meter, _ = step(meter, Power(on=False))
        meter, _ = step(meter, Power(on=True))
        for at, digits in enumerate(order[1:], 2):  # what came before the power cut is forgotten
            meter, answer = step(meter, Enter(digits))
            assert answer.result in WAITS, at
        meter, answer = step(meter, Enter(credit))
        assert answer.result is Result.CRC
        assert meter.state.held.krn == 1
        meter, answer = step(meter, Enter(order[0]))
        assert answer.result is Result.ACCEPT
        assert (meter.state.held.krn, meter.state.held.ti) == (2, 7)
        meter, answer = step(meter, Enter(credit))
        assert answer.result is Result.ACCEPT
        assert face(meter)[0] == Shown("credit", 425 * meter.profile.grains_per_step)


def test_a_set_that_is_keyed_in_too_slowly_starts_again(till: KeyShop) -> None:
    old = MeterKey("700001", 1, 1, 255, 2, 7, 4, 2014)
    till.hold(old, since="2034-01-01 00:00")
    till.hold(replace(old, krn=2))
    till.meter("01000000008", old)
    sale = till.sell("01000000008")
    made = sale.tokens[-1].minute - 11_044_800 - A_YEAR
    meter = in_house("01000000008", old, till.clock.now, made)
    first, second, credit = sale.digits
    meter, _ = step(meter, Enter(first))
    meter, _ = step(meter, Live(KEY_CHANGE_S + 1, (0,)))
    meter, answer = step(meter, Enter(second))
    assert answer.result is Result.SECOND_KCT
    for digits in (first, credit):
        meter, answer = step(meter, Enter(digits))
        assert answer.result is Result.ACCEPT
