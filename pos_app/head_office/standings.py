"""What the open findings say of a till's journal: what the till is told, what it is not given.

A till of which two machines may sell gets no new allowance unless somebody says that they know.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from pos_app.exchange.acknowledgement import Acknowledgement
from pos_app.exchange.chain import Head
from pos_app.exchange.standing import Standing, State, write_standing
from pos_app.head_office.errors import TillParted
from pos_app.head_office.findings import FindingKind
from pos_app.head_office.office import Office
from pos_app.head_office.store import journals, rows
from pos_app.head_office.store.engine import Act

PARTED: Final = {
    FindingKind.CLONED: State.CLONED,
    FindingKind.FORKED: State.FORKED,
    FindingKind.ROLLED_BACK: State.ROLLED_BACK,
}
"""What tells of another journal, the gravest first."""
_ONE_ROUND_MS: Final = 3_600_000
"""A till sends its journal and then asks for packs; so long that may take on a bad line."""
_KINDS: Final = [each.value for each in PARTED]


def parted_as(act: Act, till: str) -> str:
    """Return the gravest open finding that tells of another journal of a till; "" without one."""
    found = {row["kind"] for row in _open(act, till)}
    return next((kind for kind in _KINDS if kind in found), "")


def _open(act: Act, till: str) -> list[dict[str, Any]]:
    """Return the open findings that tell of another journal of a till.

    A till that says itself that a backup was put back forgets packs as well: that is told once.
    """
    found = rows.open_of(act, till, _KINDS)
    forgot = [row for row in found if row["kind"] == FindingKind.ROLLED_BACK]
    if not forgot:
        return found
    said = rows.found_times(act, till, FindingKind.RESTORED)
    return [row for row in found if row not in forgot or not _said_so(row["found_ms"], said)]


def _said_so(found_ms: int, said: list[int]) -> bool:
    return any(0 <= found_ms - each <= _ONE_ROUND_MS for each in said)


def need_word(act: Act, till: str, *, although: bool) -> dict[str, str]:
    """Return what the log says of giving an allowance to a till; `although` is the word.

    Raises `TillParted` for a till that may be two machines, without the word.
    """
    kind = parted_as(act, till)
    if not kind:
        return {}
    if not although:
        raise TillParted(till=till[:40], kind=kind)
    return {"although": kind}


def standing_of(act: Act, till: str, now_ms: int) -> Standing:
    """Return what there is to say of a till's journal."""
    found = _open(act, till)
    gravest = min(found, key=lambda row: (_KINDS.index(row["kind"]), -row["id"]), default=None)
    if gravest is None:
        ends = _ends(act, till, parted=False)
        return Standing(State.ONE, 0, 0, now_ms, *((ends[0].seq, ends[0].hash) if ends else ()))
    kind = FindingKind(gravest["kind"])
    return Standing(PARTED[kind], _parts_at(gravest), gravest["found_ms"], now_ms)


def _parts_at(row: dict[str, Any]) -> int:
    """Return the first entry that two journals do not share, 0 where it is not known."""
    evidence = json.loads(row["evidence"])
    if row["kind"] == FindingKind.CLONED:
        return int(evidence["fork"]) + 1
    return int(evidence.get("seq", 0))


def marks_of(act: Act, till: str, now_ms: int) -> list[dict[str, Any]]:
    """Return the acknowledgements for a pack.

    As long as two journals are known of it is every end there is: a machine that has one of them
    does not have the other, and learns by it that it is not the only one, also by stick and also
    with an older program. Once that is settled the end that grew since is the one.
    """
    ends = _ends(act, till, parted=bool(parted_as(act, till)))
    return [Acknowledgement(end.seq, end.hash, now_ms).values() for end in ends]


def _ends(act: Act, till: str, *, parted: bool) -> list[Head]:
    """Return the ends of a till's journal that a machine of it has to have."""
    held = [each for each in journals.branches_of(act, till) if each.head.seq > each.fork_seq]
    if parted:
        return [each.head for each in held] if len(held) > 1 else []
    newest = max(held, key=lambda each: (each.grown_ms, each.number), default=None)
    settled = rows.last_settled(act, till, _KINDS) if len(held) > 1 else -1
    return [newest.head] if newest is not None and newest.grown_ms > settled else []


@dataclass(frozen=True, slots=True)
class Standings:
    """Tells tills how their journals stand."""

    office: Office

    def told(self, till: str) -> str:
        """Return the signed word for the answer's header."""
        with self.office.store.reading() as act:
            found = standing_of(act, till, self.office.clock.now_ms())
        return write_standing(till, found, self.office.authority)
