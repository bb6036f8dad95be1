"""One transaction's share of a bundle: where entries go, what follows from them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from pos_app.exchange.chain import Entry, Head
from pos_app.exchange.digest import sha256_hex
from pos_app.exchange.entry_line import entry_line
from pos_app.head_office.branching import Tree
from pos_app.head_office.findings import Finding, FindingKind
from pos_app.head_office.judging import FORM, SIGNATURE
from pos_app.head_office.meaning import Meaning
from pos_app.head_office.prepared import Prepared, prepared
from pos_app.head_office.projecting import Followed, Projector, Unreadable
from pos_app.head_office.proving import TokenProver
from pos_app.head_office.reading import Reading
from pos_app.head_office.recounting import Recounting
from pos_app.head_office.shop_day import SAYING, place_after
from pos_app.head_office.store import due, hooks, journals, key_facts, rows, tallies
from pos_app.head_office.store.engine import Act
from pos_app.head_office.store.journals import Branch

_TWO = (FindingKind.CLONED.value, FindingKind.FORKED.value)
_FOUND_BY = {SIGNATURE: FindingKind.FORGED, "unreadable": FindingKind.UNREADABLE}


@dataclass(frozen=True, slots=True)
class Refused:
    """An entry that was set aside, and why; words are ``headoffice.refused.<reason>``."""

    seq: int
    reason: str


@dataclass(slots=True)
class Taking:
    """Takes entries of one till while it holds the till's turn."""

    act: Act
    till: str
    projector: Projector
    tree: Tree
    now_ms: int
    fresh: list[tuple[Entry, int | None]]
    followed: Followed = field(default_factory=Followed)
    refused: list[Refused] = field(default_factory=list)
    new: int = 0
    repeated: int = 0
    spoken: int | None = None
    unproven: list[int] = field(default_factory=list)
    """Numbers of new entries whose own signature was not looked at yet."""
    ready: Prepared | None = None
    """What followed from all of them, where that was made ready before (`straight`)."""

    @classmethod
    def begin(cls, act: Act, till: str, prover: TokenProver, now_ms: int) -> Taking:
        """Take the till's turn and look where its journal ends."""
        journals.take_turn(act, till)
        projector = Projector(prover, rows.grants_of(act, till), now_ms)
        branches: list[Branch] = journals.branches_of(act, till)
        fresh: list[tuple[Entry, int | None]] = []
        recounting = Recounting(act, till, projector.grants, branches, fresh)
        settled = rows.last_settled(act, till, _TWO) if len(branches) > 1 else 0
        tree = Tree(branches, {}, now_ms, recounting, settled)
        return cls(act, till, projector, tree, now_ms, fresh)

    @property
    def head(self) -> Head:
        """Return where the branch ends that these entries belong to."""
        if self.spoken is not None:
            return self._branch(self.spoken).head
        return max(self.tree.branches, key=lambda each: (each.grown_ms, each.number)).head

    def head_of(self, earlier: Head | None) -> Head:
        """Return where the branch that held `earlier` ends now."""
        if earlier is not None and earlier.seq:
            place = (earlier.seq, earlier.hash)
            known = journals.known_in(self.act, self.till, earlier.seq, earlier.seq)
            if known.get(place) is not None:
                self.spoken = known[place]
        return self.head

    def _branch(self, number: int) -> Branch:
        return next(each for each in self.tree.branches if each.number == number)

    def take(self, readings: Sequence[Reading]) -> None:
        """Take entries with what was found about each."""
        first = min(each.entry.seq for each in readings)
        last = max(each.entry.seq for each in readings)
        held = journals.known_in(self.act, self.till, first - 1, last)
        aside = journals.set_aside_in(self.act, self.till, first - 1, last)
        passed = {place for place in aside if aside[place] != SIGNATURE and self._passed(place[0])}
        self.tree.known.update(dict.fromkeys(passed, 0) | held)
        for entry, problem, proven, meaning in readings:
            place = (entry.seq, entry.hash)
            if problem:
                self._set_aside(entry, problem, known=place in held)
            elif place in held:
                self.repeated += 1
                self.spoken = held[place] if held[place] is not None else self.spoken
            else:
                if aside.get(place, SIGNATURE) != SIGNATURE:
                    journals.settle_aside(self.act, self.till, *place, self.now_ms)
                held[place] = self._add(entry, meaning, late=place in passed)
                if not proven:
                    self.unproven.append(entry.seq)

    def repeat(self, branch: int, count: int) -> None:
        """Take entries that were all taken before, the last of them on `branch`."""
        self.repeated += count
        self.spoken = branch

    def grow(self, branch: Branch, head: Head, count: int, ready: Prepared) -> None:
        """Take new entries that end a branch and that were made ready, the last one proven."""
        branch.head, branch.grown_ms, branch.changed = head, self.now_ms, True
        self.spoken, self.ready = branch.number, ready
        self.new += count
        if count > 1:
            self.unproven += (head.seq - count + 1, head.seq - 1)

    def _passed(self, seq: int) -> bool:
        """Tell whether the journal goes on after a number: what was set aside there has a place."""
        return any(each.head.seq >= seq for each in self.tree.branches)

    def _add(self, entry: Entry, meaning: Meaning | None, *, late: bool) -> int | None:
        """Keep a genuine entry; `late` for one whose edited copy holds its place already."""
        self.new += 1
        if late:
            self.fresh.append((entry, 0))
            self._book(entry, meaning, self._standing(entry, 0))
            return 0
        branch = self.tree.place(entry)
        number = None if branch is None else branch.number
        self.fresh.append((entry, number))
        self.tree.known[entry.seq, entry.hash] = number
        if branch is not None:
            self._extend(branch, entry, meaning)
        return number

    def _extend(self, branch: Branch, entry: Entry, meaning: Meaning | None) -> None:
        self._book(entry, meaning, branch)
        branch.head = Head(entry.seq, entry.hash, entry.at_ms)
        branch.grown_ms, branch.changed = self.now_ms, True
        self.spoken = branch.number

    def _book(self, entry: Entry, meaning: Meaning | None, branch: Branch) -> None:
        try:
            self.projector.follow(entry, meaning, branch, self.followed)
        except Unreadable:
            self._note(entry, "unreadable")

    def again(self, entry: Entry) -> bool:
        """Take an entry that was set aside; return whether it can be taken now.

        One that was kept and could only not be booked is booked where it stands.
        """
        place = (entry.seq, entry.hash)
        held = journals.known_in(self.act, self.till, entry.seq, entry.seq)
        meaning = self.projector.meaning(entry)
        if place not in held:
            journals.settle_aside(self.act, self.till, *place, self.now_ms)
            self._add(entry, meaning, late=self._passed(entry.seq))
        else:
            self._book(entry, meaning, self._standing(entry, held[place] or 0))
        return not self.refused

    def _standing(self, entry: Entry, on: int) -> Branch:
        """Return where a late entry stands; of the books only the shop's time counts."""
        books = tallies.books_before(self.act, self.till, on, entry.seq)
        for earlier, number in reversed(self.fresh):
            if number == on and earlier.seq < entry.seq and earlier.kind in SAYING:
                place_after(earlier.kind, earlier.reading(), books)
                break
        return Branch(on, 0, 0, Head(entry.seq, entry.hash, entry.at_ms), 0, books)

    def _set_aside(self, entry: Entry, problem: str, *, known: bool) -> None:
        """Keep a bad entry apart; where its hash is authentic, it keeps its place in the chain."""
        self._note(entry, problem)
        if known or problem == SIGNATURE or (entry.seq, entry.hash) in self.tree.known:
            return
        branch = self.tree.place(entry)
        if branch is not None:
            branch.head = Head(entry.seq, entry.hash, branch.head.at_ms)
            branch.grown_ms, branch.changed = self.now_ms, True
            self.tree.known[entry.seq, entry.hash] = branch.number
            self.spoken = branch.number

    def _note(self, entry: Entry, problem: str) -> None:
        raw = entry_line(entry)
        digest = sha256_hex(raw)
        self.refused.append(Refused(entry.seq, problem))
        journals.set_aside(
            self.act,
            {
                "till": self.till,
                "digest": digest,
                "seq": entry.seq,
                "hash": entry.hash,
                "reason": problem,
                "raw": raw,
                "received_ms": self.now_ms,
                "settled_by": "",
            },
        )
        kind = _FOUND_BY.get(problem, FindingKind.EDITED if problem != FORM else _UNREADABLE)
        evidence = {"seq": entry.seq, "kind": entry.kind[:100].replace("\0", "?")}
        self.tree.findings.append(
            Finding(kind, f"{entry.seq} {digest[:16]}", entry.seq, evidence | {"digest": digest})
        )

    def join_waiting(self, most: int) -> bool:
        """Let up to `most` entries join that waited for their past; tell if there may be more."""
        joined = 0
        for branch in self.tree.branches:
            places: list[tuple[int, bytes]] = []
            while joined < most:
                entry = journals.waiting_after(self.act, self.till, branch.head)
                if entry is None:
                    break
                self._extend(branch, entry, self.projector.meaning(entry))
                places.append((entry.seq, entry.hash))
                joined += 1
            journals.put_on_branch(self.act, self.till, places, branch.number)
        return joined == most

    def nothing_waits(self) -> bool:
        """Tell whether no entry waits for its past; the gaps are settled then."""
        if journals.first_waiting(self.act, self.till) is not None:
            return False
        rows.settle_gaps(self.act, self.till, None, self.now_ms)
        return True

    def tell_gaps(self) -> None:
        """Note the entry whose past is missing, and settle the gaps that were filled."""
        waits = journals.first_waiting(self.act, self.till)
        rows.settle_gaps(self.act, self.till, waits, self.now_ms)
        if waits is not None:
            evidence = {"head": self.head.seq, "next": waits}
            gap = Finding(FindingKind.GAP, str(waits), waits, evidence)
            rows.add_findings(self.act, self.till, [gap], self.now_ms)

    def end(self) -> None:
        """Write down what followed."""
        ready = self.ready
        if ready is None:
            kept = [journals.entry_row(self.till, each, on, self.now_ms) for each, on in self.fresh]
            ready = prepared(self.till, kept, self.followed)
        journals.add_entries(self.act, ready.entries)
        if self.unproven:
            due.add(self.act, self.till, min(self.unproven), max(self.unproven))
        found = [*self.tree.findings, *ready.findings, *self._twice(ready)]
        rows.add_sales(self.act, ready.sales)
        rows.add_tokens(self.act, ready.tokens)
        tallies.add(self.act, self.till, ready.sums, ready.closings)
        key_facts.add(self.act, self.till, ready.keys)
        found += self._without_sale(ready)
        rows.add_findings(self.act, self.till, found, self.now_ms)
        hooks.announce(self.act, ready.told, self.now_ms)
        for branch in self.tree.branches:
            if branch.changed:
                journals.keep_branch(self.act, self.till, branch)

    def _twice(self, ready: Prepared) -> Iterator[Finding]:
        for each in rows.tids_elsewhere(self.act, self.till, ready.identified):
            evidence: dict[str, Any] = {"drn": each.drn, "minute": each.minute}
            evidence |= {"other_till": each.other_till, "other_seq": each.other_seq}
            mark = f"{each.drn} {each.minute} {each.seq}"
            yield Finding(FindingKind.TID_TWICE, mark, each.seq, evidence)

    def _without_sale(self, ready: Prepared) -> Iterator[Finding]:
        """Yield slips printed again, and value given, for entries that are no sales."""
        noted = [(FindingKind.REPRINT_WITHOUT_SALE, *each) for each in ready.reprints]
        noted += [(FindingKind.VALUE_WITHOUT_SALE, *each) for each in ready.made_good]
        there = rows.sales_among(self.act, self.till, {of for *_, of in noted})
        for kind, seq, _, of in noted:
            if of not in there:
                yield Finding(kind, str(seq), seq, {"sale_seq": of})


_UNREADABLE = FindingKind.UNREADABLE
