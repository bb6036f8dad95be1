"""The step that gives rebuilt sales their places in the lists, on a database of before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from pos_app.head_office.store import migrate

BEFORE = "0006"
ROW = (
    "insert into rebuilt (till, seq, seal, receipt, at_ms, day, drn, operator, tariff, "
    "tariff_version, currency, decimals, total_minor, tenths, unit, training, tid, scanned_ms, "
    "scanned_by) values ('T', :seq, :seal, 'R', 1, '2026-11-21', '1', 'a', 'home', 1, 'ZAR', 2, 1, "
    "1, 'kWh', :training, 1, 1, 'ada')"
)


def test_sales_that_were_rebuilt_before_get_a_branch_each(database: str, tmp_path: Path) -> None:
    engine = create_engine(database or f"sqlite:///{tmp_path}/before.sqlite")
    steps = ScriptDirectory(str(migrate.STEPS))
    with engine.begin() as connection:

        def wanted(revision: Any, _context: Any) -> Any:
            return steps._upgrade_revs(BEFORE, revision)

        with EnvironmentContext(Config(), steps, fn=wanted) as environment:
            environment.configure(connection=connection)
            environment.run_migrations()
        for seq, seal in ((5, b"2"), (5, b"1"), (5, b"3"), (6, b"1")):
            connection.execute(text(ROW), {"seq": seq, "seal": seal, "training": False})
    migrate.upgrade(engine)
    with engine.connect() as connection:
        kept = connection.execute(text("select seq, branch from rebuilt order by seq, seal")).all()
    engine.dispose()
    assert [tuple(row) for row in kept] == [(5, -1), (5, -2), (5, -3), (6, -1)]
