"""Keying in tokens: lock-out, key changes, limits; what is refused costs the customer nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pos_app.meter.device import Enter, Live, Power, step
from pos_app.meter.profile import GRAINS_PER_TENTH, LockoutRule
from pos_app.meter.results import Result
from pos_app.meter.state import Meter
from pos_app.sts.tokens import (
    ClearCredit,
    CreditToken,
    CurrencyCreditToken,
    KeyChange,
    MeterTestToken,
    encode,
    key_change_set,
)
from tests.unit.meter.meters import (
    CURRENCY,
    KEY,
    KWH,
    LONG_KEY,
    TID,
    codes,
    enter,
    held,
    lived,
    meter,
    money_meter,
    profile,
    taken,
)

CREDIT = CreditToken(0, 250, TID, 5)
NEW_KEY = type(KEY)(bytes.fromhex("0123456789abcdef"))
NEW_LONG_KEY = type(KEY)(bytes.fromhex("0123456789abcdeffedcba9876543210"))
SHOW_REVISION = "1844 6744 0738 4377 2416"


def change(tokens: int = 2, *, kt: int = 2, roll_over: bool = False) -> list[str]:
    """Return the digits of a key change to another key, in printed order."""
    old, new = (LONG_KEY, NEW_LONG_KEY) if tokens == 4 else (KEY, NEW_KEY)
    wanted = KeyChange(new, 255, 2, kt, 7, "654321", roll_over, tokens)
    return [encode(token, old) for token in key_change_set(wanted)]


def wrong(times: int, to: Meter) -> Meter:
    stranger = encode(CREDIT, NEW_KEY)
    for _ in range(times):
        to, result = enter(to, stranger)
        assert result is Result.CRC
    return to


@pytest.mark.parametrize("typed", ["{0}", "{1} {2} {3} {4} {5}", "{1}-{2}-{3}-{4}-{5}"])
def test_digits_may_be_typed_in_groups(typed: str) -> None:
    digits = encode(CREDIT, KEY)
    groups = [digits[at : at + 4] for at in range(0, 20, 4)]
    after, result = enter(meter(), typed.format(digits, *groups))
    assert (result, after.state.credit) == (Result.ACCEPT, 25 * KWH)


@pytest.mark.parametrize(
    "typed",
    ["", "1" * 19, "1" * 21, "٣" * 20, "1" * 19 + "x", "73786976294838206464", "\udcff" * 20],
)
def test_what_is_no_token_is_said_to_have_the_wrong_form(typed: str) -> None:
    fresh = meter()
    assert enter(fresh, typed) == (fresh, Result.FORMAT)


def test_the_largest_number_there_is_has_a_form_and_then_a_reserved_class() -> None:
    assert enter(meter(), "73786976294838206463")[1] is Result.FUNCTION


def test_the_third_wrong_entry_locks_and_every_other_one_doubles_the_wait() -> None:
    locked = wrong(3, meter())
    waits = []
    for _ in range(9):
        _, answer = step(locked, Enter(encode(CREDIT, KEY)))
        assert answer.result is Result.LOCKOUT
        waits.append(answer.wait_s)
        locked = wrong(1, lived(locked, answer.wait_s))
    assert waits == [10, 20, 40, 80, 160, 320, 640, 1280, 1280]


def test_a_locked_meter_does_not_count_and_still_shows_its_tests() -> None:
    locked = wrong(3, meter())
    again, result = enter(locked, encode(CREDIT, NEW_KEY))
    assert (result, again.state.wrong) == (Result.LOCKOUT, 3)
    assert enter(locked, SHOW_REVISION)[1] is Result.ACCEPT


def test_an_accepted_token_or_a_power_cut_ends_the_counting() -> None:
    after = taken(wrong(2, meter()), CREDIT)
    assert after.state.wrong == 0
    revived = step(step(wrong(3, meter()), Power(on=False))[0], Power(on=True))[0]
    assert (revived.state.wrong, revived.state.locked_until_s) == (0, 0)


def test_which_results_are_wrong_entries_is_a_setting() -> None:
    strict = profile(lockout=LockoutRule(counted=frozenset({Result.CRC, Result.USED})))
    lenient, counting = (taken(meter(each), CREDIT) for each in (profile(), strict))
    for _ in range(4):
        lenient, result = enter(lenient, CREDIT)
        assert result is Result.USED
        counting, _ = enter(counting, CREDIT)
    assert lenient.state.wrong == 0
    assert enter(counting, CREDIT)[1] is Result.LOCKOUT


def test_a_wrong_test_number_is_not_a_wrong_entry() -> None:
    after, result = enter(meter(), "0000 0000 0001 5099 7585")
    assert (result, after.state.wrong) == (Result.CRC, 0)


def test_a_full_meter_takes_the_same_token_once_there_is_room() -> None:
    small = profile(max_credit=300 * GRAINS_PER_TENTH)
    full = taken(meter(small), CREDIT)
    other = CreditToken(0, 100, TID + 1, 5)
    refused, result = enter(full, other)
    assert (result, refused.state.credit) == (Result.OVERFLOW, full.state.credit)
    assert TID + 1 not in refused.state.tids
    roomy = lived(refused, 3600, 6000)
    assert taken(roomy, other).state.credit == full.state.credit - 6 * KWH + 10 * KWH


def test_a_meter_can_be_filled_to_the_brim() -> None:
    brim = taken(meter(profile(max_credit=CREDIT.tenths * GRAINS_PER_TENTH)), CREDIT)
    assert enter(brim, CreditToken(0, 1, TID + 1, 5))[1] is Result.OVERFLOW


def test_the_fifty_first_token_makes_the_first_one_old() -> None:
    fresh = meter()
    many = taken(fresh, *(CreditToken(0, 1, TID + 10 * n, 5) for n in range(51)))
    assert enter(many, CREDIT)[1] is Result.OLD
    assert enter(many, CreditToken(0, 1, TID + 10, 5))[1] is Result.USED
    assert enter(many, CreditToken(0, 1, TID + 11, 5))[1] is Result.ACCEPT
    assert enter(many, CreditToken(0, 1, TID + 9, 5))[1] is Result.OLD


def test_a_key_past_its_expiry_number_takes_a_key_change_and_nothing_else() -> None:
    expired = meter(key=held(ken=(TID >> 16) - 1))
    assert enter(expired, CREDIT)[1] is Result.KEY_EXPIRED
    first, second = change()
    renewed, _ = enter(expired, first)
    renewed, result = enter(renewed, second)
    assert result is Result.ACCEPT
    assert enter(renewed, CREDIT)[1] is Result.ACCEPT


@pytest.mark.parametrize("kt", [0, 1])
def test_a_default_key_takes_no_credit(kt: int) -> None:
    assert enter(meter(key=held(kt=kt)), CREDIT)[1] is Result.DEFAULT_KEY


@pytest.mark.parametrize(
    ("before", "after", "forbidden"),
    [(2, 1, True), (3, 2, False), (1, 0, True), (0, 1, False), (1, 3, False)],
)
def test_a_key_never_becomes_more_default_again(before: int, after: int, forbidden: bool) -> None:  # noqa: FBT001
    _, result = enter(meter(key=held(kt=before)), change(kt=after)[0])
    assert (result is Result.KEY_TYPE) == forbidden


@pytest.mark.parametrize("tokens", [2, 3, 4])
def test_the_sections_of_a_set_may_come_in_any_order(tokens: int) -> None:
    printed = change(tokens)
    old, new = (LONG_KEY, NEW_LONG_KEY) if tokens == 4 else (KEY, NEW_KEY)
    for turn in range(tokens):
        changing = meter(key=held(old))
        for digits in reversed(printed[turn:] + printed[:turn]):
            assert changing.state.held.key == old
            changing, result = enter(changing, digits)
        if tokens == 3 and changing.state.held.key == old:
            raise AssertionError((turn, result))
        assert result is Result.ACCEPT
        now = changing.state.held
        sgc = "000000" if tokens == 2 else "654321"
        assert (now.key, now.krn, now.ti, now.sgc) == (new, 2, 7, sgc)


def test_a_repeated_section_takes_the_place_of_the_first() -> None:
    first, second = change()
    once, _ = enter(meter(), first)
    twice, result = enter(once, first)
    assert (result, twice.state.staging) == (Result.FIRST_KCT, once.state.staging)
    assert enter(twice, second)[1] is Result.ACCEPT


@pytest.mark.parametrize(("seconds", "result"), [(600, Result.ACCEPT), (601, Result.SECOND_KCT)])
def test_a_set_waits_ten_minutes(seconds: int, result: Result) -> None:
    first, second = change()
    waiting, _ = enter(meter(), first)
    assert enter(lived(waiting, seconds), second)[1] is result


def test_a_power_cut_in_the_middle_of_a_set_loses_the_set_and_not_the_key() -> None:
    first, second = change()
    waiting, _ = enter(meter(), first)
    revived = step(step(waiting, Power(on=False))[0], Power(on=True))[0]
    assert revived.state.staging is None
    late, result = enter(revived, second)
    assert (result, late.state.held.key) == (Result.SECOND_KCT, KEY)
    assert enter(late, first)[1] is Result.ACCEPT


def test_credit_made_for_the_new_key_waits_for_the_key_change() -> None:
    credit = encode(CREDIT, NEW_KEY)
    refused, result = enter(meter(), credit)
    assert result is Result.CRC
    for digits in change():
        refused, _ = enter(refused, digits)
    assert enter(refused, credit)[1] is Result.ACCEPT


def test_a_change_without_roll_over_remembers_old_tokens_and_one_with_it_forgets_them() -> None:
    used = taken(meter(), CREDIT)
    kept = rolled = used
    for digits in change():
        kept, _ = enter(kept, digits)
    for digits in change(roll_over=True):
        rolled, _ = enter(rolled, digits)
    again = encode(CREDIT, NEW_KEY)
    assert enter(kept, again)[1] is Result.USED
    assert (rolled.state.held.base, set(rolled.state.tids)) == (2035, {0})
    after, result = enter(rolled, again)
    assert (result, after.state.credit) == (Result.ACCEPT, used.state.credit * 2)


def test_a_fourth_section_means_nothing_to_a_short_key() -> None:
    four = KeyChange(NEW_LONG_KEY, 255, 2, 2, 7, "654321", roll_over=False, tokens=4)
    fourth = encode(key_change_set(four)[3], KEY)
    assert enter(meter(), fourth)[1] is Result.FUNCTION


def test_a_meter_takes_the_service_and_the_unit_it_was_made_for() -> None:
    kinds = [profile(service=n, max_credit=10**15) for n in range(4)]
    kinds += [money_meter(service=n) for n in range(4)]
    for place, kind in enumerate(kinds):
        for sub in range(8):
            token = CreditToken(sub, 9, TID, 5) if sub < 4 else CurrencyCreditToken(sub, 9, TID)
            result = enter(meter(kind), token)[1]
            assert (result is Result.ACCEPT) == (sub == place)
            assert result in (Result.ACCEPT, Result.FUNCTION)


def test_a_currency_token_may_take_credit_away() -> None:
    rich = taken(meter(money_meter()), CurrencyCreditToken(4, 16_000, TID))
    poorer = taken(rich, CurrencyCreditToken(4, -6_000, TID + 1))
    assert poorer.state.credit == CURRENCY // 10
    assert poorer.state.closed
    broke = taken(poorer, CurrencyCreditToken(4, -10_001, TID + 2))
    assert not broke.state.closed


@pytest.mark.parametrize("register", [0, 0xFFFF])
def test_clearing_credit_switches_off_and_leaves_a_debt_owed(register: int) -> None:
    cleared = taken(taken(meter(), CREDIT), ClearCredit(register, TID + 1, 5))
    assert (cleared.state.credit, cleared.state.closed) == (0, False)
    owing = taken(meter(credit=-5), ClearCredit(register, TID + 1, 5))
    assert owing.state.credit == -5
    assert enter(meter(), ClearCredit(3, TID, 5))[1] is Result.RANGE


def test_a_meter_without_mains_is_not_ready() -> None:
    dark = step(meter(), Power(on=False))[0]
    assert enter(dark, CREDIT) == (dark, Result.NOT_READY)


def test_nothing_the_meter_says_of_itself_tells_a_key_or_a_token() -> None:
    digits = encode(CREDIT, KEY)
    after, _ = enter(enter(meter(), change()[0])[0], digits)
    told = repr(after) + repr(Enter(digits)) + repr(step(after, Live(60, (5,))))
    assert digits not in told
    for secret in (KEY, NEW_KEY):
        word = secret.reveal()[:4]
        assert word.hex() not in told.lower()
        assert str(int.from_bytes(word, "big")) not in told


def test_a_test_token_of_no_test_is_an_unknown_function() -> None:
    assert enter(meter(), encode(MeterTestToken(0, 0, 0)))[1] is Result.FUNCTION


def test_the_display_shows_what_each_test_asks_for() -> None:
    known = replace(profile(), software=41)
    shown = {}
    for test in (*range(1, 13), *range(14, 19)):
        digits = encode(MeterTestToken(0, 1 << test - 1, 0))
        (line,) = step(meter(known, limit_w=3000, use_total=7 * KWH), Enter(digits))[1].shown
        shown[test] = line.value
    assert (shown[3], shown[4], shown[5], shown[7]) == (70, "1 / 2", "01", 3000)
    assert (shown[10], shown[14], shown[15], shown[16]) == (41, "07", "2/3", "201457")
    assert (shown[17], shown[18]) == (255, "14123456783")


def test_events_tell_what_a_token_did() -> None:
    after = taken(meter(), CREDIT)
    assert codes(after) == ["credit", "supply-on"]
