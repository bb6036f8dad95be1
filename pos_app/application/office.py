"""The door to head office: enrolling, what goes up, what comes down, how things stand.

Nothing here touches a network. Everything of consequence is a journal entry; what comes from
head office counts because its authority's key, pinned at enrolment, signed it.
"""

from __future__ import annotations

from dataclasses import dataclass

from pos_app.application.accounts import AccountDesk
from pos_app.application.lock_watch import LockWatch
from pos_app.application.office_code import MINOR, take_code
from pos_app.application.office_ports import OfficeSeal
from pos_app.application.office_records import (
    AllowanceLeft,
    AnswerOfAnother,
    Enrolled,
    EnrolledElsewhere,
    KeysDoNotWait,
    NotEnrolled,
    OfficeStatus,
)
from pos_app.application.office_up import Upwards
from pos_app.application.operators import need_supervisor, operator_of
from pos_app.application.pack_sections import Sections
from pos_app.application.pack_taking import Packs
from pos_app.application.ports import Clock, Ledger
from pos_app.application.records import ShopIdentity
from pos_app.application.tariffs import TariffDesk
from pos_app.domain.money import Currency, Money
from pos_app.exchange.allowance_code import Grant
from pos_app.exchange.enrolment import EnrolmentRequest, read_answer, write_request
from pos_app.exchange.key_file import fingerprint, read_key_file


@dataclass(frozen=True, slots=True)
class OfficeDesk:
    """Head office's side of one open shop; after a `PosError` nothing has happened."""

    identity: ShopIdentity
    ledger: Ledger
    clock: Clock
    seal: OfficeSeal
    tariffs: TariffDesk
    accounts: AccountDesk
    locks: LockWatch

    def enrolled(self) -> Enrolled:
        """Return the head office of this shop; raises `NotEnrolled`."""
        found = self.ledger.office.enrolled()
        if found is None:
            raise NotEnrolled
        return found

    def request(self, code: str, operator_id: str) -> bytes:
        """Return a signed enrolment request with a one-time code, on a supervisor's word.

        Raises `EnrolmentCodeWrong` or `RoleNeeded`.
        """
        need_supervisor(operator_of(self.ledger, operator_id))
        request = EnrolmentRequest(
            till=self.identity.till,
            shop=self.identity.shop,
            mode=self.identity.mode.value,
            public=self.seal.public,
            exchange_key=self.seal.exchange_key,
            code=code,
            made_at_ms=self.clock.now_ms(),
        )
        return write_request(request, self.seal)

    def take_answer(self, raw: bytes, operator_id: str, url: str = "") -> Enrolled:
        """Believe head office's answer, on a supervisor's word; `url` is used if it names none.

        The office's key is pinned for tariffs and account files, too, where none is yet. Raises
        `ExchangeInvalid`, `ExchangeNewer`, `AnswerOfAnother`, `EnrolledElsewhere`, `RoleNeeded`.
        """
        need_supervisor(operator_of(self.ledger, operator_id))
        answer = read_answer(raw)
        mine = (self.identity.till, self.seal.public, self.seal.exchange_key)
        if (answer.till, answer.public, answer.exchange_key) != mine:
            raise AnswerOfAnother(till=answer.till)
        before = self.ledger.office.enrolled()
        if before is not None and before.office != answer.office:
            raise EnrolledElsewhere(name=before.name)
        body = {
            "office": answer.office.hex(),
            "name": answer.name,
            "url": answer.url or url,
            "first_pack": answer.first_pack,
            "public_key": answer.public.hex(),
            "allowance_box": answer.allowance_box.hex(),
            "operator": operator_id,
        }
        now = self.clock.now_ms()
        with self.ledger.writing() as act:
            act.append("office_enrolled", body, now)
            if not self.ledger.authorities():
                pinned = {"name": answer.name, "public_key": answer.office.hex()}
                act.append("authority_pinned", {**pinned, "operator": operator_id}, now)
        return self.enrolled()

    def note_certificate(self, digits: str, operator_id: str) -> None:
        """Note that a supervisor trusts head office's certificate with this SHA-256 from now on.

        Raises `NotEnrolled` or `RoleNeeded`.
        """
        need_supervisor(operator_of(self.ledger, operator_id))
        self.enrolled()
        body = {"sha256": digits.replace(" ", ""), "operator": operator_id}
        with self.ledger.writing() as act:
            act.append("office_certificate", body, self.clock.now_ms())

    @property
    def up(self) -> Upwards:
        """Return the side that goes up: bundles and acknowledgements."""
        return Upwards(self.identity, self.ledger, self.clock, self.seal)

    @property
    def packs(self) -> Packs:
        """Return the side that comes down."""
        sections = Sections(self.ledger, self.clock, self.tariffs, self.accounts, self.up)
        return Packs(self.identity, self.ledger, self.clock, sections)

    def take_code(self, typed: str, operator_id: str) -> Grant:
        """Take an allowance code that was read over the telephone; see `office_code.take_code`."""
        operator_of(self.ledger, operator_id)
        secret = self.up.allowance_secret(self.enrolled())
        till = (self.identity.till, secret)
        return take_code(self.locks, till, typed, operator_id)

    def next_key_file(self) -> tuple[bytes, bytes]:
        """Return (digest, bytes) of a key file that waits; raises `KeysDoNotWait`."""
        waiting = self.ledger.office.waiting_keys()
        if not waiting:
            raise KeysDoNotWait
        # In the order of their numbers: after a later one an earlier one would be refused.
        digest, content = min(waiting, key=lambda each: read_key_file(each[1].encode()).sequence)
        return digest, content.encode()

    def drop_key_file(self, digest: bytes) -> None:
        """Let go of a key file that was brought in."""
        with self.ledger.writing() as act:
            act.drop_key_file(digest)

    def fingerprint(self) -> str:
        """Return the office's fingerprint to compare over the telephone; raises `NotEnrolled`."""
        return fingerprint(self.enrolled().office)

    def money_of(self, grant: Grant) -> Money:
        """Return what a code granted as money."""
        return Money(grant.amount * MINOR, self._currency(grant.currency))

    def _currency(self, code: str) -> Currency:
        """Return a currency as a tariff has it: that knows how many decimals there are."""
        pricing = self.tariffs.pricing
        found = (pricing.tariff(each).currency for each in self.ledger.tariff_ids())
        return next((each for each in found if each.code == code), Currency(code))

    def status(self) -> OfficeStatus:
        """Return how things stand."""
        book, till = self.ledger.office, self.identity.till
        newest = book.pack(till)
        seq, at_ms = book.acknowledged()
        left = (
            AllowanceLeft(self._currency(code), allowance, spent)
            for code, allowance, spent in self.ledger.allowances()
        )
        return OfficeStatus(
            enrolled=book.enrolled(),
            acknowledged_seq=seq,
            acknowledged_ms=at_ms,
            unsent=book.unsent(),
            pack=newest.number if newest else 0,
            freshness=book.freshness(),
            waiting_packs=tuple((p.number, p.active_from_ms) for p in book.waiting_packs()),
            waiting_keys=len(book.waiting_keys()),
            messages=book.messages(self.clock.now_ms()),
            allowances=tuple(left),
            standing=book.standing(),
        )
