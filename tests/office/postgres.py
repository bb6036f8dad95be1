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
    programs: Path
    durable: bool = False

    @property
    def url(self) -> str:
        return f"postgresql://tester@/postgres?host={self.folder}"

    def fresh(self) -> str:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("drop schema public cascade")
            connection.execute("create schema public")
        return self.url

    def make(self) -> None:
        """Make its files, for whoever may run it: root lets an unprivileged user do so."""
        user = _user()
        if user:
            shutil.chown(self.folder, user)
        made = ("-U", "tester", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        self._call("initdb", "-D", str(self.folder / "data"), *made)

    def start(self) -> None:
        """Start it, without a network port."""
        options = f"-k {self.folder} -c listen_addresses='' -c max_connections=50"
        options += "" if self.durable else " -c fsync=off"
        self._control("-o", options, "-l", str(self.folder / "log"), "-w", "start")

    def crash(self) -> None:
        """End it as a power cut does: what was not committed is lost."""
        self._control("-m", "immediate", "-w", "stop")

    def _control(self, *words: str) -> None:
        self._call("pg_ctl", "-D", str(self.folder / "data"), *words)

    def _call(self, program: str, *words: str) -> None:
        subprocess.run(
            [self.programs / program, *words],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            user=_user(),
            cwd=self.folder,
        )


def _user() -> str | None:
    return UNPRIVILEGED[0] if os.geteuid() == 0 else None


@contextmanager
def cluster(bin_folder: Path, *, durable: bool = False) -> Iterator[Cluster]:
    """Run a server."""
    folder = Path(tempfile.mkdtemp(prefix="tokentill-pg-"))
    made = Cluster(folder, bin_folder, durable)
    made.make()
    made.start()
    try:
        yield made
    finally:
        made.crash()
        shutil.rmtree(folder, ignore_errors=True)
