"""The second supervisor of a key ceremony, elsewhere: one code for one file, used once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app.application.approval_records import (
    Approval,
    ApprovalMissing,
    ApprovalOver,
    ApprovalUnknown,
    ApprovalWrong,
    ApproverNotEnrolled,
)
from pos_app.application.errors import PinWrong, RoleNeeded
from pos_app.application.key_records import CeremonyNeedsTwo, KeyFileReplayed
from pos_app.application.keys import Person
from pos_app.bootstrap.inspection import verify_shop
from pos_app.bootstrap.shop import OpenShop
from pos_app.bootstrap.training_file import training_passphrase
from pos_app.exchange.approval import ApprovalRequest, read_request, read_secret
from pos_app.exchange.digest import sha256_hex
from tests.key_makers import ATTRIBUTES, GRACE, JOSEPH, STS_KEY, key_file, trusting
from tests.shops import make_shop, opened


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[OpenShop]:
    made = opened(make_shop(tmp_path))
    trusting(made)
    yield made
    made.close()


def code_of(shop: OpenShop, request: ApprovalRequest) -> Approval:
    """Let Joseph answer on a computer of his own, from what was read out to him."""
    held = shop.desk.approvals.enrol("joseph", JOSEPH.pin, "grace", GRACE.pin)
    heard = read_request(request.text().replace("/", " / "))
    return Approval("joseph", number=request.number, code=read_secret(held).approve(heard))


def test_a_code_read_over_the_phone_takes_the_file_and_the_journal_tells_how(
    shop: OpenShop,
) -> None:
    raw = key_file(shop)
    request = shop.desk.keys.ask(raw, "grace")
    assert request.drn == sha256_hex(raw)[:16]
    assert request.amount == f"1keys:{ATTRIBUTES.kcv}"
    assert shop.desk.keys.bring_in(raw, GRACE, code_of(shop, request)).keys == (ATTRIBUTES,)
    entry = next(each for each in shop.ledger.entries() if each.kind == "key_file_imported")
    body = entry.reading()
    assert (body["operators"], body["request"]) == (["grace", "joseph"], request.number)
    folder = shop.folder
    shop.close()
    assert verify_shop(folder, training_passphrase()).fault is None


def test_a_code_is_good_for_one_file_and_once(shop: OpenShop) -> None:
    raw, other = key_file(shop), key_file(shop, (ATTRIBUTES, STS_KEY), sequence=2)
    said = code_of(shop, shop.desk.keys.ask(raw, "grace"))
    with pytest.raises(ApprovalUnknown):
        shop.desk.keys.bring_in(other, GRACE, said)
    shop.desk.keys.bring_in(raw, GRACE, said)
    with pytest.raises(KeyFileReplayed):
        shop.desk.keys.bring_in(raw, GRACE, said)
    held = shop.ledger.approvals.asked(said.number)
    assert held is not None
    assert held.used
    with pytest.raises(ApprovalOver):
        shop.desk.approvals.still_open(said.number)


def test_whoever_stands_at_the_counter_gives_a_pin_all_the_same(shop: OpenShop) -> None:
    raw = key_file(shop)
    said = code_of(shop, shop.desk.keys.ask(raw, "grace"))
    keys, people = shop.desk.keys, shop.ledger.keys.groups()
    for first, second, problem in (
        (Person("grace", "0000"), said, PinWrong),
        (JOSEPH, said, CeremonyNeedsTwo),
        (Person("ama", "1111"), said, RoleNeeded),
        (GRACE, Approval("joseph", number=said.number, code="00000000"), ApprovalWrong),
    ):
        with pytest.raises(problem):
            keys.bring_in(raw, first, second)
    assert shop.ledger.keys.groups() == people


def test_a_supervisor_without_a_secret_and_a_cashier_are_refused(shop: OpenShop) -> None:
    raw = key_file(shop)
    with pytest.raises(RoleNeeded):
        shop.desk.keys.ask(raw, "ama")
    request = shop.desk.keys.ask(raw, "grace")
    with pytest.raises(ApproverNotEnrolled):
        shop.desk.keys.bring_in(raw, GRACE, Approval("joseph", number=request.number, code="1"))


def test_no_code_stands_for_a_person_where_none_was_asked_for(shop: OpenShop) -> None:
    said = code_of(shop, shop.desk.keys.ask(key_file(shop), "grace"))
    with pytest.raises(ApprovalMissing):
        shop.desk.keys.both(GRACE, said)
