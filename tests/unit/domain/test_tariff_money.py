"""No money is created or lost, whatever a tariff and an account are made of."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pos_app.domain.money import Money
from pos_app.domain.tariff.account import Account, Carried, Debt
from pos_app.domain.tariff.parts import Charge, DebtRule, Per
from pos_app.domain.tariff.quote import LineKind, Quote
from pos_app.domain.tariff.refusals import (
    BuysNothing,
    ChargesFirst,
    NoPriceAbove,
    UnitsBeyondToken,
)
from pos_app.domain.tariff.tariff import Tariff
from tests.unit.domain.tariff_making import RAND, accounts, rich_tariffs, tariff_of

NOTHING = (BuysNothing, ChargesFirst, NoPriceAbove, UnitsBeyondToken)
minors = st.integers(1, 3_000_000)


def _quote(tariff: Tariff, minor: int, account: Account) -> Quote:
    try:
        return tariff.for_money(Money(minor, tariff.currency), account)
    except NOTHING:
        assume(condition=False)
        raise


def _tenths(tariff: Tariff, minor: int, account: Account) -> int:
    try:
        return tariff.for_money(Money(minor, tariff.currency), account).tenths
    except (BuysNothing, ChargesFirst):
        return 0


@given(st.data(), rich_tariffs(), minors)
@settings(max_examples=200)
def test_the_lines_add_up_to_the_total_exactly(
    data: st.DataObject, tariff: Tariff, minor: int
) -> None:
    quote = _quote(tariff, minor, data.draw(accounts(tariff)))
    assert sum(line.amount.minor for line in quote.lines) == minor
    gifts = {LineKind.SUBSIDY, LineKind.ADJUSTMENT}
    assert all(line.amount.minor >= 0 for line in quote.lines if line.kind not in gifts)


@given(st.data(), rich_tariffs(), minors)
@settings(max_examples=150)
def test_nobody_pays_more_than_is_owed_and_the_rest_stays_due(
    data: st.DataObject, tariff: Tariff, minor: int
) -> None:
    account = data.draw(accounts(tariff))
    quote = _quote(tariff, minor, account)
    balances = {debt.name: debt.balance.minor for debt in account.debts}
    for line in quote.lines:
        if line.kind is LineKind.DEBT:
            assert line.left is not None
            assert 0 <= line.left.minor <= balances[line.name]
            assert line.amount.minor + line.left.minor == balances[line.name]
        if line.kind is LineKind.CHARGE:
            assert line.left is not None
            assert line.left.minor >= 0


@given(st.data(), rich_tariffs(), minors)
@settings(max_examples=150)
def test_each_percent_is_that_percent_of_the_lines_it_names(
    data: st.DataObject, tariff: Tariff, minor: int
) -> None:
    """Work taxes out once more, from the printed lines alone."""
    quote = _quote(tariff, minor, data.draw(accounts(tariff)))
    groups = {
        "all": {LineKind.ENERGY, LineKind.CHARGE},
        "energy": {LineKind.ENERGY},
        "charges": {LineKind.CHARGE},
    }
    levies = {levy.name for levy in tariff.levies if levy.on != ("tender",)}
    for tax in tariff.taxes:
        if tax.on == ("rest",):
            continue
        kinds = set().union(*(groups.get(word, set()) for word in tax.on))
        named = levies if {"all", "levies"} & set(tax.on) else set()
        base = [line for line in quote.lines if line.kind in kinds or line.name in named]
        (line,) = [one for one in quote.lines if one.name == tax.name]
        expected = Fraction(sum(one.amount.minor for one in base)) * Fraction(tax.percent) / 100
        assert abs(line.amount.minor - expected) <= len(quote.lines)


@given(st.data(), rich_tariffs(stamps=False), minors, st.integers(1, 2000))
@settings(max_examples=150)
def test_more_money_never_buys_fewer_units(
    data: st.DataObject, tariff: Tariff, minor: int, more: int
) -> None:
    account = data.draw(accounts(tariff))
    quote = _quote(tariff, minor, account)
    assert _quote(tariff, minor + more, account).tenths >= quote.tenths


@given(st.data(), rich_tariffs(), minors)
@settings(max_examples=100)
def test_money_and_units_are_inverse_within_one_step_of_the_token(
    data: st.DataObject, tariff: Tariff, minor: int
) -> None:
    account = data.draw(accounts(tariff))
    quote = _quote(tariff, minor, account)
    again = tariff.for_units(quote.tenths, account)
    assert again.total.minor <= minor
    assert again.tenths >= quote.tenths
    if again.total.minor > 1:
        assert _tenths(tariff, again.total.minor - 1, account) < quote.tenths


@given(st.integers(1, 90_000), st.integers(10_000, 90_000), st.sampled_from(["10", "37.5", "60"]))
@settings(max_examples=60)
def test_a_capped_charge_is_paid_in_full_by_and_by_and_not_a_cent_more(
    amount: int, tender: int, cap: str
) -> None:
    charge = Charge("fee", Decimal(amount).scaleb(-2), Per.MONTH, cap_percent=Decimal(cap))
    tariff = replace(tariff_of([("1.37", None)], taxes=[("VAT", "15")]), charges=(charge,))
    account = Account(months_due=1)
    paid = 0
    for _ in range(1000):
        quote = tariff.for_money(Money(tender, RAND), account)
        paid += sum(line.amount.minor for line in quote.lines if line.kind is LineKind.CHARGE)
        account = Account(months_due=0, carried=quote.carried)
        if not quote.carried:
            break
    assert paid == amount


@given(st.lists(st.integers(1, 90_000), min_size=1, max_size=3), st.sampled_from(["5", "33.3"]))
@settings(max_examples=60)
def test_debts_are_repaid_to_the_last_cent_in_their_order(balances: list[int], part: str) -> None:
    rules = tuple(DebtRule(f"debt {n}", percent=Decimal(part)) for n in range(len(balances)))
    tariff = replace(tariff_of([("1", None)]), debt_rules=rules, debt_cap_percent=Decimal(50))
    left = dict(zip([rule.name for rule in rules], balances, strict=True))
    for _ in range(400):
        debts = tuple(Debt(name, Money(minor, RAND)) for name, minor in left.items() if minor)
        if not debts:
            break
        quote = tariff.for_money(Money(20_000, RAND), Account(debts=debts))
        lines = [line for line in quote.lines if line.kind is LineKind.DEBT]
        assert [line.name for line in lines] == sorted(debt.name for debt in debts)
        assert sum(line.amount.minor for line in lines) <= 10_000 + len(lines)
        for line in lines:
            assert line.left is not None
            left[line.name] = line.left.minor
    assert set(left.values()) == {0}


@given(st.integers(100, 300_000), st.integers(100, 300_000))
@settings(max_examples=100)
def test_two_purchases_of_a_month_buy_what_one_buys(first: int, second: int) -> None:
    tariff = tariff_of([("1.00", "100"), ("1.70", "350"), ("2.20", None)], taxes=[("VAT", "15")])
    once = tariff.for_money(Money(first + second, RAND), Account())
    one = tariff.for_money(Money(first, RAND), Account())
    two = tariff.for_money(Money(second, RAND), Account(bought=one.units))
    assert abs(one.units + two.units - once.units) < Decimal("0.00000001")


def test_what_earlier_purchases_left_of_a_charge_comes_first_and_is_taxed_once() -> None:
    charge = Charge("fee", Decimal(100), Per.MONTH, cap_percent=Decimal(50))
    tariff = replace(tariff_of([("1", None)], taxes=[("VAT", "15")]), charges=(charge,))
    account = Account(months_due=1, carried=(Carried("fee", Money(4000, RAND)),))
    quote = tariff.for_money(Money(100_000, RAND), account)
    # 140 and 21 of VAT leave 839; 839 / 1.15 = 729.57
    assert [line.amount.plain() for line in quote.lines] == ["729.57", "140.00", "130.43"]
    assert quote.carried == ()
