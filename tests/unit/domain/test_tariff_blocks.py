from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pos_app.domain.money import CurrencyMixed, Money
from pos_app.domain.tariff.account import Account
from pos_app.domain.tariff.parts import Tax
from pos_app.domain.tariff.quote import LineKind, PriceList, Quote
from pos_app.domain.tariff.refusals import (
    AboveMaximum,
    BelowMinimum,
    BuysNothing,
    NoPriceAbove,
    TariffInvalid,
    TariffProblem,
    UnitsBeyondToken,
)
from pos_app.domain.tariff.tariff import Tariff
from pos_app.domain.tariff.units import UnitRounding, down_to, up_to
from tests.unit.domain.tariff_making import RAND, YEN, cost_of, tariff_of, tariffs

FLAT: PriceList = tariff_of([("2.00", None)], incl=True)
NANO = Decimal("0.000000001")
bought = st.integers(0, 30_000).map(lambda tenths: Decimal(tenths).scaleb(-1))


def _quote(tariff: Tariff, minor: int, before: Decimal) -> Quote:
    try:
        return tariff.for_money(Money(minor, tariff.currency), Account(bought=before))
    except (BuysNothing, UnitsBeyondToken):
        assume(condition=False)
        raise


@given(tariffs(), st.integers(1, 5_000_000), bought)
@settings(max_examples=150)
def test_the_lines_add_up_to_the_total_and_none_is_negative(
    tariff: Tariff, minor: int, before: Decimal
) -> None:
    quote = _quote(tariff, minor, before)
    assert sum(line.amount.minor for line in quote.lines) == minor
    assert all(line.amount.minor >= 0 for line in quote.lines)
    assert sum(line.units or 0 for line in quote.lines) == quote.units


@given(tariffs(), st.integers(1, 5_000_000), bought)
@settings(max_examples=150)
def test_the_units_cost_what_was_paid_when_priced_the_other_way_round(
    tariff: Tariff, minor: int, before: Decimal
) -> None:
    quote = _quote(tariff, minor, before)
    dearest = max(block.price for block in tariff.blocks) * 4
    paid = Decimal(minor).scaleb(-tariff.currency.decimals)
    assert abs(cost_of(tariff, quote.units, before) - paid) <= dearest * NANO


@given(tariffs(), st.integers(1, 5_000_000), bought)
@settings(max_examples=150)
def test_each_tax_is_within_a_minor_unit_of_its_percent_of_the_net(
    tariff: Tariff, minor: int, before: Decimal
) -> None:
    quote = _quote(tariff, minor, before)
    net = minor / (1 + sum((Fraction(tax.percent) for tax in tariff.taxes), Fraction(0)) / 100)
    taxes = [line for line in quote.lines if line.kind is LineKind.TAX]
    assert [line.name for line in taxes] == [tax.name for tax in tariff.taxes]
    for line in taxes:
        assert line.percent is not None
        assert abs(line.amount.minor - net * Fraction(line.percent) / 100) < 1


@given(tariffs(), st.integers(1, 200_000), bought)
@settings(max_examples=150)
def test_for_units_finds_the_smallest_total_that_carries_them(
    tariff: Tariff, tenths: int, before: Decimal
) -> None:
    try:
        quote = tariff.for_units(tenths, Account(bought=before))
    except UnitsBeyondToken:
        assume(condition=False)
        raise
    assert quote.tenths >= tenths
    if quote.total.minor > 1:
        try:
            cheaper = tariff.for_money(
                Money(quote.total.minor - 1, tariff.currency), Account(bought=before)
            ).tenths
        except BuysNothing:
            cheaper = 0
        assert cheaper < tenths


@given(tariffs(), st.integers(1, 5_000_000), bought)
@settings(max_examples=150)
def test_asking_for_the_units_that_money_bought_never_costs_more(
    tariff: Tariff, minor: int, before: Decimal
) -> None:
    quote = _quote(tariff, minor, before)
    again = tariff.for_units(quote.tenths, Account(bought=before))
    assert again.tenths == quote.tenths
    assert again.total.minor <= minor


