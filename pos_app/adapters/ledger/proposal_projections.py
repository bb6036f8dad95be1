"""Projections of proposed corrections and of head office's answers to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from pos_app.exchange.chain import Entry

Change = tuple[str, tuple[Any, ...]]
Body = Mapping[str, Any]

TABLES: Final = """
create table proposal (
    seq integer primary key references journal(seq),
    drn text not null,
    field text not null,
    was text not null,
    value text not null,
    operator text not null,
    at_ms integer not null,
    state text not null check (state in ('open', 'accepted', 'refused')),
    note text not null
) strict;
create index proposal_drn on proposal (drn, seq);
"""

COMPARED: Final = (("proposal", "select * from proposal order by seq", 0),)
"""As in `pos_app.adapters.ledger.twin`."""

_PROPOSED: Final = "insert into proposal values (?, ?, ?, ?, ?, ?, ?, 'open', '')"
_ANSWERED: Final = "update proposal set state = ?, note = ? where seq = ?"


def _proposed(entry: Entry, body: Body) -> Iterator[Change]:
    said = (body[name] for name in ("drn", "field", "was", "value", "operator"))
    yield _PROPOSED, (entry.seq, *said, entry.at_ms)


def _answered(_: Entry, body: Body) -> Iterator[Change]:
    state = "accepted" if body["accepted"] else "refused"
    yield _ANSWERED, (state, body["note"], body["seq"])


KINDS: Final[Mapping[str, Callable[[Entry, Body], Iterator[Change]]]] = {
    "meter_proposed": _proposed,
    "proposal_answered": _answered,
}
