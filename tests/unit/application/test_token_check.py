"""What a till knows of a token: real keys, real sales, and nothing that cannot be known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pos_app.adapters.vault.records import seal_vending_key
from pos_app.application.check_words import check_json, check_lines, diagnosis_lines
from pos_app.application.ports import KeyAttributes
from pos_app.application.token_check import TokenCheck
from pos_app.application.words import load_words
from pos_app.bootstrap.shop import OpenShop
from pos_app.domain.reject import Action, Fit, Use
from pos_app.domain.tid import to_base
from pos_app.sts.errors import TokenFormat
from pos_app.sts.keys import KeyAttributes as StsAttributes
from pos_app.sts.keys import VendingKey, derive_decoder_key
from pos_app.sts.tokens import CreditToken, encode
from tests.shops import HIGHVELD, LAKESIDE, START_MS, HeldClock, make_shop, opened, order

MINUTE = 17_823_512  # of START_MS, since 1993
OTHER_KEY = VendingKey(bytes.fromhex("0123456789abcdef0123456789abcdef01234567"))
FIRST_KEY = VendingKey(bytes.fromhex("abababababababab949494949494949401234567"))


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock()


@pytest.fixture
def shop(tmp_path: Path, clock: HeldClock) -> Iterator[OpenShop]:
    shop = opened(make_shop(tmp_path), clock)
    yield shop
    shop.close()


def sold(shop: OpenShop, minor: int = 5000) -> str:
    return shop.desk.sell(order(shop, HIGHVELD, minor)).tokens[0].digits


def made(shop: OpenShop, key: VendingKey, **changes: int | str) -> str:
    """Make a token of 10 kWh for the meter under another key, as head office would have."""
    meter = replace(shop.desk.card(HIGHVELD).meter, **changes)  # type: ignore[arg-type]
    attributes = StsAttributes(
        meter.pan, meter.kt, meter.sgc, meter.ti, meter.krn, meter.base, meter.ea, meter.dkga
    )
    token = CreditToken(sub=0, tenths=100, tid=to_base(MINUTE, meter.base), rnd=5)
    return encode(token, derive_decoder_key(key, attributes))


def add_key(shop: OpenShop, krn: int, key: VendingKey, until_ms: int) -> None:
    meter = shop.desk.card(HIGHVELD).meter
    attributes = KeyAttributes(
        "vending", meter.sgc, krn, meter.kt, meter.base, meter.ken, meter.dkga, "", 0, until_ms
    )
    with shop.ledger.writing() as transaction:
        transaction.put_key(seal_vending_key(shop.store, attributes, key))


def move_to_revision(shop: OpenShop, krn: int) -> None:
    meter = replace(shop.desk.card(HIGHVELD).meter, krn=krn)
    with shop.ledger.writing() as transaction:
        transaction.import_meters([meter])


def test_the_newest_token_fits_and_nobody_here_knows_whether_it_was_used(shop: OpenShop) -> None:
    check = shop.desk.check_token(sold(shop), HIGHVELD)
    assert (check.fit, check.use) == (Fit.FITS, Use.NEWEST)
    assert check.receipt == "TRAIN1-A000001"
    assert check.made == "2026-11-21 12:32"  # the shop is two hours ahead of UTC


def test_a_token_with_later_ones_was_probably_used(shop: OpenShop, clock: HeldClock) -> None:
    first = sold(shop)
    for minor in (2000, 3000):
        clock.now += 60_000
        sold(shop, minor)
    check = shop.desk.check_token(first, HIGHVELD)
    assert (check.use, check.later) == (Use.PROBABLY, 2)
    said = list(check_lines(check, load_words("en")))
    assert "Probably used: 2 later tokens were sold here to this meter." in said


def test_fifty_later_tokens_push_one_out_of_the_meters_memory(
    shop: OpenShop, clock: HeldClock
) -> None:
    first = sold(shop)
    for number in range(50):
        clock.now += 60_000
        sold(shop, 2000 + 100 * number)
    assert shop.desk.check_token(first, HIGHVELD).use is Use.FORGOTTEN


def test_one_wrong_digit_is_found_in_the_meters_own_sales(shop: OpenShop) -> None:
    digits = sold(shop)
    wrong = digits[:9] + str((int(digits[9]) + 1) % 10) + digits[10:]
    check = shop.desk.check_token(wrong, HIGHVELD)
    assert (check.fit, check.group, check.receipt) == (Fit.MISTYPED, 3, "TRAIN1-A000001")
    assert digits[8:12] not in "".join(check_lines(check, load_words("en")))


def test_a_token_sold_to_another_meter_names_it(shop: OpenShop) -> None:
    check = shop.desk.check_token(sold(shop), LAKESIDE)
    assert (check.fit, check.sold_to) == (Fit.OTHER_METER, HIGHVELD)


def test_a_token_of_the_meters_last_revision_says_so(shop: OpenShop) -> None:
    digits = sold(shop)
    add_key(shop, 2, OTHER_KEY, START_MS * 2)
    move_to_revision(shop, 2)
    check = shop.desk.check_token(digits, HIGHVELD)
    assert (check.fit, check.receipt) == (Fit.OLDER_KEY, "TRAIN1-A000001")
    said = next(check_lines(check, load_words("en")))
    assert said == "It does not fit: this token is for key revision 1, the meter has 2."
    assert shop.desk.diagnose(HIGHVELD, digits, "rEJEct").action is Action.REISSUE


def test_a_key_that_may_issue_no_more_still_reads_what_it_issued(shop: OpenShop) -> None:
    add_key(shop, 9, OTHER_KEY, START_MS - 1)
    check = shop.desk.check_token(made(shop, OTHER_KEY, krn=9), HIGHVELD)
    assert check.fit is Fit.OLDER_KEY  # revisions run 1 to 9 and begin again


def test_a_token_of_a_key_still_to_come_wants_the_key_set_first(shop: OpenShop) -> None:
    add_key(shop, 2, OTHER_KEY, START_MS * 2)
    digits = made(shop, OTHER_KEY, krn=2)
    assert shop.desk.check_token(digits, HIGHVELD).fit is Fit.NEWER_KEY
    assert shop.desk.diagnose(HIGHVELD, digits, "13", "conlog").action is Action.KEY_SET_FIRST


def test_a_token_of_another_tariff_index_says_which(shop: OpenShop) -> None:
    check = shop.desk.check_token(made(shop, FIRST_KEY, ti=7), HIGHVELD)
    assert check.fit is Fit.OTHER_KEY
    assert check_json(check)["key"]["ti"] == 7


def test_a_token_of_nobody_is_not_explained_away(shop: OpenShop) -> None:
    check = shop.desk.check_token("0000 0000 0000 0000 0001", HIGHVELD)
    assert (check.fit, check.use, check.made) == (Fit.UNREAD, Use.UNKNOWN, "")
    assert check_json(check)["later_tokens"] is None


def test_a_display_token_fits_every_meter_and_is_never_used_up(shop: OpenShop) -> None:
    check = shop.desk.check_token("1844 6744 0738 4377 2416", HIGHVELD)
    assert (check.fit, check.use) == (Fit.FITS, Use.ANY_TIME)


@pytest.mark.parametrize("digits", ["", "123", "7" * 21, "99999999999999999999", "x" * 20])
def test_what_is_no_token_is_refused(shop: OpenShop, digits: str) -> None:
    with pytest.raises(TokenFormat):
        shop.desk.check_token(digits, HIGHVELD)


def test_a_till_without_the_meters_key_says_that_it_cannot_tell(shop: OpenShop) -> None:
    digits = sold(shop)
    move_to_revision(shop, 5)
    check = shop.desk.check_token(digits, HIGHVELD)
    assert check.fit is Fit.UNCHECKED


def test_no_check_shows_its_digits_when_it_is_logged(shop: OpenShop) -> None:
    digits = sold(shop)
    check: TokenCheck = shop.desk.check_token(digits, HIGHVELD)
    assert digits not in repr(check)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_diagnosis_is_three_sentences_and_a_source(shop: OpenShop, language: str) -> None:
    found = shop.desk.diagnose(HIGHVELD, sold(shop), "AAAAA", "conlog", again=True)
    lines = list(diagnosis_lines(found, load_words(language)))
    assert found.action is Action.COMPARE_KEY
    assert len(lines) == 4
    assert "conlog.com" in lines[3]


def test_a_display_that_makers_mean_differently_asks_for_the_maker(shop: OpenShop) -> None:
    found = shop.desk.diagnose(HIGHVELD, "", "dddd")
    assert found.action is Action.NAME_MAKER
    assert "Conlog" in next(diagnosis_lines(found, load_words("en")))
