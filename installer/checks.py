"""Every check of the project, all of them run, each with its time and verdict.

Types are checked beside the tests, which wait for disks now and then; what was found is shown when
the tests have ended.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from typing import IO, Any

from installer.environment import BIN, ROOT

Check = tuple[str, ...]
CHECKS: tuple[Check, ...] = (
    ("ruff", "format", "--check", "."),
    ("ruff", "check", "."),
    ("lint-imports",),
    ("pytest", "-n", "3", "--dist", "loadfile", "--no-loadscope-reorder"),
)
"""Tests: one process more than cores, some always wait; files in the order of tests/conftest.py."""
BESIDE: tuple[Check, ...] = (("mypy",),)
"""Run while the others do."""


@dataclass(frozen=True)
class Verdict:
    """One check that was run: the words typed, seconds it took, whether it passed."""

    command: str
    seconds: float
    passed: bool

    def __str__(self) -> str:
        return f"{'passed' if self.passed else 'FAILED'}  {self.seconds:6.1f} s  {self.command}"


@dataclass
class Beside:
    """A check that runs while others do; its output is kept."""

    check: Check
    said: IO[bytes] = field(default_factory=tempfile.TemporaryFile)
    begun: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.process = started(self.check, stdout=self.said, stderr=subprocess.STDOUT)

    def end(self) -> Verdict:
        """Wait for it, show what it said and return its verdict."""
        status = self.process.wait()
        seconds = time.monotonic() - self.begun
        print(f"\n$ {' '.join(self.check)}", flush=True)
        self.said.seek(0)
        shutil.copyfileobj(self.said, sys.stdout.buffer)
        self.said.close()
        return told(self.check, seconds, status)


def run_all() -> int:
    """Run all checks, print a summary, and return 0 only if every one passed."""
    begun = time.monotonic()
    beside = [Beside(check) for check in BESIDE]
    verdicts = [run(check) for check in CHECKS]
    verdicts += [each.end() for each in beside]
    failed = [verdict for verdict in verdicts if not verdict.passed]
    print("\nSummary")
    for verdict in verdicts:
        print(f"  {verdict}")
    last = f"{len(failed)} of {len(verdicts)} checks FAILED" if failed else "All checks passed"
    print(f"{last} in {time.monotonic() - begun:.1f} s.", flush=True)
    return 1 if failed else 0


def run(check: Check) -> Verdict:
    """Run one check in the root of the clone with its output shown as it comes."""
    print(f"\n$ {' '.join(check)}", flush=True)
    begun = time.monotonic()
    status = started(check).wait()
    return told(check, time.monotonic() - begun, status)


def started(check: Check, **streams: Any) -> subprocess.Popen[bytes]:
    """Start a check. What Python compiles is kept: tests start hundreds of programs."""
    program, *arguments = check
    return subprocess.Popen(
        [BIN / program, *arguments],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONDONTWRITEBYTECODE": ""},
        stdin=subprocess.DEVNULL,
        **streams,
    )


def told(check: Check, seconds: float, status: int) -> Verdict:
    """Return the verdict on a check, after saying it."""
    verdict = Verdict(" ".join(check), seconds, status == 0)
    print(verdict, flush=True)
    return verdict
