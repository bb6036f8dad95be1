import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pos_app.domain.money import Currency, CurrencyMixed, Money
from pos_app.domain.tender import (
    CASH,
    CashNotInCoins,
    Tender,
    TenderInvalid,
    TenderShort,
    TenderTooMuch,
    cash_due,
    learned_note_keys,
    note_keys,
    parse_tender,
    settle,
)

RAND = Currency("ZAR", 2, 10)
CENT = Currency("EUR", 2, 1)
FRANC = Currency("CHF", 2, 5)
YEN = Currency("JPY", 0, 1)
currencies = st.sampled_from([RAND, CENT, FRANC, YEN])


def _cash(minor: int, currency: Currency = RAND) -> Tender:
    return Tender(CASH, Money(minor, currency))


@given(st.integers(1, 10**7), st.integers(0, 10**6), st.integers(0, 10**7), currencies)
def test_due_rounding_and_change_balance_and_change_is_payable(
    total: int, coins: int, other: int, currency: Currency
) -> None:
    assume(other <= total)
    cash = coins * currency.smallest_coin
    tenders = [_cash(cash, currency)] if cash else []
    if other:
        tenders.append(Tender("card", Money(other, currency)))
    try:
        paid = settle(Money(total, currency), tenders)
    except TenderShort:
        assert cash + other < total + currency.smallest_coin
        return
    assert paid.due == paid.total + paid.rounding
    assert paid.received == paid.due + paid.change
    assert paid.received.minor == cash + other
    assert paid.change.minor >= 0
    assert paid.change.minor % currency.smallest_coin == 0


@given(st.integers(1, 10**9), currencies)
def test_cash_is_due_in_coins_and_at_most_half_a_coin_off(minor: int, currency: Currency) -> None:
    coin = currency.smallest_coin
    due = cash_due(Money(minor, currency)).minor
    assert due % coin == 0
    assert due >= coin
    assert 2 * abs(due - minor) <= coin or due == coin


@pytest.mark.parametrize(
    ("total", "rounding", "change"),
    [(1974, -4, 30), (1975, 5, 20), (1976, 4, 20), (1980, 0, 20), (1984, -4, 20)],
)
def test_cash_rounds_to_the_nearest_ten_cents_half_up(
    total: int, rounding: int, change: int
) -> None:
    paid = settle(Money(total, RAND), [_cash(2000)])
    assert (paid.rounding.minor, paid.change.minor) == (rounding, change)


def test_without_cash_nothing_is_rounded() -> None:
    paid = settle(Money(1973, RAND), [Tender("card", Money(1973, RAND))])
    assert (paid.rounding.minor, paid.due.minor, paid.change.minor) == (0, 1973, 0)


def test_cash_rounds_only_what_another_tender_left() -> None:
    paid = settle(Money(1973, RAND), [Tender("card", Money(1003, RAND)), _cash(1000)])
    assert (paid.rounding.minor, paid.due.minor, paid.change.minor) == (0, 1973, 30)


def test_several_notes_are_one_sum() -> None:
    assert settle(Money(25_000, RAND), [_cash(20_000), _cash(10_000)]).change.minor == 5000


def test_too_little_names_what_is_missing_in_coins() -> None:
    with pytest.raises(TenderShort) as refusal:
        settle(Money(1976, RAND), [_cash(1000)])
    assert refusal.value.facts == {"missing": "9.80", "currency": "ZAR"}


def test_no_tender_at_all_misses_the_whole_total() -> None:
    with pytest.raises(TenderShort) as refusal:
        settle(Money(1976, RAND), [])
    assert refusal.value.facts["missing"] == "19.76"


def test_a_card_is_never_charged_more_than_the_total() -> None:
    with pytest.raises(TenderTooMuch) as refusal:
        settle(Money(1000, RAND), [Tender("card", Money(1001, RAND))])
    assert refusal.value.facts == {"excess": "0.01", "currency": "ZAR"}


def test_cash_that_no_coins_make_up_is_refused() -> None:
    with pytest.raises(CashNotInCoins) as refusal:
        settle(Money(1973, RAND), [_cash(1973)])
    assert refusal.value.facts == {"amount": "19.73", "coin": "0.10", "currency": "ZAR"}


def test_the_smallest_purchase_is_not_rounded_away() -> None:
    assert settle(Money(3, RAND), [_cash(10)]).due.minor == 10
    assert cash_due(Money(0, RAND)).minor == 0


def test_tenders_in_another_currency_are_refused() -> None:
    with pytest.raises(CurrencyMixed):
        settle(Money(1000, RAND), [_cash(1000, CENT)])


def test_a_typed_tender_has_a_kind_and_an_amount() -> None:
    assert parse_tender("cash:50.00", RAND) == _cash(5000)
    assert parse_tender(" cash: 1 250 ", RAND) == _cash(125_000)
    assert parse_tender("card:5", RAND, {"cash", "card"}) == Tender("card", Money(500, RAND))


@pytest.mark.parametrize(
    "typed", ["", "50", "cash", "cash:", "cash:0", "cash:-5", "card:50", ":50"]
)
def test_a_typed_tender_of_no_known_kind_or_amount_is_refused(typed: str) -> None:
    with pytest.raises(TenderInvalid) as refusal:
        parse_tender(typed, RAND)
    assert refusal.value.facts == {"typed": typed}


def _plain(keys: tuple[Money, ...]) -> list[str]:
    return [key.plain() for key in keys]


def test_note_keys_are_the_currencys_notes() -> None:
    assert _plain(note_keys(RAND)) == ["20.00", "50.00", "100.00", "200.00"]
    assert _plain(note_keys(YEN)) == ["1000", "2000", "5000", "10000"]
    assert _plain(note_keys(Currency("XTS"))) == ["10.00", "20.00", "50.00", "100.00"]
    assert _plain(note_keys(Currency("VND", 0))) == ["10000", "20000", "50000", "100000"]


def test_keys_are_learned_from_amounts_that_came_three_times() -> None:
    recent = [
        Money(minor, RAND) for minor in [3000, 3000, 3000, 7000, 7000, 15_000, 15_000, 15_000]
    ]
    assert _plain(learned_note_keys(recent, RAND)) == ["20.00", "30.00", "50.00", "150.00"]
    assert learned_note_keys([], RAND) == note_keys(RAND)


def test_the_more_frequent_then_the_newer_amounts_get_the_keys() -> None:
    counts = {1000: 3, 2000: 3, 3000: 4, 4000: 3, 5000: 3}  # 1000 is the newest of the equals
    recent = [Money(minor, RAND) for minor, times in counts.items() for _ in range(times)]
    assert _plain(learned_note_keys(recent, RAND)) == ["10.00", "20.00", "30.00", "40.00"]


@given(st.lists(st.integers(1, 10**6).map(lambda minor: Money(minor, RAND)), max_size=80))
def test_there_are_always_four_different_rising_keys(recent: list[Money]) -> None:
    keys = [key.minor for key in learned_note_keys(recent, RAND)]
    assert len(set(keys)) == 4
    assert keys == sorted(keys)
