"""Who runs what needs the ledger: the thread that owns it, or whoever has the shop for himself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

OnLedger = Callable[[Callable[[], Any]], Any]
"""Runs a job on the ledger's thread and returns what it returned."""


def here(job: Callable[[], Any]) -> Any:
    """Run `job` at once, where no thread but this one has the shop."""
    return job()
