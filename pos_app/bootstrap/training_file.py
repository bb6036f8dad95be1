"""What is published of the training shop: ``resources/training/shop.toml``."""

from __future__ import annotations

import tomllib
from typing import Any

from pos_app.exchange.signing import SigningKey
from pos_app.resources import resource


def training_plan() -> dict[str, Any]:
    """Return the description of the training shop."""
    return tomllib.loads(resource("training", "shop.toml").read_text(encoding="utf-8"))


def training_passphrase() -> str:
    """Return the published passphrase of every training shop."""
    return str(training_plan()["passphrase"])


def training_authority() -> SigningKey:
    """Return the published key that signs files for training shops."""
    return SigningKey(bytes.fromhex(training_plan()["authority"]["seed"]))


def training_pins() -> dict[str, str]:
    """Return the published PINs by operator, the first operator first."""
    return {part["id"]: part["pin"] for part in training_plan()["operator"]}
