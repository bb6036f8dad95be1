"""What holds for every test: no display is needed, chance repeats, and nobody is called outside.

Files whose tests are few and long come first, so that no worker ends with one of them alone.
"""

import ipaddress
import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

from tests.argon_memo import remember

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

settings.register_profile(
    "tokentill", deadline=None, max_examples=100, derandomize=bool(os.environ.get("CI"))
)
settings.load_profile("tokentill")
remember()

LONG_FIRST = ("faults", "office", "e2e", "application", "ui")
"""Folders by how long their longest file takes; the rest follows."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: rank(item.path))


def rank(path: Path) -> int:
    """Return where the tests of a file stand in a run."""
    folders = [LONG_FIRST.index(name) for name in path.parts if name in LONG_FIRST]
    return min(folders, default=len(LONG_FIRST))


ADDRESSED = {"socket.bind": 1, "socket.connect": 1, "socket.sendto": 1, "socket.sendmsg": 1}
NAMED = {"socket.getaddrinfo": 0, "socket.gethostbyname": 0, "socket.gethostbyaddr": 0}


def refuse_other_machines(event: str, arguments: tuple[object, ...]) -> None:
    """Raise for any use of a network address that is not this machine's loopback.

    An audit hook sees what C code does through the socket module too; it lasts as long as the
    process. Addresses of Unix sockets are not pairs and pass; so does a missing address.
    """
    if event in ADDRESSED:
        address = arguments[ADDRESSED[event]]
        host = address[0] if isinstance(address, tuple) else None
    elif event in NAMED:
        host = arguments[NAMED[event]]
    else:
        return
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if isinstance(host, str) and not is_loopback(host):
        raise OSError(f"tests speak to loopback only, not to {host!r} ({event})")


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


sys.addaudithook(refuse_other_machines)
