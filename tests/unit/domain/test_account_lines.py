"""Debts and adjustments of an account: what a line takes and what it leaves are all there was."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from pos_app.domain.errors import PosError
from pos_app.domain.money import Currency, Money
from pos_app.domain.tariff.account import Account, Adjustment, Debt
from pos_app.domain.tariff.account_values import account_from, account_values
from pos_app.domain.tariff.file import parse_tariff
from pos_app.resources import resource

RAND = Currency("ZAR", 2, 10)
CAPE = parse_tariff(
    resource("tariffs", "highveld-light.toml")
    .read_text(encoding="utf-8")
    .replace("minimum", "debt_cap_percent = 80\nminimum")
)
PERCENTS = st.none() | st.integers(1, 100).map(Decimal)
DEBTS = st.lists(
    st.tuples(st.integers(1, 50_000), PERCENTS, st.none() | st.integers(1, 9_000)), max_size=4
)
ADJUSTMENTS = st.lists(st.tuples(st.integers(-9_000, 9_000).filter(bool), PERCENTS), max_size=3)


def account_of(
    debts: list[tuple[int, Decimal | None, int | None]],
    adjustments: list[tuple[int, Decimal | None]],
) -> Account:
    return Account(
        debts=tuple(
            Debt(
                "Loan",
                Money(minor, RAND),
                percent,
                Money(part, RAND) if part else None,
                f"D{number}",
            )
            for number, (minor, percent, part) in enumerate(debts)
        ),
        adjustments=tuple(
            Adjustment("Past", Money(minor, RAND), percent, f"A{number}")
            for number, (minor, percent) in enumerate(adjustments)
        ),
    )


@settings(max_examples=200, deadline=None)
@given(st.integers(1_000, 500_000), DEBTS, ADJUSTMENTS)
def test_no_cent_of_a_debt_is_lost_between_what_is_taken_and_what_is_left(
    tender: int,
    debts: list[tuple[int, Decimal | None, int | None]],
    adjustments: list[tuple[int, Decimal | None]],
) -> None:
    account = account_of(debts, adjustments)
    try:
        quote = CAPE.for_money(Money(tender, RAND), account)
    except PosError:
        return
    assert sum(line.amount.minor for line in quote.lines) == tender
    owed = {debt.ref: debt.balance.minor for debt in account.debts}
    owed |= {part.ref: part.amount.minor for part in account.adjustments}
    for line in quote.lines:
        if line.ref:
            assert line.left is not None
            assert line.amount.minor + line.left.minor == owed.pop(line.ref)
            assert line.left.minor * line.amount.minor >= 0  # never more than there was
    assert all(ref.startswith("A") for ref in owed)  # a debt always has its line


@given(DEBTS, ADJUSTMENTS)
def test_an_account_is_read_back_as_it_was_written(
    debts: list[tuple[int, Decimal | None, int | None]],
    adjustments: list[tuple[int, Decimal | None]],
) -> None:
    account = account_of(debts, adjustments)
    assert account_from(account_values(account), RAND) == account
