"""What a virtual meter remembers of days, months and tokens."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from pos_app.application.meter_lines import credit_text, result_sentence, use_text
from pos_app.application.shop_time import local
from pos_app.application.words import Words
from pos_app.cli.meter_json import credit_value, use_value
from pos_app.meter.hours import date_of_day
from pos_app.meter.results import Result
from pos_app.meter.state import Meter, Period


def _months_first(number: int) -> date:
    year, month = divmod(number, 12)
    return date(year, month + 1, 1)


def _days(meter: Meter) -> Iterator[tuple[str, Period]]:
    return ((date_of_day(each.number).isoformat(), each) for each in meter.state.days)


def _months(meter: Meter) -> Iterator[tuple[str, Period]]:
    return ((f"{_months_first(each.number):%Y-%m}", each) for each in meter.state.months)


def history_values(meter: Meter) -> dict[str, Any]:
    """Return finished months and days and the last tokens, oldest first."""

    def values(named: tuple[str, Period]) -> dict[str, Any]:
        name, period = named
        return {
            "period": name,
            "use": use_value(period.use),
            "cost": credit_value(meter.profile, period.cost),
            "credit": credit_value(meter.profile, period.credit),
        }

    return {
        "meter": meter.drn,
        "months": [values(each) for each in _months(meter)],
        "days": [values(each) for each in _days(meter)],
        "tokens": [
            {"at": note.at_s, "result": Result(note.result).name.lower()}
            for note in meter.state.tokens
        ],
    }


def history_lines(words: Words, meter: Meter) -> Iterator[str]:
    """Yield the same in words: months, days, then tokens."""
    profile = meter.profile
    for name, period in (*_months(meter), *_days(meter)):
        yield words(
            "meter.period",
            period=name,
            use=use_text(words, profile, period.use),
            credit=credit_text(words, profile, period.credit),
        )
    for note in meter.state.tokens:
        at = local(note.at_s * 1000, profile.offset_minutes).strftime("%Y-%m-%d %H:%M:%S")
        said = result_sentence(words, Result(note.result))
        yield words("meter.at", time=at, event=said)
    if not (meter.state.days or meter.state.tokens):
        yield words("meter.no-history")
