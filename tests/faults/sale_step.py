"""A program that sells once while a fault strikes one of its calls to the system.

``sale_step.py FOLDER SALE_ID CALL FAULT N``: at the N-th CALL of the sale, strace lets FAULT happen
(``signal=SIGKILL``, ``error=EIO`` …). Prints the receipt, or the code of what refused the sale.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from pos_app.domain.errors import PosError
from tests.shops import HIGHVELD, opened, order

PATIENCE = 30.0


def traced_by(call: str, fault: str, number: int) -> subprocess.Popen[bytes]:
    """Return the tracer of this very process, at work."""
    words = ["strace", "-f", "-qq", "-o", os.devnull, "-e", f"trace={call}"]
    inject = ["-e", f"inject={call}:{fault}:when={number}", "-p", str(os.getpid())]
    tracer = subprocess.Popen([*words, *inject], stderr=subprocess.DEVNULL)
    end = time.monotonic() + PATIENCE
    while "TracerPid:\t0" in Path("/proc/self/status").read_text():
        if tracer.poll() is not None or time.monotonic() > end:
            sys.exit("untraced")
        time.sleep(0.002)
    return tracer


def main(folder: Path, sale_id: str, call: str, fault: str, number: int) -> None:
    shop = opened(folder)
    wanted = order(shop, HIGHVELD, 5000, sale_id=sale_id, repeat_allowed=True)
    tracer = traced_by(call, fault, number)
    try:
        said = shop.desk.sell(wanted).receipt
    except PosError as problem:
        said = problem.code
    tracer.terminate()
    tracer.wait()
    sys.stdout.write(f"{said}\n")
    sys.stdout.flush()
    os._exit(0)  # what closing does is not the sale's


if __name__ == "__main__":
    _, place, sale, call, fault, number = sys.argv
    main(Path(place), sale, call, fault, int(number))
