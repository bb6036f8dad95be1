"""What a meter must answer, said by somebody who sees the plan and not the digits.

A `Trial` makes random tokens with `pos_app.sts` for one meter and knows what it did to each. The
`Oracle` knows the meter only by what it was told and keeps its memory the slow way: all
identifiers ever taken, of which the fifty largest count.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from pos_app.domain.errors import PosError
from pos_app.meter.results import Result
from pos_app.sts.amounts import encodable_currency, encodable_units
from pos_app.sts.errors import TokenCrc
from pos_app.sts.keys import DecoderKey, KeyAttributes
from pos_app.sts.tokens import (
    ClearCredit,
    ClearTamper,
    CreditToken,
    CurrencyCreditToken,
    ExtendedSet,
    KeyChange,
    KeyChangeToken,
    MaxPowerLimit,
    PhaseUnbalance,
    ProprietaryToken,
    TariffRate,
    Token,
    WaterMeterFactor,
    decode,
    key_change_set,
)

WAITS = (10, 20, 40, 80, 160, 320, 640, 1280)
SET_SECONDS = 600


@dataclass(frozen=True)
class KeyPlan:
    """A key and what its meter is told of it."""

    key: DecoderKey
    of: KeyAttributes
    ken: int


@dataclass
class Oracle:
    """The meter as its maker would describe it on paper."""

    plan: KeyPlan
    service: int
    money: bool
    phases: int
    made_tid: int
    most: int
    now: int = 0
    credit: int = 0
    limit: int = 0
    taken: set[int] = field(default_factory=set)
    wrong: int = 0
    free_at: int = 0
    waiting: dict[int, tuple[KeyPlan, bool, bool]] = field(default_factory=dict)
    waiting_since: int = 0

    def window(self) -> list[int]:
        """Return the fifty identifiers that count, the factory's filling where there are fewer."""
        newest = sorted(self.taken)[-50:]
        return [self.made_tid] * (50 - len(newest)) + newest

    def of_wrong(self) -> Result:
        """Answer to digits that do not open under the meter's key."""
        if self.now < self.free_at:
            return Result.LOCKOUT
        self.wrong += 1
        if self.wrong >= 3:
            self.free_at = self.now + WAITS[min(self.wrong - 3, 7)]
        return Result.CRC

    def of_token(self, token: Token) -> Result:
        """Answer to a whole token under the meter's key that is no part of a key change."""
        if self.now < self.free_at:
            return Result.LOCKOUT
        result = self._dated(token) or self._applied(token)
        if result is Result.ACCEPT:
            self.taken.add(_tid(token))
            self.wrong = self.free_at = 0
        return result

    def _dated(self, token: Token) -> Result | None:
        tid, window = _tid(token), self.window()
        if tid // 65536 > self.plan.ken:
            return Result.KEY_EXPIRED
        if tid in window:
            return Result.USED
        return Result.OLD if tid < min(window) else None

    def _applied(self, token: Token) -> Result:
        match token:
            case CreditToken() | CurrencyCreditToken():
                return self._credit(token)
            case MaxPowerLimit(watts):
                self.limit = encodable_units(watts)
            case ClearCredit(register):
                return self._cleared(register)
        known = {
            MaxPowerLimit: True,
            ClearTamper: True,
            PhaseUnbalance: self.phases > 1,
            WaterMeterFactor: self.service == 1,
        }
        return Result.ACCEPT if known.get(type(token)) else Result.FUNCTION

    def _credit(self, token: CreditToken | CurrencyCreditToken) -> Result:
        """Tell units from money, and one service from another."""
        if self.plan.of.kt < 2:
            return Result.DEFAULT_KEY
        if token.sub != self.service + (4 if self.money else 0):
            return Result.FUNCTION
        if isinstance(token, CreditToken):
            return self._credited(encodable_units(token.tenths))
        return self._credited(encodable_currency(token.units))

    def _credited(self, amount: int) -> Result:
        if amount > 0 and self.credit + amount > self.most:
            return Result.OVERFLOW
        self.credit += amount
        return Result.ACCEPT

    def _cleared(self, register: int) -> Result:
        own = self.service + 4 if self.money else self.service
        if register not in (own, 0xFFFF):
            return Result.RANGE
        self.credit = min(self.credit, 0)
        return Result.ACCEPT

    def of_section(self, number: int, new: KeyPlan, tokens: int, *, roll_over: bool) -> Result:
        """Answer to the `number`-th token (1 to 4) of a set of `tokens`, under the meter's key."""
        if self.now < self.free_at:
            return Result.LOCKOUT
        if number == 1 and self.plan.of.kt >= 2 > new.of.kt:
            return Result.KEY_TYPE
        if number == 1 and self.plan.of.kt == 1 and new.of.kt == 0:
            return Result.KEY_TYPE
        if self.now - self.waiting_since > SET_SECONDS:
            self.waiting = {}
        if not self.waiting:
            self.waiting_since = self.now
        self.waiting[number] = (new, roll_over, tokens == 3)
        if not self._whole():
            return (Result.FIRST_KCT, Result.SECOND_KCT, Result.THIRD_KCT, Result.FOURTH_KCT)[
                number - 1
            ]
        return self._rekeyed()

    def _whole(self) -> bool:
        if self.plan.key.ea == 11:
            return set(self.waiting) == {1, 2, 3, 4}
        if not {1, 2} <= set(self.waiting):
            return False
        return 3 in self.waiting or not self.waiting[1][2]

    def _rekeyed(self) -> Result:
        """Build the key from whichever set each section came with."""
        (first, roll_over, with_sgc), (second, *_) = self.waiting[1], self.waiting[2]
        word = {number: plan.key.reveal() for number, (plan, *_) in self.waiting.items()}
        sgc = "000000"
        if self.plan.key.ea == 11:
            low, high = (int(self.waiting[number][0].of.sgc) for number in (3, 4))
            sgc = f"{high // 4096 * 4096 + low % 4096:06d}"
            secret = word[1][:4] + word[3][4:8] + word[4][8:12] + word[2][12:]
        else:
            sgc = self.waiting[3][0].of.sgc if with_sgc else sgc
            secret = word[1][:4] + word[2][4:]
        self.waiting = {}
        if len(sgc) > 6:
            return Result.RANGE
        of = first.of._replace(sgc=sgc, ti=second.of.ti)
        ken = first.ken // 16 * 16 + second.ken % 16
        self.plan = KeyPlan(DecoderKey(secret), of, ken)
        if roll_over:
            self.taken, self.made_tid = set(), 0
        self.wrong = self.free_at = 0
        return Result.ACCEPT


