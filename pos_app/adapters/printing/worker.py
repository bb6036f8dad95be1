"""The print worker: a process of its own, so that a printer can hang without the till.

One JSON line per job on standard input, one JSON line per job on standard output; it ends when
its input does. Slips, and with them tokens, travel through the pipe only: never in arguments,
never in a log.

A job: ``{"do": "print"|"drawer"|"probe"|"warm", "settings": {...}, "seconds": 5.0,
"slip": "<wire>"}``. An answer: ``{"state": "...", "problem": "..."}``.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from pos_app.adapters.printing.delivery import Deliveries
from pos_app.application.printing import (
    PrinterSettings,
    PrintOutcome,
    PrintState,
    SlipMode,
    Transport,
)
from pos_app.application.slip.wire import from_json


def main() -> int:
    """Serve jobs from standard input until it ends."""
    with (
        open(0, encoding="ascii", closefd=False) as jobs,
        os.fdopen(os.dup(1), "w", encoding="ascii", newline="\n") as answers,
    ):
        _keep_answers_clean()
        serve(jobs, answers)
    return 0


def _keep_answers_clean() -> None:
    """Send what a library may print elsewhere; a windowed program has no standard error."""
    try:
        os.dup2(2, 1)
    except OSError:
        with Path(os.devnull).open("w", encoding="ascii") as nowhere:
            os.dup2(nowhere.fileno(), 1)


def serve(jobs: Iterable[str], answers: TextIO) -> None:
    """Do each job of `jobs` and write its answer."""
    deliveries = Deliveries()
    for line in jobs:
        outcome = _do(deliveries, json.loads(line))
        answers.write(json.dumps(asdict(outcome)) + "\n")
        answers.flush()


def _settings(found: dict[str, Any]) -> PrinterSettings:
    values = dict(found)
    values["transport"] = Transport(values["transport"])
    values["mode"] = SlipMode(values["mode"])
    return PrinterSettings(**values)


def _do(deliveries: Deliveries, job: dict[str, Any]) -> PrintOutcome:
    if job["do"] == "warm":
        _warm(job["draw"])
        return PrintOutcome(PrintState.SENT)
    settings, seconds = _settings(job["settings"]), float(job["seconds"])
    if job["do"] == "print":
        return deliveries.deliver(from_json(job["slip"]), settings, seconds)
    if job["do"] == "drawer":
        return deliveries.open_drawer(settings, seconds)
    return deliveries.probe(settings, seconds)


def _warm(draw: bool) -> None:  # noqa: FBT001 - a wire value
    """Load what the first slip would otherwise wait for."""
    from pos_app.adapters.printing.escpos_text import drawer_pulse  # noqa: PLC0415

    drawer_pulse()
    if draw:
        from pos_app.adapters.printing.qt_slip.fonts import (  # noqa: PLC0415
            application,
            ready_fonts,
        )

        application()
        ready_fonts()


if __name__ == "__main__":
    sys.exit(main())
