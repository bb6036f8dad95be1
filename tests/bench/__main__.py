"""Every benchmark, each a ratio to a yardstick measured in the same run: ``python -m tests.bench``.

About ten minutes. Returns 1 when any goal is missed.
"""

from __future__ import annotations

import sys

from tests.bench import lookup, month, reports, sale, slip, start, token_rate

PARTS = (
    ("Making tokens", token_rate.main),
    ("The sale", sale.main),
    ("Finding a meter", lookup.main),
    ("Printing a slip", slip.main),
    ("Starting", start.main),
    ("Reports of a year", reports.main),
    ("A month of twenty operators", month.main),
)


def main() -> int:
    """Run all parts."""
    missed = 0
    for title, part in PARTS:
        print(f"\n{title}", flush=True)
        missed |= int(bool(part()))
    return missed


if __name__ == "__main__":
    sys.exit(main())
