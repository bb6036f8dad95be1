"""Meter profiles as TOML files: what a make of meter is, in the units of people.

Credit is in kWh, m3 or minutes (or in the currency), prices in the currency per kWh or m3, hours
as ``17:30``. Every field may be left out; an unknown one is refused.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from pos_app.domain.errors import PosError
from pos_app.meter.hours import ALL_DAYS, Calendar, Hours, day_of_date
from pos_app.meter.prices import GRAINS_PER_UNIT, MICROS, Band, Prices
from pos_app.meter.profile import (
    GRAINS_PER_TENTH,
    SERVICES,
    LockoutRule,
    MeterProfile,
    OverloadRule,
)
from pos_app.meter.results import Result

_DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_COUNTED = {
    "crc": Result.CRC,
    "old": Result.OLD,
    "used": Result.USED,
    "expired": Result.KEY_EXPIRED,
}
_LARGEST = 10**12
_QUARTER = 15


class MeterProfileInvalid(PosError):
    """A meter profile cannot be used: `field` says where, `reason` why."""

    code: ClassVar[str] = "meter-profile"


def _refuse(field: str, reason: str) -> MeterProfileInvalid:
    return MeterProfileInvalid(field=field, reason=reason)


class _Table:
    """A table of a TOML file whose fields are taken one by one; what is left over is unknown."""

    def __init__(self, source: object, name: str) -> None:
        if not isinstance(source, Mapping):
            raise _refuse(name, "not a table")
        self._left = dict(source)
        self._name = name

    def _where(self, name: str) -> str:
        return f"{self._name}.{name}" if self._name else name

    def take(self, name: str, kind: type, absent: Any) -> Any:
        value = self._left.pop(name, absent)
        if value is not absent and type(value) is not kind:
            raise _refuse(self._where(name), f"not of type {kind.__name__}")
        return value

    def whole(self, name: str, absent: int, largest: int = _LARGEST, least: int = 0) -> int:
        """Return a whole number between `least` and `largest`."""
        value: int = self.take(name, int, absent)
        if not least <= value <= largest:
            raise _refuse(self._where(name), f"not {least} to {largest}")
        return value

    def exact(self, name: str, absent: int, grains: int) -> int:
        """Return a decimal of the file in grains; finer than a grain is refused."""
        value = self._left.pop(name, None)
        return absent if value is None else _grains(value, grains, self._where(name))

    def table(self, name: str) -> _Table | None:
        """Return a table inside this one."""
        value = self._left.pop(name, None)
        return None if value is None else _Table(value, self._where(name))

    def each(self, name: str) -> list[_Table]:
        """Return the tables of a list."""
        value = self.take(name, list, [])
        return [_Table(each, f"{self._where(name)}[{at}]") for at, each in enumerate(value)]

    def texts(self, name: str) -> list[str] | None:
        """Return a list of texts, None when there is none."""
        value = self.take(name, list, None)
        if value is not None and not all(isinstance(each, str) for each in value):
            raise _refuse(self._where(name), "not a list of texts")
        return None if value is None else list(value)

    def values(self, name: str) -> list[Any]:
        """Return a list of anything, in which every value is looked at later."""
        return list(self.take(name, list, []))

    def done(self) -> None:
        """Raise for a field nobody took."""
        for name in self._left:
            raise _refuse(self._where(name), "unknown")


def _grains(value: object, grains: int, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        raise _refuse(where, "not a number")
    try:
        exact = Decimal(value) * grains
    except InvalidOperation:
        raise _refuse(where, "not a number") from None
    if not exact.is_finite() or not 0 <= exact < 10**30 or exact != int(exact):
        raise _refuse(where, "not a number that can be counted exactly")
    return int(exact)


def profile_of_text(text: str) -> MeterProfile:
    """Return the profile a TOML text describes; raises `MeterProfileInvalid`."""
    try:
        top = _Table(tomllib.loads(text, parse_float=Decimal), "")
    except (tomllib.TOMLDecodeError, InvalidOperation) as fault:
        raise _refuse("file", str(fault)) from None
    profile = _identity(top)
    for read in (_credit, _calendar, _rules, _money):
        profile = read(top, profile)
    top.done()
    return profile


def _identity(top: _Table) -> MeterProfile:
    service = top.take("service", str, SERVICES[0])
    if service not in SERVICES:
        raise _refuse("service", f"not one of {', '.join(SERVICES)}")
    phases = top.whole("phases", 1, 3, 1)
    if phases == 2:
        raise _refuse("phases", "not 1 or 3")
    offset = top.whole("utc_offset_minutes", 0, 14 * 60, -12 * 60)
    if offset % _QUARTER:
        raise _refuse("utc_offset_minutes", "not whole quarters of an hour")
    currency: str = top.take("currency", str, "")
    return MeterProfile(
        name=top.take("name", str, service),
        service=SERVICES.index(service),
        money=bool(currency),
        currency=currency,
        manufacturer=top.whole("manufacturer", 0, 9999),
        phases=phases,
        software=top.whole("software", 1, 9999),
        offset_minutes=offset,
    )


def _per_unit(profile: MeterProfile) -> int:
    """Return the grains of one currency unit, kWh, m3 or minute."""
    return MICROS * GRAINS_PER_UNIT if profile.money else 10 * GRAINS_PER_TENTH


def _credit(top: _Table, profile: MeterProfile) -> MeterProfile:
    table, unit = top.table("credit"), _per_unit(profile)
    most, low, lower, rearm = (each * unit for each in (10_000, 20, 5, 1))
    if table is None:
        return replace(profile, max_credit=most, low=(low, lower), rearm=rearm)
    found = replace(
        profile,
        max_credit=table.exact("most", most, unit),
        low=(table.exact("low", low, unit), table.exact("lower", lower, unit)),
        rearm=table.exact("rearm", rearm, unit),
        emergency=table.exact("emergency", 0, unit),
        emergency_from=table.exact("emergency_from", 0, unit),
    )
    table.done()
    if found.low[0] < found.low[1]:
        raise _refuse("credit.lower", "above credit.low")
    return found


def _calendar(top: _Table, profile: MeterProfile) -> MeterProfile:
    hours = tuple(_hours(table) for table in top.each("friendly"))
    days = frozenset(_holiday(each) for each in top.values("holidays"))
    return replace(profile, friendly=Calendar(hours, days))


def _holiday(value: object) -> int:
    if type(value) is not date:
        raise _refuse("holidays", "not a list of dates")
    return day_of_date(value)


def _hours(table: _Table, *, last: bool = True) -> Hours:
    start, end = _minute(table, "from"), _minute(table, "to")
    named = table.texts("days")
    days = ALL_DAYS if named is None else frozenset(_weekday(each) for each in named)
    if last:
        table.done()
    return Hours(start, end, days)


def _weekday(name: str) -> int:
    if name not in _DAY_NAMES:
        raise _refuse("days", f"not of {', '.join(_DAY_NAMES)}")
    return _DAY_NAMES.index(name)


def _minute(table: _Table, name: str) -> int:
    text: str = table.take(name, str, "")
    hour, _, minute = text.partition(":")
    if not (hour.isdecimal() and minute.isdecimal() and len(minute) == 2 and text.isascii()):
        raise _refuse(name, "not a time of day like 17:30")
    at = int(hour) * 60 + int(minute)
    if int(minute) > 59 or at >= 24 * 60 or at % _QUARTER:
        raise _refuse(name, "not a quarter of an hour of the day")
    return at


def _rules(top: _Table, profile: MeterProfile) -> MeterProfile:
    lock, over = top.table("lockout"), top.table("overload")
    if lock is not None:
        profile = replace(profile, lockout=_lockout(lock))
    if over is not None:
        rule = OverloadRule(
            over.whole("after_s", 60, 86_400, 1),
            over.whole("reclose_s", 60, 86_400, 1),
            over.whole("trips", 5, 1000, 1),
            over.whole("window_s", 1800, 86_400, 1),
        )
        over.done()
        profile = replace(profile, overload=rule)
    return profile


def _lockout(table: _Table) -> LockoutRule:
    named = table.texts("counted") or ["crc"]
    unknown = [each for each in named if each not in _COUNTED]
    if unknown:
        raise _refuse("lockout.counted", f"not of {', '.join(_COUNTED)}")
    rule = LockoutRule(
        table.whole("after", 3, 100, 1),
        table.whole("first_s", 10, 86_400, 1),
        table.whole("longest_s", 1280, 86_400, 1),
        frozenset(_COUNTED[each] for each in named),
    )
    table.done()
    return rule


def _money(top: _Table, profile: MeterProfile) -> MeterProfile:
    steps, bands = top.values("steps"), top.each("band")
    if not profile.money:
        if steps or bands:
            raise _refuse("band", "prices without a currency")
        return profile
    if not bands:
        raise _refuse("band", "missing: a meter that holds money needs prices")
    limits = tuple(_grains(each, GRAINS_PER_UNIT, "steps") for each in steps)
    if list(limits) != sorted(set(limits)) or 0 in limits:
        raise _refuse("steps", "not rising")
    read = tuple(_band(table, place, limits) for place, table in enumerate(bands))
    return replace(profile, prices=Prices(limits, read))


def _band(table: _Table, place: int, limits: tuple[int, ...]) -> Band:
    """Return a band; the first has no hours, the others have."""
    name = table.take("name", str, "")
    prices = tuple(_grains(each, MICROS, "band.prices") for each in table.values("prices"))
    if len(prices) != len(limits) + 1:
        raise _refuse("band.prices", "not one more than the steps")
    hours = None if place == 0 else Calendar((_hours(table, last=False),))
    table.done()
    return Band(name, prices, hours)
