"""What stands on the page of keys, and which question follows which."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Protocol

from pos_app.application.key_attributes import VENDING
from pos_app.application.key_moves import IN_TILL
from pos_app.sts.keys import DKGA_HMAC

if TYPE_CHECKING:
    from pos_app.application.key_moves import Holding, Moved
    from pos_app.application.key_receipts import KeyReceipt
    from pos_app.application.keys import KeyFileView, ModuleAccess, Person, Second, TillKeys
    from pos_app.application.records import Operator
    from pos_app.application.slip.layout import Slip
    from pos_app.domain.errors import PosError
    from pos_app.exchange.approval import ApprovalRequest


class KeyAct(StrEnum):
    """What can be done here; its words are ``uikeys.act-<act>``."""

    TAKE = "take"
    REQUEST = "request"
    MOVE = "move"
    PASSPHRASE = "passphrase"  # noqa: S105 - an act's name
    DESTROY = "destroy"
    MORE = "more"
    TRUST = "trust"
    MODULE = "module"
    COPY = "copy"


class Step(StrEnum):
    """The question in view; its words are ``uikeys.ask-<step>`` and ``uikeys.body-<step>``."""

    HOME = "home"
    FILE = "file"
    COMPARE = "compare"
    PLACE = "place"
    WORD = "word"
    OLD = "old"
    NEW = "new"
    AGAIN = "again"
    FIRST = "first"
    FIRST_PIN = "first-pin"
    SECOND = "second"
    SECOND_PIN = "second-pin"
    CODE = "code"
    MORE = "more"
    NAME = "name"
    LIBRARY = "library"
    TOKEN = "token"  # noqa: S105 - a step's name
    MODULE_PIN = "module-pin"
    RECEIPT = "receipt"
    DONE = "done"


FLOWS: Final[dict[KeyAct, tuple[Step, ...]]] = {
    KeyAct.TAKE: (
        Step.FILE, Step.COMPARE, Step.FIRST, Step.FIRST_PIN, Step.SECOND, Step.SECOND_PIN,
    ),
    KeyAct.REQUEST: (Step.PLACE,),
    KeyAct.MOVE: (Step.FIRST, Step.FIRST_PIN, Step.SECOND, Step.SECOND_PIN),
    KeyAct.PASSPHRASE: (Step.OLD, Step.NEW, Step.AGAIN, Step.FIRST, Step.FIRST_PIN),
    KeyAct.DESTROY: (
        Step.WORD, Step.PLACE, Step.OLD, Step.FIRST, Step.FIRST_PIN, Step.SECOND, Step.SECOND_PIN,
    ),
    KeyAct.MORE: (Step.MORE,),
    KeyAct.TRUST: (
        Step.NAME, Step.FILE, Step.COMPARE,
        Step.FIRST, Step.FIRST_PIN, Step.SECOND, Step.SECOND_PIN,
    ),
    KeyAct.MODULE: (
        Step.LIBRARY, Step.TOKEN, Step.MODULE_PIN,
        Step.FIRST, Step.FIRST_PIN, Step.SECOND, Step.SECOND_PIN,
    ),
    KeyAct.COPY: (Step.RECEIPT,),
}  # fmt: skip
HIDDEN: Final = frozenset(
    {Step.OLD, Step.NEW, Step.AGAIN, Step.MODULE_PIN, Step.FIRST_PIN, Step.SECOND_PIN}
)
"""Steps whose field shows no letter."""
PATHS: Final = frozenset({Step.FILE, Step.PLACE, Step.LIBRARY})
"""Steps that take a path."""
TYPED: Final = HIDDEN | PATHS | {Step.WORD, Step.CODE, Step.NAME, Step.TOKEN}
MOST_OF_A_NAME: Final = 60
OTHERS: Final = (KeyAct.TRUST, KeyAct.MODULE, KeyAct.COPY)
"""The acts behind the key for other acts, in the order of their digits."""
CHOSEN: Final = frozenset({Step.FIRST, Step.SECOND})


_BACK_TO: Final = {
    "passphrase-wrong": Step.OLD,
    "passphrase-weak": Step.NEW,
    "key-module-unavailable": Step.LIBRARY,
    "key-module-pin-wrong": Step.MODULE_PIN,
    "key-authority-invalid": Step.FILE,
    "file-exists": Step.PLACE,
    "file-unwritable": Step.PLACE,
}
"""The step at which a problem of the last one can be put right; any other of a file is its own."""
_OF_PEOPLE: Final = frozenset(
    {
        "pin-wrong", "pin-locked", "approval-wrong", "approval-over", "approval-unknown",
        "approver-not-enrolled", "role-needed", "ceremony-needs-two", "second-person-needed",
    }
)  # fmt: skip


def flow(act: KeyAct | None, *, own: bool) -> tuple[Step, ...]:
    """Return the steps of an act; a supervisor at the till (`own`) is its first person."""
    steps = FLOWS[act] if act is not None else ()
    return tuple(step for step in steps if not (own and step is Step.FIRST))


@dataclass(frozen=True, slots=True)
class KeysScreen:
    """`typed` is what stands in the field of the step, `said` a sentence beside a problem.

    `view` is the file in hand, `moved` counts keys that went into the module or copies, `slip` is
    the paper at the right: the till's own, what a file holds, or the receipt. `name` is the
    authority or the module that was named, `receipts` are to choose from.
    While `busy` no key acts. What is typed into a hidden field is in no `repr`.
    """

    step: Step = Step.HOME
    act: KeyAct | None = None
    holdings: tuple[Holding, ...] = ()
    till: TillKeys | None = None
    people: tuple[Operator, ...] = ()
    first: Operator | None = None
    second: Operator | None = None
    request: ApprovalRequest | None = None
    view: KeyFileView | None = None
    typed: str = ""
    said: str = ""
    path: str = ""
    moved: int = 0
    name: str = ""
    receipts: tuple[KeyReceipt, ...] = ()
    slip: Slip | None = None
    problem: PosError | None = None
    wrong: bool = False
    busy: bool = False

    @property
    def others(self) -> tuple[KeyAct, ...]:
        """The acts behind the key for other acts; after the keys' end only its paper."""
        alive = self.till is not None and bool(self.till.fingerprint)
        return OTHERS if alive else (KeyAct.COPY,)

    @property
    def acts(self) -> frozenset[KeyAct]:
        """What can be begun from the list of keys."""
        alive = self.till is not None and bool(self.till.fingerprint)
        return frozenset(KeyAct) - set(OTHERS) if alive else frozenset({KeyAct.MORE})

    @property
    def can_move(self) -> bool:
        """Tell whether keys that are here could be in the module, or a move did not end."""
        if self.till is None or not self.till.has_module:
            return False
        return self.till.moving or any(
            each.place == IN_TILL
            and each.standing.group.kind == VENDING
            and each.standing.group.dkga == DKGA_HMAC
            for each in self.holdings
        )

    def __repr__(self) -> str:
        return f"KeysScreen({self.step!r}, {self.act!r})"


