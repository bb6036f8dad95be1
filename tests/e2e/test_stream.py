"""``sell --stream``: an order a line in, nothing but committed sales out, broken lines told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.e2e.program import Ran, shop_of_today, tokentill
from tests.shops import HIGHVELD, LAGOON, LAKESIDE


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return shop_of_today(tmp_path)


def line(meter: str = HIGHVELD, **order: object) -> str:
    return json.dumps({"meter": meter, **order})


def raw(amount: str) -> str:
    """Return a line with the amount spelled as it is."""
    return f'{{"meter": "{HIGHVELD}", "amount": {amount}}}'


def stream(shop: Path, *lines: str) -> Ran:
    return tokentill(shop, "sell", "--stream", typed="\n".join(lines) + "\n")


def problems(ran: Ran) -> dict[int, str]:
    told = [json.loads(each) for each in ran.err.splitlines()]
    return {each["line"]: each["error"]["code"] for each in told}


def test_numbers_may_be_numbers_or_text(shop: Path) -> None:
    ran = stream(
        shop,
        line(amount=50),
        raw("50.10"),
        f'{{"meter": {LAGOON}, "amount": 1.0E3}}',
        line(amount="1,250.00"),
        line(units=12.5, tender="cash:100"),
        line(LAKESIDE, units="1", tender=["cash:20000", "cash:20000"]),
    )
    assert (ran.code, ran.err) == (0, "")
    sales = ran.lines()
    assert [sale["total"] for sale in sales[:4]] == ["50.00", "50.10", "1000.00", "1250.00"]
    assert [sale["units"] for sale in sales[4:]] == ["12.5", "1.0"]
    assert [len(sale["tenders"]) for sale in sales] == [1, 1, 1, 1, 1, 2]
    tids = [sale["tokens"][0]["tid"] for sale in sales if sale["meter"] == HIGHVELD]
    assert tids == sorted(set(tids))


BROKEN = [
    ("{broken", "order-invalid"),
    ("[]", "order-invalid"),
    ("[" * 9_000, "order-invalid"),
    ("x" * 20_000, "order-invalid"),
    (line(), "order-invalid"),
    (line(amount=5, units=5), "order-invalid"),
    (line(amount=50, cash=50), "order-invalid"),
    (line(amount=None), "order-invalid"),
    (line(amount=True), "order-invalid"),
    (line(amount=[50]), "order-invalid"),
    (line(amount=50, id=""), "order-invalid"),
    (line(amount=50, id="\ud800"), "order-invalid"),
    (line(amount=50, id="a\0b"), "order-invalid"),
    (raw("NaN"), "order-invalid"),
    (raw("1e400"), "amount-invalid"),
    (raw("1e999999999"), "amount-invalid"),
    (line(amount=0), "amount-invalid"),
    (line(amount=-1), "amount-invalid"),
    (line(amount="1e9"), "amount-invalid"),
    (line(amount="NaN"), "amount-invalid"),
    (line(amount="abc"), "amount-invalid"),
    (raw("1e9"), "above-maximum"),
    (line(amount=1_000_000), "above-maximum"),
    (line(amount="٣"), "amount-invalid"),
    (line(amount=50.001), "amount-invalid"),
    (line(units=0), "units-invalid"),
    (line(days=0), "days-invalid"),
    (line(days="30"), "usage-unknown"),
    (line(days="3/x"), "units-invalid"),
    (line(days=3, units=5), "order-invalid"),
    (line(amount=50, tender="cash"), "tender-invalid"),
    (line(amount=50, tender="cash:49"), "tender-short"),
    (line("1499999999", amount=50), "drn-invalid"),
    (line("00000000000", amount=50), "meter-unknown"),
    (line("\ud800", amount=50), "drn-invalid"),
]


def test_what_cannot_be_sold_is_told_by_its_line_and_the_rest_is_sold(shop: Path) -> None:
    given = [text for text, _ in BROKEN]
    half = len(given) // 2
    ran = stream(shop, *given[:half], line(amount=50), "", *given[half:], line(amount=60))
    assert ran.code == 1
    assert [sale["total"] for sale in ran.lines()] == ["50.00", "60.00"]
    shifted = [*range(1, half + 1), *range(half + 3, len(given) + 3)]
    expected = dict(zip(shifted, (code for _, code in BROKEN), strict=True))
    assert problems(ran) == expected
    rows = tokentill(shop, "sales", "--json").json()["sales"]
    assert [row["total"] for row in rows] == ["60.00", "50.00"]


def test_a_stream_sent_twice_sells_once(shop: Path) -> None:
    lines = [line(amount=50 + n, id=f"order-{n}") for n in range(4)]
    lines.append(line(units=30, id="order-u"))
    first, second = stream(shop, *lines), stream(shop, *lines)
    assert first.code == second.code == 0
    assert first.out == second.out
    twisted = stream(shop, line(amount=51, id="order-0"), line(units=400, id="order-u"))
    assert problems(twisted) == {1: "sale-id-reused", 2: "sale-id-reused"}
    assert tokentill(shop, "status", "--json").json()["today"][0]["sales"] == len(lines)


def test_bytes_that_are_no_text_are_a_broken_line(shop: Path) -> None:
    good = line(amount=50).encode()
    ran = tokentill(shop, "sell", "--stream", typed=b"\xff\xfe{}\n" + good)
    assert (ran.code, problems(ran)) == (1, {1: "order-invalid"})
    assert len(ran.lines()) == 1


def test_an_empty_stream_is_no_problem(shop: Path) -> None:
    ran = tokentill(shop, "sell", "--stream")
    assert (ran.code, ran.out, ran.err) == (0, "", "")