def _tid(token: Token) -> int:
    """Return where an ordinary token carries its identifier."""
    if isinstance(token, ProprietaryToken):
        return token.content >> 16 & 0xFFFFFF
    tid: int = getattr(token, "tid")  # noqa: B009 - only kinds that have one come here
    return tid


def opens_by_chance(digits: str, key: DecoderKey) -> bool:
    """Tell whether wrong digits pass the 16-bit checksum all the same: one in 65,536 does."""
    try:
        decode(digits, key)
    except TokenCrc:
        return False
    except PosError:
        return True
    return True


def tokens_of(new: KeyPlan, count: int, *, roll_over: bool) -> list[KeyChangeToken]:
    """Return the sections that lead to `new`, in the order they are printed."""
    of = new.of
    change = KeyChange(new.key, new.ken, of.krn, of.kt, of.ti, of.sgc, roll_over, count)
    return key_change_set(change)


def any_token(chance: Random, tid: int, service: int, money: bool) -> Token:  # noqa: FBT001
    """Return a token of any kind; half of them a credit this meter takes."""
    rnd, word = chance.randrange(16), chance.randrange(0x10000)
    units = int(10 ** (chance.random() * 7.2))
    if chance.random() < 0.5:
        if money:
            return CurrencyCreditToken(service + 4, chance.choice((1, 1, -1)) * units, tid)
        return CreditToken(service, min(units, 18_201_624), tid, rnd)
    register = chance.choice((service, service + 4, 0xFFFF, word))
    return chance.choice(
        (
            CreditToken(chance.randrange(4), min(units, 18_201_624), tid, rnd),
            CurrencyCreditToken(chance.randrange(4, 8), units, tid),
            MaxPowerLimit(min(units, 18_201_624), tid, rnd),
            ClearCredit(register, tid, rnd),
            TariffRate(word, tid, rnd),
            ClearTamper(tid, rnd),
            PhaseUnbalance(min(units, 18_201_624), tid, rnd),
            WaterMeterFactor(word, tid, rnd),
            ExtendedSet(word, tid, rnd),
            ProprietaryToken(2, chance.randrange(11, 16), rnd << 40 | tid << 16 | word),
        )
    )
