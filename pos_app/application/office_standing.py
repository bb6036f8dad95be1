"""Whether this machine's journal is the till's only one, as far as anybody could tell it.

Head office says so in the answers of a round (`pos_app.exchange.standing`); and a mark that head
office holds and this journal does not have shows it as well. Each change of it is one entry. It
stops nothing here: a mistake at head office must not close a shop. Head office gives no new
allowance to such a till without a word that it knows.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from pos_app.application.office_records import PARTED, TillStanding
from pos_app.exchange.acknowledgement import Acknowledgement
from pos_app.exchange.standing import read_standing

if TYPE_CHECKING:  # only named here
    from pos_app.application.ports import Clock, Ledger

KIND: Final = "journal_standing"


def hear(ledger: Ledger, clock: Clock, text: str, till: str, office: bytes) -> None:
    """Take what head office says of this journal, and that it holds less of it than it did.

    Raises `ExchangeInvalid`, or `ExchangeNewer` where this program is too old to understand it.
    """
    said = read_standing(text, till, office)
    new = TillStanding(said.state.value, said.seq, said.found_ms, said.at_ms)
    if new.is_one and not holds(ledger, said.held_seq, said.held_hash):
        new = TillStanding(PARTED, said.held_seq, said.at_ms, said.at_ms)
    _keep(ledger, clock, new)
    if new.is_one and said.held_seq < ledger.office.acknowledged()[0]:
        note_held(ledger, clock, Acknowledgement(said.held_seq, said.held_hash, said.at_ms))


def note_held(ledger: Ledger, clock: Clock, said: Acknowledgement) -> bool:
    """Journal how much head office holds where that is new; return whether it was.

    It may be less than it held before, if it says so later: an old database of head office was
    put back, and what it forgot goes up again.
    """
    known, at_ms = ledger.office.acknowledged()
    forgot = 0 < said.seq < known and said.at_ms > at_ms  # 0 says nothing about how much it holds
    if said.seq <= known and not forgot:
        return False
    now = max(clock.now_ms(), said.at_ms)
    with ledger.writing() as act:
        act.append("acknowledged", said.values(), now)
    return True


def holds(ledger: Ledger, seq: int, digest: bytes) -> bool:
    """Tell whether this journal has an entry, 0 standing for the beginning."""
    mine = ledger.entry(seq) if seq else None
    return not seq or (mine is not None and mine.hash == digest)


def note_parted(ledger: Ledger, clock: Clock, said: Acknowledgement) -> None:
    """Note that head office holds an entry which is not in this journal, once."""
    if ledger.office.standing().is_one:
        _keep(ledger, clock, TillStanding(PARTED, said.seq, said.at_ms, said.at_ms))


def note_whole(ledger: Ledger, clock: Clock, at_ms: int) -> None:
    """Note that a pack of `at_ms` acknowledges this journal and no other, for tills by stick."""
    _keep(ledger, clock, TillStanding(at_ms=at_ms))


def _keep(ledger: Ledger, clock: Clock, new: TillStanding) -> None:
    """Journal what is new; what was true earlier than what is known is none."""
    held = ledger.office.standing()
    known = (held.state, held.seq)
    if new.at_ms < held.at_ms or (new.state, new.seq) == known or (held.is_one and new.is_one):
        return
    with ledger.writing() as act:
        act.append(KIND, asdict(new), clock.now_ms())
