"""Where entries belong: on the end of a branch, on a new branch, or nowhere yet.

The hash of an entry is authentic when the till signed it (`judging`), whatever became of its
body. So an edited entry keeps its place in the chain, and what follows it is not stopped.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from pos_app.exchange.chain import EMPTY, GENESIS, Entry, Head
from pos_app.head_office.findings import Finding, FindingKind
from pos_app.head_office.store.journals import Branch

Known = dict[tuple[int, bytes], int | None]


@dataclass(slots=True)
class Tree:
    """The branches of one till; `known` are the places of the entries around those to come.

    `books_at` counts the books of a branch up to an entry again, for a new branch from there.
    `settled_ms` is when it was settled last that two machines sold as one.
    """

    branches: list[Branch]
    known: Known
    now_ms: int
    books_at: Callable[[Branch, int], dict[str, object]]
    settled_ms: int = 0
    findings: list[Finding] = field(default_factory=list)

    def place(self, entry: Entry) -> Branch | None:
        """Return the branch that `entry` goes on, made for it where it forks; None: it waits."""
        for branch in self.branches:
            if (branch.head.seq, branch.head.hash) == (entry.seq - 1, entry.prev_hash):
                self._grow(branch)
                return branch
        parent = self._parent(entry)
        return None if parent is None else self._fork(parent, entry)

    def plain_end(self, before: tuple[int, bytes]) -> Branch | None:
        """Return the branch that ends with entry `before` and that nothing left; None: none."""
        for branch in self.branches:
            if (branch.head.seq, branch.head.hash) == before:
                return None if self._grown(branch) else branch
        return None

    def _parent(self, entry: Entry) -> Branch | None:
        """Return the branch that holds the entry before this one."""
        if entry.seq == 1:
            return self.branches[0] if entry.prev_hash == GENESIS else None
        number = self.known.get((entry.seq - 1, entry.prev_hash))
        return next((each for each in self.branches if each.number == number), None)

    def _fork(self, parent: Branch, entry: Entry) -> Branch:
        at = entry.seq - 1
        head = Head(at, entry.prev_hash, EMPTY.at_ms)
        made = Branch(len(self.branches), parent.number, at, head, self.now_ms, changed=True)
        made.books = self.books_at(parent, at)
        self.branches.append(made)
        kind = FindingKind.RESTORED if entry.kind == "restored" else FindingKind.FORKED
        evidence = {
            "seq": entry.seq,
            "head": parent.head.seq,
            "lost": parent.head.seq - at,
            "hash": entry.hash.hex(),
            "at_ms": entry.at_ms,
        }
        self.findings.append(Finding(kind, f"{at} {entry.hash.hex()[:16]}", entry.seq, evidence))
        return made

    def _grow(self, branch: Branch) -> None:
        """Find out that both ends of a fork go on: the end that was left is added to again.

        Once that was settled it takes both ends to go on since to find it out again.
        """
        grown = self._grown(branch)
        if grown:
            fork = max(branch, grown[0], key=lambda each: each.number).fork_seq
            seq = branch.head.seq + 1
            since = f"since {self.settled_ms}" if self.settled_ms else str(branch.number)
            mark = f"{fork} {since}"
            evidence = {"seq": seq, "fork": fork}
            self.findings.append(Finding(FindingKind.CLONED, mark, seq, evidence))

    def _grown(self, branch: Branch) -> list[Branch]:
        """Return the branches that left this one and went on."""
        return [each for each in self.branches if self._left(each, branch)]

    def _left(self, other: Branch, branch: Branch) -> bool:
        if self.settled_ms:
            return other.number != branch.number and other.grown_ms > self.settled_ms
        later = other.number > branch.number and other.parent == branch.number
        return later and other.head.seq > other.fork_seq
