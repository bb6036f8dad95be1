"""Money nobody pays for, on meters that count money: exact, bounded, never mixed with units."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from pos_app.adapters.ledger.twin import twin_fault
from pos_app.application.approval_records import Approval, ApprovalMissing
from pos_app.application.engineering_records import ActOrder, DeskRecord, WorkOrderMissing
from pos_app.application.given_credit import CreditKindsDiffer, ReplacementKindDiffers
from pos_app.application.meter_lines import credit_text
from pos_app.application.reports.period import Period
from pos_app.application.slip.layout import Pair, TokenBlock
from pos_app.application.slips import Slips
from pos_app.application.words import load_words
from pos_app.bootstrap.reports import reports_of
from pos_app.bootstrap.shop import OpenShop
from pos_app.bootstrap.training_file import training_pins
from pos_app.domain.engineering import DeskAct, GrantTooLarge
from pos_app.domain.errors import PosError
from pos_app.domain.meter_life import SwapInvalid
from pos_app.domain.money import AmountInvalid, Money
from pos_app.domain.replacement import Complaint, CreditCarried
from pos_app.exchange.digest import sha256_hex
from pos_app.meter.device import Enter, step
from pos_app.meter.prices import GRAINS_PER_UNIT, MICROS
from pos_app.meter.results import Result
from pos_app.sts.tokens import CurrencyCreditToken
from tests.key_meters import FIRST_KEY, SUPERVISOR, TARIFF, KeyShop, moment
from tests.shops import order
from tests.unit.application.meters_in_house import in_house
from tests.unit.meter.meters import money_meter

GRACE = Approval("grace", pin=training_pins()["grace"])
BURNED, SPARE, UNITS_METER = "00000000000", "01000000008", "11111111115"
MONEY = (
    TARIFF.split("[[block]]")[0]
    .replace('"plain"', '"money"')
    .replace('unit = "kWh"', 'unit = "ZAR"\ntoken = "money"')
)
STEPS = [("0.01", 1000), ("0.16", 16_000), ("1.25", 125_004), ("50", 5_000_624)]
"""What is typed, and the next value a currency token can carry, in 0.00001.

