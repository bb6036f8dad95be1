"""The table of who may do what: every act of the desk, whose it is, and how it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pos_app.application.approval_records import Subject
from pos_app.application.card_payment import Wanted
from pos_app.application.card_ports import CardAnswer, CardOutcome
from pos_app.application.desk import Desk
from pos_app.application.engineering_records import ActOrder
from pos_app.application.identity import Operator, Role
from pos_app.application.keys import ModuleAccess, Person
from pos_app.application.meter_life import NewMeter
from pos_app.application.redress_records import RedressOrder
from pos_app.application.shift_cash import DrawerReason
from pos_app.application.shift_settings import ShiftSettings
from pos_app.bootstrap.shop import OpenShop
from pos_app.domain.engineering import DeskAct
from pos_app.domain.meter_key import KeyAsk
from pos_app.domain.money import Currency, Money
from pos_app.domain.redress import Reason, RedressKind, TokenFate
from pos_app.domain.shift import CashMove
from pos_app.domain.tender_kind import TenderKind
from tests.key_makers import AUTHORITY, JOSEPH, key_file, trusting
from tests.shops import HIGHVELD, LAGOON, order

RAND = Currency("ZAR", 2, 10)
CASHIER, SUPERVISOR, ENGINEER = Role.CASHIER, Role.SUPERVISOR, Role.ENGINEER
WHO = {CASHIER: "tendai", SUPERVISOR: "grace", ENGINEER: "kwame"}
PINS = {"tendai": "2222", "grace": "3333", "kwame": "5555"}
ALL = frozenset(Role)
ONE = frozenset({SUPERVISOR})
FIELD = frozenset({SUPERVISOR, ENGINEER})
CASH = frozenset({CASHIER, SUPERVISOR})


@dataclass(frozen=True)
class At:
    """An open shop and who acts in it."""

    shop: OpenShop
    who: Operator

    @property
    def desk(self) -> Desk:
        return self.shop.desk

    @property
    def by(self) -> str:
        return self.who.id

    @property
    def person(self) -> Person:
        return Person(self.by, PINS[self.by])

    @property
    def second(self) -> Person:
        return JOSEPH

    def receipt(self) -> str:
        return self.desk.sell(order(self.shop, HIGHVELD, 5000, repeat_allowed=True)).receipt

    def z_of_another(self) -> int:
        self.receipt()
        return self.desk.shifts.close("ama").shift

    def act(self, act: DeskAct, **values: str) -> ActOrder:
        return ActOrder(act, "a-1", self.by, LAGOON, "WO-1", "a test of roles", values)

    def redress(self, kind: RedressKind) -> RedressOrder:
        fate = TokenFate.NOT_ENTERED
        return RedressOrder(
            kind, self.receipt(), Reason.WRONG_METER, fate, self.by, "joseph", "4444", drn=LAGOON
        )


def nothing() -> None:
    """Keep nothing."""


def tenders(at: At) -> None:
    at.desk.set_tenders(at.by, (TenderKind("card"),), nothing)


NEW = NewMeter("01450078652", HIGHVELD, "New House", "1 New Road")
YES = CardAnswer(CardOutcome.NO)

MAY: dict[str, tuple[frozenset[Role], Callable[[At], object]]] = {
    "sell": (CASH, lambda at: at.desk.sell(order(at.shop, HIGHVELD, 5000, operator_id=at.by))),
    "reprint": (ALL, lambda at: at.desk.reprint(at.receipt(), "lost", at.by)),
    "import_meters": (ONE, lambda at: at.desk.import_meters(b"", at.by)),
    "set_tenders": (ONE, tenders),
    "settle_clock": (ONE, lambda at: at.desk.settle_clock(at.by, PINS[at.by])),
    "sign_in": (ALL, lambda at: at.desk.sign_in(at.by, PINS[at.by])),
    "shifts.open": (CASH, lambda at: at.desk.shifts.open(at.by)),
    "shifts.now": (ALL, lambda at: at.desk.shifts.now(at.by)),
    "shifts.x": (ALL, lambda at: at.desk.shifts.x(at.by)),
    "shifts.x of another": (ONE, lambda at: at.desk.shifts.x(at.by, "ama")),
    "shifts.count": (ALL, lambda at: at.desk.shifts.count(at.by, ())),
    "shifts.count of another": (ONE, lambda at: at.desk.shifts.count(at.by, (), "ama")),
    "shifts.close": (ALL, lambda at: at.desk.shifts.close(at.by)),
    "shifts.close of another": (ONE, lambda at: at.desk.shifts.close(at.by, (), "ama")),
    "shifts.drawer": (ONE, lambda at: at.desk.shifts.drawer(at.by)),
    "shifts.batches": (ONE, lambda at: at.desk.shifts.batches(at.by)),
    "shifts.close_sales_batch": (ONE, lambda at: at.desk.shifts.close_sales_batch(at.by)),
    "shifts.close_bank_batch": (ONE, lambda at: at.desk.shifts.close_bank_batch(at.by, "slip 1")),
    "shifts.move_cash": (
        CASH,
        lambda at: at.desk.shifts.move_cash(at.by, CashMove.DROP, Money(100, RAND), "bag 1"),
    ),
    "shifts.open_drawer": (
        CASH,
        lambda at: at.desk.shifts.open_drawer(at.by, DrawerReason.CHANGE),
    ),
    "shifts.reprint_z of another": (
        ONE,
        lambda at: at.desk.shifts.reprint_z(at.by, at.z_of_another()),
    ),
    "shifts.approve": (ONE, lambda at: at.desk.shifts.approve(1, at.by, PINS[at.by], "counted")),
    "rules.set": (ONE, lambda at: at.desk.rules.set(at.by, ShiftSettings(), nothing)),
    "redress.refund": (CASH, lambda at: at.desk.redress.refund(at.redress(RedressKind.REFUND))),
    "redress.compensate": (
        CASH,
        lambda at: at.desk.redress.compensate(at.redress(RedressKind.COMPENSATION)),
    ),
    "redress.ask": (CASH, lambda at: at.desk.redress.ask(at.redress(RedressKind.REFUND))),
    "redress.check": (CASH, lambda at: at.desk.redress.check(at.redress(RedressKind.REFUND))),
    "redress.reprint": (ALL, lambda at: at.desk.redress.reprint("R-1", at.by)),
    "accounts.take": (ONE, lambda at: at.desk.accounts.take(b"", at.by)),
    "tariffs.take": (ONE, lambda at: at.desk.tariffs.take(b"", at.by)),
    "tariffs.pin": (ONE, lambda at: at.desk.tariffs.pin("grid", "00" * 32, at.by)),
    "parked.park": (
        ALL,
        lambda at: at.desk.parked.park(at.by, HIGHVELD, RAND, Money(5000, RAND)),
    ),
    "parked.recall": (ALL, lambda at: at.desk.parked.recall(at.by, 1)),
    "parked.drop": (ALL, lambda at: at.desk.parked.drop(at.by, 1)),
    "parked.drop of another": (
        ONE,
        lambda at: at.desk.parked.drop(
            at.by, at.desk.parked.park("ama", HIGHVELD, RAND, Money(5000, RAND)).number
        ),
    ),
    "cards.ask": (
        CASH,
        lambda at: at.desk.cards.ask(at.by, Wanted(HIGHVELD, RAND), Money(5000, RAND)),
    ),
    "cards.answered": (ALL, lambda at: at.desk.cards.answered(at.by, 1, YES)),
    "cards.resolve": (
        ONE,
        lambda at: at.desk.cards.resolve(at.by, 1, YES, TenderKind("card"), "the bank said"),
    ),
    "cards.refunded": (ONE, lambda at: at.desk.cards.refunded(at.by, 1, "given back")),
    "wallets.open": (ALL, lambda at: at.desk.wallets.open(at.by, HIGHVELD)),
    "wallets.close": (ALL, lambda at: at.desk.wallets.close(at.by, HIGHVELD)),
    "wallets.set_caps": (ONE, lambda at: at.desk.wallets.set_caps(at.by, {}, nothing)),
    "office.request": (ONE, lambda at: at.desk.office.request("", at.by)),
    "office.take_answer": (ONE, lambda at: at.desk.office.take_answer(b"", at.by)),
    "office.note_certificate": (ONE, lambda at: at.desk.office.note_certificate("ab", at.by)),
    "office.take_code": (ALL, lambda at: at.desk.office.take_code("1", at.by)),
    "keys.trust": (
        ONE,
        lambda at: at.desk.keys.trust("grid", AUTHORITY.public.hex(), at.person, at.second),
    ),
    "keys.bring_in": (
        ONE,
        lambda at: trusting(at.shop).bring_in(key_file(at.shop), at.person, at.second),
    ),
    "keys.ask": (
        ONE,
        lambda at: trusting(at.shop).ask(key_file(at.shop, sequence=9), at.who.id),
    ),
    "keys.vouch": (ONE, lambda at: at.desk.keys.vouch(at.person)),
    "key_papers.again": (FIELD, lambda at: at.desk.key_papers.again(1, at.by)),
    "key_moves.move": (ONE, lambda at: at.desk.key_moves.move(at.person, at.second)),
    "keys.change_passphrase": (
        ONE,
        lambda at: at.desk.keys.change_passphrase("no", "short", at.person),
    ),
    "keys.destroy": (ONE, lambda at: at.desk.keys.destroy("not it", at.person, at.second)),
    "keys.use_module": (
        ONE,
        lambda at: at.desk.keys.use_module(ModuleAccess("none.so", "t", "1"), at.person, at.second),
    ),
    "key_changes.again": (ALL, lambda at: at.desk.key_changes.again(HIGHVELD, at.who)),
    "key_changes.note_shown": (
        FIELD,
        lambda at: at.desk.key_changes.note_shown(HIGHVELD, {"krn": "1"}, at.who),
    ),
    "key_changes.ask": (ONE, lambda at: at.desk.key_changes.ask(KeyAsk("highveld"), at.who)),
    "key_changes.drop": (ONE, lambda at: at.desk.key_changes.drop("highveld", "", at.who)),
    "key_changes.waiting": (
        FIELD,
        lambda at: at.desk.key_changes.waiting(at.desk.key_changes.roll_over()[0], at.who),
    ),
    "approvals.ask": (
        ALL,
        lambda at: at.desk.approvals.ask(Subject("free-issue", LAGOON, "1 kWh"), at.by),
    ),
    "approvals.enrol": (
        ONE,
        lambda at: at.desk.approvals.enrol(at.by, PINS[at.by], "joseph", "4444"),
    ),
    "bulk.look": (CASH, lambda at: at.desk.bulk.look(b"", at.by)),
    "engineering.ask": (
        FIELD,
        lambda at: at.desk.engineering.ask(at.act(DeskAct.CLEAR_CREDIT, lost="1")),
    ),
    "engineering.swap": (
        FIELD,
        lambda at: at.desk.engineering.swap(HIGHVELD, LAGOON, "0", "burnt", at.who),
    ),
    "staff.add": (ONE, lambda at: at.desk.staff.add(Operator("x1", "X", CASHIER), "9182", at.by)),
    "staff.new_pin": (ONE, lambda at: at.desk.staff.new_pin("ama", "9182", at.by)),
    "staff.retire": (ONE, lambda at: at.desk.staff.retire("ama", at.by)),
    "meter_records.register": (ONE, lambda at: at.desk.meter_records.register(NEW, at.who)),
    "meter_records.install": (
        FIELD,
        lambda at: at.desk.meter_records.install(HIGHVELD, "S1", "", at.who),
    ),
    "meter_records.block": (
        ONE,
        lambda at: at.desk.meter_records.block(HIGHVELD, "a debt", "pay", at.who),
    ),
    "meter_records.unblock": (
        ONE,
        lambda at: at.desk.meter_records.unblock(HIGHVELD, "paid", at.who),
    ),
    "meter_records.swap": (
        FIELD,
        lambda at: at.desk.meter_records.swap(HIGHVELD, LAGOON, 0, "burnt", at.who),
    ),
    "meter_records.deactivate": (
        ONE,
        lambda at: at.desk.meter_records.deactivate(HIGHVELD, "house gone", at.who),
    ),
    "meter_records.fault_slip_again": (
        ALL,
        lambda at: at.desk.meter_records.fault_slip_again("TRAIN1-F1", at.who),
    ),
    "meter_records.report_fault": (
        ALL,
        lambda at: at.desk.meter_records.report_fault(HIGHVELD, "1", "dark", at.who),
    ),
    "proposals.propose": (
        ALL,
        lambda at: at.desk.proposals.propose(HIGHVELD, "phone", "0171", at.who),
    ),
}
LOOKS = frozenset(
    {
        "card",
        "check_token",
        "currency_of",
        "diagnose",
        "explain_token",
        "find",
        "find_card",
        "free",
        "meter_number",
        "operators",
        "print_again",
        "quote",
        "sale",
        "sales_today",
        "status",
        "tenders",
        "shifts.currencies",
        "shifts.currency",
        "shifts.open_now",
        "shifts.unapproved",
        "shifts.z",
        "rules.about",
        "rules.in_force",
        "redress.about",
        "redress.find",
        "redress.listed",
        "accounts.show",
        "tariffs.authorities",
        "tariffs.versions",
        "parked.all",
        "parked.one",
        "cards.request",
        "wallets.all",
        "wallets.sums",
        "office.enrolled",
        "office.fingerprint",
        "office.money_of",
        "office.next_key_file",
        "office.status",
        "keys.about",
        "keys.authorities",
        "keys.need_keys",
        "keys.now_ms",
        "key_moves.holdings",
        "key_moves.interrupted",
        "key_papers.listed",
        "keys.look",
        "keys.weigh",
        "keys.receipt",
        "keys.request",
        "keys.standings",
        "key_changes.asks",
        "key_changes.changes",
        "key_changes.due",
        "key_changes.roll_over",
        "key_changes.tokens",
        "approvals.still_open",
        "bulk.plan",
        "engineering.advise",
        "engineering.counted_in",
        "engineering.find",
        "engineering.listed",
        "engineering.waiting",
        "meter_records.acts",
        "meter_records.find_fault",
        "meter_records.life",
        "proposals.all",
        "proposals.of_meter",
    }
)
"""What nobody has to sign in for: the window shows it to whoever stands at the till."""
ELSEWHERE = {
    "accounts.accept": "a signed file of head office",
    "tariffs.accept": "a signed file of head office",
    "office.drop_key_file": "the answer to a file that the ceremony took",
    "approvals.settle": "the second person of an act that is in the table",
    "keys.both": "the two people of every act with keys",
    "bulk.begin": "a plan that `look` made",
    "bulk.price": "the rows of a list that `look` read",
    "bulk.step": "a row of a run that was begun",
    "bulk.end": "a run that was begun",
    "engineering.look": "`engineering.ask`, which looks first; every act by itself below",
    "engineering.check": "`engineering.ask`",
    "engineering.draft": "`engineering.ask`",
    "engineering.make": "`engineering.ask`; every act by itself below",
    "engineering.reprint": "a paper of an act that is in the table",
}
