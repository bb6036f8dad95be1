"""Packs, drafts of packs, what was granted, and the meters that head office knows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    Connection,
    Row,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from pos_app.exchange.canonical import canonical
from pos_app.head_office.store import key_facts
from pos_app.head_office.store.bulk import add_rows
from pos_app.head_office.store.tables import (
    allowance_grant,
    draft,
    draft_record,
    meter,
    pack,
    pack_part,
)

PART_BYTES: Final = 1 << 20
_PIECE: Final = 1000

BY_PACK: Final = "pack"
BY_CODE: Final = "code"
"""The ways an allowance is granted; each has a sequence of its own."""

DraftRecord = tuple[str, dict[str, Any]]
"""A section's name and a record of it."""


def add_draft(act: Connection, values: dict[str, Any], records: Iterable[DraftRecord]) -> int:
    """Keep a draft and return its number."""
    number = int(act.execute(insert(draft).values(values).returning(draft.c.id)).scalar_one())
    rows = [
        (number, position, section, canonical(record).decode())
        for position, (section, record) in enumerate(records)
    ]
    add_rows(act, draft_record, rows)
    return number


def draft_of(act: Connection, number: int) -> Row[Any] | None:
    """Return a draft, its row held until the transaction ends."""
    return act.execute(select(draft).where(draft.c.id == number).with_for_update()).one_or_none()


def drafts_in(act: Connection, state: str) -> list[Row[Any]]:
    """Return the drafts of a state, the oldest first."""
    return list(act.execute(select(draft).where(draft.c.state == state).order_by(draft.c.id)))


def decide_draft(act: Connection, number: int, state: str, by: str, now_ms: int) -> None:
    """Write down what became of a draft."""
    values = {"state": state, "decided_by": by, "decided_ms": now_ms}
    act.execute(update(draft).where(draft.c.id == number).values(values))


def draft_records(act: Connection, number: int) -> Iterator[DraftRecord]:
    """Yield the records of a draft in their order."""
    after = -1
    while True:
        wanted = select(draft_record).where(
            draft_record.c.draft == number, draft_record.c.position > after
        )
        rows = act.execute(wanted.order_by(draft_record.c.position).limit(_PIECE)).all()
        yield from ((row.section, json.loads(row.record)) for row in rows)
        if len(rows) < _PIECE:
            return
        after = rows[-1].position


def sections_of(act: Connection, number: int) -> set[str]:
    """Return the sections that a draft has records of."""
    wanted = select(draft_record.c.section).where(draft_record.c.draft == number).distinct()
    return set(act.execute(wanted).scalars())


def add_part(act: Connection, till: str, number: int, part: int, content: bytes) -> None:
    """Keep a piece of a pack."""
    row = {"till": till, "number": number, "part": part, "content": content}
    act.execute(insert(pack_part).values(row))


def add_pack(act: Connection, values: dict[str, Any]) -> None:
    """Keep what is known of a pack whose pieces are kept."""
    act.execute(insert(pack).values(values))


def pack_of(act: Connection, till: str, number: int) -> Row[Any] | None:
    """Return what is known of a pack."""
    wanted = select(pack).where(pack.c.till == till, pack.c.number == number)
    return act.execute(wanted).one_or_none()


def packs_of(act: Connection, till: str) -> list[Row[Any]]:
    """Return what is known of a till's packs, the newest first."""
    wanted = select(pack).where(pack.c.till == till).order_by(pack.c.number.desc())
    return list(act.execute(wanted))


def last_with(act: Connection, till: str, section: str, by: str) -> int | None:
    """Return when the last pack with a section was issued that `by` approved."""
    wanted = select(pack.c.issued_ms).where(
        pack.c.till == till, pack.c.approved_by == by, pack.c.sections.contains(section)
    )
    return act.execute(wanted.order_by(pack.c.number.desc()).limit(1)).scalar_one_or_none()


def part_of(act: Connection, till: str, number: int, part: int) -> bytes | None:
    """Return a piece of a pack, None after the last."""
    wanted = select(pack_part.c.content).where(
        pack_part.c.till == till, pack_part.c.number == number, pack_part.c.part == part
    )
    found = act.execute(wanted).scalar_one_or_none()
    return None if found is None else bytes(found)


