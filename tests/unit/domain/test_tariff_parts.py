"""Each part of a tariff by itself, against sums that can be done on paper."""

from dataclasses import replace
from decimal import Decimal

import pytest

from pos_app.domain.money import Money
from pos_app.domain.tariff.account import Account, Adjustment, Debt
from pos_app.domain.tariff.explain import (
    DuesTaken,
    EarlierPurchase,
    Edge,
    next_edge,
    reasons_for_fewer,
)
from pos_app.domain.tariff.parts import (
    CapBase,
    Charge,
    CountBy,
    DebtRule,
    Levy,
    Per,
    PercentOf,
    Stamp,
    Subsidy,
    Tax,
)
from pos_app.domain.tariff.quote import LineKind, Quote
from pos_app.domain.tariff.refusals import ChargesFirst, TariffInvalid
from pos_app.domain.tariff.tariff import Tariff
from pos_app.domain.tariff.units import UnitRounding
from tests.unit.domain.tariff_making import RAND, tariff_of

FLAT = tariff_of([("1", None)])
VAT = tariff_of([("1", None)], taxes=[("VAT", "15")])


def _rand(text: str) -> Money:
    return Money(int(Decimal(text) * 100), RAND)


def _buy(tariff: Tariff, amount: str, **account: object) -> Quote:
    return tariff.for_money(_rand(amount), Account(**account))  # type: ignore[arg-type]


def _amounts(quote: Quote) -> dict[str, str]:
    return {line.name or line.kind.value: line.amount.plain() for line in quote.lines}


@pytest.mark.parametrize(
    ("base", "amounts"),
    [
        # gross: 50 with VAT; net: 50 and 7.50 of VAT
        (CapBase.GROSS, {"energy": "43.48", "fee": "43.48", "VAT": "13.04"}),
        (CapBase.NET, {"energy": "36.96", "fee": "50.00", "VAT": "13.04"}),
    ],
)
@pytest.mark.parametrize("shared", [False, True])
def test_a_cap_holds_the_charge_with_its_tax_or_without(
    base: CapBase, amounts: dict[str, str], *, shared: bool
) -> None:
    half = Decimal(50)
    if shared:
        fee = Charge("fee", Decimal(200))
        tariff = replace(VAT, charges=(fee,), charge_cap_percent=half, charge_cap_base=base)
    else:
        fee = Charge("fee", Decimal(200), cap_percent=half, cap_base=base)
        tariff = replace(VAT, charges=(fee,))
    assert _amounts(_buy(tariff, "100")) == amounts


def test_a_shared_cap_serves_charges_in_their_order() -> None:
    charges = (Charge("service", Decimal(70)), Charge("capacity", Decimal(130)))
    tariff = replace(FLAT, charges=charges, charge_cap_percent=Decimal(50))
    assert _amounts(_buy(tariff, "200")) == {
        "energy": "100.00",
        "service": "70.00",
        "capacity": "30.00",
    }


def test_a_charge_that_includes_tax_is_taken_as_stated() -> None:
    charge = Charge("fee", Decimal(23), includes_tax=True)
    quote = _buy(replace(VAT, charges=(charge,)), "138")
    assert _amounts(quote) == {"energy": "100.00", "fee": "20.00", "VAT": "18.00"}


def test_a_tax_may_be_on_a_tax_and_on_a_levy_but_not_on_all() -> None:
    # excise 3 % of energy, VAT 16 % of both, a levy of 5 % without tax: 1 + 0.03 + 0.1648 + 0.05
    tariff = replace(
        FLAT,
        levies=(Levy("rural", percent=Decimal(5)),),
        taxes=(
            Tax("excise", Decimal(3), on=("energy",)),
            Tax("VAT", Decimal(16), on=("energy", "excise")),
        ),
    )
    assert _amounts(_buy(tariff, "1244.80")) == {
        "energy": "1000.00",
        "rural": "50.00",
        "excise": "30.00",
        "VAT": "164.80",
    }


def test_stated_prices_that_include_tax_hold_compound_tax_too() -> None:
    taxes = (
        Tax("excise", Decimal(3), on=("energy",)),
        Tax("VAT", Decimal(16), on=("energy", "excise")),
    )
    tariff = replace(tariff_of([("1.1948", None)], incl=True), taxes=taxes)
    quote = _buy(tariff, "1194.80")
    assert _amounts(quote) == {"energy": "1000.00", "excise": "30.00", "VAT": "164.80"}
    assert quote.units == 1000


