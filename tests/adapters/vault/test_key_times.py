"""A key makes tokens in its own time only."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pos_app.adapters.vault.errors import KeyNotInForce, KeyNotYetActive
from pos_app.adapters.vault.header import TRAINING_COST
from pos_app.adapters.vault.keystore import OpenKeyStore, create_key_store
from pos_app.adapters.vault.records import decoder_key, seal_vending_key
from pos_app.application.ports import SealedKey
from pos_app.domain.errors import PosError
from pos_app.sts.keys import VendingKey
from tests.adapters.vault.test_keystore import ATTRIBUTES, IDENTITY, PASSPHRASE, TEST_KEY
from tests.ledger_makers import METER


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> OpenKeyStore:
    return create_key_store(tmp_path_factory.mktemp("vault"), PASSPHRASE, IDENTITY, TRAINING_COST)


def vending_record(store: OpenKeyStore, **changes: Any) -> SealedKey:
    return seal_vending_key(store, replace(ATTRIBUTES, **changes), VendingKey(TEST_KEY))


@pytest.mark.parametrize(
    ("now", "refused"),
    [(0, KeyNotYetActive), (999, KeyNotYetActive), (2_000, KeyNotInForce), (10**13, KeyNotInForce)],
)
def test_a_key_is_used_in_its_time_only(
    model: OpenKeyStore, now: int, refused: type[PosError]
) -> None:
    with pytest.raises(refused):
        decoder_key(model, (vending_record(model),), METER, now)


def test_a_key_whose_expiry_number_has_run_out_makes_no_token(model: OpenKeyStore) -> None:
    late = 10**14
    record = vending_record(model, ken=170, base=2014, issue_until_ms=late)
    # KEN 170 on base 2014: the first refused minute is 23 April 2035, 09:36 UTC
    end = 2_060_933_760_000
    assert decoder_key(model, (record,), METER, end - 1)[0].reveal()
    with pytest.raises(KeyNotInForce):
        decoder_key(model, (record,), METER, end)


def test_the_newest_key_that_may_be_used_is_used(model: OpenKeyStore) -> None:
    later = vending_record(model, active_from_ms=1_800, issue_until_ms=9_000)
    assert decoder_key(model, (later, vending_record(model)), METER, 1_500)
    assert decoder_key(model, (later, vending_record(model)), METER, 5_000)
