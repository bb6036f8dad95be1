"""The ceremony: two people, one file, check values only; every bad file changes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pos_app.adapters.vault.records import decoder_key
from pos_app.application.errors import OperatorUnknown, PinWrong, RoleNeeded
from pos_app.application.key_records import (
    CeremonyNeedsTwo,
    KeyAuthorityInvalid,
    KeyAuthorityUnknown,
    KeyBoxBroken,
    KeyCheckWrong,
    KeyFileOfAnotherTill,
    KeyFileReplayed,
    KeyOutOfDate,
    KeyUnfit,
)
from pos_app.application.keys import Person
from pos_app.bootstrap.inspection import verify_shop
from pos_app.bootstrap.shop import OpenShop
from pos_app.bootstrap.training_file import training_passphrase
from pos_app.domain.errors import PosError
from pos_app.exchange.canonical import canonical
from pos_app.exchange.key_file import (
    LARGEST_FILE,
    KeyFileBad,
    KeyFileForged,
    KeyFileNewer,
    KeyFileTooLarge,
    read_key_file,
)
from pos_app.sts.errors import KeyAttributeInvalid, KeyPairingInvalid
from tests.key_makers import (
    ATTRIBUTES,
    AUTHORITY,
    GRACE,
    JOSEPH,
    OWN_ATTRIBUTES,
    STRANGER,
    STS_DECODER_KEY,
    STS_KEY,
    STS_PAN,
    key_file,
    trusting,
)
from tests.ledger_makers import METER
from tests.shops import START_MS, HeldClock, make_shop, opened


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenShop]:
    """A shop that trusts the authority; for tests that take nothing into it."""
    shop = opened(make_shop(tmp_path_factory.mktemp("keys")))
    trusting(shop)
    yield shop
    shop.close()


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[OpenShop]:
    opened_shop = opened(make_shop(tmp_path))
    trusting(opened_shop)
    yield opened_shop
    opened_shop.close()


def refused(shop: OpenShop, raw: bytes, problem: type[PosError]) -> PosError:
    """Try to import; the journal and the keys must stay as they were."""
    before = (shop.ledger.head(), shop.ledger.keys.groups(), shop.ledger.keys.authorities())
    with pytest.raises(problem) as caught:
        shop.desk.keys.bring_in(raw, GRACE, JOSEPH)
    assert (
        shop.ledger.head(),
        shop.ledger.keys.groups(),
        shop.ledger.keys.authorities(),
    ) == before
    return caught.value


def test_two_supervisors_take_a_file_and_see_check_values_only(shop: OpenShop) -> None:
    raw = key_file(shop, (ATTRIBUTES, STS_KEY), (OWN_ATTRIBUTES, STS_DECODER_KEY))
    view = shop.desk.keys.look(raw)
    assert view.authority == "Grid authority"
    assert [each.kcv for each in view.keys] == [ATTRIBUTES.kcv, OWN_ATTRIBUTES.kcv]
    assert shop.desk.keys.bring_in(raw, GRACE, JOSEPH).keys == view.keys
    shown = f"{view!r} {GRACE!r} {shop.ledger.sealed_keys('600111', 1, STS_PAN)!r}"
    for secret in (STS_KEY.hex(), STS_DECODER_KEY.hex(), GRACE.pin):
        assert secret not in shown


def test_an_imported_key_makes_the_published_decoder_key(shop: OpenShop) -> None:
    keys = [replace(each, sgc="201457") for each in (ATTRIBUTES, OWN_ATTRIBUTES)]
    raw = key_file(shop, (keys[0], STS_KEY), (keys[1], STS_DECODER_KEY))
    shop.desk.keys.bring_in(raw, GRACE, JOSEPH)
    meter = replace(METER, pan=STS_PAN, sgc="201457", krn=1, kt=2, ti=1, ken=255, ea=7, dkga=4)
    own, vending, _ = shop.ledger.sealed_keys("201457", 1, STS_PAN)
    assert (own.attributes, vending.attributes) == (keys[1], keys[0])
    for record in (own, vending):
        made, kcv = decoder_key(shop.store, (record,), replace(meter, base=2014), START_MS)
        assert (made.reveal(), kcv) == (STS_DECODER_KEY, record.attributes.kcv)


def test_keys_of_several_utilities_stand_side_by_side(shop: OpenShop) -> None:
    other = replace(ATTRIBUTES, sgc="600222")
    shop.desk.keys.bring_in(key_file(shop), GRACE, JOSEPH)
    shop.desk.keys.bring_in(key_file(shop, (other, STS_KEY), sequence=2), GRACE, JOSEPH)
    groups = {each.group.sgc for each in shop.desk.keys.standings()}
    assert groups == {"201457", "203557", "123456", "600111", "600222"}


def test_the_journal_tells_who_took_what_and_holds_no_key(tmp_path: Path) -> None:
    folder = make_shop(tmp_path)
    shop = opened(folder)
    trusting(shop)
    shop.desk.keys.bring_in(key_file(shop), GRACE, JOSEPH)
    *_, trusted, taken, one = shop.ledger.entries()
    told = "".join(entry.body for entry in shop.ledger.entries())
    shop.close()
    assert trusted.kind == "key_authority_trusted"
    assert trusted.reading()["operators"] == ["grace", "joseph"]
    assert (taken.kind, taken.reading()["operators"]) == ("key_file_imported", ["grace", "joseph"])
    assert taken.reading()["sequence"] == 1
    assert (one.kind, one.reading()) == ("key_imported", asdict(ATTRIBUTES))
    assert STS_KEY.hex() not in told
    assert verify_shop(folder, training_passphrase()).fault is None


CEREMONIES: list[tuple[Person, Person, type[PosError]]] = [
    (GRACE, GRACE, CeremonyNeedsTwo),
    (GRACE, Person("ama", "1111"), RoleNeeded),
    (Person("ama", "1111"), JOSEPH, RoleNeeded),
    (GRACE, Person("nobody", "4444"), OperatorUnknown),
    (GRACE, Person("joseph", "3333"), PinWrong),
    (Person("grace", "4444"), JOSEPH, PinWrong),
]


@pytest.mark.parametrize(("first", "second", "problem"), CEREMONIES)
def test_one_person_or_the_wrong_people_take_nothing(
    shop: OpenShop, first: Person, second: Person, problem: type[PosError]
) -> None:
    raw = key_file(shop)
    with pytest.raises(problem):
        shop.desk.keys.bring_in(raw, first, second)
    with pytest.raises(problem):
        shop.desk.keys.trust("Other", STRANGER.public.hex(), first, second)
    assert "600111" not in {group.sgc for group in shop.ledger.keys.groups()}
    assert list(shop.ledger.keys.authorities()) == [AUTHORITY.public.hex()]


@pytest.mark.parametrize(
    ("name", "key"), [("", "00" * 32), ("x" * 61, "00" * 32), ("A", "zz"), ("A", "00" * 31)]
)
def test_what_is_no_authority_is_not_trusted(shared: OpenShop, name: str, key: str) -> None:
    with pytest.raises(KeyAuthorityInvalid):
        shared.desk.keys.trust(name, key, GRACE, JOSEPH)


def test_a_file_is_taken_once_and_never_an_older_one(shop: OpenShop) -> None:
    first, older = key_file(shop, sequence=5), key_file(shop, sequence=4)
    shop.desk.keys.bring_in(first, GRACE, JOSEPH)
    assert refused(shop, first, KeyFileReplayed).facts == {"sequence": 5, "newest": 5}
    refused(shop, older, KeyFileReplayed)
    shop.desk.keys.bring_in(key_file(shop, sequence=6), GRACE, JOSEPH)


def test_a_file_of_nobody_this_shop_trusts_is_refused(shared: OpenShop) -> None:
    refused(shared, key_file(shared, authority=STRANGER), KeyAuthorityUnknown)


@pytest.mark.parametrize(
    "changes", [{"till": "TRAIN2"}, {"mode": "live"}, {"exchange_key": STRANGER.public}]
)
def test_a_file_of_another_till_is_refused(shared: OpenShop, changes: dict[str, Any]) -> None:
    refused(shared, key_file(shared, **changes), KeyFileOfAnotherTill)


def test_a_key_sealed_to_another_till_under_this_tills_name_is_refused(shared: OpenShop) -> None:
    other = read_key_file(key_file(shared, exchange_key=AUTHORITY.public))

    def swap(body: dict[str, Any]) -> None:
        body["keys"][0]["box"] = other.keys[0].box.hex()

    refused(shared, resigned(key_file(shared), swap), KeyBoxBroken)


def test_an_ended_key_is_refused(shared: OpenShop) -> None:
    ended = replace(ATTRIBUTES, issue_until_ms=START_MS)
    problem = refused(shared, key_file(shared, (ended, STS_KEY)), KeyOutOfDate)
    assert problem.facts["ended"] == "2026-11-21"


def test_another_key_than_its_check_value_names_is_refused(shared: OpenShop) -> None:
    wrong = replace(ATTRIBUTES, kcv="000000")
    refused(shared, key_file(shared, (wrong, STS_KEY)), KeyCheckWrong)


def test_one_bad_key_among_good_ones_refuses_them_all(shared: OpenShop) -> None:
    keys = (ATTRIBUTES, STS_KEY), (replace(ATTRIBUTES, krn=2, kcv="000000"), STS_KEY)
    refused(shared, key_file(shared, *keys), KeyCheckWrong)


def resigned(raw: bytes, change: Callable[[dict[str, Any]], None]) -> bytes:
    """Return a file that the authority itself signed after a change."""
    body = json.loads(raw)["body"]
    change(body)
    signature = AUTHORITY.sign(b"tokentill keys", canonical(body)).hex()
    return canonical({"body": body, "signature": signature}) + b"\n"


RELABELLED: list[dict[str, Any]] = [
    {"sgc": "600112"},
    {"krn": 2},
    {"kt": 1},
    {"base": 2035},
    {"ken": 254},
    {"active_from_ms": 0},
    {"issue_until_ms": ATTRIBUTES.issue_until_ms + 1},
]


@pytest.mark.parametrize("change", RELABELLED, ids=str)
def test_no_attribute_can_be_changed_even_by_who_signs(
    shared: OpenShop, change: dict[str, Any]
) -> None:
    raw = resigned(key_file(shared), lambda body: body["keys"][0]["attributes"].update(change))
    refused(shared, raw, KeyBoxBroken)


def test_a_box_cannot_be_moved_to_a_file_with_another_number(shared: OpenShop) -> None:
    refused(shared, resigned(key_file(shared), lambda body: body.update(sequence=9)), KeyBoxBroken)


IMPOSSIBLE: list[tuple[dict[str, Any], bytes, type[PosError]]] = [
    ({"sgc": "60011"}, STS_KEY, KeyAttributeInvalid),
    ({"krn": 10}, STS_KEY, KeyAttributeInvalid),
    ({"base": 2000}, STS_KEY, KeyAttributeInvalid),
    ({"ken": 256}, STS_KEY, KeyUnfit),
    ({"ken": True}, STS_KEY, KeyUnfit),
    ({"sgc": 600111}, STS_KEY, KeyUnfit),
    ({"kind": "other"}, STS_KEY, KeyUnfit),
    ({"pan": STS_PAN}, STS_KEY, KeyUnfit),
    ({"extra": 1}, STS_KEY, KeyUnfit),
    ({"dkga": 2}, STS_KEY, KeyUnfit),
    ({"active_from_ms": ATTRIBUTES.issue_until_ms}, STS_KEY, KeyUnfit),
    ({}, STS_KEY[:-1], KeyUnfit),
    ({}, b"", KeyUnfit),
    (asdict(OWN_ATTRIBUTES) | {"pan": ""}, STS_DECODER_KEY, KeyUnfit),
    (asdict(OWN_ATTRIBUTES) | {"ea": 11}, STS_DECODER_KEY, KeyUnfit),
    (asdict(OWN_ATTRIBUTES) | {"ea": 11, "dkga": 2}, STS_DECODER_KEY, KeyPairingInvalid),
]


@pytest.mark.parametrize(("change", "secret", "problem"), IMPOSSIBLE)
def test_what_no_key_can_be_is_refused(
    shared: OpenShop, change: dict[str, Any], secret: bytes, problem: type[PosError]
) -> None:
    refused(shared, key_file(shared, (asdict(ATTRIBUTES) | change, secret)), problem)


def test_a_flipped_bit_anywhere_is_refused(shared: OpenShop) -> None:
    raw = key_file(shared)
    before = shared.ledger.head()
    for place in range(len(raw) - 1):  # the last byte is the line's end
        changed = bytearray(raw)
        changed[place] ^= 1 << (place % 7)
        with pytest.raises((KeyFileBad, KeyFileForged, KeyFileNewer)):
            shared.desk.keys.look(bytes(changed))
    assert shared.ledger.head() == before


def test_a_file_cut_off_anywhere_is_refused(shared: OpenShop) -> None:
    raw = key_file(shared)
    for length in range(len(raw) - 1):
        with pytest.raises(KeyFileBad):
            shared.desk.keys.look(raw[:length])


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=300))
def test_garbage_is_refused(shared: OpenShop, content: bytes) -> None:
    with pytest.raises(KeyFileBad):
        shared.desk.keys.look(content)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"version": 2}, KeyFileNewer),
        ({"version": None}, KeyFileNewer),
        ({"format": "tokentill key request"}, KeyFileBad),
        ({"suite": "other"}, KeyFileBad),
        ({"keys": []}, KeyFileBad),
        ({"keys": [1]}, KeyFileBad),
        ({"keys": [{"attributes": {"a": []}, "box": ""}]}, KeyFileBad),
        ({"keys": [{"attributes": {}, "box": "00" * 300}]}, KeyFileBad),
        ({"keys": {}}, KeyFileBad),
        ({"sequence": -1}, KeyFileBad),
        ({"sequence": "1"}, KeyFileBad),
        ({"till": ""}, KeyFileBad),
        ({"till": "x" * 101}, KeyFileBad),
        ({"authority": "00"}, KeyFileBad),
        ({"exchange_key": "ZZ"}, KeyFileBad),
    ],
    ids=str,
)
def test_another_form_is_refused(
    shared: OpenShop, change: dict[str, Any], problem: type[PosError]
) -> None:
    refused(shared, resigned(key_file(shared), lambda body: body.update(change)), problem)


def test_a_hundred_megabytes_are_refused_unread(shared: OpenShop) -> None:
    refused(shared, bytes(LARGEST_FILE + 1), KeyFileTooLarge)


def test_a_key_ending_before_the_clock_of_the_journal_is_refused(tmp_path: Path) -> None:
    clock = HeldClock()
    shop = opened(make_shop(tmp_path), clock)
    trusting(shop)
    raw = key_file(shop, (replace(ATTRIBUTES, issue_until_ms=START_MS - 1), STS_KEY))
    clock.now = START_MS - 10**9  # set back, so that the key looks alive
    with pytest.raises(KeyOutOfDate):
        shop.desk.keys.look(raw)
    shop.close()