def test_percents_of_the_tender_and_of_the_rest() -> None:
    tariff = replace(
        FLAT,
        charges=(Charge("fee", Decimal(100)),),
        levies=(Levy("lighting", percent=Decimal(3), on=("tender",)),),
        taxes=(Tax("VAT", Decimal(5), on=("rest",)),),
    )
    # 1000 - 30 - 100 = 870; 5 % of that are 43.50
    assert _amounts(_buy(tariff, "1000")) == {
        "energy": "826.50",
        "lighting": "30.00",
        "fee": "100.00",
        "VAT": "43.50",
    }


def test_a_levy_and_a_tax_on_part_of_the_months_units() -> None:
    tariff = replace(
        FLAT,
        levies=(Levy("green", price=Decimal(1), above=Decimal(100), up_to=Decimal(150)),),
        taxes=(Tax("VAT", Decimal(10), on=("energy",), above=Decimal(200)),),
    )
    # 100 at 1, 50 at 2, 50 at 1, 100 at 1.10
    quote = _buy(tariff, "360")
    assert _amounts(quote) == {"energy": "300.00", "green": "50.00", "VAT": "10.00"}
    assert len([line for line in quote.lines if line.kind is LineKind.ENERGY]) == 1


def test_a_percent_subsidy_on_the_first_units_lowers_the_tax_only_where_named() -> None:
    subsidy = Subsidy("relief", percent=Decimal(50), up_to=Decimal(100))
    full = replace(FLAT, subsidies=(subsidy,), taxes=(Tax("VAT", Decimal(10), on=("energy",)),))
    # 100 at 0.60, 100 at 1.10
    assert _amounts(_buy(full, "170")) == {"energy": "200.00", "relief": "-50.00", "VAT": "20.00"}
    lower = replace(full, taxes=(Tax("VAT", Decimal(10), on=("energy", "subsidies")),))
    # 100 at 0.55, 100 at 1.10
    assert _amounts(_buy(lower, "165")) == {"energy": "200.00", "relief": "-50.00", "VAT": "15.00"}


@pytest.mark.parametrize("price", ["2", "3"])
def test_units_a_subsidy_makes_free_never_fill_a_block_of_money(price: str) -> None:
    tariff = tariff_of([("2", "100"), ("4", None)])
    with pytest.raises(TariffInvalid) as refused:
        replace(
            tariff,
            blocks_by=CountBy.MONEY,
            subsidies=(Subsidy("relief", price=Decimal(price), up_to=Decimal(50)),),
        )
    assert refused.value.facts["field"] == "block[1].price"


def test_units_at_no_price_come_with_the_first_purchase() -> None:
    tariff = tariff_of([("0", "60"), ("2", None)])
    assert _buy(tariff, "20").tenths == 700
    assert _buy(tariff, "20", bought=Decimal(60)).tenths == 100
    assert tariff.for_units(300, Account()).total.minor == 1


def test_blocks_may_be_filled_by_money_by_the_purchase_or_by_the_average() -> None:
    blocks = tariff_of([("1", "100"), ("2", None)])
    money = replace(blocks, blocks_by=CountBy.MONEY)
    assert _buy(money, "60", spent=_rand("80")).tenths == 200 + 200
    purchase = replace(blocks, blocks_by=CountBy.PURCHASE)
    assert _buy(purchase, "120", bought=Decimal(500)).tenths == 1100
    average = replace(blocks, blocks_by=CountBy.AVERAGE)
    assert _buy(average, "300", average=Decimal(100)).tenths == 3000
    assert _buy(average, "300", average=Decimal(101)).tenths == 1500


def test_a_stamp_duty_begins_above_its_threshold() -> None:
    tariff = replace(FLAT, stamps=(Stamp("duty", above=Decimal(500), amount=Decimal(10)),))
    assert _buy(tariff, "500").tenths == 5000
    assert _buy(tariff, "500.01").tenths == 4901
    # 499.9 units are cheaper below the threshold; 500.1 are only to be had above it
    assert tariff.for_units(4999, Account()).total.plain() == "499.81"
    assert tariff.for_units(5001, Account()).total.plain() == "510.01"


def test_a_stamp_duty_may_be_a_percent_between_two_amounts() -> None:
    duty = Stamp("duty", above=Decimal(100), up_to=Decimal(200), percent=Decimal(1))
    tariff = replace(FLAT, stamps=(duty,))
    assert [_buy(tariff, amount).tenths for amount in ("100", "200", "200.10")] == [
        1000,
        1980,
        2001,
    ]


