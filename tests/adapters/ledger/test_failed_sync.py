"""A disk that fails to sync: the connection is not trusted again, the shop opens anew."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlcipher3 import dbapi2 as sqlite

from pos_app.adapters.ledger.errors import LedgerUnavailable
from tests.shops import HIGHVELD, make_shop, opened, order

IOERR_FSYNC = 1034  # SQLITE_IOERR | 4 << 8, of sqlite.org/rescode.html


class FailingDisk:
    """Stands in front of a database and fails the first commit as a disk would."""

    def __init__(self, db: Any) -> None:
        self._db = db
        self.commits = 0

    def execute(self, statement: str, *values: Any) -> Any:
        if statement == "commit":
            self.commits += 1
            problem = sqlite.OperationalError("disk I/O error")
            problem.sqlite_errorcode = IOERR_FSYNC
            problem.sqlite_errorname = "SQLITE_IOERR_FSYNC"
            raise problem
        return self._db.execute(statement, *values)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._db, name)


def test_after_a_failed_sync_nothing_is_sold_until_the_shop_is_opened_again(
    tmp_path: Path,
) -> None:
    folder = make_shop(tmp_path)
    shop = opened(folder)
    head = shop.ledger.head()
    disk = FailingDisk(shop.ledger.db)
    shop.ledger.db = disk  # type: ignore[assignment]
    for _ in range(2):
        with pytest.raises(LedgerUnavailable) as caught:
            shop.desk.sell(order(shop, HIGHVELD, 5000))
        assert "SQLITE_IOERR_FSYNC" in str(caught.value.facts["reason"])
    assert disk.commits == 1
    assert shop.ledger.head() == head
    shop.close()
    shop = opened(folder)
    assert shop.desk.sell(order(shop, HIGHVELD, 5000)).number == 1
    shop.close()
