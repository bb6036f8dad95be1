"""One round with head office: everything new goes up, every new pack comes down.

The network is waited for on the caller's thread, the ledger is asked in short jobs on its own; the
counter never waits. A round may be cut anywhere and begun again: whatever was sent or taken twice
counts once.
"""

from __future__ import annotations

from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import Any, Final

from pos_app.application.office import OfficeDesk
from pos_app.application.office_ports import OfficeLine, OnLedger
from pos_app.application.office_records import (
    Enrolled,
    OfficeClockDiffers,
    OfficeRefused,
    PackTaken,
)
from pos_app.application.office_up import MOST

MOST_APART_MS: Final = 25_000
"""Clocks this far apart may be why head office takes a till's word for stale."""
_WHO_ARE_YOU: Final = 401
_IN_MEMORY: Final = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class RoundDone:
    """What a round did: entries sent, what head office refused of them, packs taken."""

    sent: int
    refused: tuple[tuple[int, str], ...]
    packs: tuple[PackTaken, ...]


def sync_once(desk: OfficeDesk, line: OfficeLine, on_ledger: OnLedger[Any]) -> RoundDone:
    """Run one round.

    Raises `NotEnrolled`, `OfficeUnreachable`, `OfficeRefused`, `OfficeClockDiffers`,
    `JournalsPart` or what makes a pack unfit; what was done until then stays done. What head
    office says of the journal is heard last, so that one who does not understand it gets the rest.
    """
    enrolled: Enrolled = on_ledger(desk.enrolled)
    before = on_ledger(desk.up.mark)
    try:
        sent, refused = _send_all(desk, line, enrolled, on_ledger)
        packs, standing = _take_all(desk, line, enrolled, on_ledger)
    except OfficeRefused as problem:
        if problem.facts["status"] == _WHO_ARE_YOU:
            _blame_clock(desk, line)
        raise
    due = desk.packs.take_due(on_ledger)
    if standing:  # an older head office says nothing
        on_ledger(lambda: desk.up.hear(standing, enrolled.office))
    if on_ledger(desk.up.mark) < before:  # an old database was put back there
        more, again = _send_all(desk, line, enrolled, on_ledger)
        sent, refused = sent + more, refused + again
    return RoundDone(sent, tuple(refused), (*packs, *due))


def _blame_clock(desk: OfficeDesk, line: OfficeLine) -> None:
    """Raise `OfficeClockDiffers` if that is why head office does not take the till's word."""
    ahead = desk.clock.now_ms() - line.now_ms()
    if abs(ahead) > MOST_APART_MS:
        raise OfficeClockDiffers(minutes=max(abs(ahead) // 60_000, 1))


def _send_all(
    desk: OfficeDesk, line: OfficeLine, enrolled: Enrolled, on_ledger: OnLedger[Any]
) -> tuple[int, list[tuple[int, str]]]:
    sent, refused = 0, []
    while (title := on_ledger(lambda: desk.up.title(MOST))) is not None:
        with SpooledTemporaryFile(_IN_MEMORY) as file:
            desk.up.write(file, title, on_ledger)
            file.seek(0)
            answer = line.send(file, desk.up.word(enrolled.office))
        refused += _refusals(answer)
        said = answer.get("acknowledged")
        if said is None or not on_ledger(lambda: desk.up.acknowledged(said, enrolled.office)):  # noqa: B023 - called at once
            break  # nothing came of it; sending the same at once would not help
        sent += title.last - title.first + 1
    return sent, refused


def _refusals(answer: dict[str, Any]) -> list[tuple[int, str]]:
    """Return what head office set aside: for people to read, not to act upon."""
    found = answer.get("refused")
    rows = found if isinstance(found, list) else []
    return [
        (each["seq"], str(each.get("reason", ""))[:200])
        for each in rows[:50]
        if isinstance(each, dict) and isinstance(each.get("seq"), int)
    ]


def _take_all(
    desk: OfficeDesk, line: OfficeLine, enrolled: Enrolled, on_ledger: OnLedger[Any]
) -> tuple[list[PackTaken], str]:
    """Return the packs that were taken, and what the last answer says of the journal."""
    taken: list[PackTaken] = []
    while True:
        held = on_ledger(desk.packs.held)
        with SpooledTemporaryFile(_IN_MEMORY) as file:
            answer = line.next_pack(held, desk.up.word(enrolled.office), file)
            if not answer.came:
                return taken, answer.standing
            done = desk.packs.take(file, on_ledger)
        if done.again:
            raise OfficeRefused(status=200, reason=f"pack {done.number} came again")
        taken.append(done)
