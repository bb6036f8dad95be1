"""Projections: tables that follow from the journal and from nothing else.

One pure function per kind of entry says what an entry changes; the same functions write the
tables in the entry's own transaction and rebuild them from the whole journal for comparison.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from pos_app.adapters.ledger import (
    account_projections,
    bulk_projections,
    desk_projections,
    free_issues,
    hour_sums,
    key_change_projections,
    key_projections,
    life_projections,
    office_projections,
    proposal_projections,
    redress_projections,
    shift_projections,
    tender_projections,
)
from pos_app.adapters.ledger.lock_outs import UNLOCK, failed
from pos_app.domain.shift import REPRINT, SIGN_IN_REFUSED
from pos_app.exchange.chain import Entry

Change = tuple[str, tuple[Any, ...]]
Body = Mapping[str, Any]

TID_FLOOR = "tid-floor-minute"
SERIES = "series"
CLOCK_HIGHEST = "clock-highest-ms"
"""The highest time this till showed before a supervisor put its clock right."""

_MARK = "insert into mark values (?, ?) on conflict (name) do update set value = excluded.value"
_HIGHEST = """insert into mark values (?, ?)
    on conflict (name) do update set value = max(value, excluded.value)"""
_SALE = "insert into sale values (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
_TOKEN = """insert into token values (?1, ?2, ?3, ?4, ?5 + coalesce((select month_tenths
    from token where drn = ?1 and month = ?4 order by minute desc limit 1), 0))"""  # noqa: S105 - a table's name
_ALLOWANCE = """insert or replace into allowance select ?1, ?2, ?3, ?4, ?5, ?6, ?7,
    coalesce(sum(amount) filter (where name in ('sale', 'given')), 0),
    coalesce(sum(amount) filter (where name = 'units'), 0),
    coalesce(sum(times) filter (where name = 'sale'), 0)
    from tally where level = 'total' and number = 0 and currency = ?1"""


def local_day(at_ms: int, offset_minutes: int) -> str:
    """Return the day (``YYYY-MM-DD``) of an instant in a place `offset_minutes` ahead of UTC."""
    at = datetime.fromtimestamp(at_ms // 1000 + offset_minutes * 60, UTC)
    return at.date().isoformat()


def _sale(entry: Entry, body: Body) -> Iterator[Change]:
    meter = body["meter"]
    drn, currency = meter["drn"], body["currency"]
    tenths, minor = body["tenths"], body["total_minor"]
    day = local_day(body["at_ms"], body["offset_minutes"])
    number = (entry.seq, body["sale_id"], body["receipt"], body["series"], body["number"])
    buyer = (body["at_ms"], day, drn, meter["name"], body["operator"])
    amount = (currency, body["decimals"], minor, tenths, meter["unit"])
    yield _SALE, (*number, *buyer, *amount, body.get("shift", 0))
    bought = tenths
    for token in body["tokens"]:
        yield _TOKEN, (drn, token["minute"], entry.seq, body["month"], bought)
        bought = 0
    yield from hour_sums.additions(entry.seq, body)
    yield from shift_projections.sale(entry, body)
    yield from account_projections.sale(entry, body)
    yield from tender_projections.sale(entry, body)
    yield from free_issues.additions("sale", entry.seq, body)
    yield from key_change_projections.sale(entry, body)


def _reprint(entry: Entry, body: Body) -> Iterator[Change]:
    yield "insert into reprint values (?, ?, ?)", (entry.seq, body["sale_seq"], body["copy"])
    yield from shift_projections.counter(REPRINT, entry, body)


def _sign_in(_: Entry, body: Body) -> Iterator[Change]:
    yield UNLOCK, (body["operator"],)


def _sign_in_refused(entry: Entry, body: Body) -> Iterator[Change]:
    yield failed(body["operator"], entry, body)
    yield from shift_projections.counter(SIGN_IN_REFUSED, entry, body)


def _allowance(_: Entry, body: Body) -> Iterator[Change]:
    names = ("currency", "sequence", "money_minor", "tenths", "count", "per_vend_minor")
    yield _ALLOWANCE, (*(body[name] for name in names), body["not_after_ms"])


def _shop_created(_: Entry, body: Body) -> Iterator[Change]:
    yield _MARK, (SERIES, body["series"])


def _clock_settled(_: Entry, body: Body) -> Iterator[Change]:
    yield _HIGHEST, (CLOCK_HIGHEST, max(body["was"], body["is"]))


def _restored(_: Entry, body: Body) -> Iterator[Change]:
    yield _MARK, (SERIES, body["series"])
    yield _MARK, (TID_FLOOR, body["tid_floor"])


_KINDS: Mapping[str, Callable[[Entry, Body], Iterator[Change]]] = {
    "sale": _sale,
    "reprint": _reprint,
    "sign_in": _sign_in,
    "sign_in_refused": _sign_in_refused,
    "allowance": _allowance,
    "shop_created": _shop_created,
    "restored": _restored,
    "clock_settled": _clock_settled,
    **shift_projections.KINDS,
    **account_projections.KINDS,
    **tender_projections.KINDS,
    **redress_projections.KINDS,
    **key_projections.KINDS,
    **life_projections.KINDS,
    **office_projections.KINDS,
    **key_change_projections.KINDS,
    **desk_projections.KINDS,
    **bulk_projections.KINDS,
    **proposal_projections.KINDS,
}


def project(entry: Entry, body: Body) -> Iterator[Change]:
    """Return what `entry` changes: parameterised statements in their order."""
    change = _KINDS.get(entry.kind)
    if change is not None:
        yield from change(entry, body)
