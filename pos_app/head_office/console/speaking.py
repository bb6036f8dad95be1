"""What the console asks of whoever has the words."""

from __future__ import annotations

from typing import Protocol

from pos_app.domain.errors import PosError


class Speaking(Protocol):
    """The words of one language, by key."""

    @property
    def language(self) -> str:
        """Return the language's code."""
        ...

    def __call__(self, key: str, /, **facts: object) -> str:
        """Return the sentence of `key`."""
        ...

    def has(self, key: str) -> bool:
        """Tell whether there is a sentence for `key`."""
        ...

    def of_error(self, error: PosError) -> str:
        """Return what happened and what to do next."""
        ...
