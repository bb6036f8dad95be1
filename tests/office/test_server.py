"""The server over real HTTPS: the wire to the tills, and JSON for billing systems."""

from __future__ import annotations

import io
import socket
import ssl
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
import zstandard

from pos_app.exchange.acknowledgement import read_acknowledgement
from pos_app.exchange.enrolment import LARGEST, read_answer
from pos_app.exchange.pack import prove_pack
from pos_app.head_office.api import tills
from pos_app.head_office.errors import ServerNotPlain
from pos_app.head_office.people import THE_OFFICE, Role
from pos_app.head_office.rooms import Rooms
from pos_app.head_office.serving import Listening, server_of
from tests.office.makers import DRN, NOW_MS, MadeTill
from tests.office.packs import send_message
from tests.office.seen import one, open_findings
from tests.office.servers import Running, running

NONCES = iter(range(1000, 10**6))


@pytest.fixture
def server(rooms: Rooms, tmp_path: Path) -> Iterator[Running]:
    with running(rooms, tmp_path) as started:
        yield started


def word(server: Running, till: MadeTill) -> dict[str, str]:
    office = server.rooms.office.authority.public
    return {"Authorization": till.header(office, NOW_MS, next(NONCES))}


def post(server: Running, till: MadeTill, raw: bytes) -> httpx.Response:
    with server.client() as client:
        return client.post("/api/v1/bundles", content=raw, headers=word(server, till))


def test_a_till_enrols_sends_and_fetches_over_tls(server: Running) -> None:
    till = MadeTill()
    code = server.rooms.enrolling.code_for("TILL7")
    with server.client() as client:
        assert client.get("/api/v1/time").json() == {"now_ms": NOW_MS}
        answer = read_answer(client.post("/api/v1/enrol", content=till.request(code)).content)
        till.sell(5)
        said = client.post(
            "/api/v1/bundles", content=till.bundle(), headers=word(server, till)
        ).json()
        head = read_acknowledgement(said["acknowledged"], "TILL7", answer.office)
        assert (head.seq, head.hash, said["refused"]) == (7, till.head.hash, [])
        none = client.get("/api/v1/packs?after=0", headers=word(server, till))
        assert (none.status_code, none.content) == (204, b"")
        send_message(server.rooms, till, "hello")
        got = client.get("/api/v1/packs?after=0", headers=word(server, till))
        assert prove_pack(io.BytesIO(got.content), answer.office).title.number == 1
        assert client.get("/api/v1/packs?after=1", headers=word(server, till)).status_code == 204


def test_the_certificate_is_the_one_to_trust_and_no_other_client_is_fooled(
    server: Running,
) -> None:
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{server.url}/api/v1/time", trust_env=False)
    with server.client() as client:
        assert client.get("/api/v1/time").status_code == 200


def test_old_tls_is_refused(server: Running) -> None:
    context = ssl.create_default_context(cafile=str(server.certificate))
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    assert httpx.get(f"{server.url}/api/v1/time", verify=context, trust_env=False).is_success
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{server.url}/api/v1/time", verify=context, trust_env=False)


def test_without_tls_it_listens_to_this_computer_only() -> None:
    with pytest.raises(ServerNotPlain):
        server_of(object(), Listening("0.0.0.0", 0))  # noqa: S104 - what is refused


def test_refusals_have_a_code_a_sentence_and_a_status(server: Running, till: MadeTill) -> None:
    with server.client() as client:
        for method, path in (("POST", "/api/v1/bundles"), ("GET", "/api/v1/packs")):
            refused = client.request(method, path, content=b"x")
            assert refused.status_code == 401
            assert refused.json()["code"] == "till-not-proven"
            assert refused.json()["now_ms"] == NOW_MS
            assert refused.json()["message"].endswith(".")
        bad = client.post("/api/v1/bundles", content=b"nonsense", headers=word(server, till))
        assert (bad.status_code, bad.json()["code"]) == (400, "exchange-invalid")
        other = MadeTill("TILL7", b"another machine")
        refused = client.post("/api/v1/enrol", content=other.request("02E0-3M04-R04G-000V"))
        assert (refused.status_code, refused.json()["code"]) == (403, "enrolment-code-refused")
        large = client.post("/api/v1/enrol", content=b"x" * 100_000)
        assert large.status_code == 413


