"""A sale whose n-th call to the disk is the last, fails, or finds the disk full: for every n.

``TOKENTILL_CALLS=all`` tries every call; the short form every sixth.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.forked import run_forked
from tests.shops import HIGHVELD, make_shop, opened, order
from tests.tills import Books, books_of, environment

KILLED = -9
EVERY = 1 if os.environ.get("TOKENTILL_CALLS") == "all" else 6
MOST = 200
REFUSED = "ledger-unavailable"


def sold_under(folder: Path, sale_id: str, call: str, fault: str, number: int) -> str:
    """Return the receipt, the code of a refusal, or nothing from a program that was killed."""
    words = (str(folder), sale_id, call, fault, str(number))
    ended = run_forked(words, b"", environment(), 60, "tests.faults.sale_step")
    if b"untraced" in ended.stderr:
        pytest.skip("this computer lets no program be traced")
    assert ended.returncode in {0, KILLED}, ended.stderr.decode()
    return ended.stdout.decode().strip()


def sales_of(books: Books, sale_id: str) -> int:
    return [sale["sale_id"] for sale in books.sales].count(sale_id)


def sell_again(folder: Path, sale_id: str) -> None:
    shop = opened(folder)
    sale = shop.desk.sell(order(shop, HIGHVELD, 5000, sale_id=sale_id, repeat_allowed=True))
    assert sale.sale_id == sale_id
    shop.close()


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
@pytest.mark.parametrize("fault", ["signal=SIGKILL", "error=EIO", "error=ENOSPC"])
@pytest.mark.parametrize("call", ["pwrite64", "fsync"])
@pytest.mark.timeout(600)
def test_a_fault_at_any_call_of_a_sale_leaves_it_whole_or_unsold(
    call: str, fault: str, tmp_path: Path
) -> None:
    folder = make_shop(tmp_path)
    struck = 0
    for number in range(1, MOST, EVERY if call == "pwrite64" else 1):
        sale_id = f"{call}-{fault}-{number}"
        said = sold_under(folder, sale_id, call, fault, number)
        books = books_of(folder)
        assert books.broken_promises() == []
        if said not in {"", REFUSED}:
            assert sales_of(books, sale_id) == 1
            break
        struck += 1
        sell_again(folder, sale_id)
        assert sales_of(books_of(folder), sale_id) == 1
    assert struck >= (2 if call == "pwrite64" else 1)
    assert books_of(folder).broken_promises() == []
