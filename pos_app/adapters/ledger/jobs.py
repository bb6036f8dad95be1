"""Print jobs: consequences of journal entries, with a state of their own."""

from __future__ import annotations

from sqlite_utils import Database

from pos_app.application.ports import PrintTask
from pos_app.application.printing import PrintOutcome, PrintState


def next_task(db: Database) -> PrintTask | None:
    """Take the oldest queued job and mark it as on its way; None when nothing waits."""
    rows = db.execute(
        """update print_job set state = 'sending', attempts = attempts + 1
        where id = (select id from print_job where state = 'queued' order by id limit 1)
        returning id, sale_seq, copy, attempts"""
    ).fetchall()
    return PrintTask(*rows[0]) if rows else None


def note(db: Database, task_id: int, outcome: PrintOutcome) -> None:
    """Record how a job ended."""
    db.execute(
        "update print_job set state = ?, problem = ? where id = ?",
        (outcome.state.value, outcome.problem, task_id),
    )


def requeue(db: Database, sale_seq: int) -> bool:
    """Queue the newest job of a sale again; False when it is queued or on its way."""
    rows = db.execute(
        """update print_job set state = 'queued', problem = ''
        where id = (select max(id) from print_job where sale_seq = ?)
        and state not in ('queued', 'sending') returning id""",
        (sale_seq,),
    ).fetchall()
    return bool(rows)


def unprinted(db: Database) -> int:
    """Return how many slips are not on paper."""
    row = db.execute(
        "select count(*) from print_job where state in ('queued', 'sending', 'failed')"
    ).fetchone()
    return int(row[0])


def recover(db: Database) -> None:
    """Mark what a killed program was sending as failed: nobody knows how far it came."""
    db.execute(
        "update print_job set state = ?, problem = 'interrupted' where state = 'sending'",
        (PrintState.FAILED.value,),
    )
