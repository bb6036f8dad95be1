"""The engineering desk: every token is what the meter reads, journalled, and nobody acts alone."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app.application.act_plans import ASK, MeterTestUnknown, RegisterUnknown
from pos_app.application.approval_records import (
    Approval,
    ApprovalMissing,
    SecondPersonNeeded,
)
from pos_app.application.engineering_records import (
    ActOrder,
    DeskActUnknown,
    DeskRecord,
    EngineerNeeded,
    WorkOrderMissing,
)
from pos_app.application.errors import MeterUnknown, PinWrong, RoleNeeded, SaleIdReused
from pos_app.application.shift_errors import ReasonMissing
from pos_app.bootstrap.inspection import verify_shop
from pos_app.bootstrap.shop import OpenShop
from pos_app.bootstrap.training_file import training_passphrase, training_pins
from pos_app.domain.engineering import (
    DeskAct,
    PowerUnlikely,
    PowerUnreadable,
    ServiceUnfit,
    WordUnreadable,
)
from pos_app.domain.errors import PosError
from pos_app.domain.tariff.refusals import UnitsInvalid
from pos_app.sts.tokens import (
    ClearCredit,
    ClearTamper,
    ExtendedRead,
    ExtendedSet,
    MaxPowerLimit,
    MeterTestToken,
    PhaseUnbalance,
    TariffRate,
    Token,
    WaterMeterFactor,
    decode,
)
from tests.shops import HIGHVELD, LAKESIDE, HeldClock, make_shop, opened, order

GRACE = Approval("grace", pin=training_pins()["grace"])


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[OpenShop]:
    shop = opened(make_shop(tmp_path), HeldClock())
    yield shop
    shop.close()


def wish(act: DeskAct, **changes: object) -> ActOrder:
    values: dict[str, object] = {
        "act": act,
        "act_id": str(uuid.uuid4()),
        "operator_id": "kwame",
        "drn": HIGHVELD,
        "work_order": "WO-4711",
        "reason": "the breaker was changed",
    }
    return ActOrder(**(values | changes))  # type: ignore[arg-type]


def read(shop: OpenShop, made: DeskRecord, at: int = 0) -> Token:
    meter = shop.ledger.meter(made.drn)
    if meter is None:
        return decode(made.tokens[at].digits)
    return shop.desk.engine.read(made.tokens[at].digits, meter)


def verified(shop: OpenShop) -> bool:
    folder = shop.folder
    shop.close()
    return verify_shop(folder, training_passphrase()).fault is None


ACTS = [
    (DeskAct.POWER_LIMIT, {"power": "20A"}, MaxPowerLimit, {"watts": 4600}),
    (DeskAct.POWER_LIMIT, {"power": "3x40A"}, MaxPowerLimit, {"watts": 27_604}),
    (DeskAct.PHASE_UNBALANCE, {"power": "2.3 kW"}, PhaseUnbalance, {"watts": 2300}),
    (DeskAct.CLEAR_TAMPER, {}, ClearTamper, {}),
    (DeskAct.CLEAR_CREDIT, {"lost": "12.3"}, ClearCredit, {"register": 0}),
    (DeskAct.CLEAR_CREDIT, {"register": "all", "lost": "0"}, ClearCredit, {"register": 0xFFFF}),
    (DeskAct.TARIFF_RATE, {"word": "0x0102"}, TariffRate, {"rate": 258}),
    (DeskAct.EXTENDED_SET, {"word": "64513"}, ExtendedSet, {"value": 0xFC01, "index": 63}),
]


@pytest.mark.parametrize(("act", "values", "kind", "facts"), ACTS)
def test_a_token_says_to_the_meter_what_was_asked_for(
    shop: OpenShop, act: DeskAct, values: dict[str, str], kind: type, facts: dict[str, int]
) -> None:
    made = shop.desk.engineering.make(wish(act, values=values, approval=GRACE))
    token = read(shop, made)
    assert isinstance(token, kind)
    for name, value in facts.items():
        assert getattr(token, name) == value
    assert (made.receipt, made.work_order, made.operator) == (
        "E-TRAIN1-A000001",
        "WO-4711",
        "kwame",
    )
    assert shop.desk.engineering.find(made.receipt) == made
    assert shop.desk.engineering.listed(HIGHVELD) == (made,)
    assert verified(shop)


def test_a_water_meter_gets_its_factor_and_no_power_limit(shop: OpenShop) -> None:
    desk = shop.desk.engineering
    made = desk.make(wish(DeskAct.WATER_FACTOR, drn=LAKESIDE, values={"word": "7"}))
    assert read(shop, made) == WaterMeterFactor(7, made.tokens[0].tid, _rnd(read(shop, made)))
    with pytest.raises(ServiceUnfit):
        desk.make(wish(DeskAct.POWER_LIMIT, drn=LAKESIDE, values={"power": "20A"}))


def _rnd(token: Token) -> int:
    assert isinstance(token, WaterMeterFactor)
    return token.rnd


def test_ask_your_meter_asks_all_that_settles_a_complaint_and_needs_no_key(shop: OpenShop) -> None:
    made = shop.desk.engineering.make(
        wish(DeskAct.METER_TEST, operator_id="ama", drn="", work_order="", reason="",
             values={"tests": "ask"})
    )  # fmt: skip
    tokens = [decode(token.digits) for token in made.tokens]
    assert len(tokens) == len(ASK)
    assert tokens[0] == MeterTestToken(0, 1 << 15, 0)  # test 16, the supply group
    assert made.meter is None
    assert shop.ledger.desk_acts.by_number(1) == made


@pytest.mark.parametrize(
    ("name", "digits"),
    [("all", "56493153725450313471"), ("key-revision", "18446744073843772416")],
)
def test_well_known_test_tokens_come_out(shop: OpenShop, name: str, digits: str) -> None:
    """Printed in the manuals of many makers' meters."""
    made = shop.desk.engineering.make(
        wish(DeskAct.METER_TEST, operator_id="ama", drn="", values={"tests": name})
    )
    assert [token.digits for token in made.tokens] == [digits]


