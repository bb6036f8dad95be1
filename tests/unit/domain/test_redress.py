"""Money back: no more than was paid, the way it came, in coins; and days on any wall clock."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_app.application.shop_time import day_bounds, day_of, month_of
from pos_app.domain.money import Currency, Money
from pos_app.domain.redress import (
    REASONS,
    Paid,
    Reason,
    ReasonUnfit,
    RedressKind,
    RefundTooMuch,
    TokenFate,
    TokenUsed,
    leaves_claim,
    refund_parts,
    refuse_unfit,
    share,
)
from pos_app.domain.shift import (
    REFUNDED,
    TENDER,
    Tally,
    drawer_cash,
    found_takings,
    takings,
)
from pos_app.domain.tender import CASH, CashNotInCoins, Settlement, Tender, cash_kept, settle
from tests.adding_machine import wall_day

COINS = st.sampled_from([Currency("ZAR", 2, 10), Currency("NGN", 2, 1), Currency("UGX", 0, 50)])


@st.composite
def purchases(draw: st.DrawFn) -> tuple[tuple[Tender, ...], Settlement]:
    """Draw a purchase that was paid with a card, in cash, or in both with change."""
    currency = draw(COINS)
    coin = currency.smallest_coin
    total = draw(st.integers(coin, 10**9))
    card = draw(st.sampled_from([0, total // 3, total]) | st.integers(0, total))
    tenders = [Tender("card", Money(card, currency))] if card else []
    if card < total:
        least = -(-(total - card) // coin) * coin
        more = draw(st.integers(0, 200)) * coin
        tenders.append(Tender(CASH, Money(least + more, currency)))
    return tuple(tenders), settle(Money(total, currency), tenders)


def kept(tenders: tuple[Tender, ...], paid: Settlement) -> tuple[Paid, ...]:
    cash = cash_kept(tenders, paid)
    other = [Paid(each.kind, each.amount) for each in tenders if each.kind != CASH]
    return (*other, *([Paid(CASH, cash)] if cash.minor > 0 else []))


@settings(max_examples=150)
@given(purchases(), st.fractions(0, 1))
def test_what_goes_back_is_what_was_asked_and_came_that_way(
    purchase: tuple[tuple[Tender, ...], Settlement], part: Fraction
) -> None:
    tenders, paid = purchase
    amount = Money(max(int(paid.due.minor * part), 1), paid.due.currency)
    try:
        parts = refund_parts(kept(tenders, paid), paid.due, amount)
    except CashNotInCoins:
        assert amount.minor % paid.due.currency.smallest_coin
        return
    assert sum(each.amount.minor for each in parts) == amount.minor
    came = {each.kind: each.amount.minor for each in kept(tenders, paid)}
    for each in parts:
        assert 0 < each.amount.minor <= came[each.kind]
    if parts[0].kind == CASH and len(parts) > 1:
        assert parts[0].amount.minor == came[CASH]  # nothing on a card while cash is left


@settings(max_examples=150)
@given(purchases())
def test_a_whole_refund_leaves_drawer_and_takings_as_if_nothing_was_sold(
    purchase: tuple[tuple[Tender, ...], Settlement],
) -> None:
    tenders, paid = purchase
    currency = paid.due.currency
    parts = refund_parts(kept(tenders, paid), paid.due, paid.due)

    def tally(name: str, minor: int) -> Tally:
        return Tally(name, 1, minor, currency.code, currency.decimals)

    sold = [tally(TENDER + CASH, cash_kept(tenders, paid).minor)]
    back = [tally(REFUNDED + each.kind, each.amount.minor) for each in parts]
    for look in (drawer_cash, takings, found_takings):
        assert look([*sold, *back], currency).minor == 0


@given(st.integers(-10, 10**6), st.integers(1, 10**6))
def test_more_than_was_paid_or_nothing_is_refused(amount: int, due: int) -> None:
    rand = Currency("ZAR", 2, 1)
    paid = (Paid(CASH, Money(due, rand)),)
    if 0 < amount <= due:
        assert refund_parts(paid, Money(due, rand), Money(amount, rand))
        return
    with pytest.raises(RefundTooMuch):
        refund_parts(paid, Money(due, rand), Money(amount, rand))


@given(st.integers(0, 10**9), st.integers(1, 10**6), st.data())
def test_a_share_is_half_up_and_never_more_than_the_whole(
    minor: int, whole: int, data: st.DataObject
) -> None:
    part = data.draw(st.integers(0, whole))
    exact = Fraction(minor * part, whole)
    assert share(minor, part, whole) == int(exact + Fraction(1, 2))
    assert share(minor, whole, whole) == minor
    assert 0 <= share(minor, part, whole) <= minor


@pytest.mark.parametrize("kind", list(RedressKind))
@pytest.mark.parametrize("reason", list(Reason))
@pytest.mark.parametrize("fate", list(TokenFate))
def test_a_reason_fits_its_kind_and_a_used_token_only_a_wrong_meter(
    kind: RedressKind, reason: Reason, fate: TokenFate
) -> None:
    used = fate is TokenFate.ENTERED and reason is not Reason.WRONG_METER
    if reason not in REASONS[kind]:
        with pytest.raises(ReasonUnfit):
            refuse_unfit(kind, reason, fate, "R")
    elif used:
        with pytest.raises(TokenUsed):
            refuse_unfit(kind, reason, fate, "R")
    else:
        refuse_unfit(kind, reason, fate, "R")
    perhaps = fate in {TokenFate.ENTERED, TokenFate.UNKNOWN}
    assert leaves_claim(reason, fate) is (reason is Reason.WRONG_METER and perhaps)


INSTANTS = st.integers(0, 4_102_444_800_000)  # to the end of 2099
OFFSETS = st.integers(-12 * 4, 14 * 4).map(lambda quarters: 15 * quarters)


@settings(max_examples=200)
@given(INSTANTS, OFFSETS)
def test_a_day_and_a_month_are_those_of_the_wall_clock(at_ms: int, offset: int) -> None:
    day = wall_day(at_ms, offset)
    assert (day_of(at_ms, offset), month_of(at_ms, offset)) == (day, day[:7])
    start, end = day_bounds(at_ms, offset)
    assert start <= at_ms < end
    assert day_of(start, offset) == day_of(end - 1, offset) == day
    assert day_of(start - 1, offset) < day < day_of(end, offset)


@pytest.mark.parametrize(
    ("at_ms", "offset", "day"),
    [
        (1_835_391_000_000, 60, "2028-02-28"),  # 22:50 UTC
        (1_835_391_600_000, 60, "2028-02-29"),  # 23:00 UTC
        (1_709_251_199_999, 0, "2024-02-29"),
        (1_709_251_200_000, 0, "2024-03-01"),
        (1_798_761_599_999, 0, "2026-12-31"),
        (1_798_761_599_999, 840, "2027-01-01"),  # Kiribati
        (1_798_761_600_000, -720, "2026-12-31"),
        (4_107_542_399_000, 0, "2100-02-28"),  # 2100 is no leap year
        (4_107_542_400_000, 0, "2100-03-01"),
    ],
)
def test_leap_days_and_ends_of_months(at_ms: int, offset: int, day: str) -> None:
    assert day_of(at_ms, offset) == day
