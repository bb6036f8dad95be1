"""Purchases whose results were published, against the block engine.

Sources are named at each case; nothing here was computed by the engine itself.
"""

from decimal import ROUND_HALF_UP, Decimal

import pytest

from pos_app.domain.money import Money
from pos_app.domain.tariff.account import Account
from pos_app.domain.tariff.quote import LineKind, Quote
from pos_app.domain.tariff.refusals import NoPriceAbove
from pos_app.domain.tariff.tariff import Tariff
from pos_app.domain.tariff.units import UnitRounding
from tests.unit.domain.tariff_making import RAND, tariff_of

NEWSLETTER_2018 = tariff_of(
    [
        ("1.4316", "500"),
        ("1.6954", "1000"),
        ("1.8154", "2000"),
        ("2.0418", "3000"),
        ("2.2070", None),
    ],
    incl=True,
)
"""A South African municipal newsletter, September 2018; c/kWh with VAT."""


def _buy(tariff: Tariff, amount: str, bought: str = "0") -> Quote:
    return tariff.for_money(Money.parse(amount, RAND), Account(bought=Decimal(bought)))


def _two_places(units: Decimal | None) -> Decimal:
    assert units is not None
    return units.quantize(Decimal("0.01"), ROUND_HALF_UP)


def test_a_newsletter_of_2018_splits_2000_rand_over_three_blocks() -> None:
    quote = _buy(NEWSLETTER_2018, "2000")
    lines = [(_two_places(line.units), line.amount.plain()) for line in quote.lines]
    assert lines == [
        (Decimal("500.00"), "715.80"),
        (Decimal("500.00"), "847.70"),
        (Decimal("240.44"), "436.50"),
    ]
    assert _two_places(quote.units) == Decimal("1240.44")
    assert quote.tenths == 12405


@pytest.mark.parametrize("mode", [UnitRounding.UP, UnitRounding.HALF_UP])
def test_200_rand_in_tshwane_of_march_2026_buy_58_4_kwh(mode: UnitRounding) -> None:
    quote = _buy(tariff_of([("3.425", "100")], incl=True, mode=mode), "200")
    assert quote.tenths == 584


def test_a_live_vending_sample_splits_90_rand_into_net_and_vat() -> None:
    quote = _buy(tariff_of([("1.3911", None)], taxes=[("VAT", "15")], incl=True), "90.00")
    amounts = {line.kind: line.amount.plain() for line in quote.lines}
    assert amounts == {LineKind.ENERGY: "78.26", LineKind.TAX: "11.74"}


def test_398_rand_in_tshwane_raised_a_meter_from_5_3_to_142_4_on_1_june_2024() -> None:
    # a school examination on the sliding scale of July 2023 to June 2024, VAT inclusive
    scale = [("2.775755", "100"), ("3.248405", "400"), ("3.539125", "650"), ("3.81524", None)]
    quote = _buy(tariff_of([*scale], taxes=[("VAT", "15")], incl=True), "398.00")
    assert quote.tenths == 1424 - 53


def test_450_kwh_cost_785_68_rand_in_an_examination_of_february_2024() -> None:
    tariff = tariff_of(
        [("1.3270", "100"), ("1.5530", "400"), ("1.6920", "650"), ("1.80", None)],
        taxes=[("VAT", "15")],
        mode=UnitRounding.DOWN,
    )
    quote = tariff.for_units(4500, Account())
    assert quote.total.plain() == "785.68"
    assert [line.amount.plain() for line in quote.lines] == ["132.70", "465.90", "84.60", "102.48"]


def test_32_kilolitres_cost_654_57_rand_on_a_water_scale_of_2023() -> None:
    scale = [("8.04", "6"), ("16.09", "15"), ("24.48", "25"), ("30.96", "40"), ("65.94", None)]
    quote = _buy(tariff_of([*scale], incl=True), "654.57")
    assert quote.units == 32
    assert [line.amount.plain() for line in quote.lines] == ["48.24", "144.81", "244.80", "216.72"]


def test_blocks_go_on_where_the_months_earlier_purchases_ended() -> None:
    # the same newsletter: two purchases in a month cost what one costs
    first = _buy(NEWSLETTER_2018, "1000")
    second = _buy(NEWSLETTER_2018, "1000", str(first.units))
    assert _two_places(first.units + second.units) == Decimal("1240.44")


def test_a_closed_table_says_where_it_ends_and_what_is_the_most() -> None:
    with pytest.raises(NoPriceAbove) as refusal:
        _buy(tariff_of([("3.425", "100")], incl=True), "342.51")
    assert refusal.value.facts == {
        "bound": "100",
        "unit": "kWh",
        "bought": "0",
        "most": "342.50",
        "currency": "ZAR",
    }
    assert _buy(tariff_of([("3.425", "100")], incl=True), "342.50").tenths == 1000
