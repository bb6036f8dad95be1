"""A good tariff file as text, and what the reader says about a changed one."""

import pytest

from pos_app.domain.tariff.file import parse_tariff
from pos_app.domain.tariff.refusals import TariffInvalid

GOOD = """\
id = "home"
version = 3
utility = "Shop Power"
name = "Home"
commodity = "electricity"
unit = "kWh"
valid_from = 2024-04-01
prices_include_tax = false
unit_rounding = "half_up"
minimum = "10.00"
maximum = "5000.00"
source = "made up for this test"

[currency]
code = "ZAR"
decimals = 2
smallest_coin = 10

[[tax]]
name = "VAT"
percent = "15"

[[block]]
up_to = "350"
price = "1.9028"

[[block]]
price = "2.1562"

[[example]]
bought = "0"
tender = "100.00"
units = "45.7"
"""


def fault_of(text: str) -> tuple[object, ...]:
    with pytest.raises(TariffInvalid) as refusal:
        parse_tariff(text)
    facts = refusal.value.facts
    assert set(facts) == {"line", "field", "problem", "detail"}
    return facts["line"], facts["field"], facts["problem"], facts["detail"]


def changed(old: str, new: str) -> str:
    assert GOOD.count(old) == 1
    return GOOD.replace(old, new)
