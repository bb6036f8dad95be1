"""Units nobody pays for: counted, reported, bounded, and never given twice for the same thing."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pos_app.application.approval_records import Approval, ApprovalMissing
from pos_app.application.engineering_records import ActOrder, DeskRecord
from pos_app.application.errors import MeterBlocked, MeterUnknown, ReceiptUnknown
from pos_app.application.redress_records import RedressOrder
from pos_app.application.sale import Sale
from pos_app.bootstrap.inspection import verify_shop
from pos_app.bootstrap.shop import OpenShop
from pos_app.bootstrap.training_file import training_passphrase, training_pins
from pos_app.domain.allowance import AllowanceUsedUp
from pos_app.domain.engineering import DeskAct, GrantTooLarge, ServiceUnfit
from pos_app.domain.errors import PosError
from pos_app.domain.meter_life import MeterOut, Standing, SwapInvalid
from pos_app.domain.redress import AlreadyRedressed, Reason, RedressKind, TokenFate
from pos_app.domain.reject import Fit, Use
from pos_app.domain.replacement import (
    Advice,
    AlreadyReplaced,
    Case,
    Complaint,
    CreditCarried,
    MeterGone,
    NothingDue,
    NotPrinted,
    ReprintFirst,
    Why,
    advise,
)
from pos_app.domain.tariff.refusals import UnitsInvalid
from pos_app.sts.tokens import CreditToken
from tests.shops import HIGHVELD, LAKESIDE, HeldClock, make_shop, opened, order

GRACE = Approval("grace", pin=training_pins()["grace"])


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[OpenShop]:
    shop = opened(make_shop(tmp_path), HeldClock())
    yield shop
    shop.close()


@pytest.fixture
def spare(shop: OpenShop) -> str:
    """Another meter of the same utility and commodity."""
    home = shop.ledger.meter(HIGHVELD)
    assert home is not None
    for hit in shop.ledger.search("a", 60):
        other = shop.ledger.meter(hit.drn)
        if other and other.utility == home.utility and hit.drn != HIGHVELD and not other.blocked:
            return other.drn
    raise AssertionError


def ask(shop: OpenShop, act: DeskAct, values: dict[str, str], **changes: object) -> DeskRecord:
    held: dict[str, object] = {
        "act": act,
        "act_id": str(uuid.uuid4()),
        "operator_id": "kwame",
        "drn": HIGHVELD,
        "work_order": "C-1",
        "reason": "the customer was without supply",
        "values": values,
        "approval": GRACE,
    }
    return shop.desk.engineering.make(ActOrder(**(held | changes)))  # type: ignore[arg-type]


def replaced(shop: OpenShop, sale: Sale, says: str = "refused") -> DeskRecord:
    return ask(shop, DeskAct.REPLACEMENT, {"receipt": sale.receipt, "says": says}, drn="")


def credit(shop: OpenShop, made: DeskRecord) -> CreditToken:
    meter = shop.ledger.meter(made.drn)
    assert meter is not None
    token = shop.desk.engine.read(made.tokens[0].digits, meter)
    assert isinstance(token, CreditToken)
    return token


def verified(shop: OpenShop) -> bool:
    folder = shop.folder
    shop.close()
    return verify_shop(folder, training_passphrase()).fault is None


def test_a_free_issue_counts_against_the_allowance_but_not_for_the_blocks(shop: OpenShop) -> None:
    ((_, allowance, before),) = [x for x in shop.ledger.allowances() if x[0] == "ZAR"]
    made = ask(shop, DeskAct.FREE_ISSUE, {"units": "50"}, operator_id="ama")
    ((_, _, after),) = [x for x in shop.ledger.allowances() if x[0] == "ZAR"]
    assert (credit(shop, made).tenths, after.tenths - before.tenths) == (500, 500)
    assert (after.money_minor, allowance.tenths > 500) == (before.money_minor, True)
    assert shop.ledger.month_tenths(HIGHVELD, made.month) == 0
    rows = shop.ledger.db.execute("select reason, tenths, receipt from free_issue").fetchall()
    assert rows == [("free-issue", 500, made.receipt)]
    assert verified(shop)


def test_tokens_of_the_desk_keep_to_the_minutes_of_their_till(shop: OpenShop) -> None:
    with shop.ledger.writing() as act:
        act.append("tid_slots_set", {"residue": 5, "modulus": 8}, shop.clock.now_ms())
    made = [ask(shop, DeskAct.FREE_ISSUE, {"units": "1"}) for _ in range(3)]
    minutes = [each.tokens[0].minute for each in made]
    assert len(set(minutes)) == 3
    assert {minute % 8 for minute in minutes} == {5}


def test_a_check_knows_the_slip_of_a_token_that_nobody_paid_for(shop: OpenShop) -> None:
    made = ask(shop, DeskAct.FREE_ISSUE, {"units": "50"})
    check = shop.desk.check_token(made.tokens[0].digits, HIGHVELD)
    assert (check.fit, check.use, check.receipt) == (Fit.FITS, Use.NEWEST, made.receipt)


def test_an_allowance_that_is_used_up_gives_nothing_away(shop: OpenShop) -> None:
    ((_, allowance, _),) = [x for x in shop.ledger.allowances() if x[0] == "ZAR"]
    body = {
        "currency": "ZAR", "sequence": allowance.sequence + 1, "tenths": 499,
        "money_minor": allowance.money_minor, "count": allowance.count,
        "per_vend_minor": allowance.per_vend_minor, "not_after_ms": allowance.not_after_ms,
    }  # fmt: skip
    with shop.ledger.writing() as act:
        act.append("allowance", body, shop.clock.now_ms())
    with pytest.raises(AllowanceUsedUp):
        ask(shop, DeskAct.FREE_ISSUE, {"units": "50"})
    assert shop.desk.engineering.listed() == ()


REFUSED: list[tuple[dict[str, str], dict[str, object], type[PosError]]] = [
    ({"units": "1000.1"}, {}, GrantTooLarge),
    ({"units": "0"}, {}, UnitsInvalid),
    ({"units": "-5"}, {}, UnitsInvalid),
    ({}, {}, UnitsInvalid),
    ({"units": "5"}, {"approval": None}, ApprovalMissing),
    ({"units": "5"}, {"drn": ""}, MeterUnknown),
]


@pytest.mark.parametrize(("values", "changes", "problem"), REFUSED)
def test_a_free_issue_that_cannot_be(
    shop: OpenShop, values: dict[str, str], changes: dict[str, object], problem: type[PosError]
) -> None:
    with pytest.raises(problem):
        ask(shop, DeskAct.FREE_ISSUE, values, **changes)
    assert shop.desk.engineering.listed() == ()


def test_a_blocked_meter_gets_no_units(shop: OpenShop) -> None:
    grace = next(each for each in shop.desk.operators() if each.id == "grace")
    shop.desk.meter_records.block(HIGHVELD, "tamper", "inspect it", grace)
    with pytest.raises(MeterBlocked):
        ask(shop, DeskAct.FREE_ISSUE, {"units": "5"})


def test_the_same_digits_come_first_then_a_second_token(shop: OpenShop) -> None:
    sale = shop.desk.sell(order(shop, HIGHVELD, 5000))
    for says, problem in (
        ("lost", ReprintFirst),
        ("refused", ReprintFirst),
        ("used", NothingDue),
        ("no-meter", MeterGone),
    ):
        with pytest.raises(problem):
            replaced(shop, sale, says)
    shop.desk.reprint(sale.receipt, "lost", "ama")
    with pytest.raises(ReprintFirst):
        replaced(shop, sale, "lost")
    made = replaced(shop, sale)
    assert (made.tenths, made.for_receipt, made.facts["why"]) == (
        sale.tenths, sale.receipt, "still-refused",
    )  # fmt: skip
    assert credit(shop, made).tid > sale.tokens[0].tid
    with pytest.raises(AlreadyReplaced):
        replaced(shop, sale)
    rows = shop.ledger.db.execute("select reason from free_issue").fetchall()
    assert rows == [("replacement",)]
    assert verified(shop)


def test_a_slip_that_never_came_out_is_printed_not_replaced(shop: OpenShop) -> None:
    sale = shop.desk.sell(order(shop, HIGHVELD, 5000))
    shop.ledger.db.execute("update print_job set state = 'failed'")
    with pytest.raises(NotPrinted):
        replaced(shop, sale)


def test_a_key_change_after_the_sale_is_reason_enough(shop: OpenShop) -> None:
    sale = shop.desk.sell(order(shop, HIGHVELD, 5000))
    meter = shop.ledger.meter(HIGHVELD)
    assert meter is not None
    with shop.ledger.writing() as act:
        act.import_meters([replace(meter, ti=2)])
        act.append("meters_imported", {"count": 1}, shop.clock.now_ms())
    found = shop.desk.engineering.advise(sale.receipt, Complaint.LOST)
    assert (found.advice, found.why) == (Advice.REPLACE, Why.KEY_CHANGED)
    made = replaced(shop, sale, "lost")
    assert made.meter is not None
    assert made.meter.ti == 2


def test_a_sale_is_put_right_in_one_way_only(shop: OpenShop) -> None:
    first, second = (shop.desk.sell(order(shop, HIGHVELD, minor)) for minor in (5000, 6000))

    def back(sale: Sale) -> None:
        shop.desk.redress.refund(
            RedressOrder(
                RedressKind.REFUND,
                sale.receipt,
                Reason.METER_REFUSES,
                TokenFate.REFUSED,
                "ama",
                "grace",
                training_pins()["grace"],
            )
        )

    back(first)
    for sale in (first, second):
        shop.desk.reprint(sale.receipt, "lost", "ama")
    with pytest.raises(AlreadyRedressed):
        replaced(shop, first)
    replaced(shop, second)
    with pytest.raises(AlreadyReplaced):
        back(second)
    with pytest.raises(ReceiptUnknown):
        ask(shop, DeskAct.REPLACEMENT, {"receipt": "TRAIN1-A000099"}, drn="")


def test_the_credit_goes_with_the_meter_in_one_act(shop: OpenShop, spare: str) -> None:
    made = ask(shop, DeskAct.EXCHANGE, {"from": HIGHVELD, "units": "73.5"}, drn=spare)
    old, new = (shop.ledger.meter_life(drn) for drn in (HIGHVELD, spare))
    assert old is not None
    assert new is not None
    assert (old.standing, old.replaced_by, new.replaces, new.credit_tenths) == (
        Standing.OUT, spare, HIGHVELD, 735,
    )  # fmt: skip
    assert (credit(shop, made).tenths, made.drn, made.from_drn) == (735, spare, HIGHVELD)
    for again in ({"units": "73.5"}, {"units": "1"}):
        with pytest.raises(PosError):
            ask(shop, DeskAct.EXCHANGE, {"from": HIGHVELD, **again}, drn=spare)
    with pytest.raises(MeterOut):
        ask(shop, DeskAct.FREE_ISSUE, {"units": "1"})
    assert len(shop.desk.engineering.listed()) == 1
    assert verified(shop)


def test_a_swap_noted_before_is_paid_out_once_and_no_more_than_noted(
    shop: OpenShop, spare: str
) -> None:
    grace = next(each for each in shop.desk.operators() if each.id == "grace")
    shop.desk.meter_records.swap(HIGHVELD, spare, 300, "burned", grace)
    with pytest.raises(SwapInvalid):
        ask(shop, DeskAct.EXCHANGE, {"from": HIGHVELD, "units": "30.1"}, drn=spare)
    made = ask(shop, DeskAct.EXCHANGE, {"from": HIGHVELD, "units": "30"}, drn=spare)
    assert credit(shop, made).tenths == 300
    with pytest.raises(CreditCarried):
        ask(shop, DeskAct.EXCHANGE, {"from": HIGHVELD, "units": "30"}, drn=spare)


def test_an_exchange_that_fails_leaves_both_meters_where_they_were(
    shop: OpenShop, spare: str
) -> None:
    with pytest.raises(ServiceUnfit):
        ask(shop, DeskAct.EXCHANGE, {"from": LAKESIDE, "units": "5"}, drn=spare)
    with pytest.raises(GrantTooLarge):
        ask(shop, DeskAct.EXCHANGE, {"from": HIGHVELD, "units": "5000"}, drn=spare)
    shop.ledger.db.execute("delete from sealed_key")
    with pytest.raises(PosError):
        ask(shop, DeskAct.EXCHANGE, {"from": HIGHVELD, "units": "5"}, drn=spare)
    assert shop.ledger.meter_life(HIGHVELD) is None
    assert shop.ledger.meter_life(spare) is None


def case(says: Complaint, **changes: int) -> Case:
    held: dict[str, int] = {"printed": 1, "copies": 0, "key_changed": 0, "later": 0}
    values = held | changes
    return Case(
        says,
        printed=bool(values["printed"]),
        copies=values["copies"],
        key_changed=bool(values["key_changed"]),
        later=values["later"],
    )


TREE = [
    (case(Complaint.LOST), Advice.REPRINT, Why.SAME_DIGITS),
    (case(Complaint.LOST, copies=5, later=49), Advice.REPRINT, Why.SAME_DIGITS),
    (case(Complaint.LOST, later=50), Advice.REPLACE, Why.TOO_OLD),
    (case(Complaint.LOST, printed=0, key_changed=1), Advice.PRINT_AGAIN, Why.NOT_PRINTED),
    (case(Complaint.REFUSED), Advice.REPRINT, Why.NOT_TRIED),
    (case(Complaint.REFUSED, copies=1), Advice.REPLACE, Why.STILL_REFUSED),
    (case(Complaint.REFUSED, key_changed=1), Advice.REPLACE, Why.KEY_CHANGED),
    (case(Complaint.USED, copies=1, key_changed=1, later=60), Advice.NOTHING_DUE, Why.TAKEN),
    (case(Complaint.NO_METER, copies=1, later=60), Advice.EXCHANGE, Why.METER_GONE),
]


@pytest.mark.parametrize(("known", "advice", "why"), TREE)
def test_the_tree_asks_the_cheap_questions_first(known: Case, advice: Advice, why: Why) -> None:
    assert advise(known) == (advice, why)
