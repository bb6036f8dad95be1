"""Supply rules: every cut-off has its reason, and ends when the reason does."""

from __future__ import annotations

import pytest

from pos_app.meter.credit import (
    ASK_GRANTED,
    ASK_NO_POWER,
    ASK_NOT_NEEDED,
    ASK_NOT_OFFERED,
    ASK_OWES_MORE,
    ASK_TAMPERED,
    ASK_USED,
)
from pos_app.meter.device import (
    Act,
    AskEmergency,
    Enter,
    Live,
    Power,
    Press,
    SetRelay,
    Tamper,
    step,
)
from pos_app.meter.display import days_left, face
from pos_app.meter.hours import DAY_S, date_of_day
from pos_app.meter.profile import TIME, MeterProfile, OverloadRule
from pos_app.meter.results import Result, Shown
from pos_app.meter.state import DAYS_KEPT, EVENTS_KEPT, MONTHS_KEPT, Cut, Meter, Relay, cuts
from pos_app.sts.tokens import ClearTamper, CreditToken, MaxPowerLimit, PhaseUnbalance
from tests.unit.meter.meters import (
    KWH,
    NIGHT,
    NOON,
    TID,
    codes,
    done,
    enter,
    lived,
    meter,
    profile,
    taken,
)

CREDIT = CreditToken(0, 50, TID, 5)
MIDNIGHT = NOON + 12 * 3600
OVERDRAFT = profile(emergency=5 * KWH, emergency_from=KWH)


def supplied(made: MeterProfile | None = None, tenths: int = 50) -> Meter:
    return taken(meter(made), CreditToken(0, tenths, TID, 5))


def reasons(of: Meter) -> list[Cut]:
    return list(cuts(of.state))


def asked(of: Meter) -> str:
    return step(of, AskEmergency())[1].note


def test_a_new_meter_is_off_until_it_has_credit_and_off_again_without() -> None:
    fresh = meter()
    assert (reasons(fresh), fresh.state.closed) == ([Cut.NO_CREDIT], False)
    on = supplied()
    assert (reasons(on), on.state.closed) == ([], True)
    # 5 kWh at 2.5 kW last two hours to the second
    almost = lived(on, 7199, 2500)
    assert almost.state.closed
    off = lived(almost, 5000, 2500)
    assert (reasons(off), off.state.credit, off.state.use_total) == ([Cut.NO_CREDIT], 0, 5 * KWH)


def test_without_load_credit_lasts() -> None:
    assert lived(supplied(), 30 * DAY_S).state.credit == 5 * KWH


def test_the_overdraft_opens_when_asked_for_and_is_paid_back_first() -> None:
    out = lived(supplied(OVERDRAFT), 2 * 3600, 2500)
    assert reasons(out) == [Cut.NO_CREDIT]
    helped, (answer,) = done(out, AskEmergency())
    assert (answer.note, helped.state.closed) == (ASK_GRANTED, True)
    used = lived(helped, 3600, 2000)
    assert (used.state.credit, used.state.closed) == (-2 * KWH, True)
    paid = taken(used, CreditToken(0, 50, TID + 1, 5))
    assert paid.state.credit == 3 * KWH


