"""Random tokens for one meter, entered one after another, each answer foretold by the oracle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from pos_app.meter.device import Enter, Live, step
from pos_app.meter.profile import MeterProfile
from pos_app.meter.results import Result
from pos_app.meter.state import HeldKey, Meter, Relay, new_meter
from pos_app.sts.identity import luhn_digit, meter_pan
from pos_app.sts.keys import KeyAttributes, VendingKey, derive_decoder_key
from pos_app.sts.tokens import MeterTestToken, encode
from tests.unit.meter.meters import FLAT, NOON
from tests.unit.meter.oracle import (
    KeyPlan,
    Oracle,
    any_token,
    opens_by_chance,
    tokens_of,
)

DES_VK = VendingKey(bytes.fromhex("abababababababab"))
HMAC_VK = VendingKey(bytes.fromhex("abababababababab949494949494949401234567"))
LAST_TID = 0xFFFFFF
NEXT_BASE = {1993: 2014, 2014: 2035, 2035: 2035}
KINDS = {
    "fresh": 40,
    "replay": 9,
    "old": 7,
    "wrong-key": 10,
    "damaged": 9,
    "not-a-token": 4,
    "section": 18,
    "test": 3,
}
"""How often each kind comes, in a hundred."""

Answering = Callable[[], Result]


class ByChance(Exception):
    """The digits pass the checksum under a key they were not made for; nothing is foretold."""


@dataclass(frozen=True)
class Section:
    """One printed section of a key change."""

    number: int
    new: KeyPlan
    count: int
    roll_over: bool


class Trial:
    """One meter, its oracle, and an endless supply of tokens; all of it from one seed."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)  # noqa: S311 - repeatable on purpose
        self.ea = self.chance.choice((7, 11))
        self.base = self.chance.choice((1993, 2014, 2035))
        self.serial = self.chance.randrange(10**8)
        self.tid = self.chance.randrange(1, LAST_TID // 2)
        self.seen: Counter[str] = Counter()
        self.past: list[tuple[str, KeyPlan, Callable[[], Result]]] = []
        self.printed: list[Section] = []
        plan = self.plan(self.chance.choice((0, 1, 2, 2, 2, 2, 2, 2)))
        self.oracle, self.meter = self._made(plan)

    def plan(self, kt: int, **changes: int | str) -> KeyPlan:
        """Return a key of this meter; `changes` make it one of another meter or group."""
        body = f"14{self.serial:08d}"
        sgc, ti = f"{self.chance.randrange(10**6):06d}", self.chance.randrange(100)
        krn, dkga = self.chance.randrange(1, 10), 4 if self.ea == 11 else self.chance.choice((2, 4))
        of = KeyAttributes(
            meter_pan(body + luhn_digit(body)), kt, sgc, ti, krn, self.base, self.ea, dkga
        )
        of = of._replace(**changes)  # type: ignore[arg-type]
        vending = HMAC_VK if of.dkga == 4 else DES_VK
        ken = min(255, (self.tid >> 16) + self.chance.choice((0, 1, 2, 5, 255, 255)))
        return KeyPlan(derive_decoder_key(vending, of), of, ken)

    def _made(self, plan: KeyPlan) -> tuple[Oracle, Meter]:
        service, money = self.chance.randrange(4), self.chance.random() < 0.4
        phases = self.chance.choice((1, 3))
        most = 10 ** self.chance.randrange(5, 9)
        oracle = Oracle(plan, service, money, phases, self.tid, most)
        profile = MeterProfile("any", service, money, phases=phases, prices=FLAT if money else None)
        profile = replace(profile, max_credit=most * profile.grains_per_step)
        made = new_meter("14123456783", profile, held_of(plan), NOON, self.tid)
        # a switch that never closes: credit changes by tokens alone
        still = replace(made, state=replace(made.state, relay=Relay.STUCK_OPEN))
        return oracle, still

    def run(self) -> Result | None:
        """Enter one token, compare answer and memory; None when chance opened wrong digits."""
        seconds = self.chance.choice((0, 0, 1, 5, 30, 200, 601, 1300))
        loads = (0,) * self.oracle.phases
        self.meter, _ = step(self.meter, Live(seconds, loads))
        self.oracle.now += seconds
        (kind,) = self.chance.choices(list(KINDS), weights=list(KINDS.values()))
        try:
            digits, foretold = getattr(self, "_" + kind.replace("-", "_"))()
            expected = foretold()
        except ByChance:
            return None
        self.meter, answer = step(self.meter, Enter(digits))
        assert answer.result is not None
        assert answer.result is expected, (kind, answer.result, expected)
        self._compare(kind)
        self.seen[f"{kind} {answer.result.name}"] += 1
        return expected

    def _compare(self, kind: str) -> None:
        state, oracle = self.meter.state, self.oracle
        assert state.credit == oracle.credit * self.meter.profile.grains_per_step, kind
        assert list(state.tids) == oracle.window(), kind
        assert (state.limit_w, state.wrong) == (oracle.limit, oracle.wrong), kind
        assert replace(state.held, base=0) == replace(held_of(oracle.plan), base=0), kind

    def _fresh(self) -> tuple[str, Answering]:
        """A token of the next minutes; now and then one that was made a little earlier."""
        self.tid = min(self.tid + int(10 ** (self.chance.random() * 4.3)), LAST_TID)
        late = self.chance.choice((0, 0, 0, 0, 1, 7, 60, 3000))
        return self._token(max(self.tid - late, 0))

    def _old(self) -> tuple[str, Answering]:
        return self._token(self.chance.randrange(self.oracle.window()[0] + 1))

    def _token(self, tid: int) -> tuple[str, Answering]:
        oracle = self.oracle
        token = any_token(self.chance, tid, oracle.service, oracle.money)
        digits = encode(token, oracle.plan.key)
        return self._remembered(digits, lambda: oracle.of_token(token))

    def _remembered(self, digits: str, foretold: Answering) -> tuple[str, Answering]:
        self.past.append((digits, self.oracle.plan, foretold))
        del self.past[:-80]
        return digits, foretold

    def _replay(self) -> tuple[str, Answering]:
        """Digits from before, perhaps from before a key change."""
        if not self.past:
            return self._fresh()
        digits, plan, foretold = self.chance.choice(self.past)
        return digits, foretold if plan.key == self.oracle.plan.key else self._alien(digits)

    def _alien(self, digits: str) -> Answering:
        if opens_by_chance(digits, self.oracle.plan.key):
            raise ByChance
        return self.oracle.of_wrong

    def _wrong_key(self) -> tuple[str, Answering]:
        """The right token under the key of another group, revision, tariff or meter."""
        own, other = self.oracle.plan, self.plan(2)
        name = self.chance.choice(("sgc", "krn", "ti", "pan"))
        changed = own.of._replace(**{name: getattr(other.of, name)})
        if name == "pan":
            body = f"37{self.chance.randrange(10**8):08d}"
            changed = own.of._replace(pan=meter_pan(body + luhn_digit(body)))
        vending = HMAC_VK if changed.dkga == 4 else DES_VK
        key = derive_decoder_key(vending, changed)
        if key == own.key:
            raise ByChance
        oracle = self.oracle
        digits = encode(any_token(self.chance, self.tid, oracle.service, oracle.money), key)
        return digits, self._alien(digits)

    def _damaged(self) -> tuple[str, Answering]:
        """One digit another, or two neighbours exchanged."""
        whole, _ = self._token(self.tid)
        self.past.pop()
        place = self.chance.randrange(20)
        if self.chance.random() < 0.5 or place == 19:
            wrong = str((int(whole[place]) + self.chance.randrange(1, 10)) % 10)
            digits = whole[:place] + wrong + whole[place + 1 :]
        else:
            digits = whole[:place] + whole[place + 1] + whole[place] + whole[place + 2 :]
        if digits == whole:
            raise ByChance
        return digits, self._by_class(digits)

    def _by_class(self, digits: str) -> Answering:
        """Foretell digits that were made for nobody."""
        number = int(digits)
        token_class = number >> 27 & 3
        if number >= 1 << 66:
            return lambda: Result.FORMAT
        if token_class == 3:
            return lambda: Result.FUNCTION
        if opens_by_chance(digits, self.oracle.plan.key):
            raise ByChance
        return (lambda: Result.CRC) if token_class == 1 else self.oracle.of_wrong

    def _not_a_token(self) -> tuple[str, Answering]:
        digits = "".join(self.chance.choices("0123456789", k=20))
        if self.chance.random() < 0.5:
            return digits, self._by_class(digits)
        broken = self.chance.choice((digits[:19], digits + "0", "", digits[:19] + "x", "9" * 20))
        return broken, lambda: Result.FORMAT

    def _test(self) -> tuple[str, Answering]:
        """A test nobody counts; a maker's own is refused, a test unknown here too."""
        maker = self.chance.choice((0, 0, 0, 55))
        test = self.chance.randrange(1, 29)
        known = test in {*range(1, 13), *range(14, 19)}
        digits = encode(MeterTestToken(self.chance.randrange(2), 1 << test - 1, maker))
        answer = Result.ACCEPT if known else Result.FUNCTION
        return digits, lambda: Result.MANUFACTURER if maker else answer

    def _section(self) -> tuple[str, Answering]:
        """A section of a set; sets are begun, mixed and forgotten as people do."""
        if not self.printed or self.chance.random() < 0.15:
            self._print_set()
        section = self.printed.pop(self.chance.choice((0, 0, 0, -1)))
        tokens = tokens_of(section.new, section.count, roll_over=section.roll_over)
        digits = encode(tokens[section.number - 1], self.oracle.plan.key)
        before = self.oracle.plan

        def foretold() -> Result:
            result = self.oracle.of_section(
                section.number, section.new, section.count, roll_over=section.roll_over
            )
            if self.oracle.plan is not before:
                self._after_change(before)
            return result

        return self._remembered(digits, foretold)

    def _after_change(self, before: KeyPlan) -> None:
        self.printed = [each for each in self.printed if self.chance.random() < 0.1]
        if self.oracle.made_tid == 0 and not self.oracle.taken:
            self.base = NEXT_BASE[before.of.base]
            self.tid = self.chance.randrange(1, LAST_TID // 3)

    def _print_set(self) -> None:
        new = self.plan(self.chance.choice((2, 2, 2, 2, 1, 0)))
        roll_over = self.chance.random() < 0.3
        count = 4 if self.ea == 11 else self.chance.choice((2, 3))
        numbers = list(range(1, count + 1))
        self.chance.shuffle(numbers)
        self.printed += [Section(number, new, count, roll_over) for number in numbers]


def held_of(plan: KeyPlan) -> HeldKey:
    of = plan.of
    return HeldKey(plan.key, of.sgc, of.krn, of.kt, of.ti, plan.ken, of.base)