By IEC 62055-41 (transfer amount) the steps are 0.00001 up to 0.16384, then 0.0001 up to 1.80224,
0.001 up to 18.18624, and 0.01 above: 1.25 is 0.16384 + 10862 * 0.0001, so 1.25004.
"""


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[OpenShop]:
    keys = KeyShop(tmp_path)
    held = keys.shop.ledger.tariff("plain")
    assert held is not None
    with keys.shop.ledger.writing() as act:
        digest = sha256_hex(MONEY.encode())
        record = replace(held, id="money", text=MONEY, sha256=digest)
        act.put_tariff(record)
        body = {"id": "money", "version": 1, "sha256": record.sha256}
        act.append("tariff_imported", body, keys.clock.now)
    for drn in (BURNED, SPARE, UNITS_METER):
        tariff = "plain" if drn == UNITS_METER else "money"
        keys.put(replace(keys.meter(drn, FIRST_KEY), tariff=tariff))
    yield keys.shop
    keys.close()


def ask(shop: OpenShop, act: DeskAct, values: dict[str, str], **changes: object) -> DeskRecord:
    held: dict[str, object] = {
        "act": act,
        "act_id": str(uuid.uuid4()),
        "operator_id": "kwame",
        "drn": BURNED,
        "work_order": "C-1",
        "reason": "the customer was without supply",
        "values": values,
        "approval": GRACE,
    }
    return shop.desk.engineering.make(ActOrder(**(held | changes)))  # type: ignore[arg-type]


def credit(shop: OpenShop, made: DeskRecord) -> CurrencyCreditToken:
    meter = shop.ledger.meter(made.drn)
    assert meter is not None
    token = shop.desk.engine.read(made.tokens[0].digits, meter)
    assert isinstance(token, CurrencyCreditToken)
    return token


def spent(shop: OpenShop) -> tuple[int, int]:
    ((_, _, used),) = [each for each in shop.ledger.allowances() if each[0] == "ZAR"]
    return used.money_minor, used.tenths


@pytest.mark.parametrize(("typed", "fine"), STEPS)
def test_money_is_raised_to_the_next_step_and_said_as_the_token_carries_it(
    shop: OpenShop, typed: str, fine: int
) -> None:
    before = spent(shop)
    made = ask(shop, DeskAct.FREE_ISSUE, {"units": typed})
    token = credit(shop, made)
    assert (token.sub, token.units, made.fine, made.tenths) == (4, fine, fine, 0)
    assert Decimal(typed) * 100_000 <= fine
    minor, tenths = spent(shop)
    assert (minor - before[0], tenths - before[1]) == (-(-fine // 1000), 0)
    slip = Slips(shop.ledger, shop.desk.identity, shop.store.signer, load_words("en")).of_seq(
        made.seq, 0
    )
    said = {block.label: block.value for block in slip.blocks if isinstance(block, Pair)}
    exact = f"{Decimal(fine).scaleb(-5)}"
    assert Decimal(said["Money on the token"].removesuffix(" ZAR")) == Decimal(exact)
    assert any(isinstance(block, TokenBlock) for block in slip.blocks)


def test_the_money_stands_on_the_display_of_a_meter_that_counts_it(shop: OpenShop) -> None:
    profile = money_meter()
    minute = (shop.clock.now_ms() - moment("2014-01-01 00:00")) // 60_000
    now = (shop.clock.now_ms(), minute - 1440)
    meter = in_house(BURNED, FIRST_KEY, *now, profile)
    words, given = load_words("en"), 0
    for typed, fine in STEPS:
        made = ask(shop, DeskAct.FREE_ISSUE, {"units": typed})
        meter, answer = step(meter, Enter(made.tokens[0].digits))
        assert answer.result is Result.ACCEPT
        given += fine
        assert Decimal(meter.state.credit) / GRAINS_PER_UNIT / MICROS == Decimal(given).scaleb(-5)
    assert credit_text(words, profile, meter.state.credit) == "ZAR 51.42"
    assert step(in_house(BURNED, FIRST_KEY, *now), Enter(made.tokens[0].digits))[1].result in {
        Result.CRC, Result.FUNCTION, Result.FORMAT,
    }  # fmt: skip


REFUSED: list[tuple[dict[str, str], dict[str, object], type[PosError]]] = [
    ({"units": "0"}, {}, AmountInvalid),
    ({"units": "-5"}, {}, AmountInvalid),
    ({"units": "5.000001"}, {}, AmountInvalid),
    ({"units": "5"}, {"approval": None}, ApprovalMissing),
    ({"units": "5"}, {"work_order": ""}, WorkOrderMissing),
    ({"units": "999999"}, {}, GrantTooLarge),
]


@pytest.mark.parametrize(("values", "changes", "problem"), REFUSED)
def test_money_that_cannot_be_given(
    shop: OpenShop, values: dict[str, str], changes: dict[str, object], problem: type[PosError]
) -> None:
    with pytest.raises(problem):
        ask(shop, DeskAct.FREE_ISSUE, values, **changes)
    assert shop.desk.engineering.listed() == ()


def test_a_sale_of_money_is_replaced_by_the_same_money(shop: OpenShop) -> None:
    sale = shop.desk.sell(order(shop, BURNED, 5000))
    shop.desk.reprint(sale.receipt, "lost", "ama")
    advice = shop.desk.engineering.advise(sale.receipt, Complaint.REFUSED)
    assert advice.credit.text("kWh") == "50.00624 ZAR"
    values = {"receipt": sale.receipt, "says": "refused"}
    made = ask(shop, DeskAct.REPLACEMENT, values, drn="")
    assert credit(shop, made).units == made.fine == sale.tokens[0].fine == 5_000_624
    assert credit(shop, made).tid > sale.tokens[0].tid


def test_a_sale_of_units_is_not_replaced_on_a_meter_that_counts_money_now(shop: OpenShop) -> None:
    sale = shop.desk.sell(order(shop, UNITS_METER, 5000))
    shop.desk.reprint(sale.receipt, "lost", "ama")
    meter = shop.ledger.meter(UNITS_METER)
    assert meter is not None
    with shop.ledger.writing() as act:
        act.import_meters([replace(meter, tariff="money")])
    with pytest.raises(ReplacementKindDiffers):
        ask(shop, DeskAct.REPLACEMENT, {"receipt": sale.receipt, "says": "refused"}, drn="")


def test_money_goes_from_meter_to_meter_and_never_to_one_of_units(shop: OpenShop) -> None:
    for old, new in ((BURNED, UNITS_METER), (UNITS_METER, SPARE)):
        with pytest.raises(CreditKindsDiffer) as refused:
            ask(shop, DeskAct.EXCHANGE, {"from": old, "units": "12.50"}, drn=new)
        assert {refused.value.facts["old_in"], refused.value.facts["new_in"]} == {"kWh", "ZAR"}
        with pytest.raises(CreditKindsDiffer):
            shop.desk.engineering.swap(old, new, "12.50", "burned", SUPERVISOR)
    made = ask(shop, DeskAct.EXCHANGE, {"from": BURNED, "units": "12.50"}, drn=SPARE)
    life = shop.ledger.meter_life(SPARE)
    assert life is not None
    assert (life.replaces, life.credit_tenths, life.credit_fine) == (BURNED, 0, made.fine)
    assert credit(shop, made).units == made.fine >= 1_250_000
    with pytest.raises(CreditCarried):
        ask(shop, DeskAct.EXCHANGE, {"from": BURNED, "units": "1"}, drn=SPARE)
    assert twin_fault(shop.ledger.db, shop.ledger.head()) is None


def test_credit_that_a_swap_noted_waits_and_is_given_without_typing_it_again(
    shop: OpenShop,
) -> None:
    shop.desk.engineering.swap(BURNED, SPARE, "12.50", "burned", SUPERVISOR)
    waiting = shop.desk.card(SPARE).carry
    assert waiting is not None
    assert (waiting.old, waiting.text) == (BURNED, f"{waiting.figure} ZAR")
    assert shop.desk.card(UNITS_METER).carry is None
    with pytest.raises(SwapInvalid):
        ask(shop, DeskAct.EXCHANGE, {"from": BURNED, "units": "13"}, drn=SPARE)
    given = {"from": BURNED, "units": waiting.figure}
    said = [
        shop.desk.engineering.look(ActOrder(DeskAct.EXCHANGE, "x", "kwame", SPARE, values=values))
        for values in (given, {"from": BURNED})
    ]
    assert said[0].fine == said[1].fine > 0
    made = ask(shop, DeskAct.EXCHANGE, given, drn=SPARE)
    assert f"{Decimal(made.fine).scaleb(-5):.5f}".startswith(waiting.figure)
    assert shop.desk.card(SPARE).carry is None
    assert twin_fault(shop.ledger.db, shop.ledger.head()) is None


def test_the_report_of_free_issues_shows_money_and_units_apart(shop: OpenShop) -> None:
    ask(shop, DeskAct.FREE_ISSUE, {"units": "50"})
    ask(shop, DeskAct.FREE_ISSUE, {"units": "20"}, drn=UNITS_METER)
    day = Period.of(date(2026, 11, 21), date(2026, 11, 21))
    made = reports_of(shop).make("free-issues", day, load_words("en"), reader=SUPERVISOR)
    codes = [column.code for column in made.columns]
    rows = [dict(zip(codes, row, strict=True)) for row in made.rows]
    shown = [(row["units"], row["unit"], row["money"]) for row in rows]
    (money,) = (row["money"] for row in rows if row["money"])
    assert isinstance(money, Money)
    assert shown == [(200, "kWh", None), (None, "ZAR", money)]
    assert money.amount() == Decimal("50.00624")