def test_nonsense_is_answered_with_a_code_and_a_sentence_and_never_with_a_fault(
    server: Running,
) -> None:
    token = server.rooms.people.new_token("audit", Role.AUDITOR, THE_OFFICE)
    days = "from=2026-11-01&to=2026-11-30"
    asked = (
        ("GET", "/api/v1/nowhere", None, 404),
        ("DELETE", f"/api/v1/sales?{days}", None, 405),
        ("GET", "/api/v1/sales", None, 400),
        ("GET", f"/api/v1/sales?{days}&limit=0", None, 400),
        ("GET", f"/api/v1/sales?{days}&after=TILL7:{'9' * 30}:0", None, 400),
        ("GET", "/api/v1/sales.csv?from=2026-11-30&to=2026-11-01", None, 400),
        ("GET", "/api/v1/sums?from=20261101&to=20261130", None, 400),
        ("POST", "/api/v1/tokens/check", b"", 400),
        ("POST", "/api/v1/tokens/check", b"[" * 100_000, 400),
        ("POST", "/api/v1/tokens/check", b'{"meter":"\\u0000","digits":"\\ud800"}', 400),
    )
    with server.client() as client:
        head = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        for method, address, body, status in asked:
            found = client.request(method, address, content=body, headers=head)
            assert found.status_code == status, address
            assert set(found.json()) == {"code", "message"}
            assert found.json()["message"].endswith(".")


def test_guessing_codes_over_the_network_is_slowed(server: Running) -> None:
    guess = MadeTill().request("02E0-3M04-R04G-000V")
    with server.client() as client:
        answers = [client.post("/api/v1/enrol", content=guess) for _ in range(6)]
    assert [each.status_code for each in answers] == [403] * 5 + [429]
    assert answers[-1].headers["Retry-After"] == "30"


def test_the_same_bundle_over_two_connections_at_once_counts_once(
    server: Running, till: MadeTill
) -> None:
    till.sell(150)
    raw = till.bundle()
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: post(server, till, raw), range(4)))
    assert {each.status_code for each in answers} == {200}
    assert {each.json()["acknowledged"]["seq"] for each in answers} == {152}
    assert one(server.rooms, "select count(*) from sale") == 150


def test_a_frame_made_to_explode_is_refused_at_once(server: Running, till: MadeTill) -> None:
    bomb = zstandard.ZstdCompressor(level=19).compress(b"[" * (300 << 20))
    assert len(bomb) < 100_000
    answer = post(server, till, bomb)
    assert answer.status_code == 400
    assert one(server.rooms, "select count(*) from entry") == 0


def test_a_body_that_never_ends_is_hung_up_on(
    server: Running, till: MadeTill, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tills, "STILL_S", 0.3)
    context = ssl.create_default_context(cafile=str(server.certificate))
    host, port = "127.0.0.1", urlsplit(server.url).port
    said = word(server, till)["Authorization"]
    for path in ("bundles", "enrol"):
        head = f"POST /api/v1/{path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: {said}\r\n"
        with (
            socket.create_connection((host, port), 30) as plain,
            context.wrap_socket(plain, server_hostname=host) as line,
        ):
            line.sendall(f"{head}Content-Length: 1000\r\n\r\nsome".encode())
            answer = b"".join(iter(lambda: line.recv(65536), b""))
        assert b" 408 " in answer.splitlines()[0]
        assert b'"upload-stalled"' in answer
    till.sell(3)
    assert post(server, till, till.bundle()).status_code == 200


