"""A program that is killed at the n-th step while it moves keys into a module.

``key_move_step.py FOLDER N``: a step is before or after a key goes into the module, is proven
there, or a transaction is committed. Prints ``whole`` when N is beyond the last step.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pos_app.adapters.ledger.book import SqliteLedger
from pos_app.adapters.vault.module import KeyModule
from tests.key_makers import GRACE, JOSEPH
from tests.shops import opened


def main(folder: Path, fatal: int) -> None:
    shop = opened(folder)
    steps = 0

    def dying(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            nonlocal steps
            steps += 1
            if steps == fatal:
                os._exit(9)
            answer = real(*arguments, **named)
            steps += 1
            if steps == fatal:
                os._exit(9)
            return answer

        return call

    for name in ("keep", "hmac"):
        setattr(KeyModule, name, dying(getattr(KeyModule, name)))
    SqliteLedger._commit = dying(SqliteLedger._commit)  # type: ignore[method-assign]
    shop.desk.key_moves.move(GRACE, JOSEPH)
    shop.close()
    sys.stdout.write("whole\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
