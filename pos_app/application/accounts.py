"""The door to the accounts: look at one, and take in what the utility says of many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from pos_app.application.account_file import (
    AccountProblem,
    RowRefused,
    file_body,
    parse_account,
)
from pos_app.application.account_records import (
    AccountFile,
    AccountImported,
    AccountState,
    FileSeen,
    Settled,
    plain_rows,
)
from pos_app.application.authority import vouched
from pos_app.application.errors import MeterUnknown, TariffMissing
from pos_app.application.operators import need_supervisor, operator_of
from pos_app.application.ports import Clock, Ledger
from pos_app.application.pricing import Pricing
from pos_app.application.records import MeterRecord, ShopIdentity
from pos_app.application.shop_time import month_of
from pos_app.domain.errors import PosError
from pos_app.domain.money import Currency
from pos_app.domain.tariff.account import Account
from pos_app.domain.tariff.tariff import Tariff
from pos_app.exchange.digest import sha256_hex
from pos_app.exchange.signed_text import ACCOUNT

LATEST: Final = 12
"""So many settled amounts a look shows."""


class AccountFileOld(PosError):
    """A newer file of the utility is here already. Facts: `utility`, `number`, `newest`."""

    code: ClassVar[str] = "account-file-old"


@dataclass(frozen=True, slots=True)
class AccountView:
    """One meter's account now: what is held of it, and what a purchase will be priced with."""

    meter: MeterRecord
    tariff: Tariff
    state: AccountState
    account: Account
    settled: tuple[Settled, ...]


@dataclass(frozen=True, slots=True)
class AccountDesk:
    """Accounts of one open shop; after a `PosError` nothing has happened."""

    identity: ShopIdentity
    ledger: Ledger
    clock: Clock
    pricing: Pricing

    def show(self, drn: str) -> AccountView:
        """Return a meter's account; raises `MeterUnknown` or `TariffMissing`."""
        meter = self.ledger.meter(drn)
        if meter is None:
            raise MeterUnknown(typed=drn[:40])
        tariff = self.pricing.tariff(meter.tariff)
        now = self.clock.now_ms()
        month = month_of(now, self.clock.offset_minutes(now))
        return AccountView(
            meter,
            tariff,
            self.ledger.accounts.state(drn, month),
            self.pricing.account(drn, tariff),
            self.ledger.accounts.settled(drn, LATEST),
        )

    def take(self, content: bytes, operator_id: str) -> AccountImported:
        """Import an account file, on a supervisor's word; the same file again changes nothing.

        Raises `RoleNeeded`, `AccountFileInvalid`, `AccountFileOld` or what `vouched` raises.
        """
        need_supervisor(operator_of(self.ledger, operator_id))
        return self.accept(content, operator_id)

    def accept(self, content: bytes, by: str, office: str = "") -> AccountImported:
        """Import an account file as `take` does.

        Where head office sent it, `by` is empty and `office`, whose signature is on the pack,
        vouches for a file without its own.
        """
        digest = sha256_hex(content)
        held = self.ledger.accounts.file_of(digest)
        said = vouched(self.ledger, self.identity, content, ACCOUNT, office)
        file = parse_account(said.text, self._currency)
        if held is not None:
            return AccountImported(file.utility, file.number, held.rows, held.seq, said.by, True)  # noqa: FBT003
        self._refuse_old(file, self.ledger.accounts.newest_file(file.numbered_by))
        with self.ledger.writing() as act:
            now = max(self.clock.now_ms(), act.head.at_ms)
            body = {
                **file_body(file),
                "counted": act.head.seq if file.counted is None else file.counted,
                "sha256": digest,
                "signed_by": said.by,
                "operator": by,
                "debts": plain_rows(file.debts),
                "adjustments": plain_rows(file.adjustments),
                "free": plain_rows(file.free),
                "charges": plain_rows(file.charges),
                "usage": plain_rows(file.usage),
            }
            entry = act.append("account_imported", body, now)
        return AccountImported(file.utility, file.number, file.rows(), entry.seq, said.by)

    def _refuse_old(self, file: AccountFile, newest: FileSeen | None) -> None:
        if newest is not None and file.number <= newest.number:
            facts = {"number": file.number, "newest": newest.number}
            raise AccountFileOld(utility=file.numbered_by, **facts)

    def _currency(self, utility: str, drn: str) -> Currency:
        meter = self.ledger.meter(drn)
        if self.ledger.utility(utility) is None:
            raise RowRefused(AccountProblem.UTILITY_UNKNOWN)
        if meter is None:
            raise RowRefused(AccountProblem.METER_UNKNOWN)
        if meter.utility != utility:
            raise RowRefused(AccountProblem.OTHER_UTILITY)
        try:
            return self.pricing.tariff(meter.tariff).currency
        except TariffMissing:
            raise RowRefused(AccountProblem.METER_UNKNOWN) from None
