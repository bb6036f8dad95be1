"""Hooks: told once something is so, signed, again until it arrives, and never into the inside."""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from pos_app.head_office.certificate import own_certificate
from pos_app.head_office.errors import HookTaken, HookUnfit, HookUnknown
from pos_app.head_office.hooks.address import Address, may_reach, networks_of, target_of
from pos_app.head_office.hooks.delivering import (
    LONGEST_WAIT_MS,
    MOST_TRIES,
    Delivering,
    HookWorker,
    wait_ms,
)
from pos_app.head_office.hooks.signing import headers
from pos_app.head_office.rooms import Rooms
from pos_app.head_office.store.hooks import EVENTS, SALES
from tests.office.makers import MadeTill, send
from tests.office.seen import one, rows
from tests.shops import START_MS, HeldClock

LOOPBACK = networks_of(["127.0.0.0/8"])
Behaviour = Callable[[BaseHTTPRequestHandler], None]


def status(number: int, **named: str) -> Behaviour:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(number)
        for name, value in named.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


@dataclass
class Receiver:
    """A billing system that behaves as a test says, one answer after the other, then well."""

    url: str = ""
    behaviours: list[Behaviour] = field(default_factory=list)
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.got]

    def hang(self, _: BaseHTTPRequestHandler) -> None:
        self.ended.wait(30)

    def drip(self, handler: BaseHTTPRequestHandler) -> None:
        """Send a byte now and then, for ever: no single wait is long."""
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not self.ended.wait(0.05):
            handler.wfile.write(b"x")


