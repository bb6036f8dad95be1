"""Figures as people read them: money, units, times. Text only; templates escape it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from pos_app.head_office.currencies import decimals_of
from pos_app.head_office.errors import EntryUnfit
from pos_app.head_office.queries.evidence import FIRST_MINUTE_MS, MINUTE_MS

_THIN: Final = "\u202f"
_WHOLE: Final = "\u00a0"
_KEY_NAMES: Final = MappingProxyType(
    {"sgc": "SGC", "krn": "KRN", "ti": "TI", "ken": "KEN", "kt": "KT", "ea": "EA", "dkga": "DKGA",
     "base": f"base{_WHOLE}date"}
)  # fmt: skip
_LARGEST: Final = Decimal(10) ** 13
_AMOUNT: Final = re.compile(r"[0-9]{1,14}(?:\.[0-9]{0,4})?")


def money(minor: int, decimals: int) -> str:
    """Return an amount, its thousands apart: ``12 345.60``."""
    return f"{Decimal(minor).scaleb(-decimals):,f}".replace(",", _THIN)


def money_of(minor: int, currency: str) -> str:
    """Return an amount of a currency with its code."""
    return f"{currency}{_THIN}{money(minor, decimals_of(currency))}"


def units(tenths: int) -> str:
    """Return tenths of units as units."""
    return f"{Decimal(tenths).scaleb(-1):,f}".replace(",", _THIN)


def count(number: int) -> str:
    """Return a number, its thousands apart."""
    return f"{number:,}".replace(",", _THIN)


def short(minor: int, decimals: int) -> str:
    """Return an amount as a plot labels it: ``41.2 k``."""
    value = Decimal(minor).scaleb(-decimals)
    for size, letter in ((10**9, "G"), (10**6, "M"), (10**3, "k")):
        if value >= size:
            places = 1 if value < 100 * size else 0
            return f"{value / size:.{places}f}{_THIN}{letter}"
    return f"{value:.0f}"


def when(ms: int) -> str:
    """Return an instant as UTC: ``2026-11-21 14:32``."""
    return f"{_at(ms):%Y-%m-%d %H:%M}" if _readable(ms) else str(ms)


def minute(number: int) -> str:
    """Return the minute that a token names: head office counts them from 1993 on."""
    return when(FIRST_MINUTE_MS + number * MINUTE_MS)


def day_of(ms: int) -> str:
    """Return the day of an instant in UTC."""
    return f"{_at(ms):%Y-%m-%d}"


def meter(drn: str) -> str:
    """Return a meter's number in groups, as it stands on the meter."""
    groups = [drn[at : at + 4] for at in range(0, len(drn), 4)]
    return _THIN.join(groups) if drn.isdecimal() else drn


def meter_key(key: Mapping[str, object]) -> str:
    """Return the attributes of a meter's key by the names that the standard has for them."""
    return ", ".join(f"{_KEY_NAMES[name]}{_WHOLE}{value}" for name, value in key.items())


def campaign(name: str) -> str:
    """Return the name of a campaign of key changes as it is read: from one key to another."""
    return name.replace(">", " → ").replace("@", ", ")


def _readable(ms: int) -> bool:
    return 0 <= ms < 253_402_300_800_000  # the year 10000


def _at(ms: int) -> datetime:
    return datetime.fromtimestamp(ms // 1000, UTC)


def since(now_ms: int, ms: int) -> tuple[str, int]:
    """Return how long ago an instant was: the name of a unit and how many of it."""
    seconds = max(now_ms - ms, 0) // 1000
    for name, size in (("days", 86_400), ("hours", 3600), ("minutes", 60)):
        if seconds >= size * (2 if name != "minutes" else 1):
            return name, seconds // size
    return "now", 0


def read_day(text: str, field: str) -> str:
    """Return a day as ``YYYY-MM-DD``; raises `EntryUnfit`."""
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        raise EntryUnfit(field=field, typed=text[:40]) from None


def earlier(day: str, days: int) -> str:
    """Return the day so many days before another; the first of all days has none before it."""
    first = date.min.toordinal()
    return date.fromordinal(max(date.fromisoformat(day).toordinal() - days, first)).isoformat()


def spans(days: tuple[str, str], *, monthly: bool) -> list[str]:
    """Return every day or month from the first to the last, also those without a sale."""
    day, names = days[1], list[str]()
    while day >= days[0]:
        name = day[: 7 if monthly else 10]
        if not names or names[-1] != name:
            names.append(name)
        day = earlier(day, 1)
    return names[::-1]


def weekday(day: str) -> int:
    """Return the day of the week, Monday is 0."""
    return date.fromisoformat(day).weekday()


def read_amount(text: str, decimals: int, field: str) -> int:
    """Return what somebody typed in the smallest units; raises `EntryUnfit`."""
    plain = text.replace(" ", "").replace(_THIN, "").replace("\u00a0", "")
    if not _AMOUNT.fullmatch(plain):
        raise EntryUnfit(field=field, typed=text[:40])
    minor = Decimal(plain).scaleb(decimals)
    if minor != minor.to_integral_value() or not 0 < minor <= _LARGEST:
        raise EntryUnfit(field=field, typed=text[:40])
    return int(minor)


def read_count(text: str, field: str, most: int = 10**9, least: int = 1) -> int:
    """Return a whole number that somebody typed; raises `EntryUnfit`."""
    plain = text.replace(" ", "").replace(_THIN, "")
    if not plain.isascii() or not plain.isdecimal() or len(plain) > 12:
        raise EntryUnfit(field=field, typed=text[:40])
    if not least <= int(plain) <= most:
        raise EntryUnfit(field=field, typed=text[:40])
    return int(plain)