@given(tariffs(), st.integers(1, 5_000_000), st.integers(1, 1000), bought)
@settings(max_examples=100)
def test_more_money_never_buys_fewer_units(
    tariff: Tariff, minor: int, more: int, before: Decimal
) -> None:
    less = _quote(tariff, minor, before)
    assert _quote(tariff, minor + more, before).tenths >= less.tenths


@given(tariffs(), st.integers(1, 5_000_000), bought)
@settings(max_examples=100)
def test_a_token_carries_the_units_rounded_by_the_tariffs_own_rule(
    tariff: Tariff, minor: int, before: Decimal
) -> None:
    quote = _quote(tariff, minor, before)
    exact = Fraction(quote.units) * 10
    slack = Fraction(1, 10**7)  # the quote's units have nine decimals
    least = exact - slack if exact > slack else Fraction(0)
    if tariff.unit_rounding is UnitRounding.DOWN:
        assert down_to(least) <= quote.tenths <= down_to(exact + slack)
    elif tariff.unit_rounding is UnitRounding.UP:
        assert up_to(least) <= quote.tenths <= up_to(exact + slack)
    else:
        step = up_to(exact + slack) - down_to(least)
        assert abs(quote.tenths - exact) <= Fraction(step, 2) + slack


def test_a_flat_price_has_one_line_without_a_block_number() -> None:
    (line,) = FLAT.for_money(Money(10_000, RAND), Account(bought=Decimal(0))).lines
    assert (line.block, line.units, line.price) == (None, Decimal(50), Decimal("2.00"))


def test_line_prices_are_the_ones_the_tariff_states() -> None:
    tariff = tariff_of([("1.9028", "350"), ("2.1562", None)], taxes=[("VAT", "15")])
    lines = tariff.for_money(Money(100_000, RAND), Account(bought=Decimal(0))).lines
    assert [(line.block, str(line.price), line.price_includes_tax) for line in lines[:2]] == [
        (1, "1.9028", False),
        (2, "2.1562", False),
    ]


def test_a_purchase_on_a_bound_starts_in_the_next_block() -> None:
    tariff = tariff_of([("1", "100"), ("2", None)])
    (line,) = tariff.for_money(Money(1000, RAND), Account(bought=Decimal(100))).lines
    assert (line.block, line.units) == (2, Decimal(5))


def test_a_yen_buys_whole_yen_of_energy_and_tax() -> None:
    tariff = tariff_of([("31", None)], taxes=[("consumption tax", "10")], currency=YEN)
    quote = tariff.for_money(Money(1000, YEN), Account(bought=Decimal(0)))
    assert [line.amount.plain() for line in quote.lines] == ["909", "91"]


def test_taxes_that_round_above_a_tiny_total_leave_no_negative_energy() -> None:
    tariff = tariff_of([("0.01", None)], taxes=[(n, "100") for n in "abc"], currency=YEN)
    quote = tariff.for_money(Money(2, YEN), Account(bought=Decimal(0)))
    assert [line.amount.minor for line in quote.lines] == [0, 1, 1, 0]


def _bounded() -> Tariff:
    return Tariff(
        **{name: getattr(tariff_of([("2", None)]), name) for name in _PLAIN},
        minimum=Money(1000, RAND),
        maximum=Money(50_000, RAND),
    )


_PLAIN = (
    "id",
    "version",
    "utility",
    "name",
    "commodity",
    "unit_name",
    "currency",
    "blocks",
)


def test_the_bounds_of_a_purchase_may_be_reached_but_not_passed() -> None:
    tariff = _bounded()
    assert tariff.for_money(Money(1000, RAND), Account(bought=Decimal(0))).tenths == 50
    assert tariff.for_money(Money(50_000, RAND), Account(bought=Decimal(0))).tenths == 2500
    with pytest.raises(BelowMinimum) as least:
        tariff.for_money(Money(999, RAND), Account(bought=Decimal(0)))
    assert least.value.facts == {"minimum": "10.00", "currency": "ZAR"}
    with pytest.raises(AboveMaximum) as most:
        tariff.for_money(Money(50_001, RAND), Account(bought=Decimal(0)))
    assert most.value.facts == {"maximum": "500.00", "currency": "ZAR"}


