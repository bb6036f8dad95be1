"""A program that is killed at the n-th step on the disk while it turns a key store.

``key_store_step.py FOLDER ACT N``: steps are opening, writing, syncing, renaming and committing.
Prints ``whole`` when N is beyond the last step.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pos_app.adapters.ledger.book import SqliteLedger
from pos_app.bootstrap.training_file import training_passphrase
from tests.key_makers import GRACE, JOSEPH
from tests.shops import opened

NEW = "quarry velvet anthem pickle"


def main(folder: Path, act: str, fatal: int) -> None:
    shop = opened(folder)
    steps = 0

    def dying(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            nonlocal steps
            steps += 1
            if steps == 2 * fatal - 1:
                os._exit(9)
            answer = real(*arguments, **named)
            steps += 1
            if steps == 2 * fatal:
                os._exit(9)
            return answer

        return call

    for name in ("open", "fsync", "replace", "rename"):
        setattr(os, name, dying(getattr(os, name)))
    SqliteLedger._commit = dying(SqliteLedger._commit)  # type: ignore[method-assign]
    if act == "passphrase":
        shop.desk.keys.change_passphrase(training_passphrase(), NEW, GRACE)
    else:
        shop.desk.keys.destroy(training_passphrase(), GRACE, JOSEPH)
    shop.close()
    sys.stdout.write("whole\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
