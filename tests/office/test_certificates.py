"""The server's certificate: for the names it is reached by, over real TLS on the loopback."""

from __future__ import annotations

import json
import socket
import ssl
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from click.testing import CliRunner, Result

from pos_app.cli.head_office import certificates, serve
from pos_app.head_office.certificate import (
    CertificateFacts,
    facts_of,
    fit_name,
    new_certificate,
    own_certificate,
)
from pos_app.head_office.errors import CertificateNameUnfit
from pos_app.head_office.rooms import Rooms
from pos_app.head_office.serving import Listening
from tests.office.console.visitors import hire, visitor
from tests.office.seen import rows
from tests.office.servers import running
from tests.office.test_commands import Office, office, said
from tests.shops import START_MS

__all__ = ["office"]
DAY_MS = 86_400_000
OTHER = "127.0.0.2"


def test_a_new_certificate_is_for_its_names_and_keeps_the_pair_before(tmp_path: Path) -> None:
    before = own_certificate(tmp_path, (), START_MS)
    old = facts_of(before.certificate)
    files, kept = new_certificate(tmp_path, ("Vending.Example.org", "192.168.1.20"), START_MS)
    new = facts_of(files.certificate)
    assert new.names == ("localhost", "vending.example.org", "127.0.0.1", "::1", "192.168.1.20")
    assert kept is not None
    assert facts_of(kept.certificate) == old != new
    for pair in (files, kept):  # a key that does not belong to its certificate is refused
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(pair.certificate, pair.key)
        assert pair.key.stat().st_mode & 0o077 == 0
    assert new.fits("vending.example.org")
    assert new.fits("0.0.0.0")  # noqa: S104 - asked about only
    assert not old.fits("0.0.0.0")  # noqa: S104 - as above
    assert not new.fits("192.168.1.21")


@pytest.mark.parametrize("name", ["", "a b", "https://x", "10.0.0.300", "-x.org", "x" * 300, "ü"])
def test_what_is_no_name_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(CertificateNameUnfit):
        fit_name(name)
    with pytest.raises(CertificateNameUnfit):
        new_certificate(tmp_path, (name,), START_MS)
    assert list(tmp_path.iterdir()) == []


def test_a_wildcard_of_a_bought_certificate_fits_one_name_below_it() -> None:
    bought = CertificateFacts(("*.example.org",), 0, "")
    assert bought.fits("vending.example.org")
    assert not bought.fits("a.vending.example.org")
    assert not bought.fits("example.org")


def test_a_server_is_reached_by_the_names_of_its_certificate_only(
    rooms: Rooms, tmp_path: Path
) -> None:
    tls = tmp_path / "tls"
    own_certificate(tls, (), START_MS)
    with (
        running(rooms, tmp_path, host=OTHER) as server,
        server.client() as client,
        pytest.raises(httpx.ConnectError, match="IP address mismatch"),
    ):
        client.get("/api/v1/time")
    new_certificate(tls, (OTHER,), START_MS)
    with running(rooms, tmp_path, host=OTHER) as server, server.client() as client:
        assert "now_ms" in client.get("/api/v1/time").json()
    with running(rooms, tmp_path) as server, server.client() as client:
        port = urlsplit(server.url).port
        assert client.get(f"https://localhost:{port}/api/v1/time").status_code == 200


def test_the_command_says_what_it_is_for_and_makes_another(office: Office, tmp_path: Path) -> None:
    folder = tmp_path / "office"
    made = said(office("init", folder, "--address", "10.1.2.3"))
    assert "10.1.2.3" in made
    before = json.loads(said(office("certificate", folder, "--json")))
    assert (before["kept"], "10.1.2.3" in before["names"]) == (None, True)
    told = said(office("certificate", folder, "--name", "vending.example.org"))
    after = json.loads(said(office("certificate", folder, "--json")))
    assert after["sha256"] != before["sha256"]
    assert after["sha256"] in told
    assert "tokentill office certificate --trust" in told
    assert "vending.example.org" in after["names"]
    refused = office("certificate", folder, "--name", "no name")
    assert (refused.exit_code, "neither a DNS name nor an address" in refused.stderr) == (1, True)
    assert office("certificate", tmp_path / "none").exit_code == 1


def served(folder: Path, monkeypatch: pytest.MonkeyPatch, *words: str) -> Result:
    """Run `serve` up to where it would listen; tests take addresses of the loopback only."""
    monkeypatch.setattr(Listening, "bound", lambda _: socket.create_server(("127.0.0.1", 0)))
    monkeypatch.setattr(serve, "_run", lambda rooms, *_: print(rooms.enrolling.url))
    environment = {"TOKENTILL_OFFICE_PASSPHRASE": "seven harbour lanterns drift slowly"}
    asked = [str(folder), "--workers", "0", "--port", "0", *words]
    return CliRunner().invoke(serve.__dict__["serve"], asked, env=environment)


def test_serving_others_with_a_certificate_for_the_loopback_is_warned_of(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "office"
    said(office("init", folder))
    near = served(folder, monkeypatch)
    assert (near.exit_code, near.stderr) == (0, "")
    warned = served(folder, monkeypatch, "--host", "0.0.0.0")  # noqa: S104
    assert warned.exit_code == 0
    assert f"tokentill-head-office certificate {folder} --name" in warned.stderr
    said(office("certificate", folder, "--name", "vending.example.org"))
    fit = served(folder, monkeypatch, "--host", "0.0.0.0")  # noqa: S104
    assert (fit.stderr, fit.stdout.rpartition(":")[0]) == ("", "https://vending.example.org")
    ends_ms = facts_of(folder / "tls" / "certificate.pem").ends_ms

    class Later:
        def now_ms(self) -> int:
            return ends_ms - 59 * DAY_MS

    monkeypatch.setattr(certificates, "SystemClock", Later)
    assert "ends in 59 days" in served(folder, monkeypatch).stderr
    ends_ms += 60 * DAY_MS
    assert "ended on" in served(folder, monkeypatch).stderr


def test_the_console_says_when_the_certificate_ends_soon(rooms: Rooms, tmp_path: Path) -> None:
    hire(rooms, "ivy")
    now_ms = rooms.office.clock.now_ms()
    for days, told in ((61, False), (12, True)):
        ends_ms = now_ms + days * DAY_MS
        with running(rooms, tmp_path, ends_ms=ends_ms) as server, visitor(server, "ivy") as ivy:
            page = ivy.get("/tills").text
            assert ("certificate ends in 12 days" in page) is told
    assert rows(rooms, "select count(*) from staff") == [(1,)]
