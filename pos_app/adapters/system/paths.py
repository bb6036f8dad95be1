"""Where a shop lives when nobody says otherwise."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_data_path, user_documents_path


def default_shop() -> Path:
    """Return the folder of this user's shop."""
    return user_data_path("tokentill", appauthor=False) / "shop"


def training_shop() -> Path:
    """Return the folder of this user's training shop; never the same as a real one's."""
    return user_data_path("tokentill", appauthor=False) / "training-shop"


def report_folder() -> Path:
    """Return where this user looks for reports: a folder in the documents."""
    return user_documents_path() / "Tokentill"
