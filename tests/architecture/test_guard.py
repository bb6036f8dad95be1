"""The tests themselves cannot reach another machine."""

import socket
from pathlib import Path

import pytest


@pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8::1", "0.0.0.0"])  # noqa: S104
def test_an_address_of_another_machine_is_refused(address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as line, pytest.raises(OSError, match="loopback only"):
        line.connect((address, 9100))


def test_a_name_is_not_even_looked_up() -> None:
    with pytest.raises(OSError, match="loopback only"):
        socket.getaddrinfo("head-office.example", 443)


def test_a_datagram_to_another_machine_is_refused() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as line, pytest.raises(OSError, match="loopback"):
        line.sendto(b"", ("192.0.2.1", 9))


def test_loopback_and_unix_sockets_work(tmp_path: Path) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname(), timeout=5) as line,
    ):
        assert line.getpeername() == server.getsockname()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "s"))
        assert server.getsockname() == str(tmp_path / "s")
