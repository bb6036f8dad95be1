"""Small training shops for tests: made once, copied for each, opened with a clock in hand."""

from __future__ import annotations

import shutil
import uuid
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from pos_app.application.order import SaleOrder
from pos_app.bootstrap.shop import OpenShop, open_shop
from pos_app.bootstrap.training import create_training_shop, example_meters
from pos_app.bootstrap.training_file import training_passphrase
from pos_app.domain.money import Money
from pos_app.domain.tender import Tender, cash_due

METERS = 60
START_MS = 1_795_257_120_000  # 21 November 2026, 10:32 UTC
HIGHVELD, LAGOON, LAKESIDE = example_meters()


@dataclass
class HeldClock:
    """A clock that stands until a test moves it."""

    now: int = START_MS
    offset: int = 120
    steady: int = 0

    def now_ms(self) -> int:
        return self.now

    def offset_minutes(self, _at_ms: int) -> int:
        return self.offset

    def steady_ms(self) -> int:
        return self.steady


@cache
def _model() -> Path:
    folder = Path(mkdtemp(prefix="tokentill-model-")) / "shop"
    create_training_shop(folder, METERS, HeldClock())
    return folder


def make_shop(folder: Path) -> Path:
    """Return a fresh training shop inside `folder`, made at `START_MS`."""
    place = folder / "shop"
    shutil.copytree(_model(), place)
    return place


def opened(folder: Path, clock: HeldClock | None = None) -> OpenShop:
    """Open a training shop; close it afterwards."""
    return open_shop(folder, training_passphrase(), clock or HeldClock())


def order(shop: OpenShop, drn: str, minor: int, **changes: object) -> SaleOrder:
    """Return an order paid in exact cash; `changes` replace fields."""
    money = Money(minor, shop.desk.currency_of(drn))
    values: dict[str, object] = {
        "sale_id": str(uuid.uuid4()),
        "drn": drn,
        "amount": money,
        "tenths": None,
        "tenders": (Tender("cash", cash_due(money)),),
        "operator_id": "ama",
    }
    return SaleOrder(**(values | changes))  # type: ignore[arg-type]
