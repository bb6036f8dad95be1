"""The bytes of a pack, kept in pieces while they are written."""

from __future__ import annotations

import io
from typing import Any

from pos_app.head_office.store import packs
from pos_app.head_office.store.engine import Act
from pos_app.head_office.store.packs import PART_BYTES


class Parts(io.RawIOBase):
    """Takes the bytes of a pack and keeps them in pieces."""

    def __init__(self, act: Act, till: str, number: int) -> None:
        super().__init__()
        self._act, self._till, self._number = act, till, number
        self._held = bytearray()
        self._part = 0
        self.size = 0

    def write(self, content: Any) -> int:
        """Take some bytes."""
        self._held += content
        while len(self._held) >= PART_BYTES:
            self._keep(bytes(self._held[:PART_BYTES]))
            del self._held[:PART_BYTES]
        return len(content)

    def end(self) -> None:
        """Keep what is left."""
        if self._held:
            self._keep(bytes(self._held))
            self._held.clear()

    def _keep(self, content: bytes) -> None:
        packs.add_part(self._act, self._till, self._number, self._part, content)
        self._part += 1
        self.size += len(content)
