"""Print jobs: consequences of journal entries, with a state of their own."""

from __future__ import annotations

from sqlite_utils import Database

from pos_app.application.ports import PrintTask
from pos_app.application.printing import PrintOutcome, PrintState


def next_task(db: Database) -> PrintTask | None:
    """Take the oldest queued job and mark it as on its way; None when nothing waits."""
    rows = db.execute(
        """select sale_seq, copy, attempts + 1 from print_job
        where state = 'queued' and state in ('queued', 'sending', 'failed')
        order by queued_ms, sale_seq, copy limit 1"""
    ).fetchall()
    if not rows:
        return None
    task = PrintTask(*rows[0])
    db.execute(
        """update print_job set state = 'sending', attempts = ?
        where sale_seq = ? and copy = ?""",
        (task.attempts, task.sale_seq, task.copy),
    )
    return task


def note(db: Database, task: PrintTask, outcome: PrintOutcome) -> None:
    """Record how a job ended."""
    db.execute(
        "update print_job set state = ?, problem = ? where sale_seq = ? and copy = ?",
        (outcome.state.value, outcome.problem, task.sale_seq, task.copy),
    )


def requeue(db: Database, sale_seq: int) -> bool:
    """Queue the newest job of a sale again; False when it is queued or on its way."""
    rows = db.execute(
        """update print_job set state = 'queued', problem = ''
        where sale_seq = ? and copy = (select max(copy) from print_job where sale_seq = ?)
        and state not in ('queued', 'sending') returning copy""",
        (sale_seq, sale_seq),
    ).fetchall()
    return bool(rows)


def unprinted(db: Database) -> tuple[int, int]:
    """Return how many slips wait or are on their way, and how many failed."""
    row = db.execute(
        """select count(*) filter (where state <> 'failed'),
        count(*) filter (where state = 'failed')
        from print_job where state in ('queued', 'sending', 'failed')"""
    ).fetchone()
    return int(row[0]), int(row[1])


def recover(db: Database) -> None:
    """Mark what a killed program was sending as failed: nobody knows how far it came."""
    db.execute(
        "update print_job set state = ?, problem = 'interrupted' where state = 'sending'",
        (PrintState.FAILED.value,),
    )
