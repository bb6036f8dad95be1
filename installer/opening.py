"""Open the till on a training shop; without a display, sell from the command line instead."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from installer.environment import BIN, ROOT

TOKENTILL = BIN / "tokentill"
SHOP_WITHOUT_DISPLAY = ROOT / "shop"
TRAINING_METER = "14123456783"  # the first meter of every training shop


def open_till(arguments: list[str]) -> int:
    """Open the window on the shop of ``--shop`` (or the program's own choice); return its status.

    `arguments` other than ``--shop`` are handed to the window.
    """
    reader = argparse.ArgumentParser(prog="up.py run", add_help=False, allow_abbrev=False)
    reader.add_argument("--shop", type=Path)
    chosen, rest = reader.parse_known_args(arguments)
    shop: Path | None = chosen.shop
    if not has_display():
        return sell_without_display(shop or SHOP_WITHOUT_DISPLAY)
    at_shop = ["--shop", str(shop)] if shop else []
    status = tokentill("demo", *at_shop)
    return status or tokentill(*at_shop, *rest)


def has_display() -> bool:
    """Say whether a window can be shown; only Linux has machines where none can."""
    named = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return sys.platform != "linux" or bool(named)


def sell_without_display(shop: Path) -> int:
    """Make the sale that the window would make, and leave its slip as a picture and a PDF."""
    print("There is no display here, so the sale is made from the command line.", flush=True)
    picture, document = shop / "slip.png", shop / "slip.pdf"
    sale = f"sell --meter {TRAINING_METER} --amount 50 --tender cash:50 --again".split()
    status = tokentill("demo", "--shop", str(shop)) or tokentill(
        *sale, "--shop", str(shop), "--slip", str(picture), "--slip", str(document)
    )
    if status == 0:
        print(f"The slip is here:\n  {picture}\n  {document}", flush=True)
    return status


def tokentill(*arguments: str) -> int:
    """Run the installed program and return its exit status; Qt draws in memory without a display.

    A training shop's passphrase and PINs are published, so nothing is asked.
    """
    drawn = {} if has_display() else {"QT_QPA_PLATFORM": "offscreen"}
    command = [str(TOKENTILL), *arguments]
    return subprocess.run(command, env={**os.environ, **drawn}, check=False).returncode
