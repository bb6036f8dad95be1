"""Commands of the codec: check a vector file, explain a token."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pos_app.cli.common import (
    REFUSED,
    ShopAccess,
    as_json,
    opened,
    print_json,
    say,
    shop_options,
    told,
    words,
)
from pos_app.sts import conformance as checks


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@as_json
@told
def conformance(file: Path, *, json_wanted: bool) -> None:
    """Check a file of test vectors; one line per failure, then 'N passed, N failed'."""
    report = checks.run(file)
    if json_wanted:
        failures = [
            {"id": each.id, "expected": each.expected, "got": each.got} for each in report.failures
        ]
        print_json({"passed": report.passed, "failed": report.failed, "failures": failures})
    else:
        for each in report.failures:
            say(f"{each.id}: expected {each.expected}, got {each.got}")
        say(f"{report.passed} passed, {report.failed} failed")
    if report.failed:
        sys.exit(REFUSED)


@click.group()
def token() -> None:
    """Explain tokens."""


@token.command()
@click.argument("digits")
@click.option("--meter", required=True, help="The meter it was made for.")
@shop_options
@as_json
@told
def decode(digits: str, meter: str, access: ShopAccess, *, json_wanted: bool) -> None:
    """Say in words what a token is and whether it is for this meter."""
    with opened(access) as shop:
        explained = shop.desk.explain_token(digits, meter)
    if json_wanted:
        print_json(explained.to_values())
        return
    for line in explained.sentences(words()):
        say(line)
