"""Tokens worked out again that were not so far: their key came later, or an older program took
them in.

The journal is gone through some hundreds of entries at a time, each piece one transaction, so
that it can be stopped anywhere and done again: the same journal and the same keys give the same.
"""  # noqa: D205 - one sentence

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from pos_app.exchange.chain import Entry
from pos_app.head_office.books import Grants
from pos_app.head_office.keys import key_ring
from pos_app.head_office.office import Office
from pos_app.head_office.projecting import TOKEN_KINDS, Followed, Projector, Unreadable
from pos_app.head_office.proving import TokenProver
from pos_app.head_office.store import journals, rows

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Reproving:
    """Proves the tokens of tills with the keys that the office holds now."""

    office: Office

    def __call__(self, till: str, by: str) -> Counter[str]:
        """Return how many tokens of a till hold, differ, or have no key here, by proof."""
        prover = TokenProver(key_ring(self.office))
        projector = Projector(prover, Grants(), self.office.clock.now_ms())
        counted: Counter[str] = Counter()
        with self.office.store.reading() as act:
            branches = [each.number for each in journals.branches_of(act, till)]
        for branch in branches:
            for piece in self._pieces(till, branch):
                counted += self._prove(projector, till, branch, piece)
        with self.office.store.writing() as act:
            self.office.log(act, by, "tokens-proven", till, **counted)
        return counted

    def _pieces(self, till: str, branch: int) -> Iterator[list[Entry]]:
        after = 0
        while True:
            with self.office.store.reading() as act:
                entries = journals.entries_of(act, till, branch, after)
                piece = list(islice(entries, _AT_ONCE))
            if not piece:
                return
            yield piece
            after = piece[-1].seq

    def _prove(
        self, projector: Projector, till: str, branch: int, piece: Sequence[Entry]
    ) -> Counter[str]:
        followed = Followed()
        for entry in piece:
            if entry.kind in TOKEN_KINDS:
                try:
                    projector.tokens_of(entry, branch, followed)
                except Unreadable:  # told when it came
                    continue
        with self.office.store.writing() as act:
            journals.take_turn(act, till)
            span = (piece[0].seq, piece[-1].seq)
            rows.replace_tokens(act, till, branch, span, followed.tokens)
            rows.add_findings(act, till, followed.findings, self.office.clock.now_ms())
        return Counter(str(row[-1]) for row in followed.tokens)