def test_an_overdraft_used_up_needs_more_than_its_debt_before_supply_returns() -> None:
    spent = lived(step(lived(supplied(OVERDRAFT), 7200, 2500), AskEmergency())[0], 86_400, 5000)
    assert (spent.state.credit, spent.state.closed) == (-5 * KWH, False)
    assert asked(spent) == ASK_USED
    little = taken(spent, CreditToken(0, 30, TID + 1, 5))
    assert (little.state.credit, little.state.closed) == (-2 * KWH, False)
    enough = taken(little, CreditToken(0, 21, TID + 2, 5))
    assert (enough.state.credit, enough.state.closed) == (KWH // 10, True)
    assert asked(enough) == ASK_GRANTED


def test_an_overdraft_paid_back_to_nothing_is_still_in_use() -> None:
    used = lived(step(lived(supplied(OVERDRAFT), 7200, 2500), AskEmergency())[0], 3600, 2000)
    even = taken(used, CreditToken(0, 20, TID + 1, 5))
    assert (even.state.credit, even.state.closed) == (0, True)
    assert lived(even, 2 * 3600, 2000).state.credit == -4 * KWH


@pytest.mark.parametrize(
    ("made", "acts", "note"),
    [
        (profile(), (), ASK_NOT_OFFERED),
        (OVERDRAFT, (Tamper("magnet"),), ASK_TAMPERED),
        (OVERDRAFT, (AskEmergency(),), ASK_USED),
        (OVERDRAFT, (Power(on=False),), ASK_NO_POWER),
    ],
)
def test_the_overdraft_is_refused_with_its_reason(
    made: MeterProfile, acts: tuple[Act, ...], note: str
) -> None:
    assert asked(done(meter(made), *acts)[0]) == note


def test_the_overdraft_is_refused_while_there_is_credit() -> None:
    assert asked(supplied(OVERDRAFT)) == ASK_NOT_NEEDED


def test_at_night_what_is_on_stays_on_and_is_cut_in_the_morning() -> None:
    evening = lived(supplied(profile(friendly=NIGHT)), 12 * 3600)
    night = lived(evening, 7 * 3600, 1000)
    assert (night.state.credit, night.state.closed) == (-2 * KWH, True)
    morning = lived(night, 3600, 1000)
    assert (morning.state.credit, reasons(morning)) == (-3 * KWH, [Cut.NO_CREDIT])


def test_what_the_night_took_can_be_more_than_the_overdraft_gives() -> None:
    generous = profile(friendly=NIGHT, emergency=KWH)
    night = lived(lived(supplied(generous), 12 * 3600), 7 * 3600, 1000)
    assert asked(night) == ASK_OWES_MORE
    assert Shown("kept-on", "friendly") in face(night)
    assert Shown("kept-on", "friendly") not in face(supplied(generous))


def test_at_night_nothing_is_switched_on_without_credit() -> None:
    dark = lived(meter(profile(friendly=NIGHT)), 12 * 3600, 1000)
    assert not dark.state.closed
    owing = taken(meter(profile(friendly=NIGHT), credit=-10 * KWH, at_s=MIDNIGHT), CREDIT)
    assert not owing.state.closed


def test_too_much_load_trips_recloses_and_in_the_end_waits_for_the_button() -> None:
    rule = OverloadRule(after_s=60, reclose_s=30, trips=3, window_s=1800)
    limited = taken(supplied(profile(overload=rule)), MaxPowerLimit(2000, TID + 1, 5))
    assert lived(limited, 3600, 2000).state.closed
    held_out = lived(limited, 59, 2001)
    assert held_out.state.closed
    tripped = lived(held_out, 1, 2001)
    assert reasons(tripped) == [Cut.OVERLOAD]
    assert lived(tripped, 30, 500).state.closed
    locked = lived(tripped, 3600, 2001)
    assert (reasons(locked), codes(locked).count("trip")) == ([Cut.LOCKED], 3)
    assert reasons(lived(locked, DAY_S)) == [Cut.LOCKED]
    pressed = step(locked, Press())[0]
    assert lived(pressed, 3600, 500).state.closed


def test_trips_that_lie_long_apart_lock_nothing() -> None:
    rule = OverloadRule(after_s=60, reclose_s=30, trips=3, window_s=600)
    limited = taken(supplied(profile(overload=rule), 500), MaxPowerLimit(2000, TID + 1, 5))
    for _ in range(6):
        limited = lived(lived(limited, 60, 2001), 301, 500)
    assert (limited.state.closed, codes(limited).count("trip")) == (True, 6)
    assert reasons(lived(lived(lived(limited, 60, 2001), 30, 0), 60, 2001)) == [Cut.LOCKED]


def test_a_short_peak_trips_nothing() -> None:
    limited = taken(supplied(tenths=500), MaxPowerLimit(2000, TID + 1, 5))
    for _ in range(20):
        limited = lived(lived(limited, 59, 9000), 1, 100)
    assert limited.state.closed


def test_phases_too_far_apart_trip_a_meter_of_three() -> None:
    three = taken(meter(profile(phases=3)), CREDIT, PhaseUnbalance(1000, TID + 1, 5))
    assert lived(three, 300, 1000, 1000, 0).state.closed
    tripped = lived(three, 60, 1001, 0, 0)
    assert reasons(tripped) == [Cut.UNBALANCE]
    assert lived(tripped, 60, 100, 0, 0).state.closed


def test_a_tampered_meter_stays_off_until_the_token_that_clears_it() -> None:
    opened = step(supplied(), Tamper("cover"))[0]
    assert reasons(opened) == [Cut.TAMPER]
    richer = taken(opened, CreditToken(0, 90, TID + 1, 5))
    assert not richer.state.closed
    assert enter(richer, "1844 6744 0738 4377 2416")[1] is Result.ACCEPT
    assert taken(richer, ClearTamper(TID + 2, 5)).state.closed


def test_a_welded_switch_is_noticed_and_what_flows_is_counted() -> None:
    welded = step(supplied(), SetRelay(Relay.STUCK_CLOSED))[0]
    assert not welded.state.relay_fault
    empty = lived(welded, 4 * 3600, 2500)
    assert (empty.state.credit, empty.state.use_total) == (-5 * KWH, 10 * KWH)
    assert (empty.state.closed, empty.state.relay_fault) == (False, True)
    assert codes(empty).count("relay-fault") == 1
    mended = step(empty, SetRelay(Relay.SOUND))[0]
    assert (mended.state.relay_fault, codes(mended)[-1]) == (False, "relay-well")


def test_a_switch_stuck_open_is_noticed_when_it_should_close() -> None:
    stuck = step(meter(), SetRelay(Relay.STUCK_OPEN))[0]
    assert not stuck.state.relay_fault
    paid = taken(stuck, CREDIT)
    assert (paid.state.relay_fault, lived(paid, 3600, 900).state.use_total) == (True, 0)
    answer = step(paid, Enter("0000 0000 0001 5099 7584"))[1]
    assert answer.shown == (Shown("load-switch", "fault"),)


def test_low_credit_is_told_once_a_level_and_again_after_it_rose_well_above() -> None:
    levels = profile(low=(3 * KWH, KWH), rearm=KWH)
    low = lived(supplied(levels), 3600, 2000)
    assert codes(low).count("low-credit") == 1
    lower = lived(low, 3600, 2000)
    assert [e.value for e in lower.state.events if e.code == "low-credit"] == [1, 2]
    barely = taken(lower, CreditToken(0, 25, TID + 1, 5))  # 3.5 kWh: not a whole kWh above 3
    assert codes(lived(barely, 3600, 1000)).count("low-credit") == 2
    well = taken(lower, CreditToken(0, 90, TID + 2, 5))
    assert codes(lived(well, 2 * 3600, 4000)).count("low-credit") == 3


def test_time_runs_while_supply_is_on_whatever_the_load() -> None:
    rented = taken(meter(profile(service=TIME)), CreditToken(3, 600, TID, 5))  # 60 minutes
    half = lived(rented, 1800)
    assert half.state.credit == rented.state.credit // 2
    assert not lived(half, 1800, 5000).state.closed


def test_nothing_is_used_without_mains() -> None:
    dark = step(supplied(), Power(on=False))[0]
    later = lived(dark, DAY_S, 2000)
    assert (later.state.use_total, later.state.credit) == (0, 5 * KWH)
    assert lived(step(later, Power(on=True))[0], 3600, 2000).state.use_total == 2 * KWH


def test_days_and_months_are_kept_in_rings_and_add_up() -> None:
    year = lived(supplied(tenths=60_000), 400 * DAY_S, 100)
    state = year.state
    assert (len(state.days), len(state.months), len(state.events)) == (DAYS_KEPT, MONTHS_KEPT, 2)
    assert {day.use for day in state.days} == {24 * 100 * 3600}
    assert date_of_day(state.days[-1].number + 1) == date_of_day(state.day)
    february = next(month for month in state.months if month.number % 12 == 1)
    assert february.use == 28 * 24 * 100 * 3600
    assert days_left(year) == state.credit // (24 * 100 * 3600)


def test_a_meter_without_history_says_nothing_of_days() -> None:
    assert days_left(supplied()) is None


def test_the_list_of_events_has_an_end() -> None:
    busy = supplied()
    for _ in range(80):
        busy = done(busy, Power(on=False), Power(on=True))[0]
    assert (len(busy.state.events), busy.state.noted) == (EVENTS_KEPT, 162)


def test_an_act_answers_with_the_events_it_caused() -> None:
    limited = supplied()
    assert [event.code for event in step(limited, Tamper("cover"))[1].events] == [
        "tamper",
        "off-tamper",
    ]
    assert step(limited, Live(60, (100,)))[1].events == ()


def test_the_face_names_every_reason_at_once() -> None:
    worse = step(meter(), Tamper("magnet"))[0]
    shown = [line.value for line in face(worse) if line.name == "cut"]
    assert shown == ["tamper", "no-credit"]


def test_a_load_for_every_phase_is_asked_for() -> None:
    with pytest.raises(ValueError, match="phase"):
        lived(meter(profile(phases=3)), 60, 100)
