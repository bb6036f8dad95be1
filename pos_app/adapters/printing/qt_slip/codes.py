"""QR codes as rows of modules.

segno brings half of a web client along: this module is imported when a code is first needed.
"""

from __future__ import annotations

import segno

from pos_app.adapters.printing.qr_size import Level


def qr_rows(payload: str, level: Level) -> tuple[bytes, ...]:
    """Return the rows of a code without its quiet zone, one byte a module: 1 is dark."""
    code = segno.make_qr(payload, error=level.value, boost_error=False)
    return tuple(bytes(row) for row in code.matrix)
