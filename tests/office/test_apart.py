"""The till and the server are apart: neither needs the other's libraries."""

from __future__ import annotations

import subprocess
import sys

from tests.forked import ROOT

SERVER = {
    "fastapi", "sqlalchemy", "alembic", "uvicorn", "psycopg", "msgspec", "pos_app.head_office",
}  # fmt: skip


def loaded_by(modules: str) -> set[str]:
    code = f"import sys, {modules}; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_the_till_never_loads_the_server() -> None:
    loaded = loaded_by("pos_app.cli.main, pos_app.cli.office, pos_app.bootstrap.shop")
    assert not loaded & SERVER


def test_the_server_never_loads_the_window_or_the_ledger() -> None:
    loaded = loaded_by("pos_app.cli.head_office.serve, pos_app.head_office.api.app")
    assert not {name for name in loaded if name.startswith(("PySide6", "pos_app.ui"))}
    assert "pos_app.adapters.ledger" not in loaded
