"""Tariffs in a shop: taken whole or not at all, signed, proven, and each in its own time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pos_app.application.authority import FileNotText, SignatureMissing, SignerUnknown
from pos_app.application.errors import RoleNeeded
from pos_app.application.records import ShopMode
from pos_app.application.tariffs import (
    AuthorityKeyInvalid,
    AuthorityPinned,
    TariffExampleWrong,
    TariffUnproven,
    TariffUtilityUnknown,
)
from pos_app.bootstrap.inspection import verify_shop
from pos_app.bootstrap.shop import OpenShop
from pos_app.bootstrap.training import training_authority
from pos_app.bootstrap.training_file import training_passphrase
from pos_app.domain.money import Currency, Money
from pos_app.domain.tariff.refusals import TariffInvalid, TariffProblem
from pos_app.exchange.signed_text import ACCOUNT, TARIFF, SignatureWrong, read_signed, write_signed
from pos_app.exchange.signing import SigningKey
from pos_app.resources import resource
from tests.account_texts import LOAN, account_file
from tests.shops import HIGHVELD, HeldClock, make_shop, opened, order

RAND = Currency("ZAR", 2, 10)
DAY_MS = 86_400_000
TEXT = resource("tariffs", "highveld-light.toml").read_text(encoding="utf-8")
HEAD, *EXAMPLES = TEXT.split("[[example]]")
AUTHORITY = training_authority()


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock()


@pytest.fixture
def shop(tmp_path: Path, clock: HeldClock) -> Iterator[OpenShop]:
    found = opened(make_shop(tmp_path), clock)
    yield found
    found.close()


def dearer(version: int = 2, first_day: str = "2026-12-01", price: str = "2.0000") -> str:
    """Return the next version: 100 / (2.00 * 1.15) = 43.478 kWh, in tenths 43.5."""
    head = HEAD.replace("version = 1", f"version = {version}")
    head = head.replace("2024-04-01", first_day).replace('"1.9028"', f'"{price}"')
    return head + '[[example]]\nbought = "0"\ntender = "100.00"\nunits = "43.5"\n'


def signed(text: str, key: SigningKey = AUTHORITY) -> bytes:
    return write_signed(text.encode(), TARIFF, key)


def test_a_new_version_waits_for_its_first_day(shop: OpenShop, clock: HeldClock) -> None:
    done = shop.desk.tariffs.take(signed(dearer()), "grace")
    assert (done.tariff.version, done.examples, done.signed_by) == (2, 1, "Training authority")
    assert shop.desk.quote(HIGHVELD, Money(10_000, RAND), None).quote.tenths == 457
    before = shop.desk.sell(order(shop, HIGHVELD, 10_000))
    clock.now += 10 * DAY_MS
    clock.steady += 10 * DAY_MS
    after = shop.desk.sell(order(shop, HIGHVELD, 10_000))
    assert [(sale.tariff_version, sale.tenths) for sale in (before, after)] == [(1, 457), (2, 435)]
    versions = [each for each in shop.desk.tariffs.versions() if each.tariff.id == done.tariff.id]
    assert [(each.tariff.version, each.in_force) for each in versions] == [(2, True), (1, False)]
    shop.close()
    assert verify_shop(shop.folder, training_passphrase()).fault is None


def test_the_same_version_again_changes_nothing(shop: OpenShop) -> None:
    shop.desk.tariffs.take(signed(dearer()), "grace")
    head = shop.ledger.head()
    assert shop.desk.tariffs.take(signed(dearer()), "grace").again
    assert shop.desk.tariffs.take(dearer().encode(), "grace").again
    assert shop.ledger.head() == head


@pytest.mark.parametrize(
    ("text", "field", "problem"),
    [
        (dearer(version=1), "version", TariffProblem.NOT_RISING),
        (dearer(first_day="2024-04-01"), "valid_from", TariffProblem.OVERLAP),
        (dearer(price="-2.0000"), "block[1].price", TariffProblem.NOT_POSITIVE),
        (dearer().replace("minimum", "minimun"), "minimun", TariffProblem.UNKNOWN),
        (dearer().replace("kWh", "Wh"), "id", TariffProblem.OTHER_TARIFF),
    ],
)
def test_what_cannot_be_or_cannot_follow_is_not_taken(
    shop: OpenShop, text: str, field: str, problem: TariffProblem
) -> None:
    head = shop.ledger.head()
    with pytest.raises(TariffInvalid) as refused:
        shop.desk.tariffs.take(signed(text), "grace")
    assert (refused.value.field, refused.value.problem) == (field, problem)
    assert shop.ledger.head() == head
    assert shop.desk.quote(HIGHVELD, Money(10_000, RAND), None).quote.tenths == 457


def test_a_tariff_whose_examples_fail_or_are_none_is_not_taken(shop: OpenShop) -> None:
    with pytest.raises(TariffExampleWrong) as refused:
        shop.desk.tariffs.take(signed(dearer().replace('"43.5"', '"43.6"')), "grace")
    assert (refused.value.facts["expected"], refused.value.facts["found"]) == ("43.6", "43.5")
    with pytest.raises(TariffUnproven):
        shop.desk.tariffs.take(signed(dearer().split("[[example]]")[0]), "grace")
    assert len(shop.ledger.tariff_versions("highveld-light")) == 1


def test_a_signature_covers_every_byte_and_one_purpose(shop: OpenShop) -> None:
    file = signed(dearer())
    for broken in (
        file.replace(b"2.0000", b"1.0000"),
        file.replace(b"# Training", b"# training"),
        file[:-3] + b"\n",
        write_signed(dearer().encode(), ACCOUNT, AUTHORITY),
    ):
        with pytest.raises(SignatureWrong):
            shop.desk.tariffs.take(broken, "grace")
    stranger = signed(dearer(), SigningKey(bytes(32)))
    with pytest.raises(SignerUnknown):
        shop.desk.tariffs.take(stranger, "grace")
    assert len(shop.ledger.tariff_versions("highveld-light")) == 1


def test_signing_again_replaces_the_signature(shop: OpenShop) -> None:
    twice = write_signed(signed(dearer(), SigningKey(bytes(32))), TARIFF, AUTHORITY)
    assert twice == signed(dearer())
    assert read_signed(twice, TARIFF).payload == dearer().encode()
    assert read_signed(b"", TARIFF).signer is None
    assert shop.desk.tariffs.take(twice, "grace").signed_by


def test_a_live_shop_takes_nothing_that_nobody_signed(shop: OpenShop) -> None:
    live = replace(shop.desk.identity, mode=ShopMode.LIVE)
    with pytest.raises(SignatureMissing):
        replace(shop.desk.tariffs, identity=live).take(dearer().encode(), "grace")
    accounts = replace(shop.desk.accounts, identity=live)
    with pytest.raises(SignatureMissing):
        accounts.take(account_file(LOAN), "grace")
    assert accounts.take(write_signed(account_file(LOAN), ACCOUNT, AUTHORITY), "grace").signed_by
    assert shop.desk.tariffs.take(dearer().encode(), "grace").signed_by == ""


def test_only_a_supervisor_takes_a_tariff_or_pins_a_key_and_a_pinned_key_stays(
    shop: OpenShop,
) -> None:
    desk = shop.desk.tariffs
    with pytest.raises(RoleNeeded):
        desk.take(signed(dearer()), "ama")
    with pytest.raises(AuthorityPinned):
        desk.pin("Someone", "00" * 32, "grace")
    shop.ledger.db.execute("delete from authority")
    with pytest.raises(RoleNeeded):
        desk.pin("Someone", "00" * 32, "ama")
    with pytest.raises(AuthorityKeyInvalid):
        desk.pin("Someone", "00" * 31 + "0g", "grace")
    desk.pin("Someone", AUTHORITY.public.hex().upper(), "grace")
    assert desk.take(signed(dearer()), "grace").signed_by == "Someone"


def test_a_new_tariff_needs_its_utility_here_and_bytes_need_to_be_text(shop: OpenShop) -> None:
    other = dearer().replace("highveld-light", "highveld-shops")
    with pytest.raises(TariffUtilityUnknown) as refused:
        shop.desk.tariffs.take(signed(other), "grace")
    assert "Highveld Power" in str(refused.value.facts["known"])
    named = other.replace("Highveld Power (training)", "Highveld Power")
    assert shop.desk.tariffs.take(signed(named), "grace").tariff.id == "highveld-shops"
    with pytest.raises(FileNotText):
        shop.desk.tariffs.take(b"\xff\xfe\n", "grace")
