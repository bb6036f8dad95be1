"""What is published of the training shop: ``resources/training/shop.toml``."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from pos_app.resources import resource

if TYPE_CHECKING:
    from pos_app.exchange.signing import SigningKey


def training_plan() -> dict[str, Any]:
    """Return the description of the training shop."""
    return tomllib.loads(resource("training", "shop.toml").read_text(encoding="utf-8"))


def training_passphrase() -> str:
    """Return the published passphrase of every training shop."""
    return str(training_plan()["passphrase"])


def training_authority() -> SigningKey:
    """Return the published key that signs files for training shops."""
    from pos_app.exchange.signing import SigningKey  # noqa: PLC0415 - the first screen needs none

    return SigningKey(bytes.fromhex(training_plan()["authority"]["seed"]))


def training_pins() -> dict[str, str]:
    """Return the published PINs by operator, the first operator first."""
    return {part["id"]: part["pin"] for part in training_plan()["operator"]}
