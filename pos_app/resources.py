"""Where the files beside the code are: in a checkout, in a wheel, in a frozen folder."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def _root() -> Path:
    package = Path(__file__).resolve().parent
    installed = package / "_resources"
    return installed if installed.is_dir() else package.parent / "resources"


def resource(*parts: str) -> Path:
    """Return the path of a resource, e.g. ``resource("words", "en")``; it may not exist."""
    return _root().joinpath(*parts)
