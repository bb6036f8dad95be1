"""The projection reports read: sales of an hour with the same operator, tariff and parts, summed.

A sale adds to one row (a second one only beyond `ROOM` parts), so a year of sales is some tens of
thousands of rows whatever the sale's lines were. ``shape`` names the parts, ``a1`` to ``a12`` are
their sums in the same order: minor units of money, tenths for tokens. ``first_seq`` and
``last_seq`` say which part of the journal the sales stand in.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from sqlite_utils import Database

ROOM: Final = 12
"""How many parts a row has room for."""

Part = tuple[str, str, str]
"""Kind (``line.tax``, ``net``, ``tender.cash``, ``token.credit`` …), name, percent or count.

``net`` is the money a tax was charged on; its name is empty for sales without a tax.
``token.…`` has how many a sale had of a kind; those of a key change are one set and carry nothing.
``commission`` is what the shop earned and ``commissioned`` on what, by utility and percentage.
"""

TABLE: Final = """
create table hour_sum (
    day text not null,
    hour integer not null check (hour between 0 and 23),
    operator text not null,
    currency text not null,
    tariff text not null,
    unit text not null,
    page integer not null,
    shape text not null,
    decimals integer not null,
    sales integer not null,
    total_minor integer not null,
    tenths integer not null,
    largest_minor integer not null,
    a1 integer not null, a2 integer not null, a3 integer not null, a4 integer not null,
    a5 integer not null, a6 integer not null, a7 integer not null, a8 integer not null,
    a9 integer not null, a10 integer not null, a11 integer not null, a12 integer not null,
    primary key (day, hour, operator, currency, tariff, unit, page, shape)
) strict, without rowid;
create index journal_other on journal(kind, at_ms) where kind <> 'sale';
"""
"""The index is of the few entries that are no sale: a sale never touches it."""

_ADD: Final = """insert into hour_sum
    values (?,?,?,?,?,?,?,?,?,1,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
    on conflict (day, hour, operator, currency, tariff, unit, page, shape) do update set
        sales = sales + 1, total_minor = total_minor + excluded.total_minor,
        tenths = tenths + excluded.tenths,
        largest_minor = max(largest_minor, excluded.largest_minor),
        a1 = a1 + excluded.a1, a2 = a2 + excluded.a2, a3 = a3 + excluded.a3,
        a4 = a4 + excluded.a4, a5 = a5 + excluded.a5, a6 = a6 + excluded.a6,
        a7 = a7 + excluded.a7, a8 = a8 + excluded.a8, a9 = a9 + excluded.a9,
        a10 = a10 + excluded.a10, a11 = a11 + excluded.a11, a12 = a12 + excluded.a12,
        last_seq = excluded.last_seq"""

_EARNED: Final = "select 1 from tally where name = 'commission' limit 1"
_SHAPE: Final = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode
_SALES_AFTER: Final = """select seq, body from journal
    where kind = 'sale' and seq > ? order by seq limit 500"""


def parts_of(body: Mapping[str, Any]) -> dict[Part, int]:
    """Return every part of a sale with its amount; parts of one name are one."""
    parts: dict[Part, int] = {}
    net, taxes = _net(body), set()
    for line in body["lines"]:
        kind, name, percent = line["kind"], line.get("name", ""), line.get("percent", "")
        _put(parts, (f"line.{kind}", name, percent), line["amount_minor"])
        if kind == "tax":
            taxes.add((name, percent))
    for name, percent in taxes or {("", "")}:
        _put(parts, ("net", name, percent), net)
    for name, amount in _paid(body):
        _put(parts, (name, "", ""), amount)
    percent = body.get("commission_percent", "")
    if percent:
        utility = body["meter"]["utility"]
        _put(parts, ("commission", utility, percent), body["commission_minor"])
        _put(parts, ("commissioned", utility, percent), body["total_minor"])
    for kind, tenths in _tokens(body["tokens"]).items():
        _put(parts, (f"token.{kind}", "", str(len(tenths))), sum(tenths))
    change = body.get("key_change")
    if change:
        _put(parts, ("token.key-change", "", str(len(change["digits"]))), 0)
    return parts


def _paid(body: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    for tender in body["tenders"]:
        yield f"tender.{tender['kind']}", tender["amount_minor"]
    for name in ("change", "rounding"):
        yield name, body[f"{name}_minor"]
    if body.get("wallet_in_minor", 0):
        yield "wallet-in", body["wallet_in_minor"]


def additions(seq: int, body: Mapping[str, Any]) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Yield what the sale of entry `seq` adds: a statement, its values; once for the usual sale."""
    at = datetime.fromtimestamp(body["at_ms"] // 1000 + body["offset_minutes"] * 60, UTC)
    when = (at.date().isoformat(), at.hour)
    who = (body["operator"], body["currency"], body["tariff"], body["meter"]["unit"])
    decimals, total = body["decimals"], body["total_minor"]
    parts = sorted(parts_of(body).items())
    for page, first in enumerate(range(0, len(parts) or 1, ROOM)):
        some = parts[first : first + ROOM]
        shape = _SHAPE([part for part, _ in some])
        amounts = [amount for _, amount in some] + [0] * (ROOM - len(some))
        sums = (total, body["tenths"], total) if not page else (0, 0, 0)
        yield _ADD, (*when, *who, page, shape, decimals, *sums, *amounts, seq, seq)


def refill(db: Database) -> None:
    """Build the table anew where sales earned a commission, which it did not hold at first."""
    if db.execute(_EARNED).fetchone():
        _anew(db)


def refill_key_changes(db: Database) -> None:
    """Build the table anew where sales changed keys, whose tokens it did not count at first."""
    if db.execute("select 1 from key_change limit 1").fetchone():
        _anew(db)


def _anew(db: Database) -> None:
    db.execute("delete from hour_sum")
    fill(db)


def fill(db: Database) -> None:
    """Build the table from the journal of a ledger that had none."""
    seq = 0
    while page := db.execute(_SALES_AFTER, (seq,)).fetchall():
        for row_seq, body in page:
            for statement, values in additions(row_seq, json.loads(body)):
                db.execute(statement, values)
            seq = row_seq


def _net(body: Mapping[str, Any]) -> int:
    """Return a sale's money of lines that are no tax and no debt (a debt is no supply)."""
    lines = body["lines"]
    return sum(line["amount_minor"] for line in lines if line["kind"] not in {"tax", "debt"})


def _put(parts: dict[Part, int], part: Part, amount: int) -> None:
    parts[part] = parts.get(part, 0) + amount


def _tokens(tokens: Iterable[Mapping[str, Any]]) -> dict[str, list[int]]:
    by_kind: dict[str, list[int]] = {}
    for token in tokens:
        by_kind.setdefault(token["kind"], []).append(token["tenths"])
    return by_kind
