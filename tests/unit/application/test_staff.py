"""People come and go on a supervisor's word; the journal proves who could sign in when."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app.application.errors import OperatorUnknown, PinWrong, RoleNeeded
from pos_app.application.records import Operator, Role
from pos_app.bootstrap.inspection import verify_shop
from pos_app.bootstrap.shop import OpenShop
from pos_app.bootstrap.training_file import training_passphrase
from pos_app.domain.staff import OperatorExists, OperatorInvalid, PinWeak, SupervisorsTooFew
from tests.shops import make_shop, opened

ZOLA = Operator("zola", "Zola", Role.SUPERVISOR)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[OpenShop]:
    opened_shop = opened(make_shop(tmp_path))
    yield opened_shop
    opened_shop.close()
    assert verify_shop(opened_shop.folder, training_passphrase()).fault is None


def test_somebody_new_signs_in_and_somebody_retired_does_not(shop: OpenShop) -> None:
    shop.desk.staff.add(ZOLA, "5927", "grace")
    assert shop.desk.sign_in("zola", "5927") == ZOLA
    shop.desk.staff.retire("joseph", "zola")
    with pytest.raises(OperatorUnknown):
        shop.desk.sign_in("joseph", "4444")
    *_, entry = shop.ledger.entries()
    assert (entry.kind, entry.reading()["by"]) == ("operator_retired", "zola")
    assert "5927" not in "".join(each.body for each in shop.ledger.entries())


def test_a_new_pin_replaces_the_old_one(shop: OpenShop) -> None:
    shop.desk.staff.new_pin("ama", "8046", "grace")
    with pytest.raises(PinWrong):
        shop.desk.sign_in("ama", "1111")
    assert shop.desk.sign_in("ama", "8046").id == "ama"


def test_a_name_of_somebody_gone_is_not_given_again(shop: OpenShop) -> None:
    shop.desk.staff.retire("tendai", "grace")
    with pytest.raises(OperatorExists):
        shop.desk.staff.add(Operator("tendai", "Another", Role.CASHIER), "5927", "grace")


def test_two_supervisors_stay(shop: OpenShop) -> None:
    head = shop.ledger.head()
    with pytest.raises(SupervisorsTooFew):
        shop.desk.staff.retire("joseph", "grace")
    assert shop.ledger.head() == head


def test_a_cashier_changes_nobody(shop: OpenShop) -> None:
    staff = shop.desk.staff
    with pytest.raises(RoleNeeded):
        staff.add(ZOLA, "5927", "ama")
    with pytest.raises(RoleNeeded):
        staff.retire("tendai", "ama")
    with pytest.raises(RoleNeeded):
        staff.new_pin("ama", "5927", "ama")


@pytest.mark.parametrize("pin", ["", "123", "1234", "4321", "7777", "12a4", "1" * 13, "٤٥٩٢"])
def test_a_pin_anybody_would_try_is_refused(shop: OpenShop, pin: str) -> None:
    with pytest.raises(PinWeak):
        shop.desk.staff.new_pin("ama", pin, "grace")


@pytest.mark.parametrize(
    ("short", "name"), [("", "A"), ("Ama", "A"), ("a b", "A"), ("b", ""), ("b", " x"), ("b", "\n")]
)
def test_names_that_no_slip_could_carry_are_refused(shop: OpenShop, short: str, name: str) -> None:
    with pytest.raises(OperatorInvalid):
        shop.desk.staff.add(Operator(short, name, Role.CASHIER), "5927", "grace")
