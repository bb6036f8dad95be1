"""The real program as a process of its own, with a shop made at the computer's own time."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from pos_app.bootstrap.training import create_training_shop
from pos_app.bootstrap.training_file import training_passphrase
from tests.forked import ROOT, run_forked

METERS = 60
SECONDS = 60
PASSPHRASE = training_passphrase()


@dataclass(frozen=True)
class Ran:
    """What a run left behind."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        return json.loads(self.out)

    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]

    def refusal(self) -> str:
        """Return the one sentence on standard error of a run that was refused."""
        assert self.code == 1, self
        (sentence,) = self.err.splitlines()
        assert sentence[-1] in ".)" or sentence.endswith(("demo", "sales")), sentence
        return sentence


@cache
def _model() -> Path:
    folder = Path(mkdtemp(prefix="tokentill-today-")) / "shop"
    create_training_shop(folder, METERS)
    return folder


def shop_of_today(folder: Path) -> Path:
    """Return a fresh training shop inside `folder`."""
    place = folder / "shop"
    shutil.copytree(_model(), place)
    return place


def environment(shop: Path | None, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment of a run: nothing of the tester's own Tokentill in it."""
    kept = {name: value for name, value in os.environ.items() if "TOKENTILL" not in name}
    own = {} if shop is None else {"TOKENTILL_SHOP": str(shop)}
    return {**kept, **own, **(extra or {})}


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "pos_app", *arguments]


def tokentill(
    shop: Path | None,
    *arguments: str,
    typed: str | bytes = "",
    env: Mapping[str, str] | None = None,
    fds: tuple[int, ...] = (),
    before: tuple[str, ...] = (),
) -> Ran:
    """Run a command; whatever it is, it leaves no traceback and no secret on standard error."""
    given = typed.encode() if isinstance(typed, str) else typed
    own = environment(shop, env)
    done = (
        _started([*before, *command(*arguments)], given, own, fds)
        if fds or before
        else run_forked(arguments, given, own, SECONDS)
    )
    ran = Ran(done.returncode, done.stdout.decode(), done.stderr.decode())
    assert_discreet(ran.err, *(env or {}).values())
    assert "Traceback" not in ran.out
    return ran


def _started(
    words: list[str], given: bytes, own: Mapping[str, str], fds: tuple[int, ...]
) -> subprocess.CompletedProcess[bytes]:
    """Run a command by an interpreter of its own, which can be given descriptors."""
    return subprocess.run(
        words,
        input=given,
        capture_output=True,
        cwd=ROOT,
        env=own,
        pass_fds=fds,
        timeout=SECONDS,
        check=False,
    )


def assert_discreet(said: str, *given: str) -> None:
    """Fail for a traceback, a passphrase, a PIN that was given or a whole token in `said`."""
    assert "Traceback" not in said, said
    for secret in (PASSPHRASE, *(text for text in given if text.strip())):
        assert secret not in said
    assert not re.search(r"(?<!\d)\d{20}(?!\d)", re.sub(r"(?<=\d)[ \u2009-]+(?=\d)", "", said)), (
        said
    )


def handed_over(text: str) -> int:
    """Return a file descriptor from which `text` can be read once; close it afterwards."""
    reading, writing = os.pipe()
    with os.fdopen(writing, "w") as end:
        end.write(text)
    return reading
