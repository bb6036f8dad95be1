"""Bringing a database to this program's version, by the program itself.

The steps are Alembic's, in `migrations/versions`; each database remembers its last one. Two
servers that start at once on one PostgreSQL take turns (an advisory lock).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from pos_app.head_office.errors import OfficeStoreNewer
from pos_app.head_office.store import (  # noqa: F401 - they put their tables into metadata
    key_tables,
    later_tables,
    settling_tables,
)
from pos_app.head_office.store.tables import metadata

STEPS: Final = Path(__file__).parent / "migrations"
_TURN: Final = 7_205_759_403_792_793
"""Any number: the name of the lock that servers share."""


Tell = Callable[[str, int, int], None]
"""Is told how far a long step is: the till, entries looked at, entries in all."""


def upgrade(engine: Engine, tell: Tell | None = None) -> None:
    """Run the steps that a database has not seen; raises `OfficeStoreNewer`."""
    steps = ScriptDirectory(str(STEPS))
    options = {"tokentill_writing": True}
    with engine.connect().execution_options(**options) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(text("select pg_advisory_xact_lock(:turn)"), {"turn": _TURN})
        _run(steps, connection, tell)


def _run(steps: ScriptDirectory, connection: Connection, tell: Tell | None) -> None:
    known = {each.revision for each in steps.walk_revisions()}
    held = MigrationContext.configure(connection).get_current_revision()
    if held is not None and held not in known:
        raise OfficeStoreNewer(version=held)

    def wanted(revision: Any, _context: Any) -> Any:
        return steps._upgrade_revs("head", revision)  # noqa: SLF001 - as alembic.command does

    with EnvironmentContext(Config(), steps, fn=wanted) as environment:
        options: dict[str, Any] = {"tokentill_tell": tell}
        environment.configure(connection=connection, target_metadata=metadata, **options)
        environment.run_migrations()
