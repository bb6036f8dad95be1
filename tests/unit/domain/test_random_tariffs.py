"""Whole purchases over random tariff files: no money is made or lost, whatever a file says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from pos_app.application.sale import sale_line
from pos_app.domain.money import Money
from pos_app.domain.tariff.account import Account, Adjustment, Debt
from pos_app.domain.tariff.account_values import account_from, account_values
from pos_app.domain.tariff.file import parse_tariff
from pos_app.domain.tariff.parts import TokenKind
from pos_app.domain.tariff.quote import Quote
from pos_app.domain.tariff.refusals import (
    BelowMinimum,
    BuysNothing,
    ChargesFirst,
    NoPriceAbove,
    TariffInvalid,
    UnitsBeyondToken,
)
from pos_app.domain.tariff.tariff import Tariff
from pos_app.domain.tender import Settlement, Tender, cash_due, settle
from tests.money_proofs import prove_money, prove_owed
from tests.unit.domain.tariff_drawing import tariff_texts

NOTHING = (BelowMinimum, BuysNothing, ChargesFirst, NoPriceAbove, UnitsBeyondToken)
FEW = settings(max_examples=80)


@st.composite
def tariffs(draw: st.DrawFn) -> Tariff:
    """What a random file is read as; one that makes no price is refused and not looked at."""
    try:
        return parse_tariff(draw(tariff_texts()))
    except TariffInvalid as refusal:
        event(f"refused: {refusal.facts['problem']}")
        assume(condition=False)
        raise


@st.composite
def accounts(draw: st.DrawFn, tariff: Tariff) -> Account:
    """An account of any past, on any day, leap days and ends of months among them."""
    days = st.dates(date(2023, 12, 28), date(2029, 3, 2)) | st.sampled_from(
        [date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 1), date(2027, 12, 31)]
    )
    last, on = sorted((draw(days), draw(days)))
    money = st.integers(1, 90_000).map(lambda minor: Money(minor, tariff.currency))
    percents = st.none() | st.integers(1, 100).map(Decimal)
    debts = [
        Debt(name, draw(money), draw(percents), draw(st.none() | money), f"D{number}")
        for number, name in enumerate(draw(st.lists(st.sampled_from(["Meter loan", "Old"]))))
    ]
    signs = st.sampled_from([-1, 1])
    adjustments = [
        Adjustment("Past", Money(draw(signs) * draw(money).minor, tariff.currency), None, "A1"),
        Adjustment("Grant of the state", Money(-draw(money).minor, tariff.currency), None, "S1"),
    ]
    tenths = st.integers(0, 4_000).map(lambda number: Decimal(number).scaleb(-1))
    return Account(
        bought=draw(tenths),
        spent=draw(st.none() | money),
        on=on,
        last_purchase=draw(st.sampled_from([None, last])),
        free_taken=draw(st.none() | tenths),
        debts=tuple(debts),
        adjustments=tuple(
            replace(part, subsidy=part.ref == "S1")
            for part in draw(st.lists(st.sampled_from(adjustments), unique=True))
        ),
    )


@st.composite
def payments(draw: st.DrawFn, total: Money) -> tuple[Tender, ...]:
    """Notes and coins, other ways, or both; too much cash at times, too much paper at times."""
    other = draw(st.sampled_from([0, 0, total.minor, total.minor // 3]))
    coin = total.currency.smallest_coin
    ways = []
    if other and draw(st.booleans()):
        ways.append(Tender("card", Money(other, total.currency)))
    elif other == total.minor:  # a voucher that gives change in coins
        ways.append(Tender("voucher", Money(other + draw(st.integers(0, 900)), total.currency)))
    rest = total.minor - sum(way.amount.minor for way in ways)
    if rest > 0:
        handed = cash_due(Money(rest, total.currency)).minor + coin * draw(st.integers(0, 90))
        ways.append(Tender("cash", Money(handed, total.currency)))
    return tuple(ways)


def bought(tariff: Tariff, minor: int, account: Account) -> Quote:
    try:
        return tariff.for_money(Money(minor, tariff.currency), account)
    except NOTHING as refusal:
        event(f"bought nothing: {refusal.code}")
        assume(condition=False)
        raise


def body_of(quote: Quote, paid: Settlement, tenders: tuple[Tender, ...]) -> dict[str, Any]:
    """Return the money of a sale as the journal writes it."""
    lines = [sale_line(line) for line in quote.lines]
    return {
        "lines": [
            {"kind": line.kind, "amount_minor": line.amount_minor, "left_minor": line.left_minor,
             "ref": line.ref, "name": line.name}
            for line in lines
        ],
        "tenders": [{"kind": each.kind, "amount_minor": each.amount.minor} for each in tenders],
        "total_minor": quote.total.minor,
        "rounding_minor": paid.rounding.minor,
        "due_minor": paid.due.minor,
        "change_minor": paid.change.minor,
    }  # fmt: skip


@FEW
@given(st.data(), tariffs(), st.integers(50, 900_000))
def test_lines_make_the_total_and_the_total_is_what_was_paid(
    data: st.DataObject, tariff: Tariff, minor: int
) -> None:
    account = data.draw(accounts(tariff))
    quote = bought(tariff, minor, account)
    tenders = data.draw(payments(quote.total))
    paid = settle(quote.total, tenders, {"cash", "voucher"})
    body = body_of(quote, paid, tenders)
    prove_money(body, tariff.currency.smallest_coin)
    owed = {debt.ref: debt.balance.minor for debt in account.debts}
    assert sum(prove_owed(body, owed).values()) <= sum(owed.values())
    event(f"{tariff.token} tokens in {tariff.currency.code}")


@FEW
@given(st.data(), tariffs(), st.integers(50, 900_000))
def test_a_quote_follows_from_the_inputs_that_a_sale_keeps(
    data: st.DataObject, tariff: Tariff, minor: int
) -> None:
    account = data.draw(accounts(tariff))
    quote = bought(tariff, minor, account)
    again = account_from(account_values(account), tariff.currency)
    assert tariff.for_money(quote.total, again) == quote


@settings(max_examples=40)
@given(st.data(), tariffs(), st.integers(50, 900_000))
def test_money_and_units_of_a_random_file_are_inverse_within_one_step(
    data: st.DataObject, tariff: Tariff, minor: int
) -> None:
    account = data.draw(accounts(tariff))
    quote = bought(tariff, minor, account)
    wanted = quote.tenths
    try:
        again = tariff.for_units(wanted, account)
    except BelowMinimum:
        assert tariff.minimum is not None
        return
    assert again.total.minor <= minor
    assert again.tenths >= wanted
    if tariff.token is TokenKind.UNITS and again.total.minor > 1:
        try:
            less = tariff.for_money(Money(again.total.minor - 1, tariff.currency), account)
        except NOTHING:
            return
        assert less.tenths < wanted