def test_an_extended_reading_names_its_index(shop: OpenShop) -> None:
    made = shop.desk.engineering.make(
        wish(DeskAct.EXTENDED_READ, operator_id="ama", drn="", values={"word": "63"})
    )
    assert read(shop, made) == ExtendedRead(63 << 30)


REFUSED: list[tuple[dict[str, object], type[PosError]]] = [
    ({"operator_id": "ama"}, EngineerNeeded),
    ({"drn": "99999999999"}, MeterUnknown),
    ({"work_order": "  "}, WorkOrderMissing),
    ({"work_order": "x" * 41}, WorkOrderMissing),
    ({"reason": "..."}, ReasonMissing),
    ({"values": {"power": "lots"}}, PowerUnreadable),
    ({"values": {"power": "20A@"}}, PowerUnreadable),
    ({"values": {"power": "3x4600W"}}, PowerUnreadable),
    ({"values": {"power": "1W"}}, PowerUnlikely),
    ({"values": {"power": "9999kW"}}, PowerUnlikely),
    ({"act": DeskAct.TARIFF_RATE, "values": {"word": "65536"}}, WordUnreadable),
    ({"act": DeskAct.TARIFF_RATE, "values": {"word": "-1"}}, WordUnreadable),
    ({"act": DeskAct.TARIFF_RATE, "values": {"word": "\u0661"}}, WordUnreadable),
    ({"act": DeskAct.METER_TEST, "values": {"tests": "smoke"}}, MeterTestUnknown),
    ({"act": DeskAct.CLEAR_CREDIT, "values": {"lost": ""}}, UnitsInvalid),
    ({"act": DeskAct.CLEAR_CREDIT, "values": {"register": "x", "lost": "0"}}, RegisterUnknown),
    ({"act": DeskAct.CLEAR_CREDIT, "values": {"lost": "1"}, "approval": None}, ApprovalMissing),
    (
        {"act": DeskAct.CLEAR_CREDIT, "values": {"lost": "1"},
         "approval": Approval("kwame", training_pins()["kwame"])},
        SecondPersonNeeded,
    ),
    (
        {"act": DeskAct.CLEAR_CREDIT, "values": {"lost": "1"},
         "approval": Approval("ama", training_pins()["ama"])},
        RoleNeeded,
    ),
    (
        {"act": DeskAct.CLEAR_CREDIT, "values": {"lost": "1"}, "approval": Approval("grace", "9")},
        PinWrong,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "problem"), REFUSED)
def test_nothing_happens_where_something_stands_against_it(
    shop: OpenShop, changes: dict[str, object], problem: type[PosError]
) -> None:
    base: dict[str, object] = {"values": {"power": "20A"}, "approval": GRACE}
    asked = wish(**{"act": DeskAct.POWER_LIMIT} | base | changes)  # type: ignore[arg-type]
    with pytest.raises(problem):
        shop.desk.engineering.make(asked)
    assert shop.desk.engineering.listed() == ()


def test_the_same_id_acts_once_and_never_for_something_else(shop: OpenShop) -> None:
    desk, asked = shop.desk.engineering, wish(DeskAct.CLEAR_TAMPER)
    first = desk.make(asked)
    assert desk.make(asked) == first
    with pytest.raises(SaleIdReused):
        desk.make(wish(DeskAct.POWER_LIMIT, act_id=asked.act_id, values={"power": "20A"}))
    assert len(desk.listed()) == 1


def test_sales_and_acts_of_one_minute_share_the_identifiers_of_a_meter(shop: OpenShop) -> None:
    sale = shop.desk.sell(order(shop, HIGHVELD, 5000))
    before = shop.ledger.month_tenths(HIGHVELD, sale.month)
    made = [shop.desk.engineering.make(wish(DeskAct.CLEAR_TAMPER)) for _ in range(8)]
    again = shop.desk.sell(order(shop, HIGHVELD, 7000))
    tids = [sale.tokens[0].tid, *(act.tokens[0].tid for act in made), again.tokens[0].tid]
    assert tids == list(range(tids[0], tids[0] + 10))
    assert again.bought_before == before == sale.tenths
    assert [past.receipt for past in shop.ledger.purchases(HIGHVELD, 2)] == [
        again.receipt, sale.receipt,
    ]  # fmt: skip
    assert verified(shop)


def test_a_copy_has_the_same_digits_and_is_counted(shop: OpenShop) -> None:
    desk = shop.desk.engineering
    made = desk.make(wish(DeskAct.CLEAR_TAMPER))
    assert [desk.reprint(made.receipt, "ama")[1] for _ in range(2)] == [1, 2]
    with pytest.raises(DeskActUnknown):
        desk.find("E-TRAIN1-A000002")
    assert verified(shop)


def test_no_digits_stand_in_a_repr(shop: OpenShop) -> None:
    made = shop.desk.engineering.make(wish(DeskAct.CLEAR_TAMPER))
    assert made.tokens[0].digits not in repr(made)
