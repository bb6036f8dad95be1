"""Working the desk's acts out again: what was given follows from what it was given for."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from pos_app.application.approval_records import Approval
from pos_app.application.bulk_ports import BulkRun
from pos_app.application.engineering_records import ActOrder, DeskRecord
from pos_app.application.recompute import Difference, Recomputed
from pos_app.application.recompute_acts import ActRecomputing
from pos_app.application.sale import Sale
from pos_app.bootstrap.shop import OpenShop
from pos_app.bootstrap.training_file import training_pins
from pos_app.domain.engineering import DeskAct
from pos_app.exchange.canonical import canonical
from pos_app.exchange.chain import Entry
from tests.key_meters import SUPERVISOR
from tests.shops import HIGHVELD, HeldClock, make_shop, opened, order
from tests.unit.application.test_recompute import recomputed, rewritten

GRACE = Approval("grace", pin=training_pins()["grace"])
LIST = f"meter,amount\n{HIGHVELD},70.00\n{HIGHVELD},80.00\n".encode()
Change = Callable[[dict[str, Any]], None]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[OpenShop]:
    shop = opened(make_shop(tmp_path), HeldClock())
    yield shop
    shop.close()


def made(shop: OpenShop, act: DeskAct, **values: str) -> DeskRecord:
    drn = values.pop("drn", "")
    order = ActOrder(
        act=act,
        act_id=str(uuid.uuid4()),
        operator_id="kwame",
        drn=drn,
        work_order="C-1",
        reason="work at the meter",
        values={name.rstrip("_"): value for name, value in values.items()},
        approval=GRACE,
    )
    return shop.desk.engineering.make(order)


def spare_of(shop: OpenShop) -> str:
    home = shop.ledger.meter(HIGHVELD)
    assert home is not None
    for hit in shop.ledger.search("a", 60):
        other = shop.ledger.meter(hit.drn)
        if other and other.tariff == home.tariff and hit.drn != HIGHVELD and not other.blocked:
            return other.drn
    raise AssertionError


def listed(shop: OpenShop) -> BulkRun:
    """Sell a list of two rows."""
    desk = shop.desk.bulk
    plan = desk.look(LIST, "ama")
    run = desk.begin(plan, "ama")
    sold = sum(desk.step(run, row).sale is not None for row in plan.rows)
    return desk.end(run, sold, 0, "ama")


def worked(shop: OpenShop) -> dict[str, str]:
    """Do a bit of everything; return the number on the slip of each."""
    sale = shop.desk.sell(order(shop, HIGHVELD, 5000))
    shop.desk.reprint(sale.receipt, "lost", "ama")
    slips = {
        "limit": made(shop, DeskAct.POWER_LIMIT, drn=HIGHVELD, power="3x40A@220"),
        "test": made(shop, DeskAct.METER_TEST, tests="ask"),
        "clear": made(shop, DeskAct.CLEAR_CREDIT, drn=HIGHVELD, lost="12.5"),
        "extended": made(shop, DeskAct.EXTENDED_SET, drn=HIGHVELD, word="0x0407"),
        "free": made(shop, DeskAct.FREE_ISSUE, drn=HIGHVELD, units="50"),
        "replaced": made(shop, DeskAct.REPLACEMENT, receipt=sale.receipt, says="refused"),
    }
    listed(shop)
    spare = spare_of(shop)
    shop.desk.engineering.swap(HIGHVELD, spare, "73.5", "burned", SUPERVISOR)
    slips["carried"] = made(shop, DeskAct.EXCHANGE, drn=spare, from_=HIGHVELD)
    return {name: record.receipt for name, record in slips.items()}


def test_acts_follow_from_what_their_entries_say(shop: OpenShop) -> None:
    worked(shop)
    shop.close()
    assert recomputed(shop.folder) == (Recomputed(3, 0, acts=8), [])


def _set(name: str, value: Any) -> Change:
    def change(body: dict[str, Any]) -> None:
        body[name] = value

    return change


def _fact(name: str, value: Any) -> Change:
    def change(body: dict[str, Any]) -> None:
        body["facts"][name] = value

    return change


def _token(name: str, value: int) -> Change:
    def change(body: dict[str, Any]) -> None:
        body["tokens"][0][name] = value

    return change


def _both(tenths: int) -> Change:
    def change(body: dict[str, Any]) -> None:
        body["tenths"] = body["tokens"][0]["tenths"] = tenths

    return change


def _one_less(body: dict[str, Any]) -> None:
    body["tokens"] = body["tokens"][1:]


def _swap_of_less(body: dict[str, Any]) -> None:
    if body["act"] == "swap":
        body["lives"][1]["credit_tenths"] = 100


def _elsewhere(body: dict[str, Any]) -> None:
    if body["act"] == "swap":
        body["lives"][1]["replaces"] = "00000000000"


FORGED: list[tuple[str, Change, set[str]]] = [
    ("free", _token("tenths", 600), {"tokens"}),
    ("free", _set("tenths", 600), {"tokens"}),
    ("free", _set("fine", 100), {"tokens"}),
    ("free", _both(16_385), {"credit"}),
    ("free", _set("approver", "kwame"), {"second person"}),
    ("free", _set("month", "2026-10"), {"month"}),
    ("free", _token("tid", 1), {"TID"}),
    ("free", _set("act", "replacement"), {"kind", "sale", "tokens"}),
    ("replaced", _both(9_999), {"credit of the sale"}),
    ("replaced", _set("for_receipt", "TRAIN1-A000099"), {"sale"}),
    ("replaced", _set("sale_seq", 1), {"sale"}),
    ("carried", _both(800), {"noted credit"}),
    ("carried", _set("from_drn", "00000000000"), {"old meter"}),
    ("meter_act", _swap_of_less, {"noted credit"}),
    ("meter_act", _elsewhere, {"old meter"}),
    ("limit", _fact("watts", 99_000), {"watts"}),
    ("limit", _token("tenths", 500), {"units on tokens"}),
    ("extended", _fact("index", 9), {"index"}),
    ("test", _one_less, {"tokens"}),
    ("clear", _set("number", 40), {"number"}),
    ("clear", _set("tokens", "none"), {"entry"}),
    ("bulk_ended", _set("sold", 3), {"rows sold"}),
]


@dataclass(frozen=True)
class Written:
    """A journal of everything, read once; slips by the name of their act."""

    entries: tuple[Entry, ...]
    slips: dict[str, str]

    def found(self, change: Change, wanted: str) -> Iterator[Difference]:
        """Yield what does not follow once some entries say something else."""
        entries = {}
        for entry in self.entries:
            body = entry.reading()
            if wanted in {entry.kind, body.get("receipt")}:
                change(body)
            entries[entry.seq] = replace(entry, body=canonical(body).decode())

        def sale_of(seq: int) -> Sale | None:
            entry = entries.get(seq)
            if entry is None or entry.kind != "sale":
                return None
            return Sale.from_body(entry.reading())

        acts = ActRecomputing(sale_of)
        for entry in entries.values():
            if entry.kind == "sale":
                acts.sold(Sale.from_body(entry.reading()))
            yield from acts.differences(entry) or ()


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    shop = opened(make_shop(tmp_path_factory.mktemp("acts")), HeldClock())
    slips = worked(shop)
    entries = tuple(shop.ledger.entries())
    shop.close()
    return Written(entries, slips)


@pytest.mark.parametrize(("slip", "change", "fields"), FORGED)
def test_an_act_that_does_not_follow_is_found_by_its_entry(
    written: Written, slip: str, change: Change, fields: set[str]
) -> None:
    wanted = written.slips.get(slip, slip)
    hurt = written.slips["carried"] if slip == "meter_act" else wanted
    seqs = [
        entry.seq
        for entry in written.entries
        if hurt in {entry.kind, entry.reading().get("receipt")}
    ]
    found = list(written.found(change, wanted))
    assert {each.field for each in found if each.seq in seqs} == fields
    assert {each.field for each in found if each.seq not in seqs} <= {"number"}


def test_what_was_signed_anew_is_told_all_the_same(shop: OpenShop) -> None:
    slips = worked(shop)
    (seq,) = [
        entry.seq
        for entry in shop.ledger.entries()
        if entry.reading().get("receipt") == slips["free"]
    ]
    done, found = recomputed(rewritten(shop, _token("tenths", 9_000), slips["free"]))
    assert (done.wrong, done.acts, done.acts_wrong) == (0, 8, 1)
    assert [(each.seq, each.receipt, each.field) for each in found] == [
        (seq, slips["free"], "tokens")
    ]


def test_a_row_of_a_list_that_nobody_began_is_no_sale_of_it(shop: OpenShop) -> None:
    listed(shop)

    def change(body: dict[str, Any]) -> None:
        body["run"] = 2

    done, found = recomputed(rewritten(shop, change, "bulk_started"))
    assert (done.wrong, done.acts_wrong) == (2, 1)
    assert [each.field for each in found] == ["bulk list", "bulk list", "entry"]
