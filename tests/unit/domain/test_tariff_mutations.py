"""Five hundred damaged tariff files: each is read or refused by line and field, none is a crash."""

from __future__ import annotations

import random
from pathlib import Path

from pos_app.domain.errors import PosError
from pos_app.domain.money import Money
from pos_app.domain.tariff.account import Account
from pos_app.domain.tariff.examples import check_examples
from pos_app.domain.tariff.file import parse_tariff
from pos_app.domain.tariff.refusals import TariffInvalid, TariffProblem
from pos_app.domain.tariff.tariff import Tariff

ROOT = Path(__file__).parents[3]
TEXTS = [
    path.read_text(encoding="utf-8")
    for folder in ("resources/tariffs", "tests/data/tariffs")
    for path in sorted((ROOT / folder).glob("*.toml"))
]
FIELDS = sorted({
    line.split("=")[0].strip()
    for text in TEXTS
    for line in text.splitlines()
    if "=" in line and not line.startswith("#")
})  # fmt: skip
HEADS = (
    "[[block]]", "[[levy]]", "[[tax]]", "[[charge]]", "[[stamp]]", "[[debt]]", "[free]",
    "[[period]]", "[[example]]", "[[subsidy]]", "[currency]", "[[example.debt]]", "[block]",
)  # fmt: skip
HOSTILE = (
    "", "-1", "0", '"0"', '"1e9"', '"NaN"', '"999999999999"', '"0.000000001"', "1.5", "true", "[]",
    "{}", '["x"]', "[[]]", "{a = 1}", "2024-13-01", "2024-02-29", '"\\u0000"', '"\u202e"',
    '"\u0663"', "9223372036854775808", "1979-05-27T07:32:00Z", "inf", "nan", '"energy"', '"rest"',
    '["energy", "tender"]', f'"{"x" * 100}"', "07:30:00", '[["1", "2", "3"]]', '"month"',
    '"money"', '"average"', '"purchase"', '"up"', "0x10", '"22-06"', "[13]", "[true]",
)  # fmt: skip
BYTES = '\0"[]={}.#\n9-\u2028é'


def damaged(chance: random.Random, text: str) -> str:
    """Return the text with one to three lines lost, doubled, moved, or with another value."""
    lines = text.split("\n")
    for _ in range(chance.choice((1, 1, 2, 3))):
        at, act = chance.randrange(len(lines)), chance.randrange(7)
        if act == 0:
            lines[at] = ""
        elif act == 1:
            lines.insert(at, chance.choice(lines))
        elif act == 2:
            lines.insert(at, f"{chance.choice(FIELDS)} = {chance.choice(HOSTILE)}")
        elif act == 3:
            lines.insert(at, chance.choice(HEADS))
        elif act == 4:
            middle = chance.randrange(len(lines[at]) + 1)
            lines[at] = lines[at][:middle] + chance.choice(BYTES) + lines[at][middle:]
        elif "=" in lines[at]:
            lines[at] = f"{lines[at].split('=')[0]}= {chance.choice(HOSTILE)}"
    return "\n".join(lines)


def read(text: str) -> Tariff | TariffInvalid:
    try:
        return parse_tariff(text)
    except TariffInvalid as fault:
        return fault


def bought(tariff: Tariff, minor: int) -> int | None:
    """Return the sum of a purchase's lines, None where it is refused."""
    try:
        quote = tariff.for_money(Money(minor, tariff.currency), Account())
    except PosError:
        return None
    return sum(line.amount.minor for line in quote.lines)


def test_a_damaged_file_is_refused_by_line_and_field_or_prices_what_it_says() -> None:
    chance = random.Random(500)  # noqa: S311 - the same files every time
    found = [read(damaged(chance, chance.choice(TEXTS))) for _ in range(500)]
    faults = [each for each in found if isinstance(each, TariffInvalid)]
    assert 300 < len(faults) < 480
    for fault in faults:
        assert fault.line > 0
        assert fault.field or fault.problem is TariffProblem.SYNTAX
    for tariff in found:
        if isinstance(tariff, Tariff):
            checked = check_examples(tariff)
            assert checked.passed + checked.failed == len(tariff.examples)
            for minor in (1, 99_999, 10**12):
                assert bought(tariff, minor) in {minor, None}
