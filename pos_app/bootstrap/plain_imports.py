"""Imports as Python does them, while Qt is there.

PySide6 replaces ``builtins.__import__`` to offer ``from __feature__ import ...`` and keeps the
one it found in ``builtins.__orig_import__`` (Qt for Python, "The __feature__ import"). After
every import it then reads the source of the imported module, and it swaps the builtin back and
forth meanwhile. The program uses no such feature: without it modules load a fifth faster, and
those that load beside the window meet nothing half swapped.
"""

from __future__ import annotations

import builtins

import PySide6.QtCore  # noqa: F401 - replaces the import that is put back here


def keep_imports_plain() -> None:
    """Put the import that Qt found back; do nothing where Qt replaced none."""
    plain = getattr(builtins, "__orig_import__", None)
    if plain is not None:
        builtins.__import__ = plain
