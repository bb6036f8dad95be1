"""Meter cards: every swipe gives the right meter or none, and no payment card gives a digit."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_app.domain.track2 import MeterCardData, SwipeFault, luhn_holds, read_swipe, track_text
from pos_app.sts.identity import luhn_digit, meter_pan

CASES = 10_000
PAN = "600727111111111153"  # STS 531 CTSA17: DRN 11111111115
# Published test numbers of card schemes (ISO/IEC 7812): no one's account.
PAYMENT = ("4111111111111111", "5555555555554444", "378282246310005", "6011111111111117")
PAYMENT_TRACK = ";4111111111111111=25121010000012345678?"


def drns() -> st.SearchStrategy[str]:
    eleven = st.text("0123456789", min_size=10, max_size=10)
    thirteen = st.text("0123456789", min_size=12, max_size=12)
    return st.one_of(eleven, thirteen).map(lambda body: body + luhn_digit(body))


def cards() -> st.SearchStrategy[MeterCardData]:
    expiry = st.from_regex(r"[0-9][0-9](0[1-9]|1[0-2])", fullmatch=True)
    sgc = st.text("0123456789", min_size=6, max_size=6)
    return st.builds(
        MeterCardData, drns().map(meter_pan), expiry, sgc, st.integers(0, 99), st.integers(1, 9)
    )


@given(cards())
@settings(max_examples=200, deadline=None)
def test_a_track_reads_back_whole_once_or_doubled(card: MeterCardData) -> None:
    track = track_text(card)
    assert len(track) == 38  # 36 characters between the sentinels
    assert read_swipe(track) == card
    assert read_swipe(track + track) == card
    assert read_swipe(f"%BMETER^{card.pan}^?{track}\r") == card


@given(cards())
@settings(max_examples=200, deadline=None)
def test_a_reversed_track_is_called_so(card: MeterCardData) -> None:
    assert read_swipe(track_text(card)[::-1]) is SwipeFault.BACKWARDS


@given(cards(), st.data())
@settings(max_examples=200, deadline=None)
def test_a_track_cut_anywhere_gives_no_meter(card: MeterCardData, data: st.DataObject) -> None:
    track = track_text(card)
    start = data.draw(st.integers(0, len(track) - 1))
    end = data.draw(st.integers(start, len(track)))
    if (start, end) != (0, len(track)):
        assert isinstance(read_swipe(track[start:end]), SwipeFault)


@given(cards(), st.integers(0, 17), st.integers(1, 9))
@settings(max_examples=200, deadline=None)
def test_one_wrong_digit_of_the_number_gives_no_meter(
    card: MeterCardData, at: int, by: int
) -> None:
    wrong = str((int(card.pan[at]) + by) % 10)
    track = track_text(card).replace(card.pan, card.pan[:at] + wrong + card.pan[at + 1 :], 1)
    assert isinstance(read_swipe(track), SwipeFault)


def test_a_card_may_leave_out_its_key_and_its_last_digit() -> None:
    assert read_swipe(f";{PAN}=3012?") == MeterCardData(PAN, "3012")
    assert read_swipe(f";{PAN}?") == MeterCardData(PAN)
    assert read_swipe(f";{PAN[:-1]}=?") == MeterCardData(PAN)
    # Both check digits of a 13-digit DRN: STS 531 CTSA17.
    assert read_swipe(";000001000000000082=?") == MeterCardData("000001000000000082")


@pytest.mark.parametrize("number", PAYMENT)
def test_a_payment_card_is_refused_whole_cut_reversed_and_doubled(number: str) -> None:
    track = f";{number}=25121010000012345?"
    for swipe in (track, track[::-1], track + track, f";{number}", f"%B{number}^A/B^2512?{track}"):
        assert read_swipe(swipe) is SwipeFault.PAYMENT_CARD


def test_a_meters_card_and_a_payment_card_together_give_nothing() -> None:
    meter = track_text(MeterCardData(PAN, "3012", "201457", 1, 1))
    assert read_swipe(meter + PAYMENT_TRACK) is SwipeFault.PAYMENT_CARD
    assert read_swipe(PAYMENT_TRACK + meter) is SwipeFault.PAYMENT_CARD


def test_two_meters_cards_at_once_give_neither() -> None:
    other = f";{meter_pan('00000000000')}=?"
    assert isinstance(read_swipe(f";{PAN}=?" + other), SwipeFault)


@pytest.mark.parametrize("text", ["", ";", "?", ";?", ";E?", ";=?", "%E?;E?+E?", "\x00;12\x00?"])
def test_what_a_reader_sends_for_a_bad_stripe_is_unread(text: str) -> None:
    assert isinstance(read_swipe(text), SwipeFault)


def test_ten_thousand_payment_cards_give_no_digit_away() -> None:
    chance = random.Random(7813)  # noqa: S311 - cases, no secrets
    for _ in range(CASES):
        length = chance.choice((13, 14, 15, 16, 17, 19))
        body = chance.choice("3456") + "".join(chance.choices("0123456789", k=length - 2))
        number = body + luhn_digit(body)
        if number.startswith("600727"):
            continue
        rest = "".join(chance.choices("0123456789", k=chance.randrange(7, 17)))
        track = f";{number}={rest}?"[: chance.randrange(1, 60)]
        track = chance.choice((track, track[::-1], track + track))
        answer = read_swipe(track)
        assert isinstance(answer, SwipeFault)
        assert not re.search(r"\d", repr(answer).replace("track2", ""))


def test_ten_thousand_random_streams_never_make_a_meter_that_is_none() -> None:
    chance = random.Random(62055)  # noqa: S311 - as above
    signs = "0123456789;=?%^E\r" + "0123456789" * 3
    whole = track_text(MeterCardData(PAN, "3012", "201457", 1, 1))
    for case in range(CASES):
        text = "".join(chance.choices(signs, k=chance.randrange(0, 80)))
        if case % 2:  # a real stripe with noise in it
            at = chance.randrange(len(whole))
            text = whole[:at] + text[: chance.randrange(3)] + whole[at + chance.randrange(2) :]
        answer = read_swipe(text)
        if isinstance(answer, MeterCardData):
            assert luhn_holds(answer.pan)
            assert answer.pan in text or answer.pan[:-1] in text
            assert answer.pan.startswith(("600727", "0000"))
