"""Proposed corrections: they travel up, overwrite nothing, and head office's answer comes down."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app.application.errors import MeterUnknown
from pos_app.application.proposals import ProposalState, ProposalUnfit
from pos_app.application.records import Operator, Role
from pos_app.bootstrap.inspection import verify_shop
from pos_app.bootstrap.shop import OpenShop
from pos_app.bootstrap.training_file import training_passphrase
from pos_app.exchange.pack import Section
from tests.head_office import TILL, PackPress, enrol, take
from tests.shops import HIGHVELD, make_shop, opened

AMA = Operator("ama", "Ama", Role.CASHIER)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[OpenShop]:
    made = opened(make_shop(tmp_path))
    yield made
    made.close()


def test_a_proposal_is_an_entry_and_overwrites_nothing(shop: OpenShop) -> None:
    before = shop.desk.card(HIGHVELD).meter
    made = shop.desk.proposals.propose(HIGHVELD, "name", "  MOYO   Tendayi ", AMA)
    (entry,) = list(shop.ledger.entries())[-1:]
    assert (entry.kind, entry.seq) == ("meter_proposed", made.seq)
    assert (made.was, made.value, made.state) == (
        before.name,
        "MOYO Tendayi",
        ProposalState.OPEN,
    )
    assert shop.desk.card(HIGHVELD).meter == before
    assert shop.desk.proposals.of_meter(HIGHVELD) == shop.desk.proposals.all() == (made,)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("tariff", "no-such-tariff"),
        ("sgc", "600727"),
        ("address", "x" * 121),
        ("phone", "1\u0007"),
    ],
)
def test_what_is_no_correction_is_refused(shop: OpenShop, field: str, value: str) -> None:
    head = shop.ledger.head()
    with pytest.raises(ProposalUnfit):
        shop.desk.proposals.propose(HIGHVELD, field, value, AMA)
    with pytest.raises(MeterUnknown):
        shop.desk.proposals.propose("07000000000", "name", "X", AMA)
    with pytest.raises(ProposalUnfit):
        shop.desk.proposals.propose(HIGHVELD, "name", shop.desk.card(HIGHVELD).meter.name, AMA)
    assert shop.ledger.head() == head


def test_answers_come_in_a_pack_and_may_come_twice(shop: OpenShop) -> None:
    enrol(shop)
    first = shop.desk.proposals.propose(HIGHVELD, "name", "MOYO Tendayi", AMA)
    second = shop.desk.proposals.propose(HIGHVELD, "phone", "0171 555", AMA)
    yes = (Section.PROPOSALS, {"seq": first.seq, "accepted": True, "note": ""})
    no = (Section.PROPOSALS, {"seq": second.seq, "accepted": False, "note": "no such line"})
    wrong = (Section.PROPOSALS, {"seq": 1, "accepted": 1, "note": ""})
    done = take(shop, PackPress(TILL).pack(yes, no, yes, wrong))
    assert (done.counts, done.refused_count) == ({"proposals": 3}, 1)
    found = {each.seq: (each.state, each.note) for each in shop.desk.proposals.all()}
    assert found == {
        first.seq: (ProposalState.ACCEPTED, ""),
        second.seq: (ProposalState.REFUSED, "no such line"),
    }
    shop.close()
    assert verify_shop(shop.folder, training_passphrase()).fault is None
