"""Rules for money come from the journal; what somebody writes into the file has no effect."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pos_app.adapters.ledger.report_queries import SqliteReports
from pos_app.adapters.system.settings_file import load_settings, save_settings
from pos_app.application.errors import RoleNeeded
from pos_app.application.reports.catalogue import Reports
from pos_app.application.reports.period import Period
from pos_app.application.settings import Settings, TenderSettings
from pos_app.application.shift_settings import ShiftOpening, ShiftSettings
from pos_app.application.shop_time import day_of
from pos_app.application.tender_settings import standard_kinds
from pos_app.application.words import load_words
from pos_app.bootstrap.shop import OpenShop
from pos_app.domain.cash_rules import CashRules
from tests.shops import HIGHVELD, START_MS, HeldClock, make_shop, opened, order

LIMITED = ShiftSettings(
    ShiftOpening.REQUIRED,
    CashRules(operator_limit={"ZAR": Decimal(500)}, commission={"highveld": Decimal("2.5")}),
)


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock()


@pytest.fixture
def shop(tmp_path: Path, clock: HeldClock) -> Iterator[OpenShop]:
    shop = opened(make_shop(tmp_path), clock)
    yield shop
    shop.close()


def set_rules(shop: OpenShop, rules: ShiftSettings = LIMITED) -> None:
    kept = Settings(shifts=rules, tenders=shop.settings().tenders)
    shop.desk.rules.set("grace", rules, lambda: save_settings(shop.folder, kept))


def edit(folder: Path, **changes: Any) -> None:
    """Write into the file as an editor does; a dictionary is merged into what is there."""
    path = folder / "settings.json"
    values = json.loads(path.read_text()) if path.exists() else {}
    for name, value in changes.items():
        held = values.get(name)
        values[name] = {**held, **value} if isinstance(held, dict) else value
    path.write_text(json.dumps(values, indent=1))


def outside(shop: OpenShop) -> list[dict[str, Any]]:
    rows = shop.ledger.db.execute(
        "select body from journal where kind = 'rules_outside' order by seq"
    )
    return [json.loads(body) for (body,) in rows]


def again(shop: OpenShop, clock: HeldClock) -> OpenShop:
    shop.close()
    return opened(shop.folder, clock)


def test_rules_that_a_supervisor_set_are_in_force_and_in_the_file(shop: OpenShop) -> None:
    set_rules(shop)
    assert shop.settings().shifts == load_settings(shop.folder).shifts == LIMITED
    assert not shop.desk.status().rules_outside


def test_rules_count_from_the_next_act_on_without_the_file_and_between_sales(
    shop: OpenShop, clock: HeldClock
) -> None:
    for rules in (LIMITED, ShiftSettings(), LIMITED):
        for _ in range(2):
            clock.now += 60_000
            shop.desk.sell(order(shop, HIGHVELD, 5000, repeat_allowed=True))
        shop.desk.rules.set("grace", rules, lambda: None)
        assert shop.settings().shifts == rules
    shop.desk.sell(order(shop, HIGHVELD, 5000, repeat_allowed=True))
    assert shop.settings().shifts == LIMITED


def test_rules_written_into_the_file_have_no_effect_at_once_or_after_opening(
    shop: OpenShop, clock: HeldClock
) -> None:
    set_rules(shop)
    edit(shop.folder, shifts={"operator_limit": {}, "commission": {"highveld": "90"}})
    assert shop.settings().shifts == LIMITED
    assert shop.desk.status().rules_outside
    reopened = again(shop, clock)
    try:
        assert reopened.settings().shifts == LIMITED
        (found,) = outside(reopened)
        assert found["found"]["shifts"]["commission"] == {"highveld": "90"}
    finally:
        reopened.close()


def test_rules_that_nobody_ever_set_are_not_in_force(shop: OpenShop, clock: HeldClock) -> None:
    edit(shop.folder, shifts={"commission": {"highveld": "10"}}, wallet={"ZAR": "5000"})
    reopened = again(shop, clock)
    try:
        assert reopened.settings().shifts == ShiftSettings()
        assert reopened.settings().tenders == TenderSettings()
        assert len(outside(reopened)) == 1
    finally:
        reopened.close()


def test_the_same_change_is_journalled_once_and_another_one_again(
    shop: OpenShop, clock: HeldClock
) -> None:
    set_rules(shop)
    for number, limit in enumerate(("900", "900", "901", "900"), 1):
        edit(shop.folder, shifts={"operator_limit": {"ZAR": limit}})
        shop = again(shop, clock)
        assert len(outside(shop)) == (1, 1, 2, 3)[number - 1]
    set_rules(shop)
    edit(shop.folder, shifts={"operator_limit": {"ZAR": "900"}})
    shop = again(shop, clock)
    assert len(outside(shop)) == 4
    shop.close()


def test_ways_of_paying_and_wallets_follow_the_journal_too(
    shop: OpenShop, clock: HeldClock
) -> None:
    kinds = standard_kinds()[:1]
    shop.desk.set_tenders("grace", kinds, lambda: None)
    shop.desk.wallets.set_caps("grace", {"ZAR": Decimal(20)}, lambda: None)
    held = shop.settings().tenders
    assert (held.kinds, dict(held.wallet)) == (kinds, {"ZAR": Decimal(20)})
    save_settings(shop.folder, shop.settings())
    assert not shop.desk.status().rules_outside
    edit(shop.folder, tenders=[], wallet={"ZAR": "9000"})
    reopened = again(shop, clock)
    try:
        assert reopened.settings().tenders == held
        assert outside(reopened)[0]["found"]["wallet"] == {"ZAR": "9000"}
    finally:
        reopened.close()


@pytest.mark.parametrize("content", [None, "{", '{"shifts": 5}'], ids=["gone", "torn", "wrong"])
def test_a_file_that_is_gone_or_broken_takes_no_rule_away(
    shop: OpenShop, clock: HeldClock, content: str | None
) -> None:
    set_rules(shop)
    path = shop.folder / "settings.json"
    path.unlink() if content is None else path.write_text(content)
    assert shop.settings().shifts == LIMITED
    reopened = again(shop, clock)
    try:
        assert reopened.settings().shifts == LIMITED
        assert len(outside(reopened)) == (content is None)
    finally:
        reopened.close()


def test_language_and_printer_may_be_changed_in_the_file_at_will(
    shop: OpenShop, clock: HeldClock
) -> None:
    set_rules(shop)
    edit(shop.folder, language="ja", printer={"paper_mm": 58})
    reopened = again(shop, clock)
    try:
        assert reopened.settings().language == "ja"
        assert not reopened.desk.status().rules_outside
        assert not outside(reopened)
    finally:
        reopened.close()


def test_only_a_supervisor_settles_it_and_a_change_starts_from_what_is_in_force(
    shop: OpenShop,
) -> None:
    set_rules(shop)
    edit(shop.folder, shifts={"operator_limit": {}})
    assert shop.settings.to_change().shifts == LIMITED
    with pytest.raises(RoleNeeded):
        shop.desk.rules.set("ama", LIMITED, lambda: None)
    set_rules(shop)
    assert load_settings(shop.folder).shifts == LIMITED
    assert not shop.desk.status().rules_outside


def test_the_exceptions_report_says_it(shop: OpenShop, clock: HeldClock) -> None:
    edit(shop.folder, shifts={"commission": {"highveld": "90"}})
    reopened = again(shop, clock)
    try:
        offset = clock.offset_minutes(START_MS)
        source = SqliteReports(reopened.ledger, lambda at_ms: day_of(at_ms, offset))
        door = Reports(source, reopened.ledger, clock, reopened.desk.identity)
        day = date.fromisoformat(day_of(clock.now_ms(), offset))
        made = door.make("exceptions", Period(day, day), load_words("en"), reader=door.holder)
        assert [row[1:3] for row in made.rows] == [("Rules changed outside", "settings.json")]
        assert any("They had no effect" in note for note in made.notes)
    finally:
        reopened.close()
