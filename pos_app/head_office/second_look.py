"""The signatures that nobody had to wait for, looked at afterwards.

A bundle is taken once the chain proves it (`judging`): an entry then counts whatever its own
signature is, because a later signature seals its content. That its own is there and holds is
looked at here; one that does not was changed in the till's database, and is told as such.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from pos_app.exchange.chain import Entry
from pos_app.exchange.digest import sha256_hex
from pos_app.exchange.entry_line import entry_line
from pos_app.head_office.clock import Clock
from pos_app.head_office.errors import OfficeStoreUnusable
from pos_app.head_office.findings import Finding, FindingKind
from pos_app.head_office.judging import SIGNATURE
from pos_app.head_office.store import due, journals, rows
from pos_app.head_office.store.engine import Act, Store
from pos_app.head_office.workers import Workers

_PIECE: Final = 500
_IDLE_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class SecondLook:
    """Looks at what is due, a piece at a time; two servers that do it at once do no harm."""

    store: Store
    clock: Clock
    workers: Workers

    def __call__(self) -> int:
        """Look at all that is due; return how many entries that were."""
        looked = 0
        while more := self.piece():
            looked += more
        return looked

    def piece(self) -> int:
        """Look at some of what is due; return how many entries, 0 when nothing is due."""
        with self.store.reading() as act:
            stretch = due.next_due(act)
            entries = [] if stretch is None else due.entries_due(act, stretch, _PIECE)
        if stretch is None:
            return 0
        signed = [(each.hash, each.signature) for each in entries]
        failing = [entries[at] for at in self.workers.failing(signed, stretch.public)]
        with self.store.writing() as act:
            journals.take_turn(act, stretch.till)
            self._tell(act, stretch.till, failing)
            due.done(act, stretch, entries, _PIECE)
        return max(len(entries), 1)

    @contextmanager
    def beside(self) -> Iterator[None]:
        """Look in a thread of its own while the block runs."""
        ended = threading.Event()
        thread = threading.Thread(target=self.watch, args=(ended,), name="second look")
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def watch(self, ended: threading.Event) -> None:
        """Look until `ended`, leaving others at least as much time as it takes."""
        while not ended.is_set():
            began = time.monotonic()
            try:
                looked = self.piece()
            except OfficeStoreUnusable:
                looked = 0  # the next piece tries again; whoever needs the store is told
            ended.wait(time.monotonic() - began if looked else _IDLE_S)

    def _tell(self, act: Act, till: str, failing: list[Entry]) -> None:
        now_ms = self.clock.now_ms()
        found = []
        for entry in failing:
            raw = entry_line(entry)
            digest = sha256_hex(raw)
            row = {"till": till, "digest": digest, "seq": entry.seq, "hash": entry.hash}
            row |= {"reason": SIGNATURE, "raw": raw, "received_ms": now_ms, "settled_by": ""}
            journals.set_aside(act, row)
            evidence = {"seq": entry.seq, "kind": entry.kind[:100], "digest": digest}
            mark = f"{entry.seq} {digest[:16]}"
            found.append(Finding(FindingKind.EDITED, mark, entry.seq, evidence))
        rows.add_findings(act, till, found, now_ms)
