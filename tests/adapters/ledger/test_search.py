"""Every fragment of what a customer can name finds the meter; no statement of a sale scans."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_app.adapters.ledger.book import SqliteLedger
from pos_app.application.records import MeterRecord
from pos_app.bootstrap.training import training_meters
from tests.ledger_makers import METER, START_MS, make_ledger, sell
from tests.shops import HIGHVELD, HeldClock, make_shop, opened, order

METERS = tuple(training_meters(150))
ALL = 200  # as many as are looked at; fewer meters than that live here
TABLES = ("meter", "sale", "journal", "token", "tally", "hour_sum", "print_job")
SCANS = tuple(f"SCAN {table}" for table in TABLES)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteLedger]:
    made = make_ledger(tmp_path_factory.mktemp("search") / "shop")
    with made.writing() as transaction:
        transaction.import_meters(METERS)
    yield made
    made.close()


def finds(ledger: SqliteLedger, text: str, meter: MeterRecord) -> bool:
    return meter.drn in {hit.drn for hit in ledger.search(text, ALL)}


def named(meter: MeterRecord, field: str) -> str:
    return str(getattr(meter, field))


@settings(max_examples=200)
@given(
    meter=st.sampled_from(METERS),
    field=st.sampled_from(["drn", "name", "phone", "address", "account"]),
    span=st.tuples(st.integers(0, 40), st.integers(3, 40)),
)
def test_any_fragment_of_three_signs_finds_the_meter(
    ledger: SqliteLedger, meter: MeterRecord, field: str, span: tuple[int, int]
) -> None:
    whole = named(meter, field)
    start = min(span[0], max(len(whole) - 3, 0))
    fragment = whole[start : start + span[1]].strip()
    # A sign between blanks is a word of its own; words count from three signs on, or as names.
    if all(len(word) >= 3 for word in fragment.split()):
        assert finds(ledger, fragment, meter), fragment


@settings(max_examples=60)
@given(meter=st.sampled_from(METERS), field=st.sampled_from(["drn", "phone"]))
def test_two_first_digits_and_two_last_digits_of_a_number_find_the_meter(
    ledger: SqliteLedger, meter: MeterRecord, field: str
) -> None:
    number = named(meter, field)
    assert finds(ledger, number[:2], meter)
    if field == "drn":
        assert finds(ledger, number[-2:], meter)


@settings(max_examples=60)
@given(meter=st.sampled_from(METERS))
def test_words_of_a_customer_find_in_any_order_and_case(
    ledger: SqliteLedger, meter: MeterRecord
) -> None:
    last, first = meter.name.split()[:2]
    street = meter.address.split()[1]
    assert finds(ledger, f"{first.lower()} {street.upper()} {last.lower()}", meter)


def test_accents_do_not_matter(ledger: SqliteLedger) -> None:
    meter = replace(METER, drn="99000000001", name="Zoë Ñandú-Brûlé", account="ACC1")
    with ledger.writing() as transaction:
        transaction.import_meters([meter])
    for text in ("zoe nandu", "ÑANDÚ", "brule"):
        assert finds(ledger, text, meter)


def test_a_meter_imported_again_is_found_by_its_new_name_only(ledger: SqliteLedger) -> None:
    meter = replace(METER, drn="99000000002", name="BEFORE Quentin", account="ACC2")
    for name in ("BEFORE Quentin", "AFTERWARDS Xavier"):
        with ledger.writing() as transaction:
            transaction.import_meters([replace(meter, name=name)])
    assert finds(ledger, "afterwards", meter)
    assert finds(ledger, "000000002", meter)
    assert not finds(ledger, "before quentin", meter)
    assert [hit.drn for hit in ledger.search("99000000002", ALL)] == ["99000000002"]


@pytest.mark.parametrize(
    "text",
    ['"', '""', "a AND b", "NEAR(", "*", "name:x", "'; drop table", "%", "_", "\\", "\x00ab"],
)
def test_signs_of_the_search_language_are_just_signs(ledger: SqliteLedger, text: str) -> None:
    ledger.search(text, ALL)
    assert finds(ledger, METERS[0].drn, METERS[0])


def test_of_two_records_in_one_import_the_later_stands(ledger: SqliteLedger) -> None:
    meter = replace(METER, drn="99000000003", account="ACC3")
    both = [replace(meter, name="FIRST Fanny"), replace(meter, name="SECOND Sam")]
    with ledger.writing() as transaction:
        assert transaction.import_meters(both) == 1
    assert [hit.name for hit in ledger.search("99000000003", ALL)] == ["SECOND Sam"]


def test_a_fragment_nobody_has_finds_nothing(ledger: SqliteLedger) -> None:
    assert ledger.search("qqqqzzzz", ALL) == ()
    assert ledger.search("", ALL) == ()
    assert ledger.search("   ", ALL) == ()


def test_no_statement_of_a_sale_scans_a_table_that_grows(tmp_path: Path) -> None:
    shop = opened(make_shop(tmp_path), HeldClock(START_MS))
    asked: set[str] = set()
    connection = shop.ledger.db.conn
    connection.set_trace_callback(asked.add)
    try:
        desk = shop.desk
        desk.sign_in("ama", "1111")
        for text in ("14", HIGHVELD, "1234", "mo", "moyo", "3 street", "077"):
            desk.find(text)
        card = desk.card(HIGHVELD)
        desk.quote(card.meter.drn, None, 500)
        sale = desk.sell(order(shop, HIGHVELD, 5000))
        desk.sell(order(shop, HIGHVELD, 6000))
        desk.sale(sale.receipt)
        desk.reprint(sale.receipt, "lost", "ama")
        task = shop.ledger.next_print_task()
        assert task is not None
        desk.sales_today()
        desk.status()
        connection.set_trace_callback(None)
        questions = {text for text in asked if text.split()[0].lower() in QUESTIONS}
        assert len(questions) > 25
        plans = {
            text: [row[3] for row in connection.execute("explain query plan " + text)]
            for text in questions
        }
    finally:
        shop.close()
    scanning = {
        text: plan
        for text, plan in plans.items()
        if any(step.startswith(scan) and not _ordered(step) for scan in SCANS for step in plan)
    }
    assert scanning == {}


QUESTIONS = ("select", "insert", "update", "delete")


def _ordered(step: str) -> bool:
    """Tell whether a step reads an index that holds only its answers, whatever SQLite calls it."""
    return "print_job_open" in step or "VIRTUAL TABLE INDEX" in step


def test_a_sale_writes_the_same_few_rows_however_many_went_before(tmp_path: Path) -> None:
    ledger = make_ledger(tmp_path / "shop")
    changes = []
    for _ in range(3):
        before = ledger.db.conn.total_changes
        sell(ledger)
        changes.append(ledger.db.conn.total_changes - before)
    ledger.close()
    assert len(set(changes)) == 1