def settled_at(problem: PosError, screen: KeysScreen, steps: tuple[Step, ...]) -> Step:
    """Return the step of `steps` at which a problem can be put right, the present one mostly."""
    if screen.step is Step.DONE:
        return screen.step
    wanted = _BACK_TO.get(problem.code)
    if wanted in steps:
        return wanted or screen.step
    unfit = screen.act is KeyAct.TAKE and problem.code not in _OF_PEOPLE
    return Step.FILE if unfit else screen.step


class KeyDoor(Protocol):
    """What the window asks around keys; every method runs on the ledger's thread."""

    def about(self) -> TillKeys:
        """Return what the till itself is to a key authority."""
        ...

    def request(self) -> bytes:
        """Return a signed request for keys; raise ``keys-destroyed``."""
        ...

    def vouch(self, who: Person) -> None:
        """Look at one supervisor's PIN."""
        ...

    def weigh(self, name: str, key: str) -> bytes:
        """Return the public key of an authority that could be trusted."""
        ...

    def trust(self, name: str, key: str, first: Person, second: Person) -> str:
        """Trust an authority and return its fingerprint."""
        ...

    def use_module(self, access: ModuleAccess, first: Person, second: Person) -> str:
        """Keep vending keys in a module from now on and return its serial number."""
        ...

    def look(self, raw: bytes) -> KeyFileView:
        """Return what a key file holds, if this till would take it."""
        ...

    def ask(self, raw: bytes, operator_id: str) -> ApprovalRequest:
        """Ask a supervisor elsewhere to take in a file."""
        ...

    def bring_in(
        self, raw: bytes, first: Person, second: Second, *, paper: bool = False
    ) -> KeyFileView:
        """Take the keys of a file; all of them or none."""
        ...

    def change_passphrase(self, old: str, new: str, who: Person) -> None:
        """Seal the key store anew."""
        ...

    def destroy(
        self, passphrase: str, first: Person, second: Person, *, paper: bool = False
    ) -> int:
        """Destroy every key and return the entry that tells of it."""
        ...

    def receipt(self) -> bytes:
        """Return the signed receipt of the keys' end."""
        ...


class KeyPlaces(Protocol):
    """Where keys are."""

    def holdings(self) -> tuple[Holding, ...]:
        """Return every group of keys, the one that ends first in front."""
        ...

    def move(self, first: Person, second: Person) -> Moved:
        """Move what is fit into the module; raise ``key-module-full`` …."""
        ...


class KeyPapers(Protocol):
    """Receipts of keys, to print one again."""

    def listed(self) -> tuple[KeyReceipt, ...]:
        """Return the newest receipts, the newest first."""
        ...

    def again(self, entry: int, operator_id: str) -> int:
        """Queue a receipt once more and return its copy number."""
        ...


class KeyFiles(Protocol):
    """Key files and what the till writes; called on an I/O thread."""

    def read(self, path: str) -> bytes:
        """Return the bytes of a file; raise ``file-unreadable``."""
        ...

    def place(self, name: str) -> str:
        """Return where a new file of this name would go, if nobody says otherwise."""
        ...

    def free(self, path: str) -> None:
        """Raise ``file-exists`` or ``file-unwritable`` where no new file can go."""
        ...

    def write(self, path: str, content: bytes) -> None:
        """Write a new file; raise as `free` does."""
        ...


@dataclass(frozen=True, slots=True)
class KeySide:
    """Files and papers of keys; papers are written on the ledger's thread.

    `done` takes the journal's entry of what was done and the number of the copy, 0 for none;
    `authority` a name and a public key.
    """

    files: KeyFiles
    till: Callable[[TillKeys], Slip]
    file: Callable[[KeyFileView], Slip]
    done: Callable[[int, int], Slip]
    authority: Callable[[str, bytes], Slip]
