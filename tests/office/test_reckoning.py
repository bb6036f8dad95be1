"""What a month should have cost: held against the published prices, worked out by hand here."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_app.domain.errors import PosError
from pos_app.domain.money import Money
from pos_app.domain.tariff.account import Account
from pos_app.head_office.reckoning import BookedSale, Why, reckon
from pos_app.resources import resource
from tests.office.oversellers import HIGHVELD, Counter, booked, tariff_named

TOTALS = st.integers(1_000, 90_000)


def highveld(units: Fraction, bought: Fraction) -> Fraction:
    """Return cents: 1.9028 and 2.1562 without VAT (Eskom 2024/25), 350 kWh a month."""
    cheap = max(min(units, 350 - bought), Fraction(0))
    net = cheap * Fraction("1.9028") + (units - cheap) * Fraction("2.1562")
    return net * Fraction(115, 100) * 100


def units_of(minor: int, bought: Fraction) -> Fraction:
    """Return the units that money buys after others, by the same prices."""
    first = highveld(max(350 - bought, Fraction(0)), bought)
    if minor <= first:
        return minor / highveld(Fraction(1), Fraction(0))
    return max(350 - bought, Fraction(0)) + (minor - first) / highveld(Fraction(1), Fraction(400))


@settings(max_examples=120, deadline=None)
@given(
    bought=st.lists(
        st.tuples(st.sampled_from("ABC"), TOTALS, st.booleans()), min_size=1, max_size=9
    ),
    order=st.randoms(use_true_random=False),
)
def test_what_was_paid_and_corrected_is_what_one_till_would_have_taken(
    bought: list[tuple[str, int, bool]], order: Any
) -> None:
    """Within half a cent for the month: the sum is rounded once, however many corrections."""
    tills, exact = Counter(HIGHVELD), Fraction(0)
    place = Fraction(0)
    for till, minor, told in bought:
        if told:
            tills.tell(till)
        knew = Fraction(tills.own.get(till, Decimal(0)) + tills.known.get(till, Decimal(0)))
        sale = tills.sell(till, minor)
        exact += highveld(units_of(minor, knew), place)
        place += Fraction(sale.body["tenths"], 10)
    late = list(tills.sales)
    order.shuffle(late)
    here: list[BookedSale] = []
    corrected = 0
    for sale in late:  # as the journals come in, each time a correction of what is new
        here.append(sale)
        found = reckon(here, lambda _name, _version: HIGHVELD, ours=True)
        assert not found.whys
        corrected += found.difference - corrected
    paid = sum(minor for _, minor, _ in bought)
    assert abs(paid + corrected - exact) <= Fraction(1, 2)
    assert not tills.reckoned().whys  # with every journal here, each figure is explained


@pytest.mark.parametrize(
    "name",
    sorted(path.stem for path in resource("tariffs").glob("*.toml") if path.stem != "tariff"),
)
def test_one_till_alone_is_never_corrected_whatever_its_tariff(name: str) -> None:
    tariff = tariff_named(name)
    nothing = Money(0, tariff.currency)
    account = Account(
        on=date(2026, 11, 1), last_purchase=date(2026, 8, 20), spent=nothing,
        free_taken=Decimal(0) if tariff.free else None, average=Decimal(120),
    )  # fmt: skip
    sales: list[BookedSale] = []
    least = 3000 if tariff.minimum is None else max(tariff.minimum.minor, 3000)
    for at, times in enumerate((1, 2, 40, 3, 1, 25)):
        on = date(2026, 11, 1 + at)
        asked = replace(account, on=on)
        try:
            quote = tariff.for_money(Money(least * times, tariff.currency), asked)
        except PosError:
            continue
        sales.append(replace(booked(tariff, "A", at, asked, quote), day=on.isoformat()))
        account = replace(
            tariff.after(quote), last_purchase=on, carried=quote.carried,
            free_taken=None if asked.free_taken is None
            else asked.free_taken + tariff.free_due(asked),
        )  # fmt: skip
    found = reckon(sales, lambda _name, _version: tariff, date(2026, 8, 20))
    assert sales
    assert not found.whys
    assert found.due == found.charged


def test_a_monthly_charge_that_two_tills_took_is_given_back_once() -> None:
    """Ghana, July 2025: 10.730886 a month; 1.801867 up to 300 kWh, 2.380873 above."""
    tills = Counter(tariff_named("ghana-residential"))
    first = tills.sell("A", 30_000)
    second = tills.sell("B", 40_000)
    units = [(300 - Fraction("10.730886")) / Fraction("1.801867")]
    units.append((400 - Fraction("10.730886")) / Fraction("1.801867"))
    dear = Fraction(first.body["tenths"], 10) + units[1] - 300
    owed = dear * (Fraction("2.380873") - Fraction("1.801867")) - Fraction("10.730886")
    found = tills.reckoned()
    assert found.due - found.charged == owed * 100
    assert not found.whys
    alone = reckon([second], lambda _n, _v: tills.tariff, date(2026, 11, 1))
    assert alone.due - alone.charged == -Fraction("1073.0886")  # another till sold in the month


def test_what_a_cap_left_unpaid_of_a_charge_taken_twice_is_not_asked_for_either() -> None:
    """200.00 a month, at most half of a purchase: each till takes 50.00 of each 100.00."""
    ghana = tariff_named("ghana-residential")
    charge = replace(ghana.charges[0], amount=Decimal(200))
    tills = Counter(replace(ghana, charges=(charge,), charge_cap_percent=Decimal(50)))
    for till in "ABBA":
        assert tills.sell(till, 10_000).body["energy_minor"] == 5_000
    found = tills.reckoned()
    assert [each.due - each.charged for each in found.works] == [0, -5_000, -5_000, 0]


def test_free_units_that_two_tills_gave_are_paid_for_once() -> None:
    """Cape Town Lifeline 2025/26: 60 kWh free a month, then 2.2653 a kWh and 15 % VAT."""
    tariff = tariff_named("cape-town-lifeline")
    sales = []
    for at, till in enumerate("AB"):
        account = Account(on=date(2026, 11, 1 + at), free_taken=Decimal(0))
        quote = tariff.for_money(Money(10_000, tariff.currency), account)
        sales.append(booked(tariff, till, at, account, quote))
    found = reckon(sales, lambda _name, _version: tariff)
    assert found.due - found.charged == 60 * Fraction("2.2653") * Fraction(115, 100) * 100


def test_a_sale_that_was_made_good_asks_for_nothing_and_still_fills_the_block() -> None:
    tills = Counter(HIGHVELD)
    first = tills.sell("A", 70_000)
    second = tills.sell("B", 70_000, made_good=True)
    third = tills.sell("C", 70_000)
    found = tills.reckoned()
    before = Fraction(first.body["tenths"] + second.body["tenths"], 10)
    units = units_of(70_000, Fraction(0))
    assert found.due - found.charged == highveld(units, before) - 70_000
    assert [each.made_good for each in found.works] == [False, True, False]
    assert third.body["tenths"] == 3199


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"account": {}}, Why.ACCOUNT_NOT_KEPT),
        ({"tenths": 4000}, Why.DOES_NOT_FOLLOW),
        ({"units_exact": "1"}, Why.DOES_NOT_FOLLOW),
        ({"energy_minor": 1}, Why.DOES_NOT_FOLLOW),
        ({"account": {"bought": "x"}}, Why.DOES_NOT_FOLLOW),
        ({"account": {"bought": "12"}}, Why.MORE_COUNTED),
        ({"tariff": "other"}, Why.TARIFF_UNKNOWN),
    ],
)
def test_a_sale_that_cannot_be_worked_out_is_a_reason_and_no_guess(
    change: dict[str, Any], why: Why
) -> None:
    sale = Counter(HIGHVELD).sell("A", 70_000)
    wrong = replace(sale, body={**sale.body, **change})
    found = reckon([wrong], lambda name, _version: HIGHVELD if name != "other" else None)
    assert found.whys == {why: 1}


def test_units_beyond_the_last_price_and_two_currencies_are_reasons() -> None:
    """Ghana's lifeline ends at 30 kWh a month; nothing says what more would cost."""
    lifeline = Counter(tariff_named("ghana-lifeline"))
    for till in "AB":
        lifeline.sell(till, 2_500)
    assert lifeline.reckoned().whys == {Why.NO_PRICE: 1}
    sales = [Counter(HIGHVELD).sell("A", 5_000), lifeline.sales[1]]
    of = {HIGHVELD.id: HIGHVELD, lifeline.tariff.id: lifeline.tariff}
    assert reckon(sales, lambda name, _version: of[name]).whys == {Why.CURRENCIES: 1}


@pytest.mark.parametrize(("minutes", "whys"), [(9, {}), (11, {Why.MORE_COUNTED: 1})])
def test_a_clock_that_is_ahead_a_little_is_no_reason(minutes: int, whys: dict[Why, int]) -> None:
    """The till that sold first says a later time, and the other one was told of it at once."""
    tills = Counter(HIGHVELD)
    tills.sell("A", 70_000)
    tills.tell("B")
    second = tills.sell("B", 20_000)
    ahead = replace(tills.sales[0], at_ms=second.at_ms + minutes * 60_000)
    found = reckon([ahead, second], lambda _name, _version: HIGHVELD)
    assert found.whys == whys
    assert whys or found.difference == 0  # what one charged too dear the other charged too cheap