def test_a_request_that_is_too_large_says_what_is_not(server: Running) -> None:
    with server.client() as client:
        answer = client.post("/api/v1/enrol", content=bytes(LARGEST + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "upload-too-large")
    assert f"larger than {LARGEST >> 10} KiB" in answer.json()["message"]


def test_paths_lead_to_no_files_and_questions_to_no_commands(
    server: Running, till: MadeTill
) -> None:
    till.sell(1)
    post(server, till, till.bundle())
    token = server.rooms.people.new_token("billing", Role.BILLING, THE_OFFICE)
    head = {"Authorization": f"Bearer {token}"}
    with server.client() as client:
        for path in (
            "/../../etc/passwd", "/api/v1/%2e%2e/%2e%2e/etc/passwd", "/api/v1/packs/../../x",
            "/api/v1/meters/..%2F..%2Fetc%2Fpasswd/sales",
        ):  # fmt: skip
            answer = client.get(path, headers=head)
            assert "root:" not in answer.text
            assert answer.status_code in {401, 404, 200}
        for evil in ("x' or 1=1 --", "'; drop table sale; --", '" or ""="'):
            days = {"from": "2026-01-01", "to": "2027-01-01"}
            found = client.get("/api/v1/sales", params=days | {"till": evil}, headers=head)
            assert found.json() == {"sales": [], "next": None}
            assert client.get(f"/api/v1/meters/{evil}/sales", headers=head).json() == {"sales": []}
            refused = client.get("/api/v1/sales", params={"from": evil, "to": "x"}, headers=head)
            assert refused.json()["code"] == "office-question-unfit"
    assert one(server.rooms, "select count(*) from sale") == 1


def test_billing_reads_sales_a_page_at_a_time_and_nothing_else(
    server: Running, till: MadeTill
) -> None:
    till.sell(5)
    post(server, till, till.bundle())
    token = server.rooms.people.new_token("billing", Role.BILLING, THE_OFFICE)
    head = {"Authorization": f"Bearer {token}"}
    days = {"from": "2026-11-21", "to": "2026-11-21"}
    with server.client() as client:
        seen, after = [], ""
        while True:
            page = client.get(
                "/api/v1/sales", params=days | {"limit": "2", "after": after}, headers=head
            ).json()
            seen += [each["receipt"] for each in page["sales"]]
            if page["next"] is None:
                break
            after = page["next"]
        assert seen == [f"TILL7-1-{number}" for number in range(1, 6)]
        sums = client.get("/api/v1/sums", params=days, headers=head).json()["sums"]
        assert [(each["sales"], each["total_minor"]) for each in sums] == [(5, 25_000)]
        history = client.get(f"/api/v1/meters/{DRN}/sales", headers=head).json()["sales"]
        assert history[0]["receipt"] == "TILL7-1-5"
        table = client.get("/api/v1/sales.csv", params=days, headers=head).text.splitlines()
        assert len(table) == 6
        assert table[1].split(",")[:4] == ["TILL7", "3", "0", "TILL7-1-1"]
        assert client.get("/api/v1/findings", headers=head).status_code == 403
        check = client.post(
            "/api/v1/tokens/check", json={"meter": "1", "digits": "2"}, headers=head
        )
        assert check.status_code == 403


def test_a_retired_or_made_up_api_token_opens_nothing(server: Running) -> None:
    people = server.rooms.people
    token = people.new_token("billing", Role.AUDITOR, THE_OFFICE)
    with server.client() as client:
        head = {"Authorization": f"Bearer {token}"}
        assert client.get("/api/v1/tills", headers=head).status_code == 200
        assert client.get("/api/v1/findings", headers=head).status_code == 200
        people.retire_token("billing", THE_OFFICE)
        for value in (f"Bearer {token}", "Bearer x", "Bearer", "Basic x", f"bearer {'x' * 999}"):
            refused = client.get("/api/v1/tills", headers={"Authorization": value})
            assert (refused.status_code, refused.json()["code"]) == (401, "api-token-refused")
        assert client.get("/api/v1/tills").status_code == 401
    assert token not in repr(one(server.rooms, "select digest from api_token"))
    assert open_findings(server.rooms) == []


def test_the_interface_describes_itself(server: Running) -> None:
    with server.client() as client:
        described = client.get("/openapi.json").json()
    assert {"/api/v1/sales", "/api/v1/bundles", "/api/v1/enrol"} <= set(described["paths"])
