"""Every check of the project, in one order, all of them run, each with its time and verdict."""

import os
import subprocess
import time
from dataclasses import dataclass

from installer.environment import BIN, ROOT

CHECKS: tuple[tuple[str, ...], ...] = (
    ("ruff", "format", "--check", "."),
    ("ruff", "check", "."),
    ("mypy",),
    ("lint-imports",),
    ("pytest", "-n", "3", "--dist", "loadfile"),  # one more than cores: some always wait for a disk
)


@dataclass(frozen=True)
class Verdict:
    """One check that was run: the words typed, seconds it took, whether it passed."""

    command: str
    seconds: float
    passed: bool

    def __str__(self) -> str:
        return f"{'passed' if self.passed else 'FAILED'}  {self.seconds:6.1f} s  {self.command}"


def run_all() -> int:
    """Run all checks, print a summary, and return 0 only if every one passed."""
    verdicts = [run(check) for check in CHECKS]
    failed = [verdict for verdict in verdicts if not verdict.passed]
    print("\nSummary")
    for verdict in verdicts:
        print(f"  {verdict}")
    seconds = sum(verdict.seconds for verdict in verdicts)
    last = f"{len(failed)} of {len(verdicts)} checks FAILED" if failed else "All checks passed"
    print(f"{last} in {seconds:.1f} s.", flush=True)
    return 1 if failed else 0


def run(check: tuple[str, ...]) -> Verdict:
    """Run one check in the root of the clone with its output shown as it comes."""
    program, *arguments = check
    words = " ".join(check)
    print(f"\n$ {words}", flush=True)
    begun = time.monotonic()
    status = subprocess.run(
        [BIN / program, *arguments],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stdin=subprocess.DEVNULL,
        check=False,
    ).returncode
    verdict = Verdict(words, time.monotonic() - begun, status == 0)
    print(verdict, flush=True)
    return verdict
