"""Asking a printer how it is, and whether the slip came out.

Two kinds of questions (Epson's ESC/POS reference). ``DLE EOT n`` is answered at once, even with
the cover open, so it tells why a printer stands still. ``GS r 1`` waits in the printer's buffer
behind the slip, so its answer means that the slip has been printed. Bytes accepted, by contrast,
mean nothing but bytes accepted.
"""

from __future__ import annotations

from enum import Enum

from pos_app.adapters.printing.channel import Channel, Deadline, Trouble

QUIET_SECONDS = 0.6
"""A printer that answers at all has answered by then, also over a slow wireless link."""
BEFORE_SECONDS = 0.2
FINISH_SECONDS = 3.0
"""How long an answering printer may take to bring a slip it has in its buffer to paper."""

AFTER_SLIP = b"\x1dr\x01"
_CAUSE, _PAPER, _STATE = 2, 4, 1
_PAUSE = 0.1
_BEHIND = frozenset((0x00, 0x03, 0x0C, 0x0F))
"""Answers to GS r 1: bits 0, 1 near end, 2, 3 end of the paper."""
_AUTOMATIC_REST = 3
"""A printer set to report by itself sends four bytes; the first of them tells."""
_STATUS_BYTES = frozenset(
    byte for byte in range(256) if byte <= 0x0F or byte & 0x93 in {0x10, 0x11, 0x12, 0x13}
)
_STRANGE_BYTES = 3


class Condition(Enum):
    """What an asked printer said about itself."""

    SILENT = "silent"
    READY = "ready"
    FINISHED = "finished"


def check_before(channel: Channel, deadline: Deadline) -> Condition:
    """Ask whether a slip would come out now; `SILENT` or `READY`.

    Raises `Trouble` (``paper-out``, ``cover-open``, ``offline``): then nothing was printed, and
    printing later cannot make a second slip.
    """
    if not channel.answers:
        return Condition.SILENT
    asking = _Asking(channel, deadline)
    condition = asking.once(BEFORE_SECONDS)
    if asking.offline:
        raise Trouble("offline")
    return condition


def follow(channel: Channel, deadline: Deadline, *, answered: bool) -> Condition:
    """After a slip and `AFTER_SLIP`: wait until it is `FINISHED`, or return what is known.

    A printer that `answered` before the slip is waited for though it is silent now: some answer
    nothing while they print. Raises `Trouble`. A printer may be offline for a moment, as when
    someone presses its feed button; it is in trouble when it still is at the end.
    """
    if not channel.answers:
        return Condition.SILENT
    asking = _Asking(channel, deadline)
    condition = asking.once(QUIET_SECONDS)
    end = Deadline.within(FINISH_SECONDS)
    while condition is Condition.READY or (answered and condition is Condition.SILENT):
        try:
            asking.listen(end.left(_PAUSE))
            condition = asking.once(end.left(QUIET_SECONDS))
        except Trouble as trouble:
            if trouble.problem != "timeout":
                raise
            if asking.offline:
                raise Trouble("offline") from None
            return Condition.READY
    return condition


class _Asking:
    def __init__(self, channel: Channel, deadline: Deadline) -> None:
        self._channel = channel
        self._deadline = deadline
        self.offline = False
        self._finished = False
        self._automatic = 0
        self._answers: list[int] = []

    def once(self, seconds: float) -> Condition:
        """Ask for cause, paper and state in turn; stop at the first silence."""
        found: dict[int, int] = {}
        if self._finished:
            return Condition.FINISHED
        for question in (_CAUSE, _PAPER, _STATE):
            answer = self._ask(question, seconds)
            if self._finished:
                return Condition.FINISHED
            if answer is None:
                break
            found[question] = answer
        _raise_trouble(found)
        self.offline = bool(found.get(_STATE, 0) & 0x08)
        return Condition.READY if found else Condition.SILENT

    def listen(self, seconds: float) -> None:
        """Take in whatever comes within `seconds`; raise when it says the paper is out.

        Raises `Trouble` (``address``) for what no receipt printer says: a web server, say.
        """
        answer = self._channel.read(self._deadline.left(seconds))
        if sum(byte not in _STATUS_BYTES for byte in answer) > _STRANGE_BYTES:
            raise Trouble("address")
        for byte in answer:
            if self._automatic:
                self._automatic -= 1
            elif byte & 0x93 == 0x10:
                self._automatic = _AUTOMATIC_REST
            elif byte & 0x93 == 0x12:
                self._answers.append(byte)
            elif byte in _BEHIND:
                if byte & 0x0C:
                    raise Trouble("paper-out")
                self._finished = True

    def _ask(self, question: int, seconds: float) -> int | None:
        self._answers.clear()
        self._channel.write(b"\x10\x04" + bytes([question]), self._deadline)
        patience = Deadline.within(self._deadline.left(seconds))
        while not self._answers and not self._finished and self._channel.answers:
            try:
                left = patience.left(seconds)
            except Trouble:
                return None
            self.listen(left)
        return self._answers.pop(0) if self._answers else None


def _raise_trouble(found: dict[int, int]) -> None:
    """Bits of the answers: of the cause 2 = cover open, 5 = paper end; of the paper 5, 6 = end."""
    if found.get(_CAUSE, 0) & 0x04:
        raise Trouble("cover-open")
    if found.get(_CAUSE, 0) & 0x20 or found.get(_PAPER, 0) & 0x60:
        raise Trouble("paper-out")
