"""Kill a virtual meter at any instant: what it said is kept, and no token counts twice.

``TOKENTILL_KILLS`` says how often (20 in the short form, 500 before a release).
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

from pos_app.adapters.meters.files import MeterFile
from pos_app.meter.device import VirtualMeter
from pos_app.meter.profile import GRAINS_PER_TENTH
from pos_app.sts.tokens import CreditToken, encode
from tests.unit.meter.meters import DRN, KEY, TID, meter

KILLS = int(os.environ.get("TOKENTILL_KILLS", "20"))
ROOT = Path(__file__).parents[2]
KEYING = """
import sys
from pathlib import Path
from pos_app.adapters.meters.files import MeterFile
from pos_app.meter.device import Enter, VirtualMeter
device = VirtualMeter(MeterFile(Path(sys.argv[1]), sys.argv[2]))
print("ready", flush=True)
for line in sys.stdin:
    print(device.do(Enter(line.strip())).result.name, flush=True)
"""


def killed_while_keying(folder: Path, digits: list[str], after_s: float) -> list[str]:
    """Key tokens in as fast as can be; return the answers given before the kill."""
    keying = subprocess.Popen(
        [sys.executable, "-c", KEYING, str(folder), DRN],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
    )
    assert keying.stdin is not None
    assert keying.stdout is not None
    assert keying.stdout.readline() == b"ready\n"
    keying.stdin.write(("\n".join(digits) + "\n").encode())
    keying.stdin.flush()
    time.sleep(after_s)
    keying.kill()
    said = keying.stdout.read().decode().split()
    keying.stdin.close()
    keying.stdout.close()
    keying.wait()
    return said


def test_a_meter_killed_at_any_instant_keeps_what_it_said(tmp_path: Path) -> None:
    chance = random.Random(7)  # noqa: S311 - when to kill, not a secret
    first = MeterFile(tmp_path, DRN)
    first.create(meter())
    first.close()
    done = said_in_all = 0
    for _ in range(KILLS):
        # one tenth each: the credit tells how many were taken
        tokens = [CreditToken(0, 1, TID + done + n, 5) for n in range(40)]
        digits = [encode(each, KEY) for each in tokens]
        said = killed_while_keying(tmp_path, digits, chance.random() * 0.12)
        assert set(said) <= {"ACCEPT"}
        file = MeterFile(tmp_path, DRN)
        state = VirtualMeter(file).meter.state
        file.close()
        taken = state.credit // GRAINS_PER_TENTH - done
        assert len(said) <= taken <= len(said) + 1
        assert state.tids[-1] == (TID + done + taken - 1 if done + taken else 0)
        done, said_in_all = done + taken, said_in_all + len(said)
    assert said_in_all > KILLS
