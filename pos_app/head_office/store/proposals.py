"""What tills propose, found among their entries by an index of its own, and the answers to it."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, and_, func, insert, literal_column, or_, select, update

from pos_app.head_office.store.tables import entry, proposal_answer

Row = dict[str, Any]
Place = tuple[int, str, int]

# Written out: a database uses a partial index only where it sees its condition.
_PROPOSED: Final = and_(
    entry.c.kind == literal_column("'meter_proposed'"), entry.c.branch.is_not(None)
)
_ANSWER: Final = and_(proposal_answer.c.till == entry.c.till, proposal_answer.c.seq == entry.c.seq)
_SHOWN: Final = (
    entry.c.till, entry.c.seq, entry.c.at_ms, entry.c.body, proposal_answer.c.accepted,
    proposal_answer.c.note, proposal_answer.c.answered_ms, proposal_answer.c.answered_by,
    proposal_answer.c.pack,
)  # fmt: skip


def proposals_page(act: Connection, after: Place | None, most: int, *, answered: bool) -> list[Row]:
    """Return proposals with their answers, the oldest first, and one row more than `most`."""
    state = proposal_answer.c.seq.is_not(None) if answered else proposal_answer.c.seq.is_(None)
    wanted = select(*_SHOWN).outerjoin(proposal_answer, _ANSWER).where(_PROPOSED, state)
    if after is not None:
        at_ms, till, seq = after
        later = and_(entry.c.till == till, entry.c.seq > seq)
        wanted = wanted.where(
            or_(
                entry.c.at_ms > at_ms, and_(entry.c.at_ms == at_ms, or_(entry.c.till > till, later))
            )
        )
    wanted = wanted.order_by(entry.c.at_ms, entry.c.till, entry.c.seq).limit(most + 1)
    return [dict(row) for row in act.execute(wanted).mappings()]


def proposal_of(act: Connection, till: str, seq: int) -> Row | None:
    """Return one proposal with its answer."""
    wanted = select(*_SHOWN).outerjoin(proposal_answer, _ANSWER)
    here = wanted.where(_PROPOSED, entry.c.till == till, entry.c.seq == seq)
    return next((dict(row) for row in act.execute(here.limit(1)).mappings()), None)


def count_open(act: Connection, enough: int) -> int:
    """Return how many proposals wait for an answer, `enough` at most."""
    waiting = (
        select(entry.c.seq)
        .outerjoin(proposal_answer, _ANSWER)
        .where(_PROPOSED, proposal_answer.c.seq.is_(None))
        .limit(enough)
    )
    return int(act.execute(select(func.count()).select_from(waiting.subquery())).scalar_one())


def add_answer(act: Connection, values: Row) -> None:
    """Keep an answer; the database refuses a second one."""
    act.execute(insert(proposal_answer).values(values))


def undelivered(act: Connection, till: str) -> list[Row]:
    """Return the answers that no pack brought to their till yet, as a pack's records."""
    wanted = select(proposal_answer).where(
        proposal_answer.c.till == till, proposal_answer.c.pack.is_(None)
    )
    rows = act.execute(wanted.order_by(proposal_answer.c.seq)).mappings()
    return [{"seq": row["seq"], "accepted": row["accepted"], "note": row["note"]} for row in rows]


def delivered(act: Connection, till: str, pack: int) -> None:
    """Note that a pack brings every answer that was not brought yet."""
    here = update(proposal_answer).where(
        proposal_answer.c.till == till, proposal_answer.c.pack.is_(None)
    )
    act.execute(here.values(pack=pack))
