"""The line to head office: everything arrives once, whatever the line does."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pos_app.adapters.head_office.client import HttpLine
from pos_app.application.errors import RoleNeeded
from pos_app.application.office_pace import CALM_S, LONGEST_S, wait_s
from pos_app.application.office_records import (
    CertificateDiffers,
    CertificateElsewhere,
    CertificateUnfit,
    EnrolWish,
    NoLine,
    OfficeAddressUnfit,
    OfficeClockDiffers,
    OfficeNotTrusted,
    OfficeRefused,
    OfficeUnreachable,
)
from pos_app.bootstrap import office_line
from pos_app.bootstrap.office_enrol import compared, look_at
from pos_app.bootstrap.office_line import enrol, sync_shop
from pos_app.bootstrap.shop import OpenShop
from pos_app.domain.errors import PosError
from pos_app.domain.tid import Slot
from pos_app.exchange.pack import Section
from tests.certificates import certificate
from tests.cutting_proxy import bad_line
from tests.head_office import CODE, NAME, SUPERVISOR, TILL, PackPress, allowance, take
from tests.head_office import enrol as enrol_by_stick
from tests.office_server import ScriptedOffice, serving
from tests.shops import HIGHVELD, HeldClock, make_shop, opened, order


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[OpenShop]:
    made = opened(make_shop(tmp_path))
    yield made
    made.close()


@pytest.fixture
def office() -> Iterator[ScriptedOffice]:
    made = ScriptedOffice()
    with serving(made):
        yield made


def sell(shop: OpenShop, minor: int) -> None:
    shop.desk.sell(order(shop, HIGHVELD, minor))


def held(office: ScriptedOffice) -> list[bytes]:
    return [office.entries[seq].hash for seq in sorted(office.entries)]


def journal(shop: OpenShop) -> list[bytes]:
    """Return the hashes of all entries but the newest acknowledgement."""
    entries = list(shop.ledger.entries())
    assert entries[-1].kind == "acknowledged"
    return [entry.hash for entry in entries[:-1]]


def test_a_shop_enrols_sells_and_everything_arrives(shop: OpenShop, office: ScriptedOffice) -> None:
    assert enrol(shop, EnrolWish(office.url, CODE), SUPERVISOR).name == NAME
    sell(shop, 5_000)
    done = sync_shop(shop)
    assert (done.sent, done.refused, done.packs) == (len(office.entries), (), ())
    assert held(office) == journal(shop)
    assert shop.desk.status().waiting == ()
    assert sync_shop(shop).sent == 0
    assert office.bundles == 1


def test_a_code_enrols_once(shop: OpenShop, office: ScriptedOffice, tmp_path: Path) -> None:
    enrol(shop, EnrolWish(office.url, CODE), SUPERVISOR)
    other = opened(make_shop(tmp_path / "other"))
    try:
        with pytest.raises(OfficeRefused) as refused:
            enrol(other, EnrolWish(office.url, CODE), SUPERVISOR)
        assert refused.value.facts == {"status": 403, "reason": "this code is used or unknown"}
        assert other.ledger.office.enrolled() is None
    finally:
        other.close()


def test_packs_come_down_in_their_order(shop: OpenShop, office: ScriptedOffice) -> None:
    enrol(shop, EnrolWish(office.url, CODE), SUPERVISOR)
    press = PackPress(TILL)
    office.packs = [
        press.pack(allowance(2)),
        press.pack((Section.TID_SLOTS, {"residue": 1, "modulus": 4})),
    ]
    done = sync_shop(shop)
    assert [each.number for each in done.packs] == [1, 2]
    with shop.ledger.writing() as act:
        assert act.tid_slot() == Slot(1, 4)
    assert sync_shop(shop).packs == ()


@pytest.mark.parametrize("seed", range(6))
def test_every_sale_arrives_once_over_a_line_that_cuts_and_repeats(
    shop: OpenShop, office: ScriptedOffice, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pos_app.application.office_sync.MOST", 4)
    enrol(shop, EnrolWish(office.url, CODE), SUPERVISOR)
    press = PackPress(TILL)
    office.packs = [press.pack(allowance(number)) for number in range(2, 6)]
    port = int(office.url.rpartition(":")[2])
    failures = 0
    with bad_line(port, seed) as (url, line):
        monkeypatch.setattr(
            office_line, "line_of", lambda _folder, _enrolled: closing(HttpLine(url))
        )
        for number in range(8):
            sell(shop, 1_000 + number * 100)
            try:
                sync_shop(shop)
            except (OfficeUnreachable, OfficeRefused):
                failures += 1
        assert line.calls > 8
    monkeypatch.undo()
    for _ in range(2):  # what the packs of the first round left in the journal goes up, too
        sync_shop(shop)
    assert failures > 0
    assert held(office) == journal(shop)
    assert shop.desk.office.status().pack == 4
    assert shop.desk.status().waiting == ()


def test_two_lines_at_once_harm_nothing(office: ScriptedOffice, tmp_path: Path) -> None:
    press = PackPress(TILL)
    office.packs = [press.pack(allowance(number)) for number in range(2, 6)]
    with ThreadPoolExecutor(1) as owner, ThreadPoolExecutor(2) as lines:

        def ask(job: Callable[[], Any]) -> Any:
            return owner.submit(job).result()

        def call(_: int) -> str:
            try:
                sync_shop(till, ask)
            except PosError as problem:
                return problem.code
            return ""

        till: OpenShop = ask(lambda: opened(make_shop(tmp_path)))
        ask(lambda: enrol(till, EnrolWish(office.url, CODE), SUPERVISOR))
        office.meeting = threading.Barrier(2)
        for number in range(4):
            ask(lambda: sell(till, 5_000 + number * 100))  # noqa: B023 - called at once
            # Both may fetch the same pack; the second one hears that it was here.
            assert set(lines.map(call, range(2))) <= {"", "office-refused"}
        for _ in range(2):
            ask(lambda: sync_shop(till))
        assert ask(lambda: held(office) == journal(till))
        assert ask(lambda: till.desk.office.status().pack) == 4
        ask(till.close)
    assert office.twice > 0


def test_an_office_that_fails_keeps_nothing_from_being_sold(
    shop: OpenShop, office: ScriptedOffice
) -> None:
    enrol(shop, EnrolWish(office.url, CODE), SUPERVISOR)
    office.refuse = [500, 503]
    for minor in (5_000, 6_000):
        sell(shop, minor)
        with pytest.raises(OfficeRefused):
            sync_shop(shop)
    assert sync_shop(shop).sent == len(office.entries)


def test_a_shop_without_a_line_still_takes_a_pack_whose_day_has_come(tmp_path: Path) -> None:
    clock = HeldClock()
    shop = opened(make_shop(tmp_path), clock)
    try:
        enrol_by_stick(shop)
        take(shop, PackPress(TILL).pack(allowance(2), active_from_ms=clock.now + 5))
        clock.now += 5
        with pytest.raises(NoLine):
            sync_shop(shop)
        assert shop.desk.office.status().waiting_packs == ()
        assert shop.desk.office.status().allowances[-1].allowance.sequence == 2
    finally:
        shop.close()


def test_clocks_that_differ_are_blamed_for_a_word_that_is_not_taken(
    shop: OpenShop, office: ScriptedOffice
) -> None:
    enrol(shop, EnrolWish(office.url, CODE), SUPERVISOR)
    office.refuse = [401]
    office.now_ms = shop.clock.now_ms() + 7 * 60_000
    with pytest.raises(OfficeClockDiffers) as differs:
        sync_shop(shop)
    assert differs.value.facts == {"minutes": 7}
    office.refuse = [401]
    office.now_ms = shop.clock.now_ms()
    with pytest.raises(OfficeRefused):
        sync_shop(shop)


def test_a_pinned_certificate_is_trusted_and_no_other(shop: OpenShop, tmp_path: Path) -> None:
    pem, key = certificate(tmp_path, "one")
    other, _ = certificate(tmp_path, "other")
    office = ScriptedOffice()
    with serving(office, (pem, key)) as url:
        assert url.startswith("https://")
        for wrong in ("", other.read_text()):
            with pytest.raises(OfficeNotTrusted):
                enrol(shop, EnrolWish(url, CODE, wrong), SUPERVISOR)
        shown = look_at(url)
        assert compared(url, shown.fingerprint.upper().replace(" ", ":")) == pem.read_text()
        with pytest.raises(CertificateDiffers):
            compared(url, "00" * 32)
        enrol(shop, EnrolWish(url, CODE, shown.pem), SUPERVISOR)
        assert sync_shop(shop).sent == len(office.entries)
        assert (shop.folder / "office.pem").read_bytes() == pem.read_bytes()
        (shop.folder / "office.pem").write_bytes(other.read_bytes())
        with pytest.raises(OfficeUnreachable):
            sync_shop(shop)


def test_nobody_at_the_other_end_is_said_in_a_sentence(shop: OpenShop) -> None:
    with pytest.raises(OfficeUnreachable):
        enrol(shop, EnrolWish("http://127.0.0.1:9", CODE), SUPERVISOR)


@pytest.mark.parametrize(
    "url",
    [
        "http://office.example",
        "ftp://office.example",
        "office.example",
        "https://",
        "https://me:secret@office.example",
        "http://127.0.0.1.office.example",
        "https://office.example/?a=b",
    ],
)
def test_an_address_that_would_send_in_the_clear_is_refused(shop: OpenShop, url: str) -> None:
    with pytest.raises(OfficeAddressUnfit):
        enrol(shop, EnrolWish(url, CODE), SUPERVISOR)


def test_waits_grow_with_failures_and_are_spread() -> None:
    assert [wait_s(0, chance) for chance in (0, 1)] == [CALM_S / 2, CALM_S]
    longest = [wait_s(failures, 1) for failures in range(1, 12)]
    assert longest[:3] == [10, 20, 40]
    assert longest[-1] == LONGEST_S
    assert all(wait_s(3, 0.0) <= wait_s(3, c / 10) <= wait_s(3, 1.0) for c in range(10))


def test_another_certificate_is_trusted_once_a_supervisor_compared_it(
    shop: OpenShop, tmp_path: Path
) -> None:
    first, second = certificate(tmp_path, "first"), certificate(tmp_path, "second")
    made = ScriptedOffice()
    with serving(made, first) as url:
        enrol(shop, EnrolWish(url, CODE, first[0].read_text()), SUPERVISOR)
        sync_shop(shop)
        assert made.trust is not None
        made.trust.load_cert_chain(*second)
        with pytest.raises(OfficeNotTrusted):
            sync_shop(shop)
        shown = look_at(url)
        assert not office_line.is_trusted(shop, shown.pem)
        with pytest.raises(CertificateDiffers):
            compared(url, "00" * 32)
        with pytest.raises(RoleNeeded):
            office_line.trust_certificate(shop, shown.pem, "ama")
        with pytest.raises(CertificateDiffers):
            office_line.trust_certificate(shop, first[0].read_text(), SUPERVISOR)
        made.trust.load_cert_chain(*certificate(tmp_path, "elsewhere", "127.0.0.9"))
        with pytest.raises(CertificateElsewhere):
            office_line.trust_certificate(shop, look_at(url).pem, SUPERVISOR)
        made.trust.load_cert_chain(*second)
        with pytest.raises(CertificateUnfit):
            office_line.trust_certificate(shop, "no certificate", SUPERVISOR)
        with pytest.raises(OfficeNotTrusted):  # nothing of it counted
            sync_shop(shop)
        office_line.trust_certificate(shop, compared(url, shown.fingerprint), SUPERVISOR)
        assert office_line.is_trusted(shop, shown.pem)
        assert sync_shop(shop).sent > 0
    noted = [entry for entry in shop.ledger.entries() if entry.kind == "office_certificate"]
    assert [entry.reading()["sha256"] for entry in noted] == [shown.fingerprint.replace(" ", "")]