@contextmanager
def receiving(folder: Path | None = None) -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.got.append(({k.lower(): v for k, v in self.headers.items()}, body))
            behave = receiver.behaviours.pop(0) if receiver.behaviours else status(204)
            try:
                behave(self)
            except OSError:
                self.close_connection = True  # the other side has had enough

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    scheme = "http"
    if folder is not None:
        files = own_certificate(folder / "tls", (), START_MS)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(files.certificate, files.key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        scheme = "https"
    receiver.url = f"{scheme}://127.0.0.1:{server.server_address[1]}/hooks?from=office"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield receiver
    finally:
        receiver.ended.set()
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


def delivering(rooms: Rooms, **changes: Any) -> Delivering:
    values: dict[str, Any] = {"allowed": LOOPBACK, "seconds": 0.4, "gap_seconds": 0.0}
    return Delivering(rooms.office, **(values | {"chance": lambda: 0.5} | changes))


def states(rooms: Rooms) -> list[tuple[str, int, int, str]]:
    return rows(
        rooms, "select state, tries, last_status, last_problem from hook_message order by id"
    )


def told_of_sales(rooms: Rooms, till: MadeTill, url: str, batches: int = 1) -> str:
    secret = rooms.hooks.add("billing", url, [SALES], "ada")
    for _ in range(batches):
        first = len(till.entries) + 1
        till.sell(2)
        send(rooms, till, till.bundle(first if rows(rooms, "select * from entry") else 1))
    return secret


def test_sales_findings_and_closed_days_are_told_signed(
    rooms: Rooms, till: MadeTill, receiver: Receiver
) -> None:
    secret = rooms.hooks.add("billing", receiver.url, EVENTS, "ada")
    till.sell(3)
    till.sell(1, number=9, training=True)
    sums = [{"currency": "ZAR", "sales": 4, "total_minor": 20_000, "decimals": 2}]
    seal = {"day": "2026-11-21", "seal": 1, "first_seq": 1, "last_seq": 6, "sums": sums}
    till.add("day_seal", seal | {"v": 1, "grand": [], "head": "", "closed_seq": 6})
    send(rooms, till, till.bundle())
    send(rooms, till, till.bundle())
    assert delivering(rooms).round() == 3
    finding, sales, day = receiver.bodies()
    assert (finding["type"], finding["data"]) == (
        "finding.opened", {"till": "TILL7", "kind": "receipt-gap", "seq": 6},
    )  # fmt: skip
    shared = {"currency": "ZAR", "decimals": 2, "unit": "kWh"}
    assert (sales["type"], sales["data"]) == ("sales.received", {
        "till": "TILL7", "first_seq": 3, "last_seq": 6, "sums": [
            shared | {"training": False, "sales": 3, "total_minor": 15_000, "tenths": 300},
            shared | {"training": True, "sales": 1, "total_minor": 5000, "tenths": 100},
        ],
    })  # fmt: skip
    assert sales["timestamp"] == "2026-11-22T10:32:00.000Z"
    assert (day["type"], day["data"]["day"]) == ("day.closed", "2026-11-21")
    assert day["data"]["sums"] == [{"currency": "ZAR", "sales": 4, "total_minor": 20_000}]
    for got, body in receiver.got:
        signed = f"{got['webhook-id']}.{got['webhook-timestamp']}.".encode() + body
        key = base64.b64decode(secret.removeprefix("whsec_"))
        made = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        assert got["webhook-signature"] == f"v1,{made}"
        assert int(got["webhook-timestamp"]) == rooms.office.clock.now_ms() // 1000
    assert len({got["webhook-id"] for got, _ in receiver.got}) == 3
    assert delivering(rooms).round() == 0
    kept = rows(rooms, "select box from hook")[0][0]
    assert secret.encode() not in bytes(kept)


def test_the_signature_is_that_of_the_published_example() -> None:
    """Standard Webhooks' own test vector (its libraries' documentation)."""
    made = headers(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
        b'{"test": 2432232314}',
    )  # fmt: skip
    assert made["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_what_fails_is_sent_again_later_each_time_and_then_dead(
    rooms: Rooms, till: MadeTill, clock: HeldClock, receiver: Receiver
) -> None:
    told_of_sales(rooms, till, receiver.url)
    receiver.behaviours += [status(500)] * MOST_TRIES
    waited: list[int] = []
    for tries in range(1, MOST_TRIES + 1):
        assert delivering(rooms).round() == 0
        assert len(receiver.got) == tries
        rest = "select max(next_ms), max(rest_until_ms) from hook_message, hook"
        due = max(rows(rooms, rest)[0])
        waited.append(due - clock.now)
        clock.now = due - 1
        assert delivering(rooms).round() == 0
        assert len(receiver.got) == tries
        clock.now = due
    assert states(rooms) == [("dead", MOST_TRIES, 500, "status")]
    assert waited == sorted(waited)
    assert len({got["webhook-id"] for got, _ in receiver.got}) == 1
    clock.now += LONGEST_WAIT_MS
    assert delivering(rooms).round() == 0
    assert len(receiver.got) == MOST_TRIES
    assert rooms.hooks.all()[0]["lost"][0]["tries"] == MOST_TRIES
    assert rooms.hooks.send_again("billing", "ada") == 1
    assert delivering(rooms).round() == 1
    assert states(rooms) == [("delivered", 1, 204, "")]


def test_waits_grow_fourfold_to_six_hours_spread_by_chance() -> None:
    low = [wait_ms(tries, lambda: 0.0) for tries in range(1, 11)]
    high = [wait_ms(tries, lambda: 1.0) for tries in range(1, 11)]
    assert low[:3] == [3750, 15_000, 60_000]
    assert high[:3] == [6250, 25_000, 100_000]
    assert high[-1] == LONGEST_WAIT_MS * 5 // 4
    assert low == sorted(low)


def test_a_hook_that_hangs_drips_or_redirects_holds_up_nothing(
    rooms: Rooms, till: MadeTill, clock: HeldClock, receiver: Receiver
) -> None:
    told_of_sales(rooms, till, receiver.url, 2)
    with receiving() as other:
        rooms.hooks.add("other", other.url, [SALES], "ada")
        first = len(till.entries) + 1
        till.sell(1)
        send(rooms, till, till.bundle(first))
        receiver.behaviours += [
            receiver.hang, receiver.drip, status(302, Location=other.url),
            status(307, Location="http://169.254.169.254/"), status(429, Retry_After="7000"),
        ]  # fmt: skip
        problems = []
        for _ in range(5):
            before = time.monotonic()
            delivering(rooms).round()
            assert time.monotonic() - before < 15
            clock.now += 11 * 60_000
            problems += [row[2:] for row in states(rooms)]
        assert len(other.got) == 1  # its own message, and nobody else's
    assert {status for status, _ in problems} == {0, 204, 302, 307, 429}
    while rows(rooms, "select * from hook_message where state = 'waiting'"):
        delivering(rooms).round()
        clock.now += 11 * 60_000
    assert {state for state, *_ in states(rooms)} == {"delivered"}


def test_a_receiver_that_says_when_is_asked_then_and_one_that_is_gone_no_more(
    rooms: Rooms, till: MadeTill, clock: HeldClock, receiver: Receiver
) -> None:
    told_of_sales(rooms, till, receiver.url, 2)
    receiver.behaviours += [status(503, Retry_After="3600"), status(410)]
    delivering(rooms).round()
    clock.now += 20_000
    delivering(rooms).round()
    assert [state for state, *_ in states(rooms)] == ["waiting", "dead"]
    clock.now += 3_500_000
    assert delivering(rooms).round() == 0
    clock.now += 100_000
    assert delivering(rooms).round() == 1


def test_no_hook_reaches_the_inside_unless_the_server_was_told_so(
    rooms: Rooms, till: MadeTill, receiver: Receiver
) -> None:
    told_of_sales(rooms, till, receiver.url.replace("127.0.0.1", "localhost"))
    assert delivering(rooms, allowed=()).round() == 0
    assert receiver.got == []
    ((_, tries, answered, problem),) = states(rooms)
    assert (tries, answered) == (1, 0)
    assert problem in {"refused 127.0.0.1", "refused ::1"}


INSIDE = (
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "0.0.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "ff02::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2", "::127.0.0.1", "192.0.2.1", "2001:db8::1",
)  # fmt: skip


@pytest.mark.parametrize("text", INSIDE)
def test_an_address_inside_is_refused_in_every_shape(text: str) -> None:
    address: Address = ipaddress.ip_address(text)
    assert not may_reach(address, ())
    assert may_reach(address, networks_of(["0.0.0.0/0", "::/0"]))


@pytest.mark.parametrize("text", ["1.1.1.1", "2606:4700::1111", "::ffff:1.1.1.1"])
def test_a_public_address_is_open(text: str) -> None:
    assert may_reach(ipaddress.ip_address(text), ())


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("http://example.org/", "http"), ("ftp://example.org/", "url"), ("https:///x", "url"),
        ("file:///etc/passwd", "url"), ("https://u:p@example.org/", "password"), ("", "url"),
        ("https://example.org/#x", "url"), ("https://ex ample.org/", "url"),
        ("https://example.org:99999/", "url"), ("https://example.org/\r\nX: y", "url"),
        ("http://127.0.0.1.example.org/", "http"), ("https://[::1", "url"),
    ],
)  # fmt: skip
def test_an_address_that_cannot_be_a_hook_is_told_so(url: str, problem: str) -> None:
    with pytest.raises(HookUnfit) as refused:
        target_of(url)
    assert refused.value.facts == {"problem": problem}


