"""The shop's settings on disk: ``settings.json`` beside the ledger."""

from __future__ import annotations

import json
import os
from pathlib import Path

from pos_app.adapters.system.errors import ShopFolderUnusable
from pos_app.application.settings import Settings, SettingsUnreadable

FILE_NAME = "settings.json"


def load_settings(folder: Path) -> Settings:
    """Return the settings of a shop, the defaults when there are none.

    Raises `SettingsInvalid` naming the field that cannot be, or its kin `SettingsUnreadable`.
    """
    try:
        raw = (folder / FILE_NAME).read_bytes()
    except FileNotFoundError:
        return Settings()
    except OSError as problem:
        reason = problem.strerror or type(problem).__name__
        raise ShopFolderUnusable(folder=str(folder), reason=reason) from problem
    try:
        values = json.loads(raw)
    except (ValueError, RecursionError):
        raise SettingsUnreadable(path=str(folder / FILE_NAME)) from None
    return Settings.from_values(values)


def settings_mark(folder: Path) -> tuple[int, int]:
    """Return what changes whenever the settings do, (0, 0) without any."""
    try:
        found = (folder / FILE_NAME).stat()
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size


def save_settings(folder: Path, settings: Settings) -> None:
    """Replace the settings of a shop whole or not at all."""
    path = folder / FILE_NAME
    draft = path.with_suffix(".new")
    try:
        with draft.open("w", encoding="utf-8") as file:
            json.dump(settings.to_values(), file, indent=2, sort_keys=True)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as problem:
        reason = problem.strerror or type(problem).__name__
        raise ShopFolderUnusable(folder=str(folder), reason=reason) from problem
