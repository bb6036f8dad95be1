"""``python -m pos_app`` and the ``tokentill`` command."""

from __future__ import annotations

import sys


def main() -> None:
    """Open the window at once when no command is given; else leave it to the command line."""
    if sys.argv[1:] == ["--print-worker"]:
        from pos_app.adapters.printing.worker import main as work  # noqa: PLC0415

        work()
        return
    from pos_app.cli.main import cli  # noqa: PLC0415 - nothing before it is needed

    cli()


if __name__ == "__main__":
    main()
