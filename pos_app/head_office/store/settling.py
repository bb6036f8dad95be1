"""Questions of settlement: sums over days, closes a page at a time, terms of commission."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Any, Final

from sqlalchemy import BigInteger, Connection, case, cast, func, insert, select, true, tuple_

from pos_app.head_office.store.settling_tables import closing, commission_terms, tally

Row = dict[str, Any]
Days = tuple[str, str]

_KIND: Final = (
    tally.c.what, tally.c.name, tally.c.detail, tally.c.currency, tally.c.decimals, tally.c.unit,
    tally.c.training,
)  # fmt: skip
_SUMS: Final = ("times", "minor", "tenths")


def sums(
    act: Connection,
    days: Days,
    till: str = "",
    *,
    by: Sequence[str] = (),
    whats: Sequence[str] = (),
) -> list[Row]:
    """Return what the days add up to by name, and by ``till``, ``day`` or ``branch`` as well.

    `whats` asks for some names only; a till's days are read by key, whatever was sold on them.
    """
    columns = (*(tally.c[name] for name in by), *_KIND)
    wanted = (
        select(*columns, *(func.sum(tally.c[name]).label(name) for name in _SUMS))
        .where(
            tally.c.day.between(*days),
            (tally.c.till == till) if till else true(),
            tally.c.what.in_(whats) if whats else true(),
        )
        .group_by(*columns)
        .order_by(*columns)
    )
    return [
        {**row, **{name: int(row[name]) for name in _SUMS}}
        for row in act.execute(wanted).mappings()
    ]


_DEBT: Final = "line.debt"
_FREE: Final = "token.free-basic"
_OWN: Final = ("commission", "commission-back")
_LESS: Final = ("refund", "compensation")


def earning(
    act: Connection, days: Days, till: str, termed: Collection[str], *, by_day: bool
) -> list[Row]:
    """Return what commission is reckoned on, by till and kind of money.

    `by_day` for the tills that are `termed`, otherwise the sums of all others. Columns as in
    `pos_app.head_office.commission.Base`.
    """
    what, none = tally.c.what, 0
    sold = case((what.in_(("sale", *_LESS)), tally.c.minor), else_=none)
    tenths = case((what == "sale", tally.c.tenths), (what == "compensated", -tally.c.tenths),
                  else_=none)  # fmt: skip
    tokens = case((what == _FREE, tally.c.times * cast(tally.c.detail, BigInteger)), else_=none)
    debt = case((what == _DEBT, tally.c.minor), else_=none)
    own = case((what.in_(_OWN), tally.c.minor), else_=none)
    named = {"sold": sold, "tenths": tenths, "free_tokens": tokens, "debt": debt, "own": own}
    columns = [tally.c.till, tally.c.currency, tally.c.decimals, tally.c.training]
    columns += [tally.c.day] if by_day else []
    whats = ("sale", "compensated", _FREE, _DEBT, *_OWN, *_LESS)
    wanted = (
        select(*columns, *(func.sum(each).label(name) for name, each in named.items()))
        .where(
            tally.c.day.between(*days), what.in_(whats),
            (tally.c.till == till) if till else true(),
            tally.c.till.in_(termed) if by_day else tally.c.till.not_in(termed),
        )
        .group_by(*columns)
    )  # fmt: skip
    return [
        {**row, **{name: int(row[name]) for name in named}}
        for row in act.execute(wanted).mappings()
    ]


def forked(act: Connection, days: Days, till: str = "") -> list[Row]:
    """Return how much of the days' sales stands on other ends of forked journals, by till."""
    wanted = (
        select(
            tally.c.till, tally.c.currency, tally.c.decimals,
            func.sum(tally.c.times).label("times"), func.sum(tally.c.minor).label("minor"),
        )
        .where(
            tally.c.day.between(*days), tally.c.what == "sale", tally.c.branch > 0,
            (tally.c.till == till) if till else true(),
        )
        .group_by(tally.c.till, tally.c.currency, tally.c.decimals)
        .order_by(tally.c.till, tally.c.currency)
    )  # fmt: skip
    return [
        {**row, "times": int(row["times"]), "minor": int(row["minor"])}
        for row in act.execute(wanted).mappings()
    ]


def closings(  # noqa: PLR0913, PLR0917 - the parts of one question
    act: Connection, kind: str, days: Days, till: str, after: tuple[Any, ...] | None, most: int
) -> list[Row]:
    """Return shifts or bank batches that ended on the days, the newest first, `most` and one."""
    wanted = select(closing).where(
        closing.c.kind == kind,
        closing.c.day.between(*days),
        (closing.c.till == till) if till else true(),
    )
    place = (closing.c.day, closing.c.till, closing.c.seq, closing.c.branch)
    if after is not None:
        wanted = wanted.where(tuple_(*place) < after)
    order = [column.desc() for column in place]
    rows = act.execute(wanted.order_by(*order).limit(most + 1)).mappings()
    return [{**row, "facts": json.loads(row["facts"])} for row in rows]


def approvals(act: Connection, rows: Sequence[Row]) -> dict[tuple[str, int], Row]:
    """Return who looked into the variance of some shifts, by till and closing entry."""
    found: dict[tuple[str, int], Row] = {}
    for till in {row["till"] for row in rows}:
        seqs = [row["seq"] for row in rows if row["till"] == till]
        wanted = select(closing).where(
            closing.c.till == till, closing.c.kind == "approval", closing.c.number.in_(seqs)
        )
        for row in act.execute(wanted).mappings():
            found[till, row["number"]] = {**row, "facts": json.loads(row["facts"])}
    return found


def terms_of(act: Connection, till: str = "") -> list[Row]:
    """Return terms of commission in the order they were set, of one till or of all."""
    wanted = select(commission_terms).where((commission_terms.c.till == till) if till else true())
    order = wanted.order_by(commission_terms.c.till, commission_terms.c.number)
    return [dict(row) for row in act.execute(order).mappings()]


def add_terms(act: Connection, row: Row) -> None:
    """Keep new terms after the till's earlier ones."""
    number = func.coalesce(func.max(commission_terms.c.number), 0) + 1
    here = select(number).where(commission_terms.c.till == row["till"])
    act.execute(insert(commission_terms).values({**row, "number": act.execute(here).scalar_one()}))
