"""The straight way of a stretch into the journal: it goes on where one end of it is.

What cannot go this way changes nothing here, and is taken entry by entry (`taking`), which is
exact about everything; `tests/office/test_straight.py` compares the two.
"""

from __future__ import annotations

from pos_app.head_office.prepared import dated
from pos_app.head_office.projecting import AHEAD_MS
from pos_app.head_office.runs import counted
from pos_app.head_office.shop_day import PLACE
from pos_app.head_office.store import journals
from pos_app.head_office.store.journals import Branch
from pos_app.head_office.stretch import Stretch
from pos_app.head_office.taking import Taking


def take_straight(taking: Taking, stretch: Stretch) -> bool:
    """Take entries that are all new or all known; return whether that could be done."""
    act, till, last = taking.act, taking.till, stretch.head.seq
    held = journals.known_in(act, till, stretch.first, last)
    if held:
        branches = [on for place in stretch.places() if (on := held.get(place)) is not None]
        if len(branches) < stretch.size:
            return False
        taking.repeat(branches[-1], stretch.size)
        return True
    if journals.set_aside_in(act, till, stretch.first, last):
        return False
    branch = taking.tree.plain_end(stretch.before)
    return branch is not None and _grown(taking, branch, stretch)


def _grown(taking: Taking, branch: Branch, stretch: Stretch) -> bool:
    """Let a branch grow by a stretch that was made for it, if its clock and its books agree."""
    in_time = branch.head.at_ms <= stretch.since_ms and stretch.latest_ms <= _latest(taking)
    if branch.number != stretch.branch or not in_time:
        return False
    books = counted(branch.books, stretch.steps, taking.projector.grants)
    if books is None:
        return False
    ready = dated(stretch.ready, stretch.undated, branch.number, branch.books)
    branch.books, found = books
    if stretch.place is not None:
        branch.books[PLACE] = stretch.place
    taking.grow(branch, stretch.head, stretch.size, ready._replace(findings=found))
    return True


def _latest(taking: Taking) -> int:
    return taking.now_ms + AHEAD_MS
