"""The private Python environment ``.venv``: built whole from the lock, or not taken as built.

A stamp inside it, written last, holds a digest of everything it was made from. No stamp, another
digest or an interpreter that does not start: the folder is removed and made again.
"""

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

if sys.platform != "win32":
    import fcntl

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if sys.platform == "win32" else "bin")
LOCK = ROOT / "requirements.lock"
STAMP = VENV / "tokentill-ready"


def ensure() -> None:
    """Build ``.venv`` if it is not complete; a second set-up meanwhile waits for the first."""
    if is_ready():
        return
    with alone():
        if not is_ready():
            build()


def is_ready() -> bool:
    """Say whether ``.venv`` was built to the end, from today's lock, and its interpreter starts."""
    try:
        if STAMP.read_text(encoding="ascii") != digest():
            return False
        answer = subprocess.run([BIN / "python", "-c", ""], capture_output=True, check=False)
    except OSError:
        return False
    return answer.returncode == 0


def digest() -> str:
    """Return a digest of all that decides what is in ``.venv``, its place included.

    The place counts because the commands in ``.venv/bin`` hold absolute paths.
    """
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    made_from = [
        hashlib.sha256(LOCK.read_bytes()).hexdigest(),
        settings["project"],
        settings["build-system"],
        list(sys.version_info[:2]),
        str(ROOT),
    ]
    return hashlib.sha256(json.dumps(made_from, sort_keys=True).encode()).hexdigest()


def build() -> None:
    """Remove what is there and build ``.venv`` from the lock; stop with a sentence if it fails."""
    print("Setting up Python packages in .venv (once; a minute or two) ...", flush=True)
    if VENV.is_symlink():
        VENV.unlink()
    elif VENV.exists():
        shutil.rmtree(VENV)
    run([sys.executable, "-m", "venv", VENV], "Python could not make the folder .venv.")
    pip: list[str | Path] = [
        BIN / "python",
        "-I",
        "-m",
        "pip",
        "--disable-pip-version-check",
        "--no-input",
        "-qq",
    ]
    run(
        [*pip, "install", "--require-hashes", "--only-binary=:all:", "-r", LOCK],
        "The Python packages could not be installed. The network is needed for this, once.",
    )
    run(
        [*pip, "install", "--no-build-isolation", "--no-deps", "-e", ROOT],
        "Tokentill itself could not be installed into .venv.",
    )
    unfinished = STAMP.with_suffix(".part")
    unfinished.write_text(digest(), encoding="ascii")
    unfinished.replace(STAMP)


def run(command: list[str | Path], failure: str) -> None:
    """Run one step of the set-up; stop with the sentence `failure` when it does not succeed."""
    if subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode != 0:
        sys.exit(f"{failure} What went wrong is above; the same command tries again.")


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Hold the only right to set up this clone; released by the system if the program dies."""
    if sys.platform == "win32":
        yield
        return
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)