def test_units_below_the_minimum_purchase_are_refused_not_raised() -> None:
    with pytest.raises(BelowMinimum):
        _bounded().for_units(1, Account(bought=Decimal(0)))


def test_money_for_less_than_a_tenth_buys_nothing_when_units_round_down() -> None:
    tariff = tariff_of([("2", None)], mode=UnitRounding.DOWN)
    with pytest.raises(BuysNothing):
        tariff.for_money(Money(19, RAND), Account(bought=Decimal(0)))
    assert tariff.for_money(Money(20, RAND), Account(bought=Decimal(0))).tenths == 1


@pytest.mark.parametrize("minor", [0, -1])
def test_no_money_buys_nothing(minor: int) -> None:
    with pytest.raises(BuysNothing):
        FLAT.for_money(Money(minor, RAND), Account(bought=Decimal(0)))


def test_another_currency_is_refused() -> None:
    with pytest.raises(CurrencyMixed):
        FLAT.for_money(Money(100, YEN), Account(bought=Decimal(0)))


def test_more_units_than_a_token_carries_are_refused_with_the_largest() -> None:
    with pytest.raises(UnitsBeyondToken) as refusal:
        FLAT.for_money(Money(200 * 2_000_000, RAND), Account(bought=Decimal(0)))
    assert refusal.value.facts == {"largest": "1820162.4"}


@pytest.mark.parametrize("before", ["100", "250"])
def test_a_closed_table_that_is_used_up_sells_nothing(before: str) -> None:
    tariff = tariff_of([("2", "100")])
    with pytest.raises(NoPriceAbove) as by_money:
        tariff.for_money(Money(100, RAND), Account(bought=Decimal(before)))
    assert by_money.value.facts["most"] == "0.00"
    with pytest.raises(NoPriceAbove):
        tariff.for_units(1, Account(bought=Decimal(before)))


def test_impossible_questions_are_the_callers_bug() -> None:
    with pytest.raises(ValueError, match="-1"):
        FLAT.for_money(Money(100, RAND), Account(bought=Decimal(-1)))
    with pytest.raises(ValueError, match="0"):
        FLAT.for_units(0, Account(bought=Decimal(0)))


@pytest.mark.parametrize(
    ("blocks", "field", "problem"),
    [
        ([], "block", TariffProblem.MISSING),
        ([("0", None)], "block[1].price", TariffProblem.NOT_POSITIVE),
        ([("1", "10"), ("-2", None)], "block[2].price", TariffProblem.NOT_POSITIVE),
        ([("1", "10"), ("2", "10")], "block[2].up_to", TariffProblem.NOT_RISING),
        ([("1", "0")], "block[1].up_to", TariffProblem.NOT_RISING),
        ([("1", None), ("2", None)], "block[1].up_to", TariffProblem.OPEN_TOO_EARLY),
    ],
)
def test_blocks_that_make_no_price_list_are_refused(
    blocks: list[tuple[str, str | None]], field: str, problem: TariffProblem
) -> None:
    with pytest.raises(TariffInvalid) as refusal:
        tariff_of(blocks)
    assert (refusal.value.field, refusal.value.problem) == (field, problem)


@pytest.mark.parametrize(
    ("taxes", "field", "problem"),
    [
        ([("VAT", "0")], "tax[1].percent", TariffProblem.NOT_POSITIVE),
        ([("VAT", "100.1")], "tax[1].percent", TariffProblem.TOO_LARGE),
        ([("VAT", "1"), ("VAT", "2")], "tax[2].name", TariffProblem.DUPLICATE),
    ],
)
def test_taxes_that_make_no_sense_are_refused(
    taxes: list[tuple[str, str]], field: str, problem: TariffProblem
) -> None:
    with pytest.raises(TariffInvalid) as refusal:
        tariff_of([("1", None)], taxes=taxes)
    assert (refusal.value.field, refusal.value.problem) == (field, problem)
    assert Tax("VAT", Decimal(100)).percent == 100
