"""Damage to the file: found whatever page it hits, and long journals take no more memory."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest

from pos_app.adapters.ledger.engine import connect_to_read
from pos_app.adapters.ledger.errors import LedgerDamaged
from pos_app.adapters.ledger.verify import reading, verify_ledger
from pos_app.exchange.chain import EMPTY, FaultKind, Head
from tests.ledger_makers import LEDGER_KEY, OWNER, make_ledger
from tests.ledger_proofs import proof_of

PAGE = 4096

pytestmark = pytest.mark.usefixtures("clean_temp")


def readable_entries(path: Path) -> list[int]:
    """Return which entries can be read one by one: an answer found another way."""
    db = connect_to_read(path, LEDGER_KEY)
    seqs: list[int] = []
    try:
        for seq in range(1, 200):
            row = db.execute("select body, signature from journal where seq = ?", (seq,)).fetchone()
            if row is None:
                break
            seqs.append(seq)
    except Exception:  # noqa: BLE001 - whatever the engine says, this entry cannot be read
        return seqs
    finally:
        db.close()
    return seqs


def test_a_changed_byte_in_any_page_is_found_at_the_first_entry_it_hides(
    path: Path, head: Head
) -> None:
    sound = path.read_bytes()
    kinds: set[FaultKind] = set()
    pages = len(sound) // PAGE
    for page in range(pages):
        damaged = bytearray(sound)
        damaged[page * PAGE + 61 * (page + 1) % PAGE] ^= 0x10
        path.write_bytes(damaged)
        try:
            proof = proof_of(path, head)
        except LedgerDamaged:
            kinds.add(FaultKind.FILE)
            continue
        assert proof.fault is not None, f"page {page}"
        kinds.add(proof.fault.kind)
        if proof.fault.kind is FaultKind.UNREADABLE:
            assert proof.fault.seq == len(readable_entries(path)) + 1
            assert proof.head.seq == proof.fault.seq - 1
        else:
            assert readable_entries(path) == list(range(1, head.seq + 1))
    assert {FaultKind.UNREADABLE, FaultKind.PROJECTION, FaultKind.FILE} <= kinds


@pytest.mark.parametrize("place", [0, 20, 100, 4090])
def test_a_changed_first_page_is_told_in_a_sentence(path: Path, place: int) -> None:
    damaged = bytearray(path.read_bytes())
    damaged[place] ^= 1
    path.write_bytes(damaged)
    with pytest.raises(LedgerDamaged) as refused:
        proof_of(path)
    assert refused.value.facts == {"path": str(path)}


@pytest.mark.parametrize("share", [0.3, 0.7, 0.95])
def test_a_file_cut_short_is_found(path: Path, head: Head, share: float) -> None:
    raw = path.read_bytes()
    path.write_bytes(raw[: int(len(raw) * share) // PAGE * PAGE])
    try:
        proof = proof_of(path, head)
    except LedgerDamaged:
        return
    assert proof.fault is not None


def test_progress_is_told_while_a_long_journal_is_walked(tmp_path: Path) -> None:
    ledger = make_ledger(tmp_path / "shop", imports=False)
    with ledger.writing() as transaction:
        for _ in range(2500):
            transaction.append("sign_in", {"operator": "ama"}, 0)
    ledger.close()
    told: list[int] = []
    with reading(ledger.path, LEDGER_KEY) as db:
        assert verify_ledger(db, OWNER, EMPTY, told.append).fault is None
    assert told == [1000, 2000]


def test_memory_does_not_grow_with_the_journal(tmp_path: Path) -> None:
    def peak(entries: int) -> int:
        ledger = make_ledger(tmp_path / str(entries), imports=False)
        with ledger.writing() as transaction:
            for _ in range(entries):
                transaction.append("sign_in", {"operator": "ama", "pad": "x" * 400}, 0)
        ledger.close()
        tracemalloc.start()
        try:
            assert proof_of(ledger.path).fault is None
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(600)  # what is loaded once
    assert peak(4800) < 1.2 * peak(1200)