def test_debts_are_taken_in_the_order_of_the_rules_within_the_cap() -> None:
    tariff = replace(
        FLAT,
        debt_rules=(
            DebtRule("arrears", percent=Decimal(30), of=PercentOf.BALANCE),
            DebtRule("meter", instalment=Decimal(10), per=Per.MONTH),
            DebtRule("*", percent=Decimal(10), of=PercentOf.REST),
        ),
    )
    debts = (
        Debt("other", _rand("500")),
        Debt("meter", _rand("25")),
        Debt("arrears", _rand("200")),
    )
    # 30 % of 200; two instalments of 10; 10 % of the 120 that are left
    quote = _buy(tariff, "200", months_due=2, debts=debts)
    taken = [
        (line.name, line.amount.plain(), line.left and line.left.plain())
        for line in quote.lines
        if line.kind is LineKind.DEBT
    ]
    assert taken == [
        ("arrears", "60.00", "140.00"),
        ("meter", "20.00", "5.00"),
        ("other", "12.00", "488.00"),
    ]
    capped = _buy(replace(tariff, debt_cap_percent=Decimal(35)), "200", months_due=2, debts=debts)
    assert [line.amount.plain() for line in capped.lines if line.kind is LineKind.DEBT] == [
        "60.00",
        "10.00",
        "0.00",
    ]


def test_arrears_come_first_but_leave_a_tenth_of_the_purchase() -> None:
    # Langeberg: at most 90 % of a purchase
    tariff = replace(FLAT, debt_cap_percent=Decimal(90))
    quote = _buy(tariff, "100", debts=(Debt("arrears", _rand("5000")),))
    assert _amounts(quote) == {"energy": "10.00", "arrears": "90.00"}


def test_an_account_may_have_a_rule_of_its_own() -> None:
    tariff = replace(FLAT, debt_rules=(DebtRule("arrears", percent=Decimal(50)),))
    debt = Debt("arrears", _rand("500"), percent=Decimal(30))
    assert _amounts(_buy(tariff, "100", debts=(debt,)))["arrears"] == "30.00"
    small = Debt("arrears", _rand("500"), instalment=_rand("5"))
    assert _amounts(_buy(tariff, "100", debts=(small,)))["arrears"] == "5.00"


def test_a_correction_is_collected_or_given_back_within_its_part_of_the_tender() -> None:
    owed = Adjustment("March", _rand("80"), percent=Decimal(20))
    quote = _buy(FLAT, "100", adjustments=(owed,))
    assert _amounts(quote) == {"energy": "80.00", "March": "20.00"}
    refund = Adjustment("March", _rand("-80"), percent=Decimal(50))
    back = _buy(FLAT, "100", adjustments=(refund,))
    assert _amounts(back) == {"energy": "150.00", "March": "-50.00"}
    assert back.tenths == 1500
    (line,) = [line for line in back.lines if line.kind is LineKind.ADJUSTMENT]
    assert line.left == _rand("-30")


def test_money_that_charges_take_whole_is_refused_with_the_least_that_buys() -> None:
    tariff = replace(VAT, charges=(Charge("fee", Decimal(100)),))
    with pytest.raises(ChargesFirst) as refusal:
        _buy(tariff, "80")
    assert refusal.value.facts == {
        "due": "115.00",
        "least": "115.01",
        "total": "80.00",
        "currency": "ZAR",
    }
    assert _buy(tariff, "115.01").tenths == 1


def test_whole_units_are_rounded_before_the_token() -> None:
    tariff = replace(tariff_of([("2", None)], mode=UnitRounding.DOWN), unit_decimals=0)
    assert _buy(tariff, "25.90").tenths == 120
    assert tariff.for_units(121, Account()).total.plain() == "26.00"


def test_charges_taken_now_are_a_reason_for_fewer_units() -> None:
    tariff = replace(FLAT, charges=(Charge("fee", Decimal(10)),))
    earlier = EarlierPurchase.of(_buy(tariff, "100", months_due=0))
    now = _buy(tariff, "100", months_due=1)
    assert reasons_for_fewer(now, earlier) == (DuesTaken(_rand("0"), _rand("10")),)


def test_the_edge_of_a_block_looks_past_the_end_of_a_levy() -> None:
    tariff = replace(
        tariff_of([("1", "100"), ("3", None)]),
        levies=(Levy("green", price=Decimal(1), up_to=Decimal(50)),),
    )
    # after 20 kWh: 30 at 2 and 50 at 1
    assert next_edge(tariff, _buy(tariff, "40")) == Edge(1, _rand("110"), Decimal(3))
