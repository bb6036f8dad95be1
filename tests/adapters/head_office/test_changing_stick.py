"""A stick that says one thing when it is proven and another when it is taken."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pos_app.application import pack_taking
from pos_app.bootstrap.office_stick import import_packs
from pos_app.exchange.pack import ProvenPack, Section, prove_pack
from tests.head_office import OTHER_KEY, TILL, PackPress, allowance, enrol
from tests.shops import make_shop, opened


def test_only_what_was_proven_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    word = {"id": "1", "text": "hello", "from_ms": 0, "until_ms": 1}
    stick = tmp_path / f"{TILL}-000001.ttp"
    stick.write_bytes(PackPress(TILL).pack((Section.MESSAGES, word)))
    forged = PackPress(TILL, OTHER_KEY).pack(allowance(9, money_minor=999_000_000))
    shop = opened(make_shop(tmp_path))

    def prove_then_change(*given: Any) -> ProvenPack:
        found = prove_pack(*given)
        stick.write_bytes(forged)
        return found

    monkeypatch.setattr(pack_taking, "prove_pack", prove_then_change)
    try:
        enrol(shop)
        before = shop.ledger.allowances()
        (done,) = import_packs(shop, [stick])
        assert done.counts == {"messages": 1}
        assert shop.ledger.allowances() == before
    finally:
        shop.close()
    assert stick.read_bytes() == forged
