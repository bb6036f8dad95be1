"""What the use cases around head office need of the ledger, of the vault and of the line."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO, TYPE_CHECKING, Any, Protocol, TypeVar

from pos_app.domain.tid import Slot

if TYPE_CHECKING:  # the ports name these books
    from pos_app.application.office_records import (
        Enrolled,
        HeldPack,
        Message,
        PackAnswer,
        PackRow,
        TillStanding,
    )
    from pos_app.application.ports import UtilityRecord
    from pos_app.application.proposals import Proposal
    from pos_app.application.records import MeterRecord

T = TypeVar("T")

OnLedger = Callable[[Callable[[], T]], T]
"""Run a short job on the thread that owns the ledger and wait for it."""


class OfficeBook(Protocol):
    """The ledger's side of head office."""

    def enrolled(self) -> Enrolled | None:
        """Return the head office this shop is enrolled with."""
        ...

    def meters(self, drns: list[str]) -> dict[str, MeterRecord]:
        """Return those of many meters that are on file, with the keys they hold."""
        ...

    def make_room(self, *, much: bool) -> None:
        """Keep more of the ledger in memory while many meters come in, or no more of it."""
        ...

    def pack(self, series: str, number: int = 0) -> PackRow | None:
        """Return a pack of a series that is here, the newest with no `number`."""
        ...

    def waiting_packs(self) -> tuple[PackRow, ...]:
        """Return the packs whose day has not come, the first to come in front."""
        ...

    def waiting_piece(self, digest: bytes, piece: int) -> bytes | None:
        """Return a piece of the bytes of a waiting pack, None after the last."""
        ...

    def was_refused(self, digest: bytes) -> bool:
        """Tell whether the journal already tells that this pack was refused."""
        ...

    def waiting_keys(self) -> tuple[tuple[bytes, str], ...]:
        """Return (digest, content) of the key files that wait for two supervisors."""
        ...

    def freshness(self) -> dict[str, int]:
        """Return {section: when head office issued the newest pack that brought it}."""
        ...

    def messages(self, now_ms: int) -> tuple[Message, ...]:
        """Return head office's words that count now, the newest first."""
        ...

    def acknowledged(self) -> tuple[int, int]:
        """Return (entry, time) up to which head office holds the journal; zeros for never."""
        ...

    def standing(self) -> TillStanding:
        """Return what was said last of whether this journal is the till's only one."""
        ...

    def unsent(self) -> bool:
        """Tell whether there is anything that head office has not acknowledged.

        Its own acknowledgements are nothing to send by themselves: each would call for the next.
        """
        ...

    def code_sequence(self) -> int:
        """Return the sequence of the newest allowance code taken."""
        ...

    def proposals(self, drn: str, limit: int) -> tuple[Proposal, ...]:
        """Return proposed corrections of a meter ("" for all), newest first."""
        ...


class OfficeLedger(Protocol):
    """What a ledger has for head office."""

    @property
    def office(self) -> OfficeBook:
        """Return the ledger's side of head office."""
        ...


class OfficeActs(Protocol):
    """What a transaction has for head office."""

    def tid_slot(self) -> Slot:
        """Return which minutes this till may use for TIDs."""
        ...

    def put_utility(self, record: UtilityRecord) -> None:
        """Insert or replace a utility; a ``utility_imported`` entry goes with it."""
        ...

    def remove_meters(self, drns: list[str]) -> int:
        """Take meters off the file; return how many there were."""
        ...

    def keep_piece(self, digest: bytes, piece: int, content: bytes) -> None:
        """Keep a piece of a pack whose day has not come."""
        ...

    def drop_pieces(self, digest: bytes) -> None:
        """Forget the bytes of a pack."""
        ...

    def keep_key_file(self, digest: bytes, content: str) -> None:
        """Keep a key file until two supervisors bring it in."""
        ...

    def drop_key_file(self, digest: bytes) -> None:
        """Forget a waiting key file."""
        ...


class OfficeSeal(Protocol):
    """The vault's side of head office: the till's name on what it sends. Keys stay behind it."""

    @property
    def public(self) -> bytes:
        """Return the till's Ed25519 public key."""
        ...

    @property
    def exchange_key(self) -> bytes:
        """Return the till's X25519 public key; empty once its keys were destroyed."""
        ...

    def sign(self, purpose: bytes, message: bytes) -> bytes:
        """Return the till's signature."""
        ...

    def open_box(self, box: bytes, info: bytes) -> bytes | None:
        """Open what was sealed to the till, None where it does not open."""
        ...


class OfficeLine(Protocol):
    """The line to head office. Every method may raise `OfficeUnreachable` or `OfficeRefused`."""

    def enrol(self, request: bytes) -> bytes:
        """Hand over an enrolment request and return the answer."""
        ...

    def send(self, bundle: IO[bytes], authorization: str) -> dict[str, Any]:
        """Hand over a bundle; return the answer's values: ``acknowledged`` and ``refused``."""
        ...

    def next_pack(self, held: HeldPack, authorization: str, into: IO[bytes]) -> PackAnswer:
        """Write the next pack into a file, if there is one."""
        ...

    def now_ms(self) -> int:
        """Return what head office's clock shows."""
        ...
