"""The door to keys: bringing them in, watching their end, changing the lock, destroying them.

What creates or destroys the power to make tokens takes two supervisors, each with a PIN; where a
key file comes in, the second may be elsewhere and answer with a code. No key byte is seen here, and
no caller gets one.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Final

from pos_app.application.approval_records import (
    KEY_IMPORT,
    ApprovalMissing,
    Subject,
)
from pos_app.application.approvals import ApprovalDesk
from pos_app.application.key_attributes import attributes_of
from pos_app.application.key_people import (
    Agreed,
    KeyFileView,
    ModuleAccess,
    Person,
    Second,
    TillKeys,
)
from pos_app.application.key_ports import KeySafe
from pos_app.application.key_records import (
    CeremonyNeedsTwo,
    KeyAuthorityInvalid,
    KeyAuthorityUnknown,
    KeyFileOfAnotherTill,
    KeyFileReplayed,
    KeyOutOfDate,
    KeysDestroyed,
    KeysStanding,
    KeyStanding,
    standings,
)
from pos_app.application.operators import need_supervisor, operator_of
from pos_app.application.ports import Clock, KeyAttributes, Ledger, SealedKey
from pos_app.application.records import ShopIdentity
from pos_app.application.sign_in import SignIn
from pos_app.exchange.approval import ApprovalRequest
from pos_app.exchange.key_file import KeyFile, fingerprint, read_key_file

__all__ = [  # handed on: who asks this door names them
    "KeyDesk",
    "KeyFileView",
    "ModuleAccess",
    "Person",
    "Second",
    "TillKeys",
    "catch_up",
]

RECEIPT_FORMAT: Final = "tokentill keys destroyed"
_READ_OUT: Final = 40
"""So many signs of one part of a request are read over the telephone."""


@dataclass(frozen=True, slots=True)
class KeyDesk:
    """The use cases around keys of one open shop."""

    identity: ShopIdentity
    ledger: Ledger
    clock: Clock
    sign_in: SignIn
    safe: KeySafe
    approvals: ApprovalDesk

    def standings(self) -> tuple[KeyStanding, ...]:
        """Return every group of keys and where it stands, the one that ends first in front."""
        return standings(self.ledger.keys.groups(), self.now_ms())

    def about(self) -> TillKeys:
        """Return what the till itself is to a key authority."""
        exchange, end = self.safe.exchange_key, self.ledger.keys.destroyed()
        trusted = tuple(
            (name, fingerprint(bytes.fromhex(key)), newest)
            for key, (name, newest) in self.authorities().items()
        )
        return TillKeys(
            fingerprint(exchange) if exchange else "",
            trusted,
            self.safe.has_module,
            self.ledger.keys.moving(),
            end.seq if end else 0,
        )

    def vouch(self, who: Person) -> None:
        """Look at one supervisor's PIN; raises `RoleNeeded`, `PinWrong` or `PinLocked`."""
        need_supervisor(operator_of(self.ledger, who.operator_id))
        self.sign_in.check(who.operator_id, who.pin)

    def authorities(self) -> dict[str, tuple[str, int]]:
        """Return {public key in hex: (name, newest sequence taken)}."""
        return self.ledger.keys.authorities()

    def request(self) -> bytes:
        """Return a signed request for keys, to be taken to the key authority."""
        self.need_keys()
        return self.safe.request(self.clock.now_ms())

    def trust(self, name: str, key: str, first: Person, second: Person) -> str:
        """Pin an authority's public key (64 hex digits) and return its fingerprint."""
        public = self.weigh(name, key)
        body = {"key": public.hex(), "name": name.strip(), **self.both(first, second).body()}
        with self.ledger.writing() as act:
            act.append("key_authority_trusted", body, self.clock.now_ms())
        return fingerprint(public)

    def weigh(self, name: str, key: str) -> bytes:
        """Return the public key of an authority that could be trusted; nothing changes.

        Raises `KeyAuthorityInvalid` or `KeysDestroyed`.
        """
        self.need_keys()
        if not 1 <= len(name.strip()) <= 60:
            raise KeyAuthorityInvalid(typed=name[:80])
        return _public(key)

    def look(self, raw: bytes) -> KeyFileView:
        """Return what a key file holds, if this till would take it; nothing changes."""
        file, known, keys = self._fit(raw)
        return KeyFileView(
            known, fingerprint(file.authority), file.sequence, file.issued_ms, file.digest, keys
        )

    def ask(self, raw: bytes, operator_id: str) -> ApprovalRequest:
        """Journal a request for a supervisor elsewhere to take in a file, once it would be taken.

        The request names the file by its digest and its first check values, for comparing.
        """
        file, _, keys = self._fit(raw)
        need_supervisor(operator_of(self.ledger, operator_id))
        return self.approvals.ask(_subject(file, keys), operator_id)

    def bring_in(
        self, raw: bytes, first: Person, second: Second, *, paper: bool = False
    ) -> KeyFileView:
        """Take the keys of a file; all of them or none. `paper` queues the receipt for printing.

        Raises what makes the file unfit (`pos_app.application.key_records` and
        `pos_app.exchange.key_file`), `CeremonyNeedsTwo`, `RoleNeeded`, `PinWrong`, `PinLocked`,
        and for codes what `ApprovalDesk.settle` raises.
        """
        file, known, attributes = self._fit(raw)
        taken: list[SealedKey] = []
        try:
            for box, each in zip(file.keys, attributes, strict=True):
                taken.append(self.safe.take_over(box.box, file.info(box.attributes), each))
            both = self.both(first, second, _subject(file, attributes))
            entry = self._journal(file, tuple(taken), both, paper=paper)
        except BaseException:
            self.safe.give_up(tuple(taken))
            raise
        return KeyFileView(
            known,
            fingerprint(file.authority),
            file.sequence,
            file.issued_ms,
            file.digest,
            attributes,
            entry,
        )

    def change_passphrase(self, old: str, new: str, who: Person) -> None:
        """Seal the key store under a new passphrase; the old one opens it no more."""
        operator = operator_of(self.ledger, who.operator_id)
        need_supervisor(operator)
        self.sign_in.check(operator.id, who.pin)
        body = {"operator": operator.id, "turn": self.safe.turn + 1}
        with self.ledger.writing() as act:
            act.append("passphrase_changed", body, self.clock.now_ms())
            # Last, so that a ledger that cannot be written keeps the old passphrase. A kill
            # between the two is made good by `catch_up`.
            self.safe.change_passphrase(old, new)

    def destroy(
        self, passphrase: str, first: Person, second: Person, *, paper: bool = False
    ) -> int:
        """Destroy every key of this till and return the entry that tells of it. See `receipt`."""
        self.need_keys()
        both = self.both(first, second)
        vending, moving = self.ledger.keys.vending(), self.ledger.keys.moving()
        with self.ledger.writing() as act:
            now = self.clock.now_ms()
            entry = act.append("keys_destroyed", _end(self.ledger, list(both.operators)), now)
            if paper:
                act.queue_slip(entry.seq, 0, now)
            self.safe.destroy(passphrase, vending, moving=moving)
        return entry.seq

    def use_module(self, access: ModuleAccess, first: Person, second: Person) -> str:
        """Put vending keys into a PKCS#11 module from now on; return its serial number.

        Keys that are here already stay here until they come again in a file.
        """
        self.need_keys()
        both = self.both(first, second)
        with self.ledger.writing() as act:
            body = {"token": access.token, "library": access.library, **both.body()}
            act.append("key_module_set", body, self.clock.now_ms())
            return self.safe.use_module(access.library, access.token, access.pin)

    def receipt(self) -> bytes:
        """Return the signed receipt of the keys' end, the same one every time.

        Raises `KeysStanding` when nothing was destroyed.
        """
        entry = self.ledger.keys.destroyed()
        if entry is None:
            raise KeysStanding
        body: dict[str, Any] = {
            "format": RECEIPT_FORMAT,
            "version": 1,
            "till": self.identity.till,
            "shop": self.identity.shop,
            "mode": self.identity.mode.value,
            "at": entry.at_ms,
            "entry": entry.seq,
            "hash": entry.hash.hex(),
            "destroyed": entry.reading(),
        }
        return self.safe.receipt(body)

    def now_ms(self) -> int:
        """Return the time, never before the journal's newest entry."""
        return max(self.clock.now_ms(), self.ledger.clock_floor_ms())

    def need_keys(self) -> None:
        """Raise `KeysDestroyed` once they were."""
        if not self.safe.exchange_key:
            raise KeysDestroyed

    def both(self, first: Person, second: Second, subject: Subject | None = None) -> Agreed:
        """Return the two people; both are supervisors before any secret word is looked at.

        A code is taken for a `subject` only; for all else both are at the counter.
        """
        other = second.operator_id if isinstance(second, Person) else second.approver_id
        operators = [operator_of(self.ledger, each) for each in (first.operator_id, other)]
        if operators[0].id == operators[1].id:
            raise CeremonyNeedsTwo(operator=operators[0].name)
        for operator in operators:
            need_supervisor(operator)
        self.sign_in.check(first.operator_id, first.pin)
        people = (operators[0].id, operators[1].id)
        if isinstance(second, Person):
            self.sign_in.check(other, second.pin)
            return Agreed(people)
        if subject is None:
            raise ApprovalMissing(act="keys")
        said = self.approvals.settle(operators[0], subject, second)
        return Agreed(people, said.number)

    def _fit(self, raw: bytes) -> tuple[KeyFile, str, tuple[KeyAttributes, ...]]:
        """Return (file, authority's name, attributes), all that can be known without opening."""
        self.need_keys()
        file = read_key_file(raw)
        known = self.ledger.keys.authorities().get(file.authority.hex())
        if known is None:
            raise KeyAuthorityUnknown(signer=fingerprint(file.authority))
        here = (self.identity.till, self.identity.mode.value, self.safe.exchange_key)
        if (file.till, file.mode, file.exchange_key) != here:
            there = f"{file.till} ({file.mode}, {file.exchange_key.hex()[:8]})"
            mine = f"{self.identity.till} ({here[1]}, {here[2].hex()[:8]})"
            raise KeyFileOfAnotherTill(here=mine, there=there)
        name, newest = known
        if file.sequence <= newest:
            raise KeyFileReplayed(sequence=file.sequence, newest=newest)
        attributes = tuple(attributes_of(box.attributes) for box in file.keys)
        for each in attributes:
            if each.issue_until_ms <= self.now_ms():
                ended = datetime.fromtimestamp(each.issue_until_ms // 1000, UTC).date()
                raise KeyOutOfDate(sgc=each.sgc, krn=each.krn, ended=ended.isoformat())
        return file, name, attributes

    def _journal(
        self, file: KeyFile, keys: tuple[SealedKey, ...], both: Agreed, *, paper: bool
    ) -> int:
        now = self.clock.now_ms()
        taken = {
            "authority": file.authority.hex(),
            "sequence": file.sequence,
            "issued": file.issued_ms,
            "sha256": file.digest,
            "keys": len(keys),
            **both.body(),
        }
        with self.ledger.writing() as act:
            if both.request:
                self.approvals.still_open(both.request)
            entry = act.append("key_file_imported", taken, now)
            if paper:
                act.queue_slip(entry.seq, 0, now)
            for key in keys:
                act.put_key(key)
                act.append("key_imported", asdict(key.attributes), now)
        return entry.seq


def catch_up(ledger: Ledger, safe: KeySafe, clock: Clock) -> None:
    """Journal what a killed program did to the key store without living to tell of it."""
    if safe.turn > ledger.keys.passphrase_turn():
        with ledger.writing() as act:
            body = {"operator": "", "turn": safe.turn}
            act.append("passphrase_changed", body, clock.now_ms())
    if not safe.exchange_key and ledger.keys.destroyed() is None:
        with ledger.writing() as act:
            act.append("keys_destroyed", _end(ledger, []), clock.now_ms())


def _subject(file: KeyFile, keys: tuple[KeyAttributes, ...]) -> Subject:
    """Return what a code approves: this file, read out as its digest and check values."""
    said = f"{len(keys)}keys"
    for each in keys:
        if len(said) + 1 + len(each.kcv) > _READ_OUT:
            break
        said = f"{said}:{each.kcv}"
    return Subject(KEY_IMPORT, file.digest[:16], said)


def _end(ledger: Ledger, operators: list[str]) -> dict[str, Any]:
    groups = [asdict(group) for group in ledger.keys.groups()]
    return {"operators": operators, "groups": groups}


def _public(key: str) -> bytes:
    try:
        public = bytes.fromhex(key.strip())
    except ValueError:
        public = b""
    if len(public) != 32:
        raise KeyAuthorityInvalid(typed=key[:80])
    return public
