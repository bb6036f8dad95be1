"""An office's folder: which database it has, its certificate, what is on its way in."""

from __future__ import annotations

import json
import os
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pos_app.head_office.certificate import (
    CertificateFiles,
    new_certificate,
    own_certificate,
)
from pos_app.head_office.errors import (
    OfficeExists,
    OfficeFolderUnusable,
    OfficeMissing,
    OfficeStoreUnusable,
)
from pos_app.head_office.store.engine import FILE_NAME as DATABASE
from pos_app.head_office.store.engine import Store, open_store
from pos_app.head_office.store.migrate import Tell

FILE_NAME: Final = "office.json"


@dataclass(frozen=True, slots=True)
class Place:
    """A folder that holds an office, or is going to."""

    folder: Path

    @property
    def exists(self) -> bool:
        """Tell whether an office was made here."""
        return (self.folder / FILE_NAME).is_file()

    @property
    def tls(self) -> Path:
        """Return the folder of the server's own certificate."""
        return self.folder / "tls"

    def own_certificate(self, now_ms: int, *names: str) -> CertificateFiles:
        """Return the server's own certificate, made where there is none yet.

        It names this computer and `names`. Raises `OfficeFolderUnusable`.
        """
        try:
            return own_certificate(self.tls, (socket.gethostname(), *names), now_ms)
        except OSError as problem:
            raise _unusable(self.folder, problem) from problem

    def certificate_for(self, name: str, now_ms: int) -> CertificateFiles:
        """Make the server's own certificate anew, so that it names `name`.

        Whoever trusted the one before has to be told. Raises `CertificateNameUnfit` or
        `OfficeFolderUnusable`.
        """
        try:
            return new_certificate(self.tls, (socket.gethostname(), name), now_ms)[0]
        except OSError as problem:
            raise _unusable(self.folder, problem) from problem

    def ensure(self) -> None:
        """Raise `OfficeMissing` where no office was made."""
        if not self.exists:
            raise OfficeMissing(place=str(self.folder))

    def make(self, database: str) -> Store:
        """Make the folder and open its database; raises `OfficeExists`.

        `database` is ``postgresql://…`` or empty. It may hold a password, so that nobody but the
        owner can read the folder.
        """
        if self.exists:
            raise OfficeExists(place=str(self.folder))
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not database:  # a folder that was there before may be open to others
                os.close(os.open(self.folder / DATABASE, os.O_WRONLY | os.O_CREAT, 0o600))
            store = open_store(database, self.folder)
            handle = os.open(self.folder / FILE_NAME, os.O_WRONLY | os.O_CREAT, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump({"database": database}, file)
        except OSError as problem:
            raise _unusable(self.folder, problem) from problem
        return store

    def unmake(self) -> None:
        """Take the mark of an office away again: making one did not come to its end."""
        (self.folder / FILE_NAME).unlink(missing_ok=True)

    def open(self, tell: Tell | None = None) -> Store:
        """Open the office's database; raises `OfficeMissing` or what `open_store` raises."""
        try:
            held = json.loads((self.folder / FILE_NAME).read_text(encoding="utf-8"))
            database = str(held["database"])
        except FileNotFoundError:
            raise OfficeMissing(place=str(self.folder)) from None
        except OSError as problem:
            raise _unusable(self.folder, problem) from problem
        except (ValueError, KeyError, TypeError):
            raise OfficeFolderUnusable(place=str(self.folder), reason=FILE_NAME) from None
        if not database and not (self.folder / DATABASE).exists():
            # Opening it would make an empty one, and nobody would look for the one that is lost.
            raise OfficeStoreUnusable(reason=f"{self.folder / DATABASE} is not there")
        return open_store(database, self.folder, tell)


def _unusable(folder: Path, problem: OSError) -> OfficeFolderUnusable:
    reason = problem.strerror or type(problem).__name__
    return OfficeFolderUnusable(place=str(folder), reason=reason)
