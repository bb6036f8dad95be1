"""Killed at every step between till and module, every key works and the move can be finished."""

from __future__ import annotations

import os
from pathlib import Path
from shutil import copytree

import pytest

from pos_app.bootstrap.inspection import verify_shop
from pos_app.bootstrap.training_file import training_passphrase
from tests.adapters.vault.modules import emptied, module_access, needs_module, objects
from tests.forked import run_forked
from tests.key_makers import GRACE, JOSEPH
from tests.shops import HIGHVELD, make_shop, opened, order
from tests.tills import environment


def killed(folder: Path, step: int) -> bool:
    """Move until the n-th step; tell whether the program lived to the end."""
    there = environment(SOFTHSM2_CONF=os.environ["SOFTHSM2_CONF"])
    done = run_forked((str(folder), str(step)), b"", there, 60, "tests.faults.key_move_step")
    assert done.returncode in {0, 9}, done.stderr
    return done.stdout == b"whole\n"


def prepared(folder: Path) -> Path:
    """Return a shop that sells under keys in the till, with a module named."""
    shop = opened(make_shop(folder))
    shop.desk.keys.use_module(module_access(), GRACE, JOSEPH)
    shop.close()
    return shop.folder


@needs_module
@pytest.mark.timeout(600)
def test_a_kill_at_any_step_loses_no_key_and_puts_none_in_twice(tmp_path: Path) -> None:
    told, sound = [], prepared(tmp_path / "sound")
    for step in range(1, 100):
        emptied()
        folder = Path(copytree(sound, tmp_path / str(step)))
        whole = killed(folder, step)
        shop = opened(folder)
        fit = [key for key in shop.ledger.keys.vending() if key.attributes.dkga == 4]
        inside = [shop.desk.safe.in_module(key) for key in fit]
        assert len(set(inside)) == 1, "all records are re-pointed, or none"
        assert shop.desk.sell(order(shop, HIGHVELD, 5_000)).tokens
        kinds = [each.kind for each in shop.ledger.entries()]
        begun, ended = kinds.count("key_move_begun"), kinds.count("keys_moved")
        assert (ended == 1) is inside[0]
        assert shop.desk.key_moves.interrupted() is (begun > ended)
        shop.desk.key_moves.move(GRACE, JOSEPH)
        moved = [key for key in shop.ledger.keys.vending() if key.attributes.dkga == 4]
        assert all(map(shop.desk.safe.in_module, moved))
        assert not shop.desk.key_moves.interrupted()
        assert len(objects()) == len(fit)
        shop.close()
        assert verify_shop(folder, training_passphrase()).fault is None
        told.append((begun, ended))
        if whole:
            break
    assert told[0] == (0, 0)
    assert (1, 0) in told
    assert told[-1] == (1, 1)
    assert told == sorted(told)
