"""From what was typed at the engineering desk to the tokens it asks for.

A plan says all that can be known before anybody approves: figures read and checked, the tokens
without TID, what the second person has to agree to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Any, ClassVar, Final

from pos_app.application.engineering_records import ENGINEERING, ActOrder, Blank
from pos_app.application.ports import LedgerTransaction
from pos_app.application.records import MeterRecord
from pos_app.domain.engineering import FREE, DeskAct, power, refuse_unfit, word
from pos_app.domain.errors import PosError
from pos_app.domain.tariff.units import parse_units
from pos_app.sts.amounts import encodable_units
from pos_app.sts.explain import TESTS
from pos_app.sts.tokens import (
    SERVICES,
    ClearCredit,
    ClearTamper,
    ExtendedRead,
    ExtendedSet,
    MaxPowerLimit,
    MeterTestToken,
    PhaseUnbalance,
    TariffRate,
    WaterMeterFactor,
)

ALL: Final = 0xFFFF
_WORD: Final = 0xFFFF
UNITS: Final = MappingProxyType({"electricity": "kWh", "water": "m³", "gas": "m³", "time": "min"})
ASK: Final = (
    "supply-group",
    "key-revision",
    "tariff-index",
    "key-expiry",
    "totals",
    "power-limit",
    "tamper",
    "software-version",
)
"""What an ``ask your meter`` slip asks, in the order in which a complaint is settled."""


class RegisterUnknown(PosError):
    """No credit register is called so. Facts: `typed`, `known`."""

    code: ClassVar[str] = "register-unknown"


class MeterTestUnknown(PosError):
    """No test is called so. Facts: `typed`, `known`."""

    code: ClassVar[str] = "meter-test-unknown"


def _nothing(_: LedgerTransaction) -> None:
    """Do nothing first."""


@dataclass(frozen=True, slots=True)
class Plan:
    """An act with its figures. `amount` is what a second person agrees to, in one word.

    `first` runs inside the act's transaction before its token is made.
    """

    act: DeskAct
    meter: MeterRecord | None
    blanks: tuple[tuple[str, Blank], ...]
    facts: dict[str, Any] = field(default_factory=dict)
    amount: str = ""
    kind: str = ENGINEERING
    tenths: int = 0
    fine: int = 0
    sale_seq: int = 0
    for_receipt: str = ""
    from_drn: str = ""
    first: Callable[[LedgerTransaction], None] = _nothing


def plan_of(order: ActOrder, meter: MeterRecord | None) -> Plan:
    """Return the plan of an act of class 1 or 2; raises what stands against its figures."""
    if meter is not None:
        refuse_unfit(order.act, meter.commodity)
    make = _PLANS[order.act]
    blanks, facts, amount = make(order.values, meter)
    needed = None if order.act in FREE else meter
    return Plan(order.act, needed, blanks, facts, amount)


_Made = tuple[tuple[tuple[str, Blank], ...], dict[str, Any], str]
_Values = Mapping[str, str]


def _one(act: DeskAct, blank: Blank) -> tuple[tuple[str, Blank], ...]:
    return ((act.value, blank),)


def _power_limit(values: _Values, _: MeterRecord | None) -> _Made:
    facts = _power_facts(values)
    watts = facts["watts"]
    blank = _one(DeskAct.POWER_LIMIT, lambda tid, rnd: MaxPowerLimit(watts, tid, rnd))
    return blank, facts, f"{watts}W"


def _unbalance(values: _Values, _: MeterRecord | None) -> _Made:
    facts = _power_facts(values)
    watts = facts["watts"]
    blank = _one(DeskAct.PHASE_UNBALANCE, lambda tid, rnd: PhaseUnbalance(watts, tid, rnd))
    return blank, facts, f"{watts}W"


def _power_facts(values: _Values) -> dict[str, Any]:
    """Return the watts as the token can carry them, and how they were meant."""
    meant = power(values.get("power", ""))
    facts: dict[str, Any] = {"watts": encodable_units(meant.watts)}
    if meant.amperes:
        amperes = f"{meant.amperes.normalize():f}"
        facts |= {"amperes": amperes, "volts": meant.volts, "phases": meant.phases}
    return facts


def _clear_credit(values: _Values, meter: MeterRecord | None) -> _Made:
    commodity = "electricity" if meter is None else meter.commodity
    name = values.get("register", "").strip() or commodity
    known = {each: number for number, each in enumerate(SERVICES)}
    known |= {f"{each}-currency": number + 4 for number, each in enumerate(SERVICES)}
    known["all"] = ALL
    if name not in known:
        raise RegisterUnknown(typed=name[:40], known=", ".join(known))
    register, lost = known[name], _lost(values.get("lost", ""))
    blank = _one(DeskAct.CLEAR_CREDIT, lambda tid, rnd: ClearCredit(register, tid, rnd))
    said = f"{Decimal(lost).scaleb(-1)}"
    return blank, {"register": name, "lost_tenths": lost}, f"{name}:{said}"


def _lost(typed: str) -> int:
    """Return the tenths that the display still shows and that will be gone; 0 may be said."""
    return 0 if typed.strip() in {"0", "0.0"} else parse_units(typed)


def _clear_tamper(_values: _Values, _: MeterRecord | None) -> _Made:
    return _one(DeskAct.CLEAR_TAMPER, ClearTamper), {}, "tamper"


def _water_factor(values: _Values, _: MeterRecord | None) -> _Made:
    figure = word(values.get("word", ""), _WORD)
    blank = _one(DeskAct.WATER_FACTOR, lambda tid, rnd: WaterMeterFactor(figure, tid, rnd))
    return blank, {"word": figure}, f"{figure}"


def _tariff_rate(values: _Values, _: MeterRecord | None) -> _Made:
    figure = word(values.get("word", ""), _WORD)
    blank = _one(DeskAct.TARIFF_RATE, lambda tid, rnd: TariffRate(figure, tid, rnd))
    return blank, {"word": figure}, f"{figure}"


def _extended_set(values: _Values, _: MeterRecord | None) -> _Made:
    figure = word(values.get("word", ""), _WORD)
    blank = _one(DeskAct.EXTENDED_SET, lambda tid, rnd: ExtendedSet(figure, tid, rnd))
    return blank, {"word": figure, "index": figure >> 10}, f"{figure}"


def _extended_read(values: _Values, _: MeterRecord | None) -> _Made:
    index = word(values.get("word", ""), 63)
    blank = _one(DeskAct.EXTENDED_READ, lambda _tid, _rnd: ExtendedRead(index << 30))
    return blank, {"index": index}, f"{index}"


def _meter_test(values: _Values, meter: MeterRecord | None) -> _Made:
    """Plan one token a test; ``ask`` stands for all that settles a complaint."""
    typed = values.get("tests", "").replace(",", " ").split() or [TESTS[0]]
    names = list(ASK) if typed == ["ask"] else typed
    for name in names:
        if name not in TESTS:
            raise MeterTestUnknown(typed=name[:40], known=", ".join((*TESTS, "ask")))
    long = meter is not None and len(meter.drn) == 13
    blanks = tuple((DeskAct.METER_TEST.value, _test_blank(name, long=long)) for name in names)
    return blanks, {"tests": names}, ",".join(names)


def _test_blank(name: str, *, long: bool) -> Blank:
    """Return the token of a test; manufacturer code 0 stands in every published vector."""
    number = TESTS.index(name)
    control = 1 << number - 1 if number else (1 << (28 if long else 36)) - 1
    return lambda _tid, _rnd: MeterTestToken(int(long), control, 0)


_PLANS: Final[Mapping[DeskAct, Callable[[_Values, MeterRecord | None], _Made]]] = MappingProxyType(
    {
        DeskAct.POWER_LIMIT: _power_limit,
        DeskAct.PHASE_UNBALANCE: _unbalance,
        DeskAct.CLEAR_CREDIT: _clear_credit,
        DeskAct.CLEAR_TAMPER: _clear_tamper,
        DeskAct.WATER_FACTOR: _water_factor,
        DeskAct.TARIFF_RATE: _tariff_rate,
        DeskAct.EXTENDED_SET: _extended_set,
        DeskAct.EXTENDED_READ: _extended_read,
        DeskAct.METER_TEST: _meter_test,
    }
)
