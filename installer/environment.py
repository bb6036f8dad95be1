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
    with alone() as right:
        if not is_ready():
            build(right)


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


def build(right: tuple[int, ...]) -> None:
    """Remove what is there and build ``.venv`` from the lock; stop with a sentence if it fails.

    Each step holds the `right` of `alone` too: if only this program is killed, the next set-up
    waits for the step that goes on without it.
    """
    print("Setting up Python packages in .venv (once; a minute or two) ...", flush=True)
    if VENV.is_symlink():
        VENV.unlink()
    elif VENV.exists():
        shutil.rmtree(VENV)
    run([sys.executable, "-m", "venv", VENV], right, "Python could not make the folder .venv.")
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
        right,
        "The Python packages could not be installed. The network is needed for this, once.",
    )
    run(
        [*pip, "install", "--no-build-isolation", "--no-deps", "-e", ROOT],
        right,
        "Tokentill itself could not be installed into .venv.",
    )
    unfinished = STAMP.with_suffix(".part")
    unfinished.write_text(digest(), encoding="ascii")
    unfinished.replace(STAMP)


def run(command: list[str | Path], right: tuple[int, ...], failure: str) -> None:
    """Run one step of the set-up; stop with the sentence `failure` when it does not succeed."""
    step = subprocess.run(command, stdin=subprocess.DEVNULL, pass_fds=right, check=False)
    if step.returncode != 0:
        sys.exit(f"{failure} What went wrong is above; the same command tries again.")


@contextlib.contextmanager
def alone() -> Iterator[tuple[int, ...]]:
    """Hold the only right to set up this clone; the system takes it back from the dead.

    Yields the file descriptors that carry the right, for children that shall hold it as well.
    """
    if sys.platform == "win32":
        yield ()
        return
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another set-up of this clone is at work; waiting for it.", flush=True)
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield (folder,)
    finally:
        os.close(folder)
