"""Finding a meter and its card, on a real shop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pos_app.application.errors import MeterUnknown, TariffMissing
from pos_app.application.records import MeterRecord
from pos_app.bootstrap.shop import OpenShop
from pos_app.bootstrap.training import training_meters
from pos_app.sts.errors import DrnCheckDigit, DrnInvalid
from tests.shops import HIGHVELD, LAGOON, LAKESIDE, METERS, HeldClock, make_shop, opened, order

EVERYBODY = tuple(training_meters(METERS))
PAN = next(each.pan for each in EVERYBODY if each.drn == HIGHVELD)


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock()


@pytest.fixture
def shop(tmp_path: Path, clock: HeldClock) -> Iterator[OpenShop]:
    shop = opened(make_shop(tmp_path), clock)
    yield shop
    shop.close()


def put(shop: OpenShop, **changed: object) -> MeterRecord:
    meter = replace(EVERYBODY[0], **changed)  # type: ignore[arg-type]
    with shop.ledger.writing() as transaction:
        transaction.import_meters([meter])
    return meter


def fragments(meter: MeterRecord) -> tuple[str, ...]:
    last, first = meter.name.split(" ", 1)
    return (
        meter.drn,
        meter.drn[:7],
        meter.pan,
        f"{meter.drn[:4]} {meter.drn[4:8]} {meter.drn[8:]}",
        last.lower(),
        first[:4],
        meter.phone,
        meter.address.split(", ")[1],
        meter.account,
    )


def test_whatever_a_customer_says_of_herself_finds_her(shop: OpenShop) -> None:
    for meter in EVERYBODY[:: METERS // 12]:
        for fragment in fragments(meter):
            found = [hit.drn for hit in shop.desk.find(fragment, METERS)]
            assert meter.drn in found, fragment


def test_a_whole_number_finds_one_meter_and_a_limit_is_kept(shop: OpenShop) -> None:
    for typed in (HIGHVELD, PAN):
        (hit,) = shop.desk.find(typed)
        assert hit.drn == HIGHVELD
    assert len(shop.desk.find("0", 7)) <= 7
    assert shop.desk.find("zzzz") == shop.desk.find("") == ()


def test_a_card_that_was_swiped_badly_is_not_taken_for_another_meter(shop: OpenShop) -> None:
    for at in range(18):
        wrong = PAN[:at] + str((int(PAN[at]) + 1) % 10) + PAN[at + 1 :]
        with pytest.raises((DrnCheckDigit, DrnInvalid)):
            shop.desk.find(wrong)


@pytest.mark.parametrize(
    "typed", [HIGHVELD, PAN, f" {HIGHVELD[:4]} {HIGHVELD[4:]} ", f"{HIGHVELD[:5]}-{HIGHVELD[5:]}"]
)
def test_a_number_may_be_written_in_groups(shop: OpenShop, typed: str) -> None:
    assert shop.desk.meter_number(typed) == HIGHVELD


def test_every_single_wrong_digit_is_called_a_typing_slip(shop: OpenShop) -> None:
    for at in range(len(HIGHVELD)):
        for step in range(1, 10):
            wrong = HIGHVELD[:at] + str((int(HIGHVELD[at]) + step) % 10) + HIGHVELD[at + 1 :]
            with pytest.raises(DrnCheckDigit):
                shop.desk.meter_number(wrong)


def test_only_a_sound_number_is_called_unknown(shop: OpenShop) -> None:
    # 7992739871 with its Luhn digit 3 is the published example of the formula.
    with pytest.raises(MeterUnknown) as caught:
        shop.desk.meter_number("79927398713")
    assert caught.value.facts == {"typed": "79927398713"}
    for typed in ("", "7", "x" * 11, "٧٩٩٢٧٣٩٨٧١٣", "\ud800", "7992739871\0", "9" * 5000):
        with pytest.raises(DrnInvalid):
            shop.desk.meter_number(typed)


def test_a_number_on_file_counts_even_if_its_check_digit_does_not_fit(shop: OpenShop) -> None:
    odd = HIGHVELD[:-1] + str((int(HIGHVELD[-1]) + 1) % 10)
    put(shop, drn=odd)
    assert shop.desk.meter_number(odd) == odd


def test_a_card_shows_what_the_utility_registered(shop: OpenShop) -> None:
    card = shop.desk.card(HIGHVELD)
    assert card.meter == next(each for each in EVERYBODY if each.drn == HIGHVELD)
    assert (card.utility_name, card.unit, card.currency.code) == ("Highveld Power", "kWh", "ZAR")
    assert card.minimum is not None
    assert card.maximum is not None
    assert (card.minimum.plain(), card.maximum.plain()) == ("10.00", "5000.00")
    assert [note.plain() for note in card.note_keys] == ["20.00", "50.00", "100.00", "200.00"]
    assert (card.usual, card.purchases) == (None, ())
    assert card.bought_this_month == 0


@pytest.mark.parametrize(("drn", "code"), [(LAGOON, "NGN"), (LAKESIDE, "UGX")])
def test_every_utility_has_its_own_money(shop: OpenShop, drn: str, code: str) -> None:
    card = shop.desk.card(drn)
    assert {note.currency.code for note in card.note_keys} == {code}
    assert shop.desk.currency_of(drn).code == code


def test_the_usual_amount_is_the_most_frequent_of_the_last_six(
    shop: OpenShop, clock: HeldClock
) -> None:
    for minor in (9000, 5000, 6000, 5000, 6000, 9000, 6000):
        clock.now += 3_600_000
        shop.desk.sell(order(shop, HIGHVELD, minor))
    card = shop.desk.card(HIGHVELD)
    assert card.usual is not None
    assert card.usual.minor == 6000
    assert [past.total.minor for past in card.purchases][:3] == [6000, 9000, 6000]
    bought = sum(past.tenths for past in card.purchases)
    assert int(card.bought_this_month * 10) == bought


def test_a_blocked_meter_has_a_card_that_says_why(shop: OpenShop) -> None:
    put(shop, blocked="tamper case open")
    assert shop.desk.card(EVERYBODY[0].drn).meter.blocked == "tamper case open"
    assert shop.desk.find(EVERYBODY[0].drn)[0].blocked


def test_there_is_no_card_without_a_meter_or_a_tariff(shop: OpenShop) -> None:
    with pytest.raises(MeterUnknown):
        shop.desk.card("79927398713")
    meter = put(shop, tariff="never-imported")
    with pytest.raises(TariffMissing) as caught:
        shop.desk.card(meter.drn)
    assert caught.value.facts == {"tariff": "never-imported"}
