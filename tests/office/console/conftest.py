"""A head office that runs with its console, and with people."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app.head_office.rooms import Rooms
from tests.office.console.visitors import PEOPLE, hire
from tests.office.servers import Running, running


@pytest.fixture
def server(rooms: Rooms, tmp_path: Path) -> Iterator[Running]:
    with running(rooms, tmp_path) as started:
        yield started


@pytest.fixture
def staffed(server: Running) -> Running:
    hire(server.rooms, *PEOPLE)
    return server
