"""Keys without a vault: groups in every state, a file to take, two people's PINs."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from pos_app.application.approval_records import KEY_IMPORT, Approval, ApprovalWrong
from pos_app.application.errors import PinWrong
from pos_app.application.key_moves import IN_MODULE, IN_TILL, Holding, Moved
from pos_app.application.key_receipts import KeyReceipt
from pos_app.application.key_records import KeyAuthorityInvalid, KeyGroup, KeyStanding, ServedGroup
from pos_app.application.keys import KeyFileView, ModuleAccess, Person, Second, TillKeys
from pos_app.application.ports import KeyAttributes
from pos_app.application.records import Operator, Role, ShopIdentity
from pos_app.application.slip.key_paper import KeyPaper
from pos_app.application.words import Words
from pos_app.domain.errors import PosError
from pos_app.domain.key_life import DAY_MS, KeyLife, KeyState
from pos_app.exchange.approval import ApprovalRequest
from pos_app.exchange.key_file import fingerprint
from pos_app.ui.presenters.keys_screen import KeySide

NOW_MS = 1_795_257_120_000
CODE = "48219037"
RABIA = Operator("rabia", "Rabia Bello", Role.SUPERVISOR)
PINS = {"thandi": "2468", "rabia": "1357"}
MODULE_PIN = "48151623"
OLD = "correct horse battery staple"
TILL = TillKeys(
    "7c1e 90ab 33d2 5f08 61c7 b4e9 02fa d813",
    (("Grid key office", "5b0d 77e2 9c14 aa36 0f81 c5d9 4e23 b768", 12),),
    has_module=True,
    moving=False,
    destroyed=0,
)
KEYS = tuple(
    KeyAttributes("vending", sgc, krn, 2, 2014, 255, 4, kcv, NOW_MS - DAY_MS, NOW_MS + 400 * DAY_MS)
    for sgc, krn, kcv in (("600111", 2, "6c3de4"), ("600112", 1, "a91f07"))
)
VIEW = KeyFileView(
    "Grid key office", TILL.authorities[0][1], 13, NOW_MS - 3 * DAY_MS, "ab" * 32, KEYS
)


def group(sgc: str, krn: int, kcv: str, days: int, **changes: object) -> KeyGroup:
    made = KeyGroup(
        "vending", sgc, krn, 2, 2014, 255, 4, kcv, NOW_MS - 300 * DAY_MS, NOW_MS + days * DAY_MS, 1
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def holding(
    held: KeyGroup, state: KeyState, place: str = IN_TILL, served: ServedGroup | None = None
) -> Holding:
    days = max((held.issue_until_ms - NOW_MS) // DAY_MS, 0)
    standing = KeyStanding(held, KeyLife(state, held.issue_until_ms, days), covered=False)
    return Holding(standing, place, served or ServedGroup((), (), 0))


HOLDINGS = (
    holding(
        group("600109", 1, "0d44b1", -3),
        KeyState.ENDED,
        served=ServedGroup(("Mbare Energy",), (1,), 4),
    ),
    holding(
        group("600111", 1, "c2fe56", 6),
        KeyState.ENDING,
        IN_MODULE,
        ServedGroup(("City of Jacaranda",), (1, 7), 2914),
    ),
    holding(
        group("600120", 1, "", 200, kind="decoder", keys=318),
        KeyState.IN_FORCE,
        served=ServedGroup(("City of Jacaranda", "Lagoon Electric"), (1, 2, 3, 7, 9), 318),
    ),
    holding(
        group("600300", 3, "77ab30", 410),
        KeyState.IN_FORCE,
        IN_MODULE,
        ServedGroup(("Lagoon Electric",), (2,), 871),
    ),
    holding(
        group("600300", 4, "e80c19", 900, active_from_ms=NOW_MS + 30 * DAY_MS), KeyState.WAITING
    ),
)


class FileTaken(PosError):
    code = "file-exists"


class FileGone(PosError):
    code = "file-unreadable"


class ModulePinWrong(PosError):
    code = "key-module-pin-wrong"


class NotKeys(PosError):
    code = "key-file-bad"


class PassphraseNotRight(PosError):
    code = "passphrase-wrong"


@dataclass
class FakeKeyFiles:
    """Files in a dictionary; nothing is written over."""

    files: dict[str, bytes] = field(default_factory=lambda: {"/media/stick/till.keys": b"keys"})

    def read(self, path: str) -> bytes:
        if path not in self.files:
            raise FileGone(path=path, reason="No such file or directory")
        return self.files[path]

    def place(self, name: str) -> str:
        return f"/media/stick/{name}"

    def free(self, path: str) -> None:
        if path in self.files:
            raise FileTaken(path=path)

    def write(self, path: str, content: bytes) -> None:
        self.free(path)
        self.files[path] = content


@dataclass
class FakeKeyDesk:
    """`trouble` is raised by the next taking of a file; `taken` are the people of each."""

    till: TillKeys = TILL
    held: tuple[Holding, ...] = HOLDINGS
    view: KeyFileView = VIEW
    trouble: list[PosError] = field(default_factory=list)
    taken: list[tuple[str, str]] = field(default_factory=list)
    files: FakeKeyFiles = field(default_factory=FakeKeyFiles)
    passphrase: str = OLD
    request_of: str = ""
    gone: bool = False
    papers: tuple[int, ...] = (731, 402)
    copies: int = 0
    module: ModuleAccess | None = None

    def about(self) -> TillKeys:
        return replace(self.till, fingerprint="", destroyed=812) if self.gone else self.till

    def holdings(self) -> tuple[Holding, ...]:
        return () if self.gone else self.held

    def move(self, first: Person, second: Person) -> Moved:
        for each in (first, second):
            self.vouch(each)
        here = [each for each in self.held if each.place == IN_TILL]
        self.held = tuple(replace(each, place=IN_MODULE) for each in self.held)
        self.till = replace(self.till, moving=False)
        moved = sum(each.standing.group.kind == "vending" for each in here)
        return Moved(KEYS[:moved], len(self.held) - len(here), 0)

    def request(self) -> bytes:
        return b"request"

    def vouch(self, who: Person) -> None:
        if PINS.get(who.operator_id) != who.pin:
            raise PinWrong(tries_left=4)

    def weigh(self, name: str, key: str) -> bytes:
        if len(key) != 64:
            raise KeyAuthorityInvalid(typed=key[:80])
        return bytes.fromhex(key)

    def trust(self, name: str, key: str, first: Person, second: Person) -> str:
        for each in (first, second):
            self.vouch(each)
        shown = fingerprint(self.weigh(name, key))
        self.till = replace(self.till, authorities=(*self.till.authorities, (name, shown, 0)))
        return shown

    def use_module(self, access: ModuleAccess, first: Person, second: Person) -> str:
        for each in (first, second):
            self.vouch(each)
        if access.pin != MODULE_PIN:
            raise ModulePinWrong
        self.module = access
        return "31c0ffee"

    def listed(self) -> tuple[KeyReceipt, ...]:
        return (*((self._done(812),) if self.gone else ()), *(self._done(at) for at in self.papers))

    def again(self, entry: int, operator_id: str) -> int:
        self.copies += 1
        return self.copies

    def look(self, raw: bytes) -> KeyFileView:
        if raw != b"keys":
            raise NotKeys(problem="form")
        return self.view

    def ask(self, raw: bytes, operator_id: str) -> ApprovalRequest:
        said = ":".join(("2keys", *(each.kcv for each in self.view.keys)))
        return ApprovalRequest("3", "A000005", KEY_IMPORT, "ab" * 8, said, operator_id)

    def bring_in(
        self, raw: bytes, first: Person, second: Second, *, paper: bool = False
    ) -> KeyFileView:
        assert paper
        self.vouch(first)
        if isinstance(second, Approval):
            if second.code != CODE:
                raise ApprovalWrong(number=second.number, tries_left=4)
            self.request_of, other = second.number, second.approver_id
        else:
            self.vouch(second)
            other = second.operator_id
        if self.trouble:
            raise self.trouble.pop(0)
        self.taken.append((first.operator_id, other))
        return replace(self.look(raw), entry=731)

    def change_passphrase(self, old: str, new: str, who: Person) -> None:
        self.vouch(who)
        if old != self.passphrase:
            raise PassphraseNotRight
        self.passphrase = new

    def destroy(
        self, passphrase: str, first: Person, second: Person, *, paper: bool = False
    ) -> int:
        for each in (first, second):
            self.vouch(each)
        if passphrase != self.passphrase:
            raise PassphraseNotRight
        self.gone = True
        return 812

    def receipt(self) -> bytes:
        return b"signed"

    def side(self, words: Words, identity: ShopIdentity) -> KeySide:
        paper = KeyPaper(words, identity)
        return KeySide(
            self.files,
            paper.of_till,
            paper.of_file,
            lambda at, copy: paper.of(self._done(at), copy),
            lambda name, key: paper.of_authority(name, fingerprint(key)),
        )

    def _done(self, entry: int) -> KeyReceipt:
        names = ("Thandi Dlamini", RABIA.name)
        made = KeyReceipt(entry, NOW_MS, names, seal="3f9c20aa71d4e865", count=len(KEYS))
        if entry == 812:
            groups = tuple(each.standing.group for each in self.held)
            return replace(made, groups=groups, count=sum(each.keys for each in groups))
        view = self.view
        return replace(
            made,
            authority=view.authority,
            fingerprint=view.fingerprint,
            sequence=view.sequence,
            keys=view.keys,
            request=self.request_of,
        )
