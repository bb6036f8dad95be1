"""Whatever happens to a meter in whatever order, its books balance and its switch has a reason."""

from __future__ import annotations

import json
from random import Random

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

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
from pos_app.meter.hours import DAY_S
from pos_app.meter.prices import GRAINS_PER_UNIT
from pos_app.meter.profile import KEY_CHANGE_S, MeterProfile
from pos_app.meter.results import Answer, Result
from pos_app.meter.state import Cut, Emergency, Meter, Relay, cuts
from pos_app.meter.stored import meter_of_values, values_of_meter
from pos_app.sts.keys import DecoderKey
from pos_app.sts.tokens import (
    ClearCredit,
    ClearTamper,
    CreditToken,
    CurrencyCreditToken,
    KeyChange,
    MaxPowerLimit,
    Token,
    encode,
    key_change_set,
)
from tests.unit.meter.meters import (
    CURRENCY,
    KWH,
    NIGHT,
    NOON,
    held,
    meter,
    money_meter,
    profile,
)
from tests.unit.meter.test_supply import PRICES

UNITS = profile(
    emergency=5 * KWH,
    emergency_from=KWH,
    max_credit=500 * KWH,
    friendly=NIGHT,
    offset_minutes=120,
)
MONEY = money_meter(PRICES, emergency=5 * CURRENCY, max_credit=500 * CURRENCY, offset_minutes=120)
FIRST_TID = 6_777_000
HEAVIEST = 12_000


class Watched:
    """A meter whose every step is checked; it knows each token it was ever given."""

    def __init__(self, made: MeterProfile, key: DecoderKey) -> None:
        self.meter = meter(made, held(key))
        self.tid = FIRST_TID
        self.accepted: set[str] = set()
        self.given: list[tuple[str, DecoderKey]] = []
        self.worth = 0

    def do(self, act: Act) -> Answer:
        before = self.meter
        self.meter, answer = step(before, act)
        check(before, self.meter, act)
        return answer

    def enter(self, token: Token | str) -> Answer:
        key = self.meter.state.held.key
        digits = token if isinstance(token, str) else encode(token, key)
        credit = self.meter.state.credit
        answer = self.do(Enter(digits))
        if answer.result is Result.ACCEPT and not isinstance(token, str):
            assert digits not in self.accepted
            self.accepted.add(digits)
            self.given.append((digits, key))
            if isinstance(token, CreditToken | CurrencyCreditToken):
                self.worth += self.meter.state.credit - credit
        return answer

    def buy(self, units: int) -> Answer:
        self.tid += 1
        if self.meter.profile.money:
            return self.enter(CurrencyCreditToken(4, units * 10_000, self.tid))
        return self.enter(CreditToken(0, units, self.tid, 5))

    def rekey(self, secret: bytes, *, roll_over: bool, order: Random) -> None:
        key = DecoderKey(secret)
        count = 4 if key.ea == 11 else order.choice((2, 3))
        change = KeyChange(key, 255, 3, 2, 5, "123456", roll_over, count)
        digits = [encode(each, self.meter.state.held.key) for each in key_change_set(change)]
        order.shuffle(digits)
        answers = [self.enter(each).result for each in digits]
        if self.meter.state.powered and Result.LOCKOUT not in answers:
            assert self.meter.state.held.key == key
        if roll_over and self.meter.state.held.key == key:
            self.tid = 1


def check(before: Meter, after: Meter, act: Act) -> None:
    old, new = before.state, after.state
    # the books
    assert new.bought - new.spent - new.cleared == new.credit
    assert new.credit <= after.profile.max_credit
    assert new.use_total >= old.use_total
    # memory of tokens
    assert len(new.tids) == 50
    assert list(new.tids) == sorted(new.tids)
    # the switch
    reasons = set(cuts(new))
    assert new.closed == (not reasons)
    if new.use_total > old.use_total:
        assert isinstance(act, Live)
        assert old.powered
        assert old.conducts or new.events[-1] != old.events[-1]
    # credit never falls below its floor but by the load of two seconds, in friendly hours, or
    # through a switch that does not open
    floor = -after.profile.emergency if new.emergency is not Emergency.NONE else 0
    sound = new.relay is Relay.SOUND and old.relay is Relay.SOUND
    friendly = bool(after.profile.friendly.hours)
    if isinstance(act, Live) and sound and not friendly and old.credit >= floor:
        dearest = (
            1
            if after.profile.prices is None
            else max(price for band in after.profile.prices.bands for price in band.prices)
        )
        assert new.credit >= floor - 2 * HEAVIEST * dearest
    assert (Cut.NO_CREDIT in reasons) == new.unpaid
    assert new.unpaid or new.credit > floor or friendly
    assert new.relay_fault == (new.conducts != new.closed)


KEYS = st.one_of(st.binary(min_size=8, max_size=8), st.binary(min_size=16, max_size=16))


