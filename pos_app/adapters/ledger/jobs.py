"""Print jobs: consequences of journal entries, with a state of their own.

The table holds what is not printed yet; a slip without a row was sent. So it is short, and looking
at all of it is quicker than keeping an index in every sale's commit.
"""

from __future__ import annotations

from sqlite_utils import Database

from pos_app.application.ports import PrintTask
from pos_app.application.printing import PrintOutcome, PrintState


def next_task(db: Database) -> PrintTask | None:
    """Take the oldest queued job and mark it as on its way; None when nothing waits."""
    rows = db.execute(
        """select sale_seq, copy, attempts + 1 from print_job where state = 'queued'
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
    if outcome.state is PrintState.SENT:
        db.execute(
            "delete from print_job where sale_seq = ? and copy = ?", (task.sale_seq, task.copy)
        )
        return
    db.execute(
        "update print_job set state = ?, problem = ? where sale_seq = ? and copy = ?",
        (outcome.state.value, outcome.problem, task.sale_seq, task.copy),
    )


def requeue(db: Database, sale_seq: int) -> bool:
    """Queue the newest job of a sale again; False when it is queued or on its way."""
    rows = db.execute(
        """insert into print_job (sale_seq, copy, state, queued_ms)
        select seq, (select count(*) from reprint where sale_seq = sale.seq), 'queued', at_ms
        from sale where seq = ?
        on conflict (sale_seq, copy) do update set state = 'queued', problem = ''
        where state not in ('queued', 'sending') returning copy""",
        (sale_seq,),
    ).fetchall()
    return bool(rows)


def unprinted(db: Database) -> tuple[int, int]:
    """Return how many slips wait or are on their way, and how many failed."""
    row = db.execute(
        """select count(*) filter (where state <> 'failed'),
        count(*) filter (where state = 'failed') from print_job"""
    ).fetchone()
    return int(row[0]), int(row[1])


def recover(db: Database) -> None:
    """Mark what a killed program was sending as failed: nobody knows how far it came."""
    db.execute(
        "update print_job set state = ?, problem = 'interrupted' where state = 'sending'",
        (PrintState.FAILED.value,),
    )
