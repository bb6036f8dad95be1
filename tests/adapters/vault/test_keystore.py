"""The key store: the right passphrase opens it, nothing else does, and it tells nobody its keys."""

from __future__ import annotations

import functools
import json
import os
import pickle
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_app.adapters.vault.errors import (
    KeyMissing,
    KeyRecordBroken,
    KeyStoreBroken,
    KeyStoreMissing,
    KeyStoreUnwritable,
    PassphraseWeak,
    PassphraseWrong,
)
from pos_app.adapters.vault.header import TRAINING_COST, Argon2Cost, read_identity
from pos_app.adapters.vault.keystore import OpenKeyStore, create_key_store, open_key_store
from pos_app.adapters.vault.records import decoder_key, seal_decoder_key, seal_vending_key
from pos_app.adapters.vault.sealing import passphrase_key
from pos_app.application.ports import KeyAttributes, SealedKey
from pos_app.application.records import ShopIdentity, ShopMode
from pos_app.domain.errors import PosError
from pos_app.exchange.canonical import canonical
from pos_app.exchange.chain import EMPTY, Head
from pos_app.sts.keys import DecoderKey, VendingKey
from tests.ledger_makers import METER

PASSPHRASE = "four random words here"
IDENTITY = ShopIdentity("TILL7", "Mbare Shop 3", ShopMode.LIVE, 120)
TEST_KEY = bytes.fromhex("abababababababab949494949494949401234567")  # STS 531-1
ATTRIBUTES = KeyAttributes(
    kind="vending",
    sgc=METER.sgc,
    krn=METER.krn,
    kt=METER.kt,
    base=METER.base,
    ken=METER.ken,
    dkga=METER.dkga,
    kcv="",
    active_from_ms=1_000,
    issue_until_ms=2_000,
)
HEAD = Head(7, bytes(range(32)), 1_795_257_120_000)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> OpenKeyStore:
    return create_key_store(tmp_path_factory.mktemp("vault"), PASSPHRASE, IDENTITY, TRAINING_COST)


@pytest.fixture
def folder(model: OpenKeyStore, tmp_path: Path) -> Path:
    shutil.copy(model.folder / "vault.json", tmp_path)
    return tmp_path


