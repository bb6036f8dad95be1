"""Rows that follow from entries, and what other rows say to them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, and_, delete, func, insert, select, text, tuple_, update

from pos_app.domain.allowance import Allowance
from pos_app.head_office.books import CodeGrant, Grants
from pos_app.head_office.findings import Finding, FindingKind
from pos_app.head_office.store import hooks
from pos_app.head_office.store.bulk import Rows, add_rows, pack
from pos_app.head_office.store.tables import allowance_grant, finding, sale, token

_PIECE: Final = 400

TokenRow = tuple[Any, ...]


class Identified(NamedTuple):
    """Tokens with an identifier, by columns: of which entry, of which meter, of which minute."""

    seqs: list[int]
    drns: list[str]
    minutes: list[int]


def add_sales(act: Connection, rows: Rows) -> None:
    """Keep sales."""
    add_rows(act, sale, rows)


def add_tokens(act: Connection, rows: Rows) -> None:
    """Keep tokens."""
    add_rows(act, token, rows)


class Twice(NamedTuple):
    """A token of an entry, and the entry of another of the same meter and minute."""

    seq: int
    drn: str
    minute: int
    other_till: str
    other_seq: int


def packed(sales: Sequence[tuple[Any, ...]], tokens: Sequence[TokenRow]) -> tuple[bytes, bytes]:
    """Return sales and tokens as `add_sales` and `add_tokens` take them for PostgreSQL."""
    return pack(sale, sales), pack(token, tokens)


def replace_tokens(
    act: Connection, name: str, on: int, span: tuple[int, int], rows: Sequence[TokenRow]
) -> None:
    """Keep tokens in place of those that entries of a `span` on one branch had."""
    here = and_(token.c.till == name, token.c.branch == on, token.c.seq.between(*span))
    act.execute(delete(token).where(here))
    add_tokens(act, [(name, *row) for row in rows])


def tids_elsewhere(act: Connection, name: str, tokens: Identified) -> Iterator[Twice]:
    """Yield the tokens whose meter has another one of the same minute.

    To be asked before they are kept.
    """
    seen: dict[tuple[str, int], int] = {}
    places = zip(tokens.drns, tokens.minutes, strict=True)
    for seq, place in zip(tokens.seqs, places, strict=True):
        if place in seen:
            yield Twice(seq, *place, name, seen[place])
        seen[place] = seq
    if not seen:
        return
    if act.dialect.name == "postgresql":
        there = act.execute(_ELSEWHERE, _arrays(seen))
    else:
        there = act.execute(_ELSEWHERE_SQLITE, {"places": json.dumps(list(seen))})
    for each in there:
        yield Twice(seen[each.drn, each.minute], each.drn, each.minute, each.till, each.seq)


def _arrays(places: Collection[tuple[str, int]]) -> dict[str, str]:
    """Return meters and minutes as PostgreSQL writes arrays: the driver takes longer for it.

    No meter's number has a NUL in it: no table would hold it.
    """
    drns, minutes = zip(*places, strict=True)
    quoted = "\0".join(drns).replace("\\", "\\\\").replace('"', '\\"').replace("\0", '","')
    return {"drns": f'{{"{quoted}"}}', "minutes": f"{{{','.join(map(str, minutes))}}}"}


_ELSEWHERE: Final = text(
    "select t.till, t.seq, t.drn, t.minute from unnest(cast(:drns as text[]), "
    "cast(:minutes as bigint[])) as place(drn, minute) "
    "join token t on t.drn = place.drn and t.minute = place.minute"
)
_ELSEWHERE_SQLITE: Final = text(
    "select t.till, t.seq, t.drn, t.minute from json_each(:places) as place "
    "cross join token t on t.drn = place.value ->> 0 and t.minute = place.value ->> 1"
)
"""One question whatever the number of tokens; the index on meter and minute answers it."""


def sales_among(act: Connection, name: str, wanted: Collection[int]) -> set[int]:
    """Return which of these entries of a till are sales, on any branch."""
    found: set[int] = set()
    places = sorted(wanted)
    for start in range(0, len(places), _PIECE):
        piece = places[start : start + _PIECE]
        there = select(sale.c.seq).where(sale.c.till == name, sale.c.seq.in_(piece))
        found.update(act.execute(there).scalars())
    return found


def add_findings(act: Connection, name: str, found: Sequence[Finding], now_ms: int) -> int:
    """Keep what was found and is not known yet; return how many were new."""
    fresh = {(each.kind.value, each.mark[:200]): each for each in reversed(found)}
    keys = list(fresh)
    for start in range(0, len(keys), _PIECE):
        wanted = select(finding.c.kind, finding.c.mark).where(
            finding.c.till == name,
            tuple_(finding.c.kind, finding.c.mark).in_(keys[start : start + _PIECE]),
        )
        for row in act.execute(wanted).all():
            del fresh[row.kind, row.mark]
    rows = [
        {
            "till": name,
            "kind": kind,
            "mark": mark,
            "seq": each.seq,
            "found_ms": now_ms,
            "evidence": json.dumps(each.evidence, sort_keys=True),
            "settled_by": "",
            "note": "",
        }
        for (kind, mark), each in reversed(fresh.items())
    ]
    if rows:
        act.execute(insert(finding), rows)
        names = ("till", "kind", "seq")
        hooks.announce(
            act, ((hooks.FINDING, {each: row[each] for each in names}) for row in rows), now_ms
        )
    return len(rows)


def open_of(act: Connection, name: str, kinds: Sequence[str]) -> list[dict[str, Any]]:
    """Return a till's open findings of some kinds, the oldest first."""
    wanted = select(finding).where(
        finding.c.till == name, finding.c.kind.in_(kinds), finding.c.settled_ms.is_(None)
    )
    return [dict(row) for row in act.execute(wanted.order_by(finding.c.id)).mappings()]


def found_times(act: Connection, name: str, kind: str) -> list[int]:
    """Return when findings of a kind were found of a till, settled or not."""
    wanted = select(finding.c.found_ms).where(finding.c.till == name, finding.c.kind == kind)
    return list(act.execute(wanted).scalars())


def last_settled(act: Connection, name: str, kinds: Sequence[str]) -> int:
    """Return when a finding of some kinds of a till was settled last, 0 for never."""
    wanted = select(func.max(finding.c.settled_ms)).where(
        finding.c.till == name, finding.c.kind.in_(kinds)
    )
    return act.execute(wanted).scalar_one() or 0


def settle_gaps(act: Connection, name: str, still: int | None, now_ms: int) -> None:
    """Settle the gaps of a till that are filled: all that do not begin right before `still`."""
    here = and_(
        finding.c.till == name,
        finding.c.kind == FindingKind.GAP.value,
        finding.c.settled_ms.is_(None),
        finding.c.seq != (-1 if still is None else still),
    )
    act.execute(update(finding).where(here).values(settled_ms=now_ms, settled_by="till"))


def grants_of(act: Connection, name: str) -> Grants:
    """Return what a till was granted."""
    packs: dict[tuple[int, str], Allowance] = {}
    codes: dict[int, CodeGrant] = {}
    wanted = select(allowance_grant).where(allowance_grant.c.till == name)
    for row in act.execute(wanted).mappings():
        if row["way"] == "code":
            grant = CodeGrant(row["currency"], row["money_minor"], row["not_after_ms"])
            codes[row["sequence"]] = grant
        else:
            names = ("sequence", "money_minor", "tenths", "count", "per_vend_minor")
            bounds = {each: row[each] for each in (*names, "not_after_ms")}
            packs[row["sequence"], row["currency"]] = Allowance(**bounds)
    return Grants(packs, codes)
