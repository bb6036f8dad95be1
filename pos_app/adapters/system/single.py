"""One program per shop: a lock that the operating system drops when the program dies."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from filelock import FileLock, Timeout

from pos_app.adapters.system.errors import ShopFolderUnusable
from pos_app.domain.errors import PosError


class ShopInUse(PosError):
    """Another program has this shop open. Fact: `folder`."""

    code: ClassVar[str] = "shop-in-use"


class ShopLock:
    """Held from opening a shop to closing it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = FileLock(folder / "till.lock", thread_local=False)

    def take(self) -> None:
        """Take the lock at once or raise `ShopInUse` or `ShopFolderUnusable`."""
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            raise ShopInUse(folder=str(self._folder)) from None
        except OSError as problem:
            reason = problem.strerror or type(problem).__name__
            raise ShopFolderUnusable(folder=str(self._folder), reason=reason) from problem

    def release(self) -> None:
        """Let the next program in."""
        self._lock.release()