class LifeOfAMeter(RuleBasedStateMachine):
    """Anything a household, a cashier, a thief and the mains can do."""

    @initialize(made=st.sampled_from((UNITS, MONEY)), secret=KEYS)
    def delivered(self, made: MeterProfile, secret: bytes) -> None:
        self.it = Watched(made, DecoderKey(secret))
        self.length = len(secret)

    @rule(units=st.integers(0, 2000))
    def buys(self, units: int) -> None:
        answer = self.it.buy(units)
        powered = self.it.meter.state.powered
        allowed = {Result.ACCEPT, Result.OVERFLOW, Result.LOCKOUT}
        assert answer.result in (allowed if powered else {Result.NOT_READY})

    @rule(seconds=st.integers(0, 3 * DAY_S), watts=st.sampled_from((0, 90, 2000, HEAVIEST)))
    def lives(self, seconds: int, watts: int) -> None:
        self.it.do(Live(seconds, (watts,)))

    @rule(on=st.booleans())
    def mains(self, *, on: bool) -> None:
        self.it.do(Power(on))

    @rule(act=st.sampled_from((AskEmergency(), Press(), Tamper("cover"), Tamper("magnet"))))
    def presses(self, act: Act) -> None:
        self.it.do(act)

    @rule(relay=st.sampled_from(Relay))
    def breaks(self, relay: Relay) -> None:
        self.it.do(SetRelay(relay))

    @rule(watts=st.sampled_from((0, 1500, 5000)))
    def limits(self, watts: int) -> None:
        self.it.tid += 1
        self.it.enter(MaxPowerLimit(watts, self.it.tid, 1))

    @rule()
    def clears(self) -> None:
        self.it.tid += 2
        self.it.enter(ClearTamper(self.it.tid - 1, 1))
        self.it.enter(ClearCredit(0xFFFF, self.it.tid, 1))

    @rule(which=st.integers(0, 10**6))
    def tries_an_old_token_again(self, which: int) -> None:
        if not self.it.given:
            return
        digits, key = self.it.given[which % len(self.it.given)]
        before = self.it.meter.state
        answer = self.it.enter(digits)
        if key == before.held.key:
            refused = {Result.USED, Result.OLD, Result.LOCKOUT, Result.NOT_READY}
            assert answer.result in refused
        assert self.it.meter.state.credit == before.credit

    @rule(digits=st.text("0123456789", min_size=19, max_size=21))
    def mistypes(self, digits: str) -> None:
        self.it.enter(digits)

    @rule(seed=st.integers(0, 999), secret=KEYS)
    def changes_its_key(self, seed: int, secret: bytes) -> None:
        if len(secret) == self.length and secret != self.it.meter.state.held.key.reveal():
            self.it.do(Live(KEY_CHANGE_S + 1, (0,)))
            self.it.rekey(secret, roll_over=False, order=Random(seed))  # noqa: S311 - hypothesis draws the seed

    @invariant()
    def is_the_same_after_a_night_on_disk(self) -> None:
        if hasattr(self, "it"):
            values = json.loads(json.dumps(values_of_meter(self.it.meter)))
            assert meter_of_values(values) == self.it.meter


TestLifeOfAMeter = LifeOfAMeter.TestCase
TestLifeOfAMeter.settings = settings(max_examples=60, stateful_step_count=40)


def load_of(second: int, chance: Random) -> int:
    """Return a household's load: little at night, most in the evening."""
    hour = (second // 3600 + 2) % 24
    most = 400 if hour < 6 else 6000 if 17 <= hour < 21 else 1500
    return chance.randrange(40, most)


def lived_a_year(made: MeterProfile, seed: int) -> Watched:
    """Live a year in quarters of an hour: purchases, outages, key changes, trouble."""
    chance = Random(seed)  # noqa: S311 - repeatable on purpose
    it = Watched(made, DecoderKey(chance.randbytes(chance.choice((8, 16)))))
    counted = 0
    for quarter in range(365 * 96):
        second = quarter * 900
        before = it.meter.state
        it.do(Live(900, (load_of(NOON + second, chance),)))
        counted += it.meter.state.use_total - before.use_total
        if it.meter.state.unpaid and chance.random() < 0.05:
            it.do(AskEmergency())
        if it.meter.state.credit < 20 * it.meter.profile.grains_per_step and chance.random() < 0.1:
            it.buy(chance.randrange(50, 900))
        it.tid += 15
        _trouble(it, chance)
    assert it.meter.state.use_total == counted
    return it


def _trouble(it: Watched, chance: Random) -> None:
    dice = chance.randrange(20_000)
    if dice < 40:
        it.do(Power(on=False))
        it.do(Live(chance.randrange(60, 7200), (0,)))
        it.do(Power(on=True))
    elif dice < 44:
        length = len(it.meter.state.held.key.reveal())
        it.rekey(chance.randbytes(length), roll_over=chance.random() < 0.3, order=chance)
    elif dice < 48:
        it.do(Tamper("cover"))
        it.tid += 1
        it.enter(ClearTamper(it.tid, 1))
    elif dice < 56 and it.given:
        assert it.enter(chance.choice(it.given)[0]).result is not Result.ACCEPT


def test_a_year_of_a_units_meter_and_of_a_money_meter_balances() -> None:
    for made, seed in ((UNITS, 1), (MONEY, 2)):
        it = lived_a_year(made, seed)
        state = it.meter.state
        assert it.worth == state.bought
        assert len(it.accepted) > 40
        assert state.use_total > 500 * GRAINS_PER_UNIT
        assert len(state.months) == 12
        months = sum(month.use for month in state.months) + state.month_use
        assert months == state.use_total
        cost = sum(month.cost for month in state.months) + state.month_cost
        assert cost == state.spent
