"""Slips of fault reports: on paper by the queue of all slips, tried again, or marked as copies."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app.adapters.ledger.twin import twin_fault
from pos_app.application.fault_reports import FaultReport, FaultReportUnknown
from pos_app.application.printing import PrintOutcome, PrintState
from pos_app.application.slip.layout import Banner, Pair, Slip, Text
from pos_app.application.slips import Slips
from pos_app.application.words import load_words
from pos_app.bootstrap.shop import OpenShop
from pos_app.domain.meter_life import FaultCode
from tests.key_meters import CASHIER, SUPERVISOR
from tests.shops import HIGHVELD, LAGOON, make_shop, opened


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[OpenShop]:
    shop = opened(make_shop(tmp_path))
    yield shop
    assert twin_fault(shop.ledger.db, shop.ledger.head()) is None
    shop.close()


def reported(shop: OpenShop) -> FaultReport:
    return shop.desk.meter_records.report_fault(HIGHVELD, "Display", "dark since rain", CASHIER)


def written(shop: OpenShop, seq: int, copy: int, language: str = "en") -> Slip:
    words = load_words(language, "slip", "zslip", "faultslip")
    return Slips(shop.ledger, shop.desk.identity, shop.store.signer, words).of_seq(seq, copy)


def printed(shop: OpenShop, state: PrintState, problem: str = "") -> tuple[int, int]:
    task = shop.ledger.next_print_task()
    assert task is not None
    shop.ledger.note_print(task, PrintOutcome(state, problem))
    return task.sale_seq, task.copy


@pytest.mark.parametrize("language", ["en", "ja", "ar", "hi"])
def test_a_fault_has_a_number_a_code_and_a_slip_in_the_queue(shop: OpenShop, language: str) -> None:
    report = reported(shop)
    assert report.code is FaultCode.DISPLAY
    assert report.number == f"TRAIN1-F{shop.ledger.head().seq}"
    assert shop.desk.meter_records.find_fault(report.number.lower()) == report
    assert printed(shop, PrintState.PRINTED) == (report.seq, 0)
    slip = written(shop, report.seq, 0, language)
    said = [block.text for block in slip.blocks if isinstance(block, Text)]
    values = [block.value for block in slip.blocks if isinstance(block, Pair)]
    assert {report.number, "dark since rain"} <= set(said)
    assert {"1412 3456 783", "Ama", "2026-11-21 12:32"} <= set(values)
    assert load_words(language)("faultslip.fault.display") in values


def test_a_slip_that_did_not_come_out_is_tried_again_and_only_then_copied(shop: OpenShop) -> None:
    records, report = shop.desk.meter_records, reported(shop)
    printed(shop, PrintState.FAILED, "paper-out")
    assert records.acts(HIGHVELD)[0].slip is PrintState.FAILED
    assert records.fault_slip_again(report.number, CASHIER) == (report, 0)
    assert records.acts(HIGHVELD)[0].slip is PrintState.QUEUED
    assert printed(shop, PrintState.PRINTED) == (report.seq, 0)
    assert records.fault_slip_again(report.number, CASHIER) == (report, 1)
    assert printed(shop, PrintState.PRINTED) == (report.seq, 1)
    original, copy = (
        [each.text for each in written(shop, report.seq, at).blocks if isinstance(each, Banner)]
        for at in (0, 1)
    )
    assert len(copy) == len(original) + 1
    assert any("COPY" in text for text in copy)
    assert not any("COPY" in text for text in original)
    assert records.acts(HIGHVELD)[0].slip is PrintState.PRINTED


@pytest.mark.parametrize("number", ["", "TRAIN1-F1", "TRAIN1-F999999", "F3", "TRAIN1-Fx"])
def test_a_number_of_no_fault_prints_nothing(shop: OpenShop, number: str) -> None:
    before = shop.ledger.head()
    with pytest.raises(FaultReportUnknown):
        shop.desk.meter_records.fault_slip_again(number, CASHIER)
    assert shop.ledger.head() == before


def test_other_acts_of_a_meter_have_no_slip(shop: OpenShop) -> None:
    shop.desk.meter_records.block(LAGOON, "unpaid", "pay", SUPERVISOR)
    assert shop.ledger.next_print_task() is None
    assert shop.desk.meter_records.acts(LAGOON)[0].slip is None
