"""Journal, backup and restore on the command line: exit codes, sentences, JSON; no tracebacks."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from pos_app.bootstrap.shop import open_shop
from pos_app.bootstrap.training import create_training_shop, example_meters
from pos_app.bootstrap.training_file import training_passphrase
from tests.tills import run

METERS = 20
HIGHVELD = example_meters()[0]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model") / "shop"
    create_training_shop(folder, METERS)
    return folder


@pytest.fixture
def shop(model: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(model, tmp_path / "shop"))


def answer(*words: str, code: int = 0, say: str = "", passphrase: str = "") -> tuple[str, str]:
    """Run a command; return what it said to people and complained about."""
    done = run(*words, say=say, passphrase=passphrase)
    assert "Traceback" not in done.stderr
    assert (done.returncode, done.stderr if code == 0 else "") == (code, "")
    return done.stdout.strip(), done.stderr.strip()


def sell(shop: Path, *ids: str) -> None:
    lines = [json.dumps({"meter": HIGHVELD, "amount": "50", "id": each}) for each in ids]
    answer("sell", "--stream", "--shop", str(shop), say="\n".join(lines))


def test_a_sound_journal_is_told_in_a_sentence_and_in_json(shop: Path) -> None:
    sell(shop, "one", "two")
    said, _ = answer("journal", "verify", "--shop", str(shop))
    values = json.loads(answer("journal", "verify", "--json", "--shop", str(shop))[0])
    assert (values["ok"], values["fault"]) == (True, None)
    assert said == (
        f"The journal is sound: {values['entries']} entries, head {values['head'][:16]}."
    )


def test_the_first_bad_entry_is_named(shop: Path) -> None:
    sell(shop, "one", "two", "three")
    opened = open_shop(shop, training_passphrase())
    db = opened.ledger.db
    seq = db.execute("select seq from sale where sale_id = 'two'").fetchone()[0]
    rule = db.execute("select sql from sqlite_schema where name = 'journal_no_update'").fetchone()[
        0
    ]
    db.execute("drop trigger journal_no_update")
    db.execute("update journal set body = replace(body, '5000', '4000') where seq = ?", (seq,))
    db.execute(rule)
    opened.close()
    said, complaint = answer("journal", "verify", "--shop", str(shop), code=1)
    assert said == ""
    assert (
        f"NOT sound. First bad entry: {seq}. The content of entry {seq} was changed." in complaint
    )
    values = json.loads(answer("journal", "verify", "--json", "--shop", str(shop), code=1)[0])
    assert values["fault"] == {"entry": seq, "kind": "content", "detail": ""}
    file = shop.parent / "journal.jsonl"
    answer("journal", "export", str(file), "--shop", str(shop), code=1)
    answer("backup", str(shop.parent / "backup.zip"), "--shop", str(shop), code=1)
    assert sorted(each.name for each in shop.parent.iterdir()) == ["shop"]


def test_an_old_copy_put_back_is_found_and_does_not_sell(shop: Path) -> None:
    old = (shop / "ledger.db").read_bytes()
    sell(shop, "one")
    (shop / "ledger.db").write_bytes(old)
    _, complaint = answer("journal", "verify", "--shop", str(shop), code=1)
    assert "The end of the journal is gone" in complaint
    _, refusal = answer("sell", "--meter", HIGHVELD, "--amount", "50", "--shop", str(shop), code=1)
    assert "An old copy was put back" in refusal


def test_an_anchor_taken_away_is_told(shop: Path) -> None:
    (shop / "anchor.json").unlink()
    _, complaint = answer("journal", "verify", "--shop", str(shop), code=1)
    assert "the anchor is missing" in complaint


@pytest.mark.parametrize("place", [50, 5000])
def test_a_damaged_file_is_told_in_a_sentence(shop: Path, place: int) -> None:
    raw = bytearray((shop / "ledger.db").read_bytes())
    raw[place] ^= 1
    (shop / "ledger.db").write_bytes(raw)
    _, complaint = answer("journal", "verify", "--shop", str(shop), code=1)
    assert "damaged" in complaint


def test_a_till_that_was_copied_and_went_on_elsewhere_is_a_fork(shop: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(shop, tmp_path / "copy"))
    said, _ = answer("journal", "compare", str(copy), "--shop", str(shop))
    assert said.startswith("No fork")
    sell(shop, "here", "here too")
    said, _ = answer("journal", "compare", str(copy), "--shop", str(shop))
    assert said.startswith("No fork")
    file = tmp_path / "journal.jsonl"
    said, _ = answer("journal", "export", str(file), "--shop", str(shop))
    assert "entries written to" in said
    sell(copy, "there")
    before = {each.name: each.read_bytes() for each in copy.iterdir()}
    _, complaint = answer("journal", "compare", str(copy), "--shop", str(shop), code=1)
    assert complaint.startswith("FORK")
    assert {each.name: each.read_bytes() for each in copy.iterdir()} == before
    values = json.loads(
        answer("journal", "compare", "--json", str(file), "--shop", str(copy), code=1)[0]
    )
    assert values["forked"] is True
    assert (values["here"], values["there"]) == (
        3,
        4,
    )  # a sign-in and a shift each, one sale, two sales


def test_what_cannot_be_compared_is_told_in_a_sentence(shop: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    answer("demo", "--shop", str(other), "--meters", "10")
    _, complaint = answer("journal", "compare", str(other), "--shop", str(shop), code=1)
    assert "another till" in complaint
    noise = tmp_path / "noise"
    noise.write_bytes(bytes(5000))
    for what in (noise, tmp_path / "nothing", tmp_path):
        _, complaint = answer("journal", "compare", str(what), "--shop", str(shop), code=1)
        assert complaint


def test_a_backup_is_made_restored_and_sells_on(shop: Path, tmp_path: Path) -> None:
    sell(shop, "one", "two")
    file, restored = tmp_path / "backup.zip", tmp_path / "restored"
    said, _ = answer("backup", str(file), "--shop", str(shop))
    assert "proven to restore" in said
    sell(shop, "lost")
    key = training_passphrase()
    said, _ = answer("restore", str(file), "--shop", str(restored), passphrase=key)
    assert "Receipts go on in a new series" in said
    sell(restored, "after")
    sales = json.loads(answer("sales", "--json", "--shop", str(restored))[0])["sales"]
    assert [row["receipt"] for row in sales][::-1] == [
        "TRAIN1-A000001",
        "TRAIN1-A000002",
        "TRAIN1-B000003",
    ]
    answer("journal", "verify", "--shop", str(restored))
    _, complaint = answer("backup", str(file), "--shop", str(shop), code=1)
    assert complaint
    _, complaint = answer("restore", str(file), "--shop", str(shop), code=1, passphrase=key)
    assert "nothing was changed" in complaint


def test_restoring_with_the_wrong_passphrase_or_file_leaves_nothing(
    shop: Path, tmp_path: Path
) -> None:
    file, restored = tmp_path / "backup.zip", tmp_path / "restored"
    answer("backup", str(file), "--shop", str(shop))
    wrong = "some other passphrase"
    _, complaint = answer("restore", str(file), "--shop", str(restored), code=1, passphrase=wrong)
    assert "passphrase is wrong" in complaint
    file.write_bytes(file.read_bytes()[:-100])
    key = training_passphrase()
    _, complaint = answer("restore", str(file), "--shop", str(restored), code=1, passphrase=key)
    assert "not a good backup" in complaint
    assert not restored.exists()


@pytest.mark.skipif(os.name == "nt", reason="file descriptors are inherited another way")
def test_a_passphrase_that_is_no_text_is_just_wrong(shop: Path) -> None:
    _, complaint = answer(
        "journal", "verify", "--shop", str(shop), code=1, passphrase="\udcff\udcfe"
    )
    assert "passphrase is wrong" in complaint
