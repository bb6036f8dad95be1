from datetime import date

import pytest

from pos_app.domain.money import Currency, Money
from pos_app.domain.usual import PastPurchase, days_lasting, usage_per_day, usual_amount

RAND = Currency("ZAR", 2, 10)


def _history(*rows: tuple[int, int, int]) -> list[PastPurchase]:
    """Give purchases of (day of May, rand, tenths), the newest first."""
    return [PastPurchase(date(2024, 5, day), Money(rand * 100, RAND), t) for day, rand, t in rows]


def _usual(*rand: int) -> int | None:
    amount = usual_amount(_history(*((28 - n, each, 1) for n, each in enumerate(rand))))
    return None if amount is None else amount.minor // 100


@pytest.mark.parametrize(
    ("rand", "usual"),
    [
        ((), None),
        ((20,), 20),
        ((100, 50, 50), 50),
        ((100, 50, 50, 100), 100),
        ((50, 100, 20), 50),
        ((10, 20, 30, 40, 50, 60, 60, 60), 10),
    ],
)
def test_the_usual_amount_is_the_most_frequent_of_six_and_the_newer_of_equals(
    rand: tuple[int, ...], usual: int | None
) -> None:
    assert _usual(*rand) == usual


def test_usage_is_what_was_bought_before_the_newest_purchase_by_the_days_between() -> None:
    history = _history((21, 100, 999), (11, 100, 300), (1, 100, 500))
    assert usage_per_day(history) == 40
    assert days_lasting(457, history) == 11


def test_two_purchases_on_the_newest_day_are_both_still_to_be_used() -> None:
    history = _history((11, 100, 999), (11, 100, 999), (1, 100, 500))
    assert usage_per_day(history) == 50


def test_usage_is_rounded_half_up_but_days_come_from_the_exact_figure() -> None:
    history = _history((5, 100, 1), (1, 100, 10))  # 2.5 tenths a day
    assert usage_per_day(history) == 3
    assert days_lasting(10, history) == 4


@pytest.mark.parametrize("rows", [(), ((3, 100, 50),), ((3, 100, 50), (3, 100, 70))])
def test_less_than_two_days_of_purchases_tell_no_usage(
    rows: tuple[tuple[int, int, int], ...],
) -> None:
    assert usage_per_day(_history(*rows)) is None
    assert days_lasting(100, _history(*rows)) is None


def test_tokens_without_units_tell_no_days() -> None:
    assert days_lasting(100, _history((5, 100, 50), (1, 100, 0))) is None
