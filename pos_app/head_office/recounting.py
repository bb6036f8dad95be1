"""Books of a branch counted again up to an entry: a new branch begins with them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pos_app.exchange.chain import Entry
from pos_app.head_office.books import Books, Grants, count
from pos_app.head_office.meaning import NOT_READ
from pos_app.head_office.store import journals
from pos_app.head_office.store.engine import Act
from pos_app.head_office.store.journals import Branch


@dataclass(frozen=True, slots=True)
class Recounting:
    """Counts along what is stored and what is `fresh`: taken, and not stored yet."""

    act: Act
    till: str
    grants: Grants
    branches: list[Branch]
    fresh: list[tuple[Entry, int | None]]

    def __call__(self, branch: Branch, at: int) -> Books:
        """Return the books of `branch` after its entry `at`."""
        books: Books = {}
        for entry in self._path(branch, at):
            try:
                for _ in count(books, entry, entry.reading(), self.grants):
                    pass  # what was found was told when the entry came
            except NOT_READ:
                continue  # unreadable then, unreadable now
        return books

    def _path(self, branch: Branch, at: int) -> Iterator[Entry]:
        if branch.number:
            parent = next(each for each in self.branches if each.number == branch.parent)
            yield from self._path(parent, min(branch.fork_seq, at))
        for entry in journals.entries_of(self.act, self.till, branch.number):
            if entry.seq > at:
                return
            yield entry
        yield from (e for e, on in self.fresh if on == branch.number and e.seq <= at)
