"""Ways of paying: masks, limits, roles, and sums that always come out."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.money import Currency, Money
from pos_app.domain.tender import (
    CASH,
    CashNotInCoins,
    Tender,
    TenderShort,
    TenderTooMuch,
    cash_kept,
    parse_tender,
    settle,
)
from pos_app.domain.tender_kind import (
    CASH_KIND,
    Reference,
    ReferenceInvalid,
    ReferenceNeeded,
    TenderAboveLimit,
    TenderKind,
    TenderKindUnknown,
    TenderNotYours,
    accepted,
    fits,
    givers,
    mask_valid,
    reference_of,
)

RAND = Currency("ZAR", 2, 10)
CHEQUE = TenderKind("cheque", reference=Reference.REQUIRED, mask="999999[999]", in_drawer=True)
GIFT = TenderKind("gift", reference=Reference.OPTIONAL, gives_change=True)
ACCOUNT = TenderKind("account", roles=("engineer",), limit={"ZAR": Decimal("100.00")})
KINDS = (CASH_KIND, CHEQUE, GIFT, ACCOUNT)


def paid(kind: str, minor: int, reference: str = "") -> Tender:
    return Tender(kind, Money(minor, RAND), reference)


@pytest.mark.parametrize(
    ("mask", "good", "bad"),
    [
        ("999999[999]", ("000123", "0001234", "000123456"), ("00012", "0001234567", "00012A")),
        ("XXXX", ("A1B2", "0000"), ("A1B", "A1B2C", "a1b2")),
        ("AA-99", ("MP-07",), ("MP07", "M1-07", "MP-7")),
        ("[99]", (), ("", "1")),
        ("A.9", ("A.1",), ("AX1",)),
        ("", ("whatever",), ()),
    ],
)
def test_a_mask_lets_through_what_looks_like_it(
    mask: str, good: tuple[str, ...], bad: tuple[str, ...]
) -> None:
    assert mask_valid(mask) is (mask != "[99]")
    if mask_valid(mask):
        assert all(fits(mask, reference) for reference in good)
        assert not any(fits(mask, reference) for reference in bad)


@pytest.mark.parametrize("mask", ["9[", "9]", "9[9]9", "9[[9]]", "9" * 41])
def test_what_is_no_mask_is_refused(mask: str) -> None:
    assert not mask_valid(mask)


def test_a_reference_has_one_form_whoever_types_it() -> None:
    assert reference_of(GIFT, " ab 12 cd ") == "AB12CD"
    assert reference_of(CHEQUE, "000 123") == "000123"
    assert reference_of(GIFT, "") == ""


def test_a_reference_that_is_missing_or_wrong_is_refused_with_its_shape() -> None:
    with pytest.raises(ReferenceNeeded) as needed:
        reference_of(CHEQUE, "  ")
    assert needed.value.facts == {"tender": "cheque", "example": "123456"}
    with pytest.raises(ReferenceInvalid):
        reference_of(CHEQUE, "12")
    with pytest.raises(ReferenceInvalid):
        reference_of(ACCOUNT, "7")
    with pytest.raises(ReferenceInvalid):
        reference_of(GIFT, "X" * 41)


def test_a_payment_is_checked_against_its_kind() -> None:
    given_over = [paid("cheque", 5000, "000 123"), paid(CASH, 1000)]
    assert accepted(KINDS, given_over, "cashier")[0].reference == "000123"
    with pytest.raises(TenderKindUnknown) as unknown:
        accepted(KINDS, [paid("shells", 100)], "cashier")
    assert unknown.value.facts == {"tender": "shells", "known": "cash, cheque, gift, account"}
    with pytest.raises(TenderNotYours):
        accepted(KINDS, [paid("account", 100)], "cashier")
    for role in ("engineer", "supervisor"):
        assert accepted(KINDS, [paid("account", 10_000)], role)


def test_a_limit_is_for_all_payments_of_a_kind_together() -> None:
    with pytest.raises(TenderAboveLimit) as above:
        accepted(KINDS, [paid("account", 6000), paid("account", 4001)], "supervisor")
    assert above.value.facts == {"tender": "account", "limit": "100.00", "currency": "ZAR"}
    assert accepted(KINDS, [paid("account", 6000), paid("account", 4000)], "supervisor")


def test_only_what_may_give_change_gives_it_and_always_in_coins() -> None:
    taken = givers(KINDS)
    assert taken == {CASH, "gift"}
    settled = settle(Money(4500, RAND), [paid("gift", 5000)], taken)
    assert (settled.change.minor, settled.rounding.minor) == (500, 0)
    assert cash_kept([paid("gift", 5000)], settled).minor == -500
    odd = settle(Money(4503, RAND), [paid("gift", 5000)], taken)
    assert (odd.change.minor, odd.due.minor, odd.rounding.minor) == (500, 4500, -3)
    with pytest.raises(TenderTooMuch):
        settle(Money(4500, RAND), [paid("cheque", 5000)], taken)
    with pytest.raises(TenderTooMuch):
        settle(Money(4500, RAND), [paid("gift", 5000), paid(CASH, 100)], taken)


@given(
    st.integers(1, 10**6),
    st.lists(
        st.tuples(st.sampled_from(["cash", "cheque", "gift"]), st.integers(1, 10**6)), max_size=5
    ),
)
def test_what_is_handed_over_is_what_is_due_and_what_goes_back(
    total: int, handed: list[tuple[str, int]]
) -> None:
    tenders = [paid(kind, minor * 10 if kind == CASH else minor) for kind, minor in handed]
    try:
        settled = settle(Money(total, RAND), tenders, givers(KINDS))
    except (TenderShort, TenderTooMuch, CashNotInCoins):
        return
    received = sum(each.amount.minor for each in tenders)
    assert settled.received.minor == received == settled.due.minor + settled.change.minor
    assert settled.due == settled.total + settled.rounding
    assert settled.change.minor >= 0
    assert settled.change.minor % RAND.smallest_coin == 0
    kept = cash_kept(tenders, settled).minor
    others = sum(each.amount.minor for each in tenders if each.kind != CASH)
    assert kept + others == settled.due.minor


def test_a_typed_payment_may_carry_a_reference() -> None:
    typed = parse_tender("cheque:50.00: 000123", RAND, {"cash", "cheque"})
    assert typed == paid("cheque", 5000, "000123")
    assert parse_tender("cheque:5:a:b", RAND, {"cheque"}).reference == "a:b"
