"""Which meters of a campaign have which key-change set, and what became of it.

One question whatever the number of meters: who is in the campaign follows from the list and from
what entries say (`key_facts`); the key that a meter is to be led away from is the newest that an
entry tells, else the list's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, and_, delete, exists, func, select, text

from pos_app.head_office.store.bulk import add_rows
from pos_app.head_office.store.later_tables import key_set
from pos_app.head_office.store.tables import draft, draft_record, meter

TODO: Final = "todo"
CANNOT: Final = "cannot"
STATES: Final = (TODO, "made", "sent", "given", "done", CANNOT)
_PIECE: Final = 200
_LOOKED_AT: Final = 2000
_SECTION: Final = "key_changes"
_NAMED: Final = "______:_>______:_%"
"""How the note of a draft names its campaign: ``201457:1>201461:2``."""

Place = tuple[str, int, int]
"""Supply group, revision and base date of the key that a set leads to."""
Row = dict[str, Any]


class Scope(NamedTuple):
    """A campaign as the store asks for it: the old key, the new one, training or earnest."""

    old: tuple[str, int]
    new: Place
    mode: str

    def values(self) -> Row:
        """Return the values of a question."""
        names = ("sgc", "krn", "base")
        old = {"old_sgc": self.old[0], "old_krn": self.old[1]}
        prefix = f"{self.old[0]} {self.old[1]} %"
        return {**dict(zip(names, self.new, strict=True)), **old, "of": prefix, "mode": self.mode}


# Members: by their list, by an entry that says they hold the old key, or that led them from it.
_MEMBERS: Final = (
    "select drn from list_key where sgc = :old_sgc and krn = :old_krn",
    """select fact.drn from key_fact fact join here on here.till = fact.till
        where fact.sgc = :old_sgc and fact.krn = :old_krn and fact.proof <> 'differs'""",
    """select fact.drn from key_fact fact join here on here.till = fact.till
        where fact.sgc = :sgc and fact.krn = :krn and fact.base = :base
        and fact.proof <> 'differs' and fact.old like :of""",
)
_EVERY: Final = " union ".join(_MEMBERS)
_PART: Final = "select drn from ("
_NEXT: Final = " and drn > :after group by drn order by drn limit :piece) part"
_SOME: Final = " union ".join(f"{_PART}{each}{_NEXT}{at}" for at, each in enumerate(_MEMBERS))
"""The members with the least numbers after one, and some others."""
_FOUND: Final = """with here as (select till from till where mode = :mode),
member as materialized ({member}
), given as (
    select fact.drn, max(case when fact.how = 'shown' or exists (select 1 from sale
            where sale.drn = fact.drn and sale.till = fact.till and sale.seq > fact.seq)
        then 1 else 0 end) as done
    from key_fact fact join here on here.till = fact.till
    where fact.sgc = :sgc and fact.krn = :krn and fact.base = :base and fact.proof <> 'differs'
    and fact.drn in (select drn from member) group by fact.drn
), held as (
    select key_set.drn, max(case draft.state when 'issued' then 2 else 1 end) as state
    from key_set join draft on draft.id = key_set.draft
    where key_set.sgc = :sgc and key_set.krn = :krn and key_set.base = :base
    and draft.state <> 'refused' and key_set.drn in (select drn from member)
    group by key_set.drn
), keyed as (
    select member.drn,
        coalesce((select fact.key from key_fact fact join here on here.till = fact.till
            where fact.drn = member.drn and fact.proof <> 'differs'
            order by fact.at_ms desc, fact.till desc, fact.seq desc limit 1),
            list_key.key) as key,
        case when given.done = 1 then 'done' when given.done = 0 then 'given'
            when held.state = 2 then 'sent' when held.state = 1 then 'made' else 'todo' end as state
    from member join list_key on list_key.drn = member.drn
    left join given on given.drn = member.drn left join held on held.drn = member.drn
), found as (select drn, key, state, {own} as own from keyed) """
_NO_OWN: Final = "0"
_OWN: Final = """case when exists (select 1 from office_key own where own.kind = 'decoder'
    and own.sgc = :old_sgc and own.krn = :old_krn and own.pan in (PANS)
    and key like own.sgc || ' ' || own.krn || ' ' || own.ti || ' % ' || own.kt || ' ' || own.ea
        || ' ' || own.dkga || ' ' || own.base) then 1 else 0 end""".replace(
    "PANS",
    ", ".join(f"'{start}' || drn || '{end}'" for start in ("600727", "0000") for end in range(10)),
)
"""Whether the office holds a meter's own old key; a PAN ends with a check digit."""
_COUNTS: Final = "select state, key, own, count(*) as meters from found group by state, key, own"
_PAGE: Final = """select drn, key, own, state from found where drn <= :last
    and state = :state order by drn"""
_LAST: Final = text(
    """with here as (select till from till where mode = :mode), member as (MEMBER)
    select max(drn) from (select drn from member order by drn limit :piece) piece""".replace(
        "MEMBER", _SOME
    )
)
_WITHOUT: Final = """select drn, key, own from found where state in ('todo', 'made', 'sent')
    and not exists (select 1 from key_set mine join draft on draft.id = mine.draft
        where mine.till = :till and mine.drn = found.drn and mine.sgc = :sgc and mine.krn = :krn
        and mine.base = :base and draft.state <> 'refused')
    order by drn"""
