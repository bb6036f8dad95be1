"""A shop that behaves, without a disk: real tariffs, real tender rules, invented tokens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from pos_app.application.errors import (
    PinWrong,
    ReceiptUnknown,
    RoleNeeded,
)
from pos_app.application.key_records import KeyDue
from pos_app.application.printing import PrintState
from pos_app.application.records import (
    CurrencySum,
    Operator,
    Purchase,
    Role,
    SaleRow,
    TillStatus,
)
from pos_app.application.sale import Sale
from pos_app.application.token_check import Diagnosis, TokenCheck, diagnose
from pos_app.domain.lockout import PinLocked
from pos_app.domain.money import Money
from pos_app.domain.tariff.file import parse_tariff
from pos_app.domain.tender_kind import CASH_KIND, TenderKind
from pos_app.resources import resource
from tests.ui.fake_bulk import FakeBulk
from tests.ui.fake_cards import FakeCards
from tests.ui.fake_checks import fake_check
from tests.ui.fake_engineering import FakeEngineering
from tests.ui.fake_key_desk import FakeKeyDesk
from tests.ui.fake_keys import FakeKeyChanges
from tests.ui.fake_parked import FakeParked
from tests.ui.fake_proposals import FakeProposals
from tests.ui.fake_records import FakeRecords
from tests.ui.fake_redress import FakeRedress
from tests.ui.fake_rules import FakeRules
from tests.ui.fake_selling import DAY_MS, NOW_MS, OPERATORS, FakeSelling
from tests.ui.fake_shifts import FakeShifts
from tests.ui.fake_wallets import FakeWallets

__all__ = ["DAY_MS", "NOW_MS", "OPERATORS", "FakeDesk", "make_desk"]  # three are handed on

PINS = {"ama": "1234", "kofi": "4321", "thandi": "2468", "sipho": "1111"}


@dataclass
class FakeDesk(FakeSelling):
    """All a window asks of a shop; every call is recorded with its thread."""

    clock_problem: str = ""
    allowance: int = 61
    elsewhere: tuple[CurrencySum, ...] = ()  # sales in other currencies
    keys_due: tuple[KeyDue, ...] = ()
    rules_outside: bool = False
    parted: bool = False
    tries: int = 5
    rules: FakeRules = field(default_factory=FakeRules)
    keys: FakeKeyDesk = field(default_factory=FakeKeyDesk)
    colleagues: tuple[Operator, ...] = ()  # who can sign in beside the usual ones

    def operators(self) -> tuple[Operator, ...]:
        self._called("operators")
        return (*OPERATORS, *self.colleagues)

    def sign_in(self, operator_id: str, pin: str, instead_of: str = "") -> Operator:
        self._called(f"sign_in instead of {instead_of}" if instead_of else "sign_in")
        if self.tries <= 0:
            raise PinLocked(seconds=30, failures=5)
        if PINS[operator_id] != pin:
            self.tries -= 1
            raise PinWrong(tries_left=self.tries)
        self.tries = 5
        return next(one for one in OPERATORS if one.id == operator_id)

    def tenders(self) -> tuple[TenderKind, ...]:
        self._called("tenders")
        return self.kinds

    def set_tenders(
        self, operator_id: str, kinds: tuple[TenderKind, ...], keep: Callable[[], None]
    ) -> None:
        self._called(f"set_tenders {operator_id}")
        keep()
        self.kinds = (CASH_KIND, *kinds)

    def reprint(self, receipt: str, reason: str, operator_id: str) -> tuple[Sale, int]:
        self._called(f"reprint {receipt} {reason}")
        sale = self.sale(receipt)
        row = self.rows[receipt]
        values = {name: getattr(row, name) for name in row.__slots__}
        values["copies"] = row.copies + 1
        self.rows[receipt] = SaleRow(**values)
        return sale, row.copies + 1

    def print_again(self, receipt: str) -> bool:
        self._called(f"print_again {receipt}")
        row = self.rows[receipt]
        values = {name: getattr(row, name) for name in row.__slots__}
        values["print_state"] = PrintState.PRINTED
        self.rows[receipt] = SaleRow(**values)
        return True

    def sales_today(self, text: str = "", limit: int = 200) -> tuple[SaleRow, ...]:
        self._called("sales_today")
        wanted = text.casefold()
        rows = sorted(self.rows.values(), key=lambda row: -row.at_ms)
        found = [r for r in rows if wanted in f"{r.receipt} {r.drn} {r.name}".casefold()]
        return tuple(found[:limit])

    def sale(self, receipt: str) -> Sale:
        self._called("sale")
        for known in self.sales:
            if known.receipt == receipt:
                return known
        raise ReceiptUnknown(receipt=receipt)

    def check_token(self, digits: str, typed_meter: str) -> TokenCheck:
        self._called("check_token")
        return fake_check(self._meter(self.meter_number(typed_meter)), digits, self.now_ms)

    def diagnose(
        self, typed_meter: str, digits: str, shows: str, maker: str = "", *, again: bool = False
    ) -> Diagnosis:
        self._called("diagnose")
        meter = self._meter(self.meter_number(typed_meter))
        check = fake_check(meter, digits, self.now_ms) if digits.strip() else None
        return diagnose(shows, maker, check, meter, again=again)

    def status(self) -> TillStatus:
        self._called("status")
        total = Money(sum(s.total_minor for s in self.sales), self.tariff.currency)
        own = (CurrencySum(len(self.sales), total),) if self.sales else ()
        sums = (*self.elsewhere, *own)
        oldest = min((s.at_ms for s in self.sales), default=None)
        failed = sum(row.print_state is PrintState.FAILED for row in self.rows.values())
        waiting = sum(
            row.print_state in {PrintState.QUEUED, PrintState.SENDING} for row in self.rows.values()
        )
        return TillStatus(
            today=sums,
            waiting=sums,
            waiting_oldest_ms=oldest,
            allowance_percent=self.allowance,
            keys_due=self.keys_due,
            rules_outside=self.rules_outside,
            parted=self.parted,
            tariff_age_days=3,
            slips_waiting=waiting,
            slips_failed=failed,
            clock_problem=self.clock_problem,
        )

    @property
    def shifts(self) -> FakeShifts:
        return self._shifts

    @property
    def wallets(self) -> FakeWallets:
        return self._wallets

    @property
    def cards(self) -> FakeCards:
        return self._cards

    @property
    def parked(self) -> FakeParked:
        return self._parked

    @property
    def key_papers(self) -> FakeKeyDesk:
        return self.keys

    @property
    def key_moves(self) -> FakeKeyDesk:
        return self.keys

    @property
    def redress(self) -> FakeRedress:
        return self._redress

    def __post_init__(self) -> None:
        self._parked = FakeParked(self._called, lambda: self.now_ms)
        self._cards = FakeCards(self._parked)
        self._wallets = FakeWallets()
        self._redress = FakeRedress(
            self._called, self.sale, self.sell, self.sign_in, lambda: self.now_ms
        )
        now = (self.operators, lambda: self.now_ms)
        self.engineering = FakeEngineering(self._called, self.meter, self.sale, self.sign_in, *now)
        self.bulk = FakeBulk(self.meter, self.quote, self.sell, self.tariff.currency)
        self.proposals = FakeProposals(self._meter, lambda: self.now_ms)
        self.meter_records = FakeRecords(self._meter, lambda: self.now_ms)
        self.key_changes = FakeKeyChanges(self._meter, lambda: self.sales)
        self._shifts = FakeShifts(self._called, lambda: self.sales, lambda: self.now_ms)

    def settle_clock(self, operator_id: str, pin: str) -> None:
        self._called("settle_clock")
        operator = self.sign_in(operator_id, pin)
        if operator.role is not Role.SUPERVISOR:
            raise RoleNeeded(role="supervisor")
        self.clock_problem = ""


def make_desk() -> FakeDesk:
    """A desk with a customer who buys 100 a week."""
    text = resource("tariffs", "jacaranda-standard.toml").read_text(encoding="utf-8")
    desk = FakeDesk(parse_tariff(text))
    rand = desk.tariff.currency
    for drn, days, minor, tenths in (
        ("07124482166", 7, 10_000, 360),
        ("07124482166", 15, 10_000, 360),
        ("02211340558", 3, 20_000, 720),
    ):
        past = Purchase(f"3-A{days:06d}", NOW_MS - days * DAY_MS, Money(minor, rand), tenths)
        desk.history.setdefault(drn, []).append(past)
    return desk
