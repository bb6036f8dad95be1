"""A PKCS#11 module for tests: SoftHSM2 with a token of its own, made once per test process."""

from __future__ import annotations

import importlib
import importlib.util
import os
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest

from pos_app.application.keys import ModuleAccess

DRIVERS = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
)
PIN = "271828"
DRIVER = next((path for path in DRIVERS if Path(path).is_file()), "")


def why_not() -> str:
    """Return what keeps the module's tests from running here."""
    if importlib.util.find_spec("pkcs11") is None:
        return "python-pkcs11 is not installed (tokentill[hsm])"
    if not DRIVER or shutil.which("softhsm2-util") is None:
        return "SoftHSM2 is not installed (Debian: softhsm2)"
    return ""


needs_module = pytest.mark.skipif(bool(why_not()), reason=why_not() or "there")


@cache
def tokens_folder() -> Path:
    """Point SoftHSM2 at a folder of this process; it reads that only once."""
    folder = Path(mkdtemp(prefix="tokentill-module-"))
    tokens = folder / "tokens"
    tokens.mkdir()
    place = folder / "softhsm2.conf"
    place.write_text(f"directories.tokendir = {tokens}\nobjectstore.backend = file\n")
    os.environ["SOFTHSM2_CONF"] = str(place)
    return tokens


@cache
def module_access() -> ModuleAccess:
    tokens_folder()
    subprocess.run(
        [
            *("softhsm2-util", "--init-token", "--free", "--label", "till"),
            *("--pin", PIN, "--so-pin", "31415926"),
        ],
        check=True,
        capture_output=True,
    )
    return ModuleAccess(DRIVER, "till", PIN)


def emptied() -> None:
    """Take every key out of the token: shops of tests are copies and name their keys alike."""
    module_access()
    _asked(lambda found: [each.destroy() for each in found])


def objects() -> list[object]:
    """Return what the token holds, asked by another session than the till's."""
    return _asked(list)


def _asked(act: Callable[[list[Any]], list[object]]) -> list[object]:
    pkcs11 = importlib.import_module("pkcs11")
    token = pkcs11.lib(DRIVER).get_token(token_label="till")
    try:
        opened = token.open(rw=True, user_pin=PIN)
    except pkcs11.exceptions.UserAlreadyLoggedIn:  # the till is, in this very process
        opened = token.open(rw=True)
    with opened as session:
        kind = {pkcs11.Attribute.CLASS: pkcs11.ObjectClass.SECRET_KEY}
        return act(list(session.get_objects(kind)))
