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
from typing import Any

from pos_app.exchange.chain import Entry
from pos_app.exchange.errors import NotCanonical
from pos_app.head_office.findings import Finding
from pos_app.head_office.keys import key_ring
from pos_app.head_office.meaning import TOKEN_KINDS, Meaning, meaning_of
from pos_app.head_office.office import Office
from pos_app.head_office.proving import TokenProver
from pos_app.head_office.store import journals, key_facts, rows

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Reproving:
    """Proves the tokens of tills with the keys that the office holds now."""

    office: Office

    def __call__(self, till: str, by: str) -> Counter[str]:
        """Return how many tokens of a till hold, differ, or have no key here, by proof."""
        prover = TokenProver(key_ring(self.office))
        counted: Counter[str] = Counter()
        with self.office.store.reading() as act:
            branches = [each.number for each in journals.branches_of(act, till)]
        for branch in branches:
            for piece in self._pieces(till, branch):
                counted += self._prove(prover, till, branch, piece)
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
        self, prover: TokenProver, till: str, branch: int, piece: Sequence[Entry]
    ) -> Counter[str]:
        tokens: list[tuple[Any, ...]] = []
        keys: list[tuple[Any, ...]] = []
        found: list[Finding] = []
        for entry in piece:
            said = _said(entry, prover)
            if said is not None:
                tokens += [(entry.seq, branch, *row) for row in said.tokens]
                found += said.findings
                keys += [(entry.seq, branch, *said.key)] if said.key else []
        with self.office.store.writing() as act:
            journals.take_turn(act, till)
            span = (piece[0].seq, piece[-1].seq)
            rows.replace_tokens(act, till, branch, span, tokens)
            key_facts.replace(act, till, keys)
            rows.add_findings(act, till, found, self.office.clock.now_ms())
        return Counter(str(row[-1]) for row in tokens)


def _said(entry: Entry, prover: TokenProver) -> Meaning | None:
    """Return what an entry with tokens says; what cannot be read was told when it came."""
    if entry.kind not in TOKEN_KINDS:
        return None
    try:
        return meaning_of(entry, entry.reading(), prover)
    except NotCanonical:
        return None
