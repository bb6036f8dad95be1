"""From a fresh clone to a running till, with git and Python as the only tools that must be there.

``python3 installer/up.py run [--shop DIR] [arguments of tokentill]`` sets up and opens the till.
``python3 installer/up.py test`` sets up and runs every check.

Both can be interrupted and repeated at any time. This file keeps to what old Pythons can read, so
that they reach the sentence about their version.
"""

import sys
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 - the sentence is for those who have an older one
    sys.exit(
        "Tokentill needs Python 3.11 or newer; this is Python {}.{}. "
        "Start it with a newer one, for example: python3.11 installer/up.py run".format(
            *sys.version_info[:2]
        )
    )

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from installer import checks, environment, opening, system_packages

USAGE = """\
usage: python3 installer/up.py run [--shop DIR] [arguments of tokentill]
       python3 installer/up.py test"""


def set_up(packages: system_packages.Packages) -> None:
    """Make sure of the system's packages first (they may hold ensurepip), then of ``.venv``."""
    system_packages.ensure(packages, with_venv=not environment.is_ready())
    environment.ensure()


def main(arguments: list[str]) -> int:
    """Run one of the two commands; return the exit status of what it started."""
    command, rest = arguments[:1], arguments[1:]
    if command == ["run"]:
        set_up(system_packages.FOR_RUNNING)
        return opening.open_till(rest)
    if command == ["test"] and not rest:
        set_up(system_packages.for_testing())
        return checks.run_all()
    sys.stderr.write(f"{USAGE}\n")
    return 2


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("\nStopped. The same command continues later.")
