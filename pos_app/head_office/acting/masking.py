"""Tokens are value: whoever looks at evidence sees their last four digits only."""

from __future__ import annotations

import re
from typing import Any, Final

_DIGITS: Final = re.compile(r"(?<!\d)(?:\d[ -]?){16}(\d{4})(?!\d)")
_VERIFIERS: Final = frozenset({"pin_verifier", "verifier"})


def masked(value: Any, name: str = "") -> Any:
    """Return plain JSON with token digits and PIN verifiers taken out."""
    if isinstance(value, dict):
        return {key: masked(each, key) for key, each in value.items()}
    if isinstance(value, list):
        return [masked(each, name) for each in value]
    if name in _VERIFIERS:
        return "…"
    return mask_text(value) if isinstance(value, str) else value


def mask_text(text: str) -> str:
    """Return text with every run of 20 digits cut to its last four."""
    return _DIGITS.sub(r"… \1", text)
