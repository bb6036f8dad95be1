"""Account files for tests: a head and the rows that a test is about."""

from __future__ import annotations

from tests.shops import HIGHVELD

HEAD = """format = "tokentill account"
utility = "highveld"
number = {number}
issued = 2026-11-20
currency = "ZAR"
"""


def account_file(rows: str, number: int = 1, more: str = "") -> bytes:
    """Return an account file; ``METER`` in `rows` is the training shop's first meter."""
    return (HEAD.format(number=number) + more + rows.replace("METER", HIGHVELD)).encode()


LOAN = """
[[debt]]
meter = "METER"
id = "L-1"
name = "Meter loan"
balance = "50.00"
percent = "30"
"""
