"""Keys that were here first go into a real module: proven there, and their records re-pointed."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pos_app.adapters.vault.errors import (
    KeyModuleFull,
    KeyModuleLocked,
    KeyModuleLoose,
    KeyModulePinWrong,
    KeyModuleUnavailable,
)
from pos_app.adapters.vault.module import KeyModule, close_module, keep_access, module_of
from pos_app.adapters.vault.moving import moved_id
from pos_app.adapters.vault.records import decoder_key
from pos_app.application.errors import PinWrong, RoleNeeded
from pos_app.application.key_moves import IN_MODULE, IN_TILL
from pos_app.application.key_records import CeremonyNeedsTwo, KeyModuleNotSet, KeyRecordGone
from pos_app.application.keys import Person
from pos_app.application.ports import SealedKey
from pos_app.bootstrap.inspection import verify_shop
from pos_app.bootstrap.shop import OpenShop
from pos_app.bootstrap.training_file import training_passphrase
from pos_app.sts.keys import VendingKey
from tests.adapters.vault.modules import emptied, module_access, needs_module, objects
from tests.adapters.vault.test_key_module import GROUP, TOKENS, meter
from tests.key_makers import ATTRIBUTES, GRACE, JOSEPH, STS_KEY, key_file, trusting
from tests.shops import HIGHVELD, START_MS, make_shop, opened, order

pytestmark = needs_module
OTHER_KEY = bytes(range(50, 70))
OTHER = replace(ATTRIBUTES, sgc="600444", kcv=VendingKey(OTHER_KEY).check_value())
DES = bytes.fromhex("abababababababab")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[OpenShop]:
    """A shop with two vending keys in the till, and a module named afterwards."""
    emptied()
    made = opened(make_shop(tmp_path))
    trusting(made)
    raw = key_file(made, (GROUP, STS_KEY), (OTHER, OTHER_KEY))
    made.desk.keys.bring_in(raw, GRACE, JOSEPH)
    made.desk.keys.use_module(module_access(), GRACE, JOSEPH)
    yield made
    made.close()
    emptied()


def places(shop: OpenShop) -> dict[tuple[str, int, str], str]:
    return {
        (each.standing.group.sgc, each.standing.group.krn, each.standing.group.kcv): each.place
        for each in shop.desk.key_moves.holdings()
        if each.standing.group.kind == "vending"
    }


def record_of(shop: OpenShop) -> SealedKey:
    return next(key for key in shop.ledger.keys.vending() if key.attributes == GROUP)


def test_every_key_goes_in_once_and_makes_the_published_digits_there(shop: OpenShop) -> None:
    held = len(shop.ledger.keys.vending())
    fit = [key for key in shop.ledger.keys.vending() if key.attributes.dkga == 4]
    before, old = len(objects()), record_of(shop)
    assert set(places(shop).values()) == {IN_TILL}
    moved = shop.desk.key_moves.move(GRACE, JOSEPH)
    assert (len(moved.keys), moved.already, moved.unfit) == (len(fit), 0, held - len(fit))
    assert len(objects()) == before + len(fit)
    new = record_of(shop)
    assert new.blob != old.blob
    assert shop.desk.safe.in_module(new)
    vector = next(each for each in TOKENS if each["ea"] == 7)
    key, args = vector["key"], vector["args"]
    made, kcv = decoder_key(shop.store, (new,), meter(7, key["pan"], key["ti"]), START_MS)
    assert made.reveal() == VendingKey(STS_KEY).derive(_sts(vector))
    assert (kcv, args["tid"] > 0) == (GROUP.kcv, True)
    assert shop.desk.sell(order(shop, HIGHVELD, 5_000)).tokens
    assert places(shop)["201457", 1, GROUP.kcv] == IN_MODULE
    again = shop.desk.key_moves.move(GRACE, JOSEPH)
    assert (again.keys, again.already) == ((), len(fit))
    assert len(objects()) == before + len(fit)
    shop.close()
    assert verify_shop(shop.folder, training_passphrase()).fault is None


def _sts(vector: dict[str, Any]) -> Any:
    from pos_app.sts.keys import KeyAttributes  # noqa: PLC0415 - one name for two things

    key = vector["key"]
    return KeyAttributes(key["pan"], 2, key["sgc"], key["ti"], key["krn"], key["base"], 7, 4)


def test_the_module_answers_as_the_key_does_and_lets_it_not_out(shop: OpenShop) -> None:
    shop.desk.key_moves.move(GRACE, JOSEPH)
    module = module_of(shop.store)
    identity = moved_id(shop.store, GROUP)
    assert module.hmac(identity, b"x") == hmac.digest(STS_KEY, b"x", hashlib.sha256)
    assert module.holds(identity)
    shop.close()
    for path in shop.folder.iterdir():
        assert STS_KEY not in path.read_bytes()


def test_both_people_are_asked_and_the_journal_names_them(shop: OpenShop) -> None:
    before, head = len(objects()), shop.ledger.head()
    moves = shop.desk.key_moves
    for first, second, problem in (
        (GRACE, Person("grace", GRACE.pin), CeremonyNeedsTwo),
        (GRACE, Person("ama", "1111"), RoleNeeded),
    ):
        with pytest.raises(problem):
            moves.move(first, second)
    assert shop.ledger.head() == head
    with pytest.raises(PinWrong):
        moves.move(GRACE, Person("joseph", "0000"))
    assert len(objects()) == before
    moves.move(GRACE, JOSEPH)
    begun, done = [
        each.reading()
        for each in shop.ledger.entries()
        if each.kind.startswith("key") and each.kind in {"key_move_begun", "keys_moved"}
    ]
    assert begun["operators"] == done["operators"] == ["grace", "joseph"]
    assert GROUP.kcv in {each["kcv"] for each in done["keys"]}


def test_a_key_of_dkga02_stays_and_is_counted(shop: OpenShop) -> None:
    named = replace(ATTRIBUTES, sgc="600555", dkga=2, kcv=VendingKey(DES).check_value())
    (shop.folder / "module.sealed").rename(shop.folder / "away")
    shop.desk.keys.bring_in(key_file(shop, (named, DES), sequence=2), GRACE, JOSEPH)
    (shop.folder / "away").rename(shop.folder / "module.sealed")
    unfit = sum(key.attributes.dkga == 2 for key in shop.ledger.keys.vending())
    assert shop.desk.key_moves.move(GRACE, JOSEPH).unfit == unfit
    assert places(shop)["600555", 1, named.kcv] == IN_TILL


def test_without_a_module_nothing_is_moved(shop: OpenShop) -> None:
    (shop.folder / "module.sealed").unlink()
    head = shop.ledger.head()
    with pytest.raises(KeyModuleNotSet):
        shop.desk.key_moves.move(GRACE, JOSEPH)
    assert shop.ledger.head() == head


def test_a_module_that_is_away_or_shut_changes_nothing_and_every_key_still_works(
    shop: OpenShop,
) -> None:
    access = module_access()
    record, keys = record_of(shop), shop.ledger.keys.groups()
    for token, pin, problem in (
        ("not plugged in", access.pin, KeyModuleUnavailable),
        (access.token, "99999", KeyModulePinWrong),
    ):
        close_module(shop.store)
        keep_access(shop.store, access.library, token, pin)
        with pytest.raises(problem) as caught:
            shop.desk.key_moves.move(GRACE, JOSEPH)
        assert pin not in str(caught.value)
        assert not shop.desk.key_moves.interrupted()
    assert (record_of(shop), shop.ledger.keys.groups()) == (record, keys)
    assert shop.desk.sell(order(shop, HIGHVELD, 5_000)).tokens


@pytest.mark.parametrize(
    ("word", "problem"), [("DeviceMemory", KeyModuleFull), ("PinLocked", KeyModuleLocked)]
)
def test_a_module_that_fills_or_locks_on_the_way_is_told_of_and_the_move_goes_on_later(
    shop: OpenShop, monkeypatch: pytest.MonkeyPatch, word: str, problem: type[Exception]
) -> None:
    pkcs11: Any = pytest.importorskip("pkcs11")
    before, records = len(objects()), shop.ledger.keys.vending()
    fit = sum(key.attributes.dkga == 4 for key in records)
    module = module_of(shop.store)
    real = module._session

    class Filling:
        """The real session, but after the first key the module answers as a full one does."""

        kept = 0

        def create_object(self, template: Any) -> Any:
            self.kept += 1
            if self.kept > 1:
                raise getattr(pkcs11.exceptions, word)
            return real.create_object(template)

        def __getattr__(self, name: str) -> Any:
            return getattr(real, name)

    monkeypatch.setattr(module, "_session", Filling())
    with pytest.raises(problem):
        shop.desk.key_moves.move(GRACE, JOSEPH)
    assert shop.ledger.keys.vending() == records
    assert shop.desk.key_moves.interrupted()
    assert len(objects()) == before + 1
    assert shop.desk.sell(order(shop, HIGHVELD, 5_000)).tokens
    monkeypatch.setattr(module, "_session", real)
    assert len(shop.desk.key_moves.move(GRACE, JOSEPH).keys) == fit
    assert len(objects()) == before + fit
    assert not shop.desk.key_moves.interrupted()


def test_another_key_under_the_same_id_is_found_out_and_replaced(shop: OpenShop) -> None:
    module = module_of(shop.store)
    module.keep(bytes(20), "planted", moved_id(shop.store, GROUP))
    shop.desk.key_moves.move(GRACE, JOSEPH)
    identity = moved_id(shop.store, GROUP)
    assert module.hmac(identity, b"x") == hmac.digest(STS_KEY, b"x", hashlib.sha256)


def test_a_module_that_would_let_keys_out_gets_none(
    shop: OpenShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    records, before = shop.ledger.keys.vending(), len(objects())
    monkeypatch.setattr(KeyModule, "holds", lambda *_: False)
    with pytest.raises(KeyModuleLoose):
        shop.desk.key_moves.move(GRACE, JOSEPH)
    assert shop.ledger.keys.vending() == records
    assert len(objects()) == before


def test_destroying_after_an_interrupted_move_reaches_what_no_record_names(
    shop: OpenShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = len(objects())

    def torn(*_: object) -> None:
        raise KeyRecordGone(sgc="201457", krn=1)

    monkeypatch.setattr("pos_app.adapters.ledger.transaction.Transaction.replace_key", torn)
    with pytest.raises(KeyRecordGone):
        shop.desk.key_moves.move(GRACE, JOSEPH)
    assert len(objects()) > before
    shop.desk.keys.destroy(training_passphrase(), GRACE, JOSEPH)
    assert len(objects()) == before
    assert not shop.desk.key_moves.interrupted()
