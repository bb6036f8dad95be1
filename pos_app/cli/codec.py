"""Commands of the codec: check a vector file, explain a token, diagnose a refused one."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pos_app.application.check_words import (
    check_json,
    check_lines,
    diagnosis_json,
    diagnosis_lines,
)
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
from pos_app.domain.reject import Fit
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


@token.command()
@click.argument("digits")
@click.option("--meter", required=True, help="The meter it should fit.")
@shop_options
@as_json
@told
def verify(digits: str, meter: str, access: ShopAccess, *, json_wanted: bool) -> None:
    """Say all this till knows: does it fit, what is it, when made, where sold, probably used.

    A token that does not fit is tried under the other keys of this till. Exit code 1 for one that
    does not fit.
    """
    with opened(access) as shop:
        check = shop.desk.check_token(digits, meter)
    if json_wanted:
        print_json(check_json(check))
    else:
        for line in check_lines(check, words()):
            say(line)
    if check.fit is not Fit.FITS:
        sys.exit(REFUSED)


@click.command()
@click.option("--meter", required=True, help="The meter that refused.")
@click.option("--shows", required=True, help="What it shows, as the customer says it.")
@click.option("--token", "digits", default="", help="The token on the slip.")
@click.option("--maker", default="", help="Whose meter it is, e.g. conlog.")
@click.option("--again", is_flag=True, help="The customer typed it once more, in vain.")
@shop_options
@as_json
@told
def doctor(  # noqa: PLR0913 - an option each
    meter: str,
    shows: str,
    digits: str,
    maker: str,
    access: ShopAccess,
    *,
    again: bool,
    json_wanted: bool,
) -> None:
    """Say what a meter's answer means and the one thing to do next."""
    with opened(access) as shop:
        found = shop.desk.diagnose(meter, digits, shows, maker, again=again)
    if json_wanted:
        print_json(diagnosis_json(found))
        return
    for line in diagnosis_lines(found, words()):
        say(line)