_ELSEWHERE: Final = text("""select fact.drn, fact.old as key, 0 as own from key_fact fact
    join till on till.till = fact.till and till.mode = :mode
    where fact.sgc = :sgc and fact.krn = :krn and fact.base = :base and fact.how = 'given'
    and fact.proof <> 'differs' and fact.old like :of
    and not exists (select 1 from key_fact mine where mine.till = :till and mine.drn = fact.drn
        and mine.sgc = :sgc and mine.krn = :krn and mine.base = :base)
    and not exists (select 1 from key_set mine join draft on draft.id = mine.draft
        where mine.till = :till and mine.drn = fact.drn and mine.sgc = :sgc and mine.krn = :krn
        and mine.base = :base and draft.state <> 'refused')
    order by fact.drn""")


def counts(act: Connection, scope: Scope, *, own: bool) -> list[Row]:
    """Return how many meters have which state, old key, and (`own`) a key of their own here."""
    _ready(act)
    wanted = text(_found(_EVERY, own=own) + _COUNTS)
    return [dict(row) for row in act.execute(wanted, scope.values()).mappings()]


def listed(act: Connection, scope: Scope, state: str, after: str, *, own: bool) -> Iterator[Row]:
    """Yield the meters of a campaign in one state with their records, by number after one.

    They are looked for among some thousands of members at a time.
    """
    _ready(act)
    wanted = text(_found(_SOME, own=own) + _PAGE)
    values = scope.values() | {"state": state, "piece": _LOOKED_AT, "after": after}
    while (last := act.execute(_LAST, values).scalar_one()) is not None:
        rows = act.execute(wanted, values | {"last": last}).mappings().all()
        for start in range(0, len(rows), _PIECE):
            piece = rows[start : start + _PIECE]
            records = _records(act, [row["drn"] for row in piece])
            yield from ({**row, "record": records.get(row["drn"], "{}")} for row in piece)
        values["after"] = last


def _records(act: Connection, drns: Sequence[str]) -> dict[str, str]:
    rows = act.execute(select(meter.c.drn, meter.c.record).where(meter.c.drn.in_(drns)))
    return {row.drn: row.record for row in rows}


def _ready(act: Connection) -> None:
    """Let PostgreSQL not compile these questions: that takes longer than they do."""
    if act.dialect.name == "postgresql":
        act.execute(text("set local jit = off"))


def without_set(act: Connection, scope: Scope, till: str, *, own: bool) -> Iterator[Row]:
    """Yield meters, by number, that a till has no set for and whose customers have no tokens.

    A set of a draft that was put away counts for nothing.
    """
    _ready(act)
    wanted = text(_found(_EVERY, own=own) + _WITHOUT)
    for row in act.execute(wanted, scope.values() | {"till": till}).mappings():
        yield dict(row)


def given_elsewhere(act: Connection, scope: Scope, till: str) -> Iterator[Row]:
    """Yield meters, by number, that got the new key at other tills, with the key before it."""
    before = ""
    for row in act.execute(_ELSEWHERE, scope.values() | {"till": till}).mappings():
        if row["drn"] != before:
            before = row["drn"]
            yield dict(row)


def sets_of(act: Connection, drn: str) -> list[Place]:
    """Return the places of the keys that sets of issued packs lead a meter to."""
    wanted = select(key_set.c.sgc, key_set.c.krn, key_set.c.base).join(
        draft, draft.c.id == key_set.c.draft
    )
    found = act.execute(wanted.where(key_set.c.drn == drn, draft.c.state == "issued").distinct())
    return [(row.sgc, row.krn, row.base) for row in found]


def begun(act: Connection, most: int) -> list[Row]:
    """Return the names of campaigns that sets were drafted for, those drafted last first."""
    last = func.max(draft.c.made_ms)
    first = select(draft_record.c.section).where(
        draft_record.c.draft == draft.c.id, draft_record.c.section == _SECTION
    )
    named = draft.c.note.like(_NAMED)
    wanted = select(draft.c.note.label("name"), func.count().label("drafts"), last.label("made_ms"))
    wanted = wanted.where(named, exists(first)).group_by(draft.c.note)
    rows = act.execute(wanted.order_by(last.desc()).limit(most)).mappings()
    return [dict(row) for row in rows]


def _found(member: str, *, own: bool) -> str:
    return _FOUND.format(member=member, own=_OWN if own else _NO_OWN)


def add_sets(
    act: Connection, till: str, drns: Sequence[tuple[str, str, int, int]], number: int, now_ms: int
) -> None:
    """Note the sets of a draft: (DRN, supply group, revision, base date) each."""
    rows = [(till, drn, sgc, krn, base, number, now_ms) for drn, sgc, krn, base in drns]
    for start in range(0, len(rows), _PIECE):
        piece = rows[start : start + _PIECE]
        here = and_(
            key_set.c.till == till,
            key_set.c.drn.in_([row[1] for row in piece]),
            key_set.c.sgc == piece[0][2],
            key_set.c.krn == piece[0][3],
            key_set.c.base == piece[0][4],
        )
        act.execute(delete(key_set).where(here))
        add_rows(act, key_set, piece)
