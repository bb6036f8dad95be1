"""A till that works by itself and says when, for `tests.bench.start`.

It is the program's own `Till`; only hands and, with ``DRIVEN_KEY``, the key derivation are
replaced. Words on standard output: ``READY`` the first screen is painted, ``ASKED`` the key
derivation begins, ``KNOWN`` it ended, ``OPEN`` the sign-in is painted, ``SELL`` the till is
painted, ``RSS <kB>`` idle and after each half of ``DRIVEN_SALES``.
"""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

gc.disable()

from pos_app.bootstrap.plain_imports import keep_imports_plain  # noqa: E402 - as the program does

keep_imports_plain()

from PySide6.QtCore import QTimer  # noqa: E402

from pos_app.adapters.vault.header import read_identity  # noqa: E402
from pos_app.application.identity import Operator, Role  # noqa: E402
from pos_app.bootstrap.window import Till  # noqa: E402
from pos_app.ui.counter import Counter  # noqa: E402
from pos_app.ui.first_paint import FirstPaint  # noqa: E402

TYPING_MS = 1_500
IDLE_MS = 2_500


def say(words: str) -> None:
    print(words, flush=True)


class Driven(Till):
    """A till with a hand at it."""

    def _open(self, passphrase: str) -> Counter:
        from pos_app.adapters.vault import keystore  # noqa: PLC0415 - where the program does it

        names, known = vars(keystore), os.environ.get("DRIVEN_KEY")
        stretch = names["passphrase_key"]

        def key(*parts: object) -> bytes:
            say("ASKED")
            answer = bytes.fromhex(known) if known else bytes(stretch(*parts))
            say("KNOWN")
            return answer

        names["passphrase_key"] = key
        return super()._open(passphrase)

    def drive(self) -> None:
        """Type the passphrase where it is asked for; sign in; go on to the sales."""
        typed = os.environ.get("DRIVEN_PASSPHRASE")
        if typed:
            seen = FirstPaint(self.window).seen
            seen.connect(lambda: QTimer.singleShot(TYPING_MS, lambda: self._type(typed)))
        self.window.opened.connect(
            lambda: FirstPaint(self.window).seen.connect(lambda: QTimer.singleShot(0, self._enter))
        )

    def _type(self, passphrase: str) -> None:
        self.window._unlock.passphrase.setText(passphrase)
        self.window._unlock.passphrase.returnPressed.emit()

    def _enter(self) -> None:
        self.window._signed_in(Operator("ama", "Ama", Role.CASHIER))
        FirstPaint(self.window).seen.connect(self._at_the_till)

    def _at_the_till(self) -> None:
        say("SELL")
        QTimer.singleShot(IDLE_MS, self._sell_on)

    def _sell_on(self) -> None:
        say_memory()
        sales = int(os.environ.get("DRIVEN_SALES", "0"))
        if sales:
            self.tasks.ledger(lambda: self._sell(sales), lambda _: self.app.quit(), _raised)

    def _sell(self, sales: int) -> None:
        from tests.bench.orders import orders_of  # noqa: PLC0415 - no part of a start

        shop = self._shop
        if shop is None:
            raise RuntimeError("no shop is open")
        orders = orders_of(shop)
        for number in range(1, sales + 1):
            shop.desk.sell(next(orders))
            if number * 2 % sales == 0:
                say_memory()


def _raised(error: BaseException) -> None:
    raise error


def say_memory() -> None:
    """Say how much of this process is in memory."""
    for line in Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Rss:"):
            say(f"RSS {line.split()[1]}")


def main() -> int:
    place = Path(os.environ["TOKENTILL_SHOP"])
    till = Driven(place, read_identity(place))
    till.drive()
    return till.run(announce=True)


if __name__ == "__main__":
    sys.exit(main())
