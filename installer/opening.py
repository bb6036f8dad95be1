"""Open the till on a training shop; without a display, sell from the command line instead."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from installer.environment import BIN

TRAINING_METER = "14123456783"
"""The first meter of every training shop, which also needs no passphrase and no PIN to sell."""


def open_till(arguments: list[str]) -> int:
    """Open the window on the shop of ``--shop``, else on the user's training shop.

    A shop that is not there is made, for training. All other `arguments` go to the window.
    Returns the exit status of the program.
    """
    reader = argparse.ArgumentParser(prog="up.py run", add_help=False, allow_abbrev=False)
    reader.add_argument("--shop", type=Path)
    chosen, rest = reader.parse_known_args(arguments)
    shop = chosen.shop.absolute() if chosen.shop else training_shop()
    if not has_display():
        return sell_without_display(shop)
    return make_shop(shop) or tokentill("--shop", shop, *rest)


def has_display() -> bool:
    """Say whether a window can be shown; only Linux has machines where none can."""
    named = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return sys.platform != "linux" or bool(named)


def training_shop() -> Path:
    """Ask the program which folder this user's training shop has."""
    question = "from pos_app.adapters.system.paths import training_shop; print(training_shop())"
    answer = subprocess.run(
        [BIN / "python", "-c", question], stdout=subprocess.PIPE, text=True, check=True
    )
    return Path(answer.stdout.strip())


def make_shop(shop: Path) -> int:
    """Make a training shop in the folder `shop` unless it is there; return the exit status."""
    return 0 if shop.exists() else tokentill("demo", "--shop", shop)


def sell_without_display(shop: Path) -> int:
    """Make the sale that the window would make, and leave its slip as a picture and a PDF."""
    print("There is no display here, so the sale is made from the command line.", flush=True)
    picture, document = shop / "slip.png", shop / "slip.pdf"
    sale = ["--meter", TRAINING_METER, "--amount", "50", "--tender", "cash:50", "--again"]
    slips: list[str | Path] = ["--slip", picture, "--slip", document]
    status = make_shop(shop) or tokentill("sell", "--shop", shop, *sale, *slips)
    if status == 0:
        print(f"The slip is here:\n  {picture}\n  {document}", flush=True)
    return status


def tokentill(*arguments: str | Path) -> int:
    """Run the installed program and return its exit status; no display means drawing offscreen."""
    surroundings = dict(os.environ)
    if not has_display():
        surroundings["QT_QPA_PLATFORM"] = "offscreen"
    return subprocess.run([BIN / "tokentill", *arguments], env=surroundings, check=False).returncode