def last_sequence(act: Connection, till: str, way: str) -> int:
    """Return the highest sequence of an allowance that a till was granted in one way."""
    wanted = select(func.max(allowance_grant.c.sequence)).where(
        allowance_grant.c.till == till, allowance_grant.c.way == way
    )
    return act.execute(wanted).scalar_one() or 0


def add_grant(act: Connection, values: dict[str, Any]) -> None:
    """Keep what a till was granted."""
    act.execute(insert(allowance_grant).values(values))


def last_revision(act: Connection) -> int:
    """Return the number of the last change of a meter."""
    return act.execute(select(func.max(meter.c.revision))).scalar_one() or 0


def put_meters(
    act: Connection, records: Iterable[dict[str, Any]], revision: int, now_ms: int = 0
) -> int:
    """Keep meters as change number `revision` where they are new or changed; each has a `drn`.

    Return how many there are. What is as it was is not sent to any till again. `now_ms` is when a
    list says so: a key that is another one than before counts from then on.
    """
    source, count = iter(records), 0
    while piece := {each["drn"]: each for each in islice(source, _PIECE)}:
        count += len(piece)
        texts = {drn: canonical(each).decode() for drn, each in piece.items()}
        held = act.execute(_HELD, {"drns": list(piece)}).all()
        same = {row.drn for row in held if not row.removed and row.record == texts[row.drn]}
        gone = [row.drn for row in held if row.drn not in same]
        if gone:
            act.execute(_FORGET, {"drns": gone})
        rows = [
            (drn, revision, False, _found_by(each), texts[drn])
            for drn, each in piece.items()
            if drn not in same
        ]
        add_rows(act, meter, rows)
        key_facts.note_list(act, [piece[row[0]] for row in rows], now_ms)
    return count


_DRNS: Final[BindParameter[Any]] = bindparam("drns", expanding=True)
_HELD: Final = select(meter.c.drn, meter.c.removed, meter.c.record).where(meter.c.drn.in_(_DRNS))
_FORGET: Final = delete(meter).where(meter.c.drn.in_(_DRNS))


def remove_meter(act: Connection, drn: str, revision: int) -> bool:
    """Mark a meter as removed; return whether there was one."""
    key_facts.forget_list(act, drn)
    here = update(meter).where(meter.c.drn == drn, meter.c.removed.is_(False))
    return bool(act.execute(here.values(removed=True, revision=revision)).rowcount)


def _found_by(record: dict[str, Any]) -> str:
    names = ("drn", "name", "address", "phone", "account")
    return " ".join(str(record.get(name, "")) for name in names).casefold()


def meters_after(act: Connection, revision: int) -> Iterator[tuple[str, bool, str]]:
    """Yield meters changed after `revision`, by number: number, whether removed, JSON text.

    In the work that changed meters make, and not all that there are.
    """
    wanted = select(meter.c.drn, meter.c.removed, meter.c.record).order_by(meter.c.drn)
    if revision:  # found by their index and then put in order
        wanted = wanted.where(meter.c.revision > revision).order_by(None).order_by(_IN_ORDER)
    options = {"stream_results": True, "yield_per": _PIECE}
    for row in act.execute(wanted, execution_options=options):
        yield row.drn, row.removed, row.record


_IN_ORDER: Final = meter.c.drn.concat("")
"""The order of the numbers, which is not to be had by walking along all of them."""


def meters_among(act: Connection, drns: Sequence[str]) -> list[tuple[str, bool, str]]:
    """Return some meters, up to a thousand, as `meters_after` does."""
    wanted = select(meter.c.drn, meter.c.removed, meter.c.record).where(meter.c.drn.in_(drns))
    return [(row.drn, row.removed, row.record) for row in act.execute(wanted).all()]


def meter_of(act: Connection, drn: str) -> dict[str, Any] | None:
    """Return a meter's record, None without one."""
    wanted = select(meter.c.record).where(meter.c.drn == drn, meter.c.removed.is_(False))
    found = act.execute(wanted).scalar_one_or_none()
    return None if found is None else dict(json.loads(found))
