"""Proofs of a ledger file, as the tests ask for them."""

from __future__ import annotations

from pathlib import Path

from pos_app.adapters.ledger.verify import Proof, reading, verify_ledger
from pos_app.exchange.chain import EMPTY, FaultKind, Head, Owner
from tests.ledger_makers import LEDGER_KEY, OWNER


def proof_of(path: Path, anchor: Head = EMPTY, owner: Owner = OWNER) -> Proof:
    with reading(path, LEDGER_KEY) as db:
        return verify_ledger(db, owner, anchor)


def fault_of(path: Path, anchor: Head = EMPTY, owner: Owner = OWNER) -> tuple[int, FaultKind]:
    fault = proof_of(path, anchor, owner).fault
    assert fault is not None
    return fault.seq, fault.kind