def test_over_tls_the_certificate_has_to_be_trusted(
    rooms: Rooms, till: MadeTill, clock: HeldClock, tmp_path: Path
) -> None:
    with receiving(tmp_path) as receiver:
        told_of_sales(rooms, till, receiver.url)
        assert delivering(rooms, seconds=10.0).round() == 0
        assert states(rooms)[0][3] == "SSLCertVerificationError"
        clock.now += 60_000
        trust = ssl.create_default_context(cafile=str(tmp_path / "tls" / "certificate.pem"))
        assert delivering(rooms, seconds=10.0, trust=trust).round() == 1
        assert len(receiver.got) == 1


def test_two_servers_send_a_message_once_and_taking_in_never_waits(
    rooms: Rooms, till: MadeTill, receiver: Receiver
) -> None:
    told_of_sales(rooms, till, receiver.url, 3)
    receiver.behaviours += [receiver.hang]
    workers = [HookWorker(delivering(rooms, seconds=2.0), 0.02) for _ in range(2)]
    for worker in workers:
        worker.start()
    until = time.monotonic() + 30
    while not receiver.got:
        assert time.monotonic() < until
        time.sleep(0.01)
    # The first message hangs; a bundle is taken in beside it.
    first = len(till.entries) + 1
    till.sell(1)
    send(rooms, till, till.bundle(first))
    for worker in workers:
        worker.stop()
    ids = [got["webhook-id"] for got, _ in receiver.got]
    assert len(ids) == len(set(ids))
    assert one(rooms, "select count(*) from hook_message") == 4


def test_a_retired_hook_is_told_nothing_and_its_name_is_free(
    rooms: Rooms, till: MadeTill, receiver: Receiver
) -> None:
    told_of_sales(rooms, till, receiver.url)
    with pytest.raises(HookTaken):
        rooms.hooks.add("billing", receiver.url, [SALES], "ada")
    rooms.hooks.retire("billing", "ada")
    with pytest.raises(HookUnknown):
        rooms.hooks.retire("billing", "ada")
    assert delivering(rooms).round() == 0
    assert states(rooms) == [("dead", 0, 0, "retired")]
    rooms.hooks.add("billing", receiver.url, [SALES], "ada")
    assert rooms.hooks.all()[0]["dead"] == 0
    for name, events in (("", [SALES]), ("x", []), ("x", ["nothing"]), ("x" * 61, [SALES])):
        with pytest.raises(HookUnfit):
            rooms.hooks.add(name, receiver.url, events, "ada")
    assert receiver.got == []
