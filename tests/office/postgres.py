"""A real PostgreSQL for tests: its own cluster in a temp folder, reached by a Unix socket."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

PLACES = ("/usr/lib/postgresql/15/bin", "/usr/lib/postgresql/16/bin", "/usr/lib/postgresql/17/bin")
UNPRIVILEGED = ("postgres", "nobody")


def programs() -> Path | None:
    """Return the folder of ``initdb`` and ``postgres``, None where there is none."""
    found = shutil.which("initdb")
    folders = [Path(place) for place in PLACES] + ([Path(found).parent] if found else [])
    return next((folder for folder in folders if (folder / "postgres").exists()), None)


@dataclass
class Cluster:
    """A server that runs, with one database that `fresh` empties."""

    folder: Path

    @property
    def url(self) -> str:
        return f"postgresql://tester@/postgres?host={self.folder}"

    def fresh(self) -> str:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("drop schema public cascade")
            connection.execute("create schema public")
        return self.url


@contextmanager
def cluster(bin_folder: Path, *, durable: bool = False) -> Iterator[Cluster]:
    """Start a server without a network port; root lets an unprivileged user run it."""
    folder = Path(tempfile.mkdtemp(prefix="tokentill-pg-"))
    user = next(iter(UNPRIVILEGED)) if os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user)
    where = folder / "data"

    def call(program: str, *words: str) -> None:
        subprocess.run(
            [bin_folder / program, *words],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            user=user,
            cwd=folder,
        )

    made = ("-U", "tester", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
    call("initdb", "-D", str(where), *made)
    options = f"-k {folder} -c listen_addresses='' -c max_connections=50"
    options += "" if durable else " -c fsync=off"
    call("pg_ctl", "-D", str(where), "-o", options, "-l", str(folder / "log"), "-w", "start")
    try:
        yield Cluster(folder)
    finally:
        call("pg_ctl", "-D", str(where), "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)
