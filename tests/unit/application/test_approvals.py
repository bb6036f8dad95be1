"""Approval from afar: bound to what was read out, used once, never guessed."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pos_app.application.approval_records import (
    LASTS_MS,
    TRIES,
    Approval,
    ApprovalOver,
    ApprovalUnknown,
    ApprovalWrong,
    ApproverNotEnrolled,
)
from pos_app.application.engineering_records import ActOrder
from pos_app.application.errors import PinWrong, RoleNeeded
from pos_app.application.key_records import CeremonyNeedsTwo
from pos_app.application.redress_records import RedressOrder
from pos_app.bootstrap.inspection import verify_shop
from pos_app.bootstrap.shop import OpenShop
from pos_app.bootstrap.training_file import training_passphrase, training_pins
from pos_app.domain.engineering import DeskAct
from pos_app.domain.lockout import PinLocked
from pos_app.domain.money import Money
from pos_app.domain.redress import Reason, RedressKind, TokenFate
from pos_app.exchange.approval import (
    ApprovalRequest,
    ApprovalRequestBroken,
    ApproverFileBroken,
    ApproverOfAnotherTill,
    ApproverSecret,
    read_request,
    read_secret,
)
from tests.shops import HIGHVELD, HeldClock, make_shop, opened, order

PINS = training_pins()


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock()


@pytest.fixture
def shop(tmp_path: Path, clock: HeldClock) -> Iterator[OpenShop]:
    shop = opened(make_shop(tmp_path), clock)
    yield shop
    shop.close()


def enrolled(shop: OpenShop, who: str = "grace", witness: str = "joseph") -> ApproverSecret:
    return read_secret(shop.desk.approvals.enrol(who, PINS[who], witness, PINS[witness]))


def wish(act_id: str = "1", units: str = "50", **changes: object) -> ActOrder:
    values: dict[str, object] = {
        "act": DeskAct.FREE_ISSUE,
        "act_id": act_id,
        "operator_id": "ama",
        "drn": HIGHVELD,
        "work_order": "C-1",
        "reason": "storm",
        "values": {"units": units},
    }
    return ActOrder(**(values | changes))  # type: ignore[arg-type]


def by_code(request: ApprovalRequest, code: str, approver: str = "grace") -> Approval:
    return Approval(approver, number=request.number, code=code)


def test_a_code_read_over_the_phone_makes_the_token(shop: OpenShop) -> None:
    secret = enrolled(shop)
    request = shop.desk.engineering.ask(wish())
    heard = read_request(" " + request.text().replace("/", " / ") + "\n")
    code = secret.approve(heard)
    spoken = f"{code[:4]} {code[4:]}"
    made = shop.desk.engineering.make(wish(approval=by_code(request, spoken)))
    assert (made.approver, made.approval, made.request) == ("grace", "code", request.number)
    folder = shop.folder
    shop.close()
    assert verify_shop(folder, training_passphrase()).fault is None


def test_the_code_is_an_hmac_of_the_whole_line() -> None:
    """Worked out again with the standard library alone, as the docstring states it."""
    request = ApprovalRequest("T1", "A000007", "free-issue", "14123456783", "50.0kWh", "ama")
    line = b"T1/A000007/free-issue/14123456783/50.0kWh/ama"
    digest = hmac.new(b"k" * 20, b"tokentill approval\0live\0" + line, hashlib.sha256).digest()
    assert request.code(b"k" * 20, "live") == f"{int(digest[:8].hex(), 16) % 100_000_000:08d}"
    assert request.code(b"k" * 20, "training") != request.code(b"k" * 20, "live")


OTHERS = [
    {"units": "50.1"},
    {"operator_id": "tendai"},
    {"drn": "37123456784"},
    {"act": DeskAct.EXCHANGE},
]


@pytest.mark.parametrize("changes", OTHERS[:3])
def test_a_code_is_good_for_nothing_else(shop: OpenShop, changes: dict[str, object]) -> None:
    secret = enrolled(shop)
    request = shop.desk.engineering.ask(wish())
    said = by_code(request, secret.approve(request))
    with pytest.raises(ApprovalUnknown):
        shop.desk.engineering.make(wish(**changes, approval=said))  # type: ignore[arg-type]
    assert shop.desk.engineering.listed() == ()


def test_a_code_is_used_once(shop: OpenShop) -> None:
    secret = enrolled(shop)
    request = shop.desk.engineering.ask(wish())
    said = by_code(request, secret.approve(request))
    shop.desk.engineering.make(wish(approval=said))
    with pytest.raises(ApprovalOver):
        shop.desk.engineering.make(wish("2", approval=said))
    assert len(shop.desk.engineering.listed()) == 1


def test_a_request_is_over_after_a_day(shop: OpenShop, clock: HeldClock) -> None:
    secret = enrolled(shop)
    request = shop.desk.engineering.ask(wish())
    clock.now += LASTS_MS - 60_000
    shop.desk.engineering.check(wish())
    clock.now += 120_000
    with pytest.raises(ApprovalOver):
        shop.desk.engineering.make(wish(approval=by_code(request, secret.approve(request))))


def test_guessing_ends_the_request_and_slows_down_the_next(
    shop: OpenShop, clock: HeldClock
) -> None:
    secret = enrolled(shop)
    request = shop.desk.engineering.ask(wish())
    right = secret.approve(request)
    wrong = f"{(int(right) + 1) % 10**8:08d}"
    for left in reversed(range(TRIES)):
        with pytest.raises(ApprovalWrong) as told:
            shop.desk.engineering.make(wish(approval=by_code(request, wrong)))
        assert told.value.facts["tries_left"] == left
    with pytest.raises(PinLocked):
        shop.desk.engineering.make(wish(approval=by_code(request, right)))
    clock.steady += 31_000
    with pytest.raises(ApprovalOver):
        shop.desk.engineering.make(wish(approval=by_code(request, right)))
    other = shop.desk.engineering.ask(wish())
    with pytest.raises(ApprovalWrong):
        shop.desk.engineering.make(wish(approval=by_code(other, wrong)))
    with pytest.raises(PinLocked):
        shop.desk.engineering.make(wish(approval=by_code(other, secret.approve(other))))
    clock.steady += 61_000
    assert shop.desk.engineering.make(wish(approval=by_code(other, secret.approve(other))))


def test_a_new_secret_makes_the_old_one_worthless(shop: OpenShop) -> None:
    old, new = enrolled(shop), enrolled(shop)
    assert (old.turn, new.turn, old.secret == new.secret) == (1, 2, False)
    request = shop.desk.engineering.ask(wish())
    with pytest.raises(ApprovalWrong):
        shop.desk.engineering.make(wish(approval=by_code(request, old.approve(request))))
    assert shop.desk.engineering.make(wish(approval=by_code(request, new.approve(request))))


def test_one_supervisor_s_secret_is_not_another_s(shop: OpenShop) -> None:
    grace = enrolled(shop)
    request = shop.desk.engineering.ask(wish())
    code = grace.approve(request)
    with pytest.raises(ApproverNotEnrolled):
        shop.desk.engineering.make(wish(approval=by_code(request, code, "joseph")))
    enrolled(shop, "joseph", "grace")
    with pytest.raises(ApprovalWrong):
        shop.desk.engineering.make(wish(approval=by_code(request, code, "joseph")))


def test_enrolling_takes_two_supervisors_with_their_pins(shop: OpenShop) -> None:
    desk = shop.desk.approvals
    with pytest.raises(CeremonyNeedsTwo):
        desk.enrol("grace", PINS["grace"], "grace", PINS["grace"])
    with pytest.raises(RoleNeeded):
        desk.enrol("grace", PINS["grace"], "ama", PINS["ama"])
    with pytest.raises(PinWrong):
        desk.enrol("grace", PINS["grace"], "joseph", "0000")
    assert shop.ledger.approvals.turn("grace") == 0


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "TRAIN1",
        "TRAIN1/A000001/free-issue/14123456783/50.0kWh/ama/000",
        "TRAIN1/A000001/free-issue/14123456783/50.0kWh/ama",
        "TRAIN1/A000001/free-issue/14123456783/50.0 kWh/ama/66\u0661",
        "a/b/c/d/e/f/" + "9" * 50,
        "//////",
    ],
)
def test_a_mistyped_request_is_noticed(typed: str) -> None:
    with pytest.raises(ApprovalRequestBroken):
        read_request(typed)


@pytest.mark.parametrize(
    "raw",
    [b"", b"{}", b"[1]", b"\xff\xfe", b'{"format":"tokentill approver","version":1}', b"null"],
)
def test_a_broken_secret_file_is_said_to_be_broken(raw: bytes) -> None:
    with pytest.raises(ApproverFileBroken):
        read_secret(raw)


def test_a_secret_never_shows_and_never_approves_for_another_till() -> None:
    secret = ApproverSecret("T1", "live", "grace", 1, b"s" * 20)
    assert "ssss" not in repr(secret)
    assert read_secret(secret.to_file()) == secret
    with pytest.raises(ApproverOfAnotherTill):
        secret.approve(ApprovalRequest("T2", "A1", "free-issue", "1", "1", "ama"))
    assert "1234" not in repr(Approval("grace", pin="1234", code="12345678"))


def test_money_back_on_a_code_from_elsewhere(shop: OpenShop) -> None:
    secret = enrolled(shop)
    sale = shop.desk.sell(order(shop, HIGHVELD, 5000))
    base = RedressOrder(
        kind=RedressKind.REFUND,
        receipt=sale.receipt,
        reason=Reason.WRONG_AMOUNT,
        token=TokenFate.NOT_ENTERED,
        operator_id="ama",
        approver_id="grace",
        pin="",
    )
    desk = shop.desk.redress
    request = desk.ask(base)
    assert request.amount == f"50.00ZAR:{sale.receipt}"
    said = replace(base, request=request.number, code=secret.approve(request))
    half = Money(2500, sale.money(0).currency)
    with pytest.raises(ApprovalUnknown):
        desk.refund(replace(said, amount=half))
    made = desk.refund(said)
    assert (made.approver, made.request, made.amount_minor) == ("grace", request.number, 5000)
    other = shop.desk.sell(order(shop, HIGHVELD, 6000))
    with pytest.raises(ApprovalUnknown):
        desk.refund(replace(said, receipt=other.receipt))
    folder = shop.folder
    shop.close()
    assert verify_shop(folder, training_passphrase()).fault is None