@pytest.fixture
def remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Derive the key of a passphrase once per salt and cost: it is slow by design."""
    quick = functools.cache(passphrase_key)
    monkeypatch.setattr("pos_app.adapters.vault.keystore.passphrase_key", quick)


def test_the_right_passphrase_opens_the_same_secrets(model: OpenKeyStore, folder: Path) -> None:
    opened = open_key_store(folder, PASSPHRASE)
    assert opened.identity == IDENTITY == read_identity(folder)
    assert opened.ledger_key == model.ledger_key
    assert (opened.record_key, opened.anchor_key) == (model.record_key, model.anchor_key)
    assert opened.signer.public == model.signer.public
    keys = {opened.ledger_key, opened.record_key, opened.anchor_key}
    assert len(keys) == 3


@pytest.mark.parametrize(
    "passphrase", ["", PASSPHRASE + " ", PASSPHRASE.upper(), PASSPHRASE[:-1], "\udcff", "\x00"]
)
def test_another_passphrase_opens_nothing(folder: Path, passphrase: str) -> None:
    with pytest.raises(PassphraseWrong):
        open_key_store(folder, passphrase)


def test_a_short_passphrase_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    with pytest.raises(PassphraseWeak):
        create_key_store(tmp_path, "too short", IDENTITY, TRAINING_COST)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("remembered")
def test_no_changed_byte_opens_and_none_makes_a_crash(folder: Path) -> None:
    path = folder / "vault.json"
    sound = path.read_bytes()
    salt = sound.index(b'"salt":"')
    for place in range(len(sound)):
        # A changed salt costs a whole derivation, so there one flip a digit is tried.
        bits = range(8) if not salt <= place < salt + 42 else (place % 8,)
        for bit in bits:
            changed = bytearray(sound)
            changed[place] ^= 1 << bit
            path.write_bytes(changed)
            with pytest.raises((KeyStoreBroken, PassphraseWrong)):
                open_key_store(folder, PASSPHRASE)
    path.write_bytes(sound)
    assert open_key_store(folder, PASSPHRASE).identity == IDENTITY


@pytest.mark.usefixtures("remembered")
@settings(max_examples=60)
@given(content=st.binary(max_size=80))
def test_any_other_bytes_are_no_key_store(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    folder = tmp_path_factory.mktemp("noise")
    (folder / "vault.json").write_bytes(content)
    with pytest.raises(KeyStoreBroken):
        open_key_store(folder, PASSPHRASE)


def changed(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    path = folder / "vault.json"
    held = json.loads(path.read_bytes())
    change(held)
    path.write_bytes(canonical(held))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("memory_kib", 64 * 1024 - 1),
        ("memory_kib", 8),
        ("memory_kib", 1 << 40),
        ("memory_kib", -1),
        ("passes", 2),
        ("lanes", 0),
        ("lanes", 17),
    ],
)
def test_a_weakened_or_absurd_cost_is_refused_unseen(folder: Path, field: str, value: int) -> None:
    changed(folder, lambda held: held["header"]["argon2id"].update({field: value}))
    with pytest.raises(KeyStoreBroken) as refused:
        open_key_store(folder, PASSPHRASE)
    assert refused.value.facts["problem"] == "cost"


def test_a_store_made_below_the_floor_does_not_open(tmp_path: Path) -> None:
    weak = Argon2Cost(1024, 1, 1)
    create_key_store(tmp_path, PASSPHRASE, IDENTITY, weak)
    with pytest.raises(KeyStoreBroken):
        open_key_store(tmp_path, PASSPHRASE)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("till", "TILL8"),
        ("shop", "Other"),
        ("mode", "training"),
        ("utc_offset_minutes", 0),
        ("public_key", "00" * 32),
        ("extra", 1),
    ],
)
def test_an_edited_header_does_not_open(folder: Path, field: str, value: object) -> None:
    changed(folder, lambda held: held["header"].update({field: value}))
    with pytest.raises(PassphraseWrong):
        open_key_store(folder, PASSPHRASE)


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"[]", b"null", b'{"header":{}}', b'{"header":[],"box":""}', b"[" * 9999, b"\xff"],
)
def test_hostile_files_are_told_in_a_sentence(folder: Path, content: bytes) -> None:
    (folder / "vault.json").write_bytes(content)
    with pytest.raises(KeyStoreBroken):
        open_key_store(folder, PASSPHRASE)
    with pytest.raises(KeyStoreBroken):
        read_identity(folder)


def test_no_shop_and_a_folder_in_its_place_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(KeyStoreMissing):
        open_key_store(tmp_path, PASSPHRASE)
    (tmp_path / "vault.json").mkdir()
    with pytest.raises(KeyStoreBroken):
        open_key_store(tmp_path, PASSPHRASE)


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights another way")
def test_only_the_owner_may_read_key_store_and_anchor(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        store = create_key_store(tmp_path, PASSPHRASE, IDENTITY, TRAINING_COST)
        store.drop_anchor(HEAD)
    finally:
        os.umask(before)
    rights = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert rights == {"vault.json": 0o600, "anchor.json": 0o600}


def test_a_place_that_cannot_be_written_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(KeyStoreUnwritable):
        create_key_store(tmp_path / "file" / "shop", PASSPHRASE, IDENTITY, TRAINING_COST)


def anchored(folder: Path) -> OpenKeyStore:
    store = open_key_store(folder, PASSPHRASE)
    store.drop_anchor(HEAD)
    return store


def test_the_anchor_is_what_was_dropped_and_empty_before(folder: Path) -> None:
    assert open_key_store(folder, PASSPHRASE).anchor() == EMPTY
    assert anchored(folder).anchor() == HEAD


def test_no_changed_byte_of_the_anchor_passes(folder: Path) -> None:
    store = anchored(folder)
    path = folder / "anchor.json"
    sound = path.read_bytes()
    for place in range(len(sound)):
        for bit in range(8):
            damaged = bytearray(sound)
            damaged[place] ^= 1 << bit
            path.write_bytes(damaged)
            with pytest.raises(KeyStoreBroken):
                store.anchor()


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"[]", b"1", b'{"proof":"00"}', b'{"at":1.5,"proof":"00"}', b"[" * 9999, b"\xff"],
)
def test_a_hostile_anchor_is_told_in_a_sentence(folder: Path, content: bytes) -> None:
    store = anchored(folder)
    (folder / "anchor.json").write_bytes(content)
    with pytest.raises(KeyStoreBroken):
        store.anchor()


def test_an_anchor_of_another_shop_does_not_pass(folder: Path, tmp_path: Path) -> None:
    store = anchored(folder)
    other = create_key_store(tmp_path / "other", PASSPHRASE, IDENTITY, TRAINING_COST)
    other.drop_anchor(HEAD)
    shutil.copy(tmp_path / "other" / "anchor.json", folder)
    with pytest.raises(KeyStoreBroken):
        store.anchor()


def vending_record(store: OpenKeyStore, **changes: Any) -> SealedKey:
    attributes = replace(ATTRIBUTES, **changes)
    return seal_vending_key(store, attributes, VendingKey(TEST_KEY))


def test_a_sealed_key_opens_for_its_meter_in_its_time(model: OpenKeyStore) -> None:
    key, check = decoder_key(model, (vending_record(model),), METER, 1_500)
    assert (check, len(key.reveal())) == (VendingKey(TEST_KEY).check_value(), 8)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kcv", "FFFFFF"),
        ("issue_until_ms", 9_000),
        ("active_from_ms", 0),
        ("sgc", "999999"),
        ("krn", 2),
        ("ken", 254),
        ("pan", "600727141234567831"),
        ("ti", 1),
        ("ea", 7),
    ],
)
def test_a_record_with_an_edited_attribute_does_not_open(
    model: OpenKeyStore, field: str, value: object
) -> None:
    record = vending_record(model)
    changes: dict[str, Any] = {field: value}
    edited = SealedKey(replace(record.attributes, **changes), record.blob)
    with pytest.raises(KeyRecordBroken):
        decoder_key(model, (edited,), METER, 1_500)


@pytest.mark.parametrize(("field", "value"), [("kt", 1), ("base", 1993), ("dkga", 2)])
def test_a_record_made_to_look_like_another_key_serves_nobody(
    model: OpenKeyStore, field: str, value: int
) -> None:
    record = vending_record(model)
    changes: dict[str, Any] = {field: value}
    with pytest.raises(KeyMissing):
        decoder_key(
            model, (SealedKey(replace(record.attributes, **changes), record.blob),), METER, 1_500
        )
    meter = replace(METER, **changes)
    edited = SealedKey(replace(record.attributes, **changes), record.blob)
    with pytest.raises(KeyRecordBroken):
        decoder_key(model, (edited,), meter, 1_500)


def test_a_vending_key_relabelled_as_a_decoder_key_does_not_open(model: OpenKeyStore) -> None:
    record = vending_record(model)
    label = replace(record.attributes, kind="decoder", pan=METER.pan, ti=METER.ti, ea=METER.ea)
    with pytest.raises(KeyRecordBroken):
        decoder_key(model, (SealedKey(label, record.blob),), METER, 1_500)


def test_a_record_with_a_changed_byte_does_not_open(model: OpenKeyStore) -> None:
    record = vending_record(model)
    for place in range(len(record.blob)):
        blob = bytearray(record.blob)
        blob[place] ^= 1
        with pytest.raises(KeyRecordBroken):
            decoder_key(model, (SealedKey(record.attributes, bytes(blob)),), METER, 1_500)


def test_a_record_of_another_till_does_not_open(model: OpenKeyStore, tmp_path: Path) -> None:
    other = create_key_store(tmp_path, PASSPHRASE, replace(IDENTITY, till="TILL8"), TRAINING_COST)
    with pytest.raises(KeyRecordBroken):
        decoder_key(model, (vending_record(other),), METER, 1_500)
    same_secret = replace(model, identity=replace(IDENTITY, till="TILL8"))
    with pytest.raises(KeyRecordBroken):
        decoder_key(same_secret, (vending_record(model),), METER, 1_500)
    training = replace(model, identity=replace(IDENTITY, mode=ShopMode.TRAINING))
    with pytest.raises(KeyRecordBroken):
        decoder_key(training, (vending_record(model),), METER, 1_500)


def test_a_decoder_key_serves_its_own_meter_only(model: OpenKeyStore) -> None:
    own = replace(ATTRIBUTES, pan=METER.pan, ti=METER.ti, ea=METER.ea, kcv="C1")
    record = seal_decoder_key(model, own, DecoderKey(bytes(range(16))))
    key, check = decoder_key(model, (record,), METER, 1_500)
    assert (key.reveal(), check) == (bytes(range(16)), "C1")
    with pytest.raises(KeyMissing):
        decoder_key(model, (record,), replace(METER, pan="600727371234567843"), 1_500)


def secrets_of(store: OpenKeyStore) -> list[bytes]:
    return [store.ledger_key, store.record_key, store.anchor_key, TEST_KEY, bytes(range(16))]


def test_nothing_that_prints_or_pickles_shows_a_secret(model: OpenKeyStore) -> None:
    record = vending_record(model)
    things = [model, model.signer, record, VendingKey(TEST_KEY), DecoderKey(bytes(range(16)))]
    shown = "".join(f"{thing!r} {thing!s} {[thing]} {thing}" for thing in things)
    for secret in secrets_of(model):
        assert secret.hex() not in shown.lower()
        assert repr(secret)[2:-1] not in shown
    for thing in (model, model.signer):
        with pytest.raises((TypeError, pickle.PicklingError)):
            pickle.dumps(thing)


def test_no_key_is_on_the_disk_in_the_clear(model: OpenKeyStore) -> None:
    raw = (model.folder / "vault.json").read_bytes()
    record = vending_record(model)
    for secret in secrets_of(model):
        assert secret not in raw + record.blob
        assert secret.hex().encode() not in raw


def test_an_error_tells_no_secret(folder: Path) -> None:
    with pytest.raises(PosError) as refused:
        open_key_store(folder, "a passphrase that is wrong")
    assert "a passphrase that is wrong" not in str(refused.value)
    assert refused.value.facts == {}
