"""``python -m pos_app`` and the ``tokentill`` command."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path


def main() -> None:
    """Open the window at once when no command is given; else leave it to the command line."""
    arguments = sys.argv[1:]
    if arguments == ["--print-worker"]:
        from pos_app.adapters.printing.worker import main as work  # noqa: PLC0415

        work()
        return
    if not arguments:
        # The command line would say the same after a fifth of a second more; and there is nothing
        # to collect while modules load. The window collects on its own thread later.
        gc.disable()
        from pos_app.bootstrap.plain_imports import keep_imports_plain  # noqa: PLC0415 - brings Qt

        keep_imports_plain()
        from pos_app.bootstrap.window import run_window  # noqa: PLC0415 - brings the rest of Qt

        shop = os.environ.get("TOKENTILL_SHOP")
        sys.exit(run_window(Path(shop) if shop else None))
    from pos_app.cli.main import cli  # noqa: PLC0415 - nothing before it is needed

    cli()


if __name__ == "__main__":
    main()
