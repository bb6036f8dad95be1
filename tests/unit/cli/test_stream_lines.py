"""Reading a stream of orders: no line is too long for the memory of a small till."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app.bootstrap.shop import OpenShop
from pos_app.cli.stream import LONGEST_LINE, sell_stream
from tests.shops import HIGHVELD, make_shop, opened


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[OpenShop]:
    shop = opened(make_shop(tmp_path))
    yield shop
    shop.close()


class Counting(io.BytesIO):
    """Remembers the longest piece anybody asked for."""

    longest = 0

    def readline(self, size: int | None = -1) -> bytes:
        line = super().readline(size)
        self.longest = max(self.longest, len(line))
        return line


def test_a_line_without_end_is_refused_in_pieces_and_the_next_one_sells(
    shop: OpenShop, capsys: pytest.CaptureFixture[str]
) -> None:
    order = f'{{"meter": "{HIGHVELD}", "amount": "20"}}\n'.encode()
    source = Counting(b"x" * (LONGEST_LINE * 50) + b"\n" + order)
    refused = sell_stream(shop.desk, "ama", source)
    said = capsys.readouterr()
    assert refused == 1
    assert said.out.count('"receipt"') == 1
    assert '"line": 1' in said.err
    assert source.longest <= LONGEST_LINE + 1
