"""Published purchases from tariff files alone: no line of code knows any of these utilities.

The figures are inside the files, beside their sources; here they are compared once more with what
was published, so that an example that lost its figures does not pass unseen.
"""

from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from pos_app.domain.money import Money
from pos_app.domain.tariff.account import Account
from pos_app.domain.tariff.examples import Checked, check_examples
from pos_app.domain.tariff.file import parse_tariff
from pos_app.domain.tariff.quote import LineKind, Quote
from pos_app.domain.tariff.tariff import Tariff

FOLDER = Path(__file__).parents[2] / "data" / "tariffs"


def _tariff(name: str) -> Tariff:
    return parse_tariff((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def _buy(name: str, amount: str) -> Quote:
    tariff = _tariff(name)
    return tariff.for_money(Money.parse(amount, tariff.currency), Account())


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.toml")), ids=lambda path: path.stem)
def test_every_file_reproduces_its_own_examples(path: Path) -> None:
    tariff = _tariff(path.stem)
    assert tariff.examples
    assert check_examples(tariff) == Checked(len(tariff.examples), 0)


def test_2000_rand_of_2018_fall_into_three_blocks() -> None:
    quote = _buy("newsletter-2018", "2000")
    two = Decimal("0.01")
    assert [
        (str((line.units or Decimal(0)).quantize(two, ROUND_HALF_UP)), line.amount.plain())
        for line in quote.lines
    ] == [("500.00", "715.80"), ("500.00", "847.70"), ("240.44", "436.50")]
    assert quote.tenths == 12_405


@pytest.mark.parametrize(
    ("name", "tender", "tenths"),
    [
        ("kenya-2014", "500", 323),
        ("tshwane-2026", "200", 584),
        ("uganda-2021", "10000", 168),
        ("vending-sample", "90", 647),
        ("uganda-yaka", "20000", 281),
    ],
)
def test_published_units_are_on_the_token(name: str, tender: str, tenths: int) -> None:
    assert _buy(name, tender).tenths == tenths


@pytest.mark.parametrize(
    ("tender", "charge"), [("100", "50.00"), ("200", "100.00"), ("400", "200.00")]
)
def test_half_of_a_purchase_is_the_most_that_the_monthly_charge_takes(
    tender: str, charge: str
) -> None:
    (line,) = [one for one in _buy("city-power-2024", tender).lines if one.kind is LineKind.CHARGE]
    assert line.amount.plain() == charge
    assert line.left is not None
    assert (line.amount + line.left).plain() == "200.00"


def test_90_rand_are_split_into_net_and_vat() -> None:
    amounts = {line.kind: line.amount.plain() for line in _buy("vending-sample", "90").lines}
    assert amounts == {LineKind.ENERGY: "78.26", LineKind.TAX: "11.74"}


def test_a_duty_and_vat_on_the_duty_are_the_lines_that_lusaka_printed() -> None:
    tariff = _tariff("zambia-2017")
    quote = tariff.for_money(
        Money.parse("100.06", tariff.currency), Account(bought=Decimal(200), months_due=0)
    )
    assert [(line.name or line.kind.value, line.amount.plain()) for line in quote.lines] == [
        ("energy", "83.75"),
        ("Excise duty", "2.51"),
        ("VAT", "13.80"),
    ]


@pytest.mark.parametrize(
    ("name", "tax", "energy"),
    [("jakarta-bank-fee", "2273", "94727"), ("jakarta-tax-on-rest", "2361.6", "96038.4")],
)
def test_the_tax_of_jakarta_is_of_what_the_fee_left_in_both_readings(
    name: str, tax: str, energy: str
) -> None:
    amounts = {line.name or "energy": line.amount.plain() for line in _buy(name, "100000").lines}
    assert (amounts["PPJ"], amounts["energy"]) == (tax, energy)
