"""A head office on a loopback port: it keeps journals, hands out packs, and obeys a script.

It is no more than what the till needs to see of one: every bundle is proven, every entry counts
once by (number, hash), and what it acknowledges it holds.
"""

from __future__ import annotations

import io
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from pos_app.domain.errors import PosError
from pos_app.exchange.acknowledgement import Acknowledgement, write_acknowledgement
from pos_app.exchange.assertion import read_authorization
from pos_app.exchange.bundle import proven, read_bundle
from pos_app.exchange.chain import Entry
from pos_app.exchange.enrolment import Office, answer_to, code_digest, read_request
from pos_app.exchange.standing import HEADER
from tests.head_office import CODE, KEY, NAME, SECRET
from tests.shops import START_MS


@dataclass
class ScriptedOffice:
    """What it holds; `refuse` makes the next answers fail with these statuses."""

    url: str = ""
    codes: set[str] = field(default_factory=lambda: {code_digest(CODE)})
    tills: dict[str, bytes] = field(default_factory=dict)
    entries: dict[int, Entry] = field(default_factory=dict)
    packs: list[bytes] = field(default_factory=list)
    nonces: set[bytes] = field(default_factory=set)
    refuse: list[int] = field(default_factory=list)
    bundles: int = 0
    twice: int = 0
    standing: str = ""
    now_ms: int = START_MS
    trust: ssl.SSLContext | None = None
    """Shows another certificate once another one is loaded into it."""
    lock: threading.Lock = field(default_factory=threading.Lock)
    meeting: threading.Barrier | None = None
    """Where the next two bundles wait for each other."""

    def enrol(self, raw: bytes) -> tuple[int, bytes]:
        request = read_request(raw)
        digest = code_digest(request.code)
        if digest not in self.codes:
            return 403, b'{"message": "this code is used or unknown"}'
        self.codes.remove(digest)
        self.tills[request.till] = request.public
        office = Office(KEY, NAME, self.url)
        return 200, answer_to(request, office, SECRET, request.made_at_ms)

    def take(self, raw: bytes) -> tuple[int, bytes]:
        bundle = read_bundle(io.BytesIO(raw))
        entries = list(proven(bundle))
        if self.meeting is not None:
            self.meeting.wait(30)
            self.meeting = None
        with self.lock:
            self.bundles += 1
            for entry in entries:
                held = self.entries.setdefault(entry.seq, entry)
                self.twice += held is not entry
                if held.hash != entry.hash:
                    return 409, b'{"message": "this till was copied"}'
            last = 0
            while last + 1 in self.entries:
                last += 1
            said = Acknowledgement(last, self.entries[last].hash, self.now_ms)
        values = write_acknowledgement(bundle.title.owner.till, said, KEY)
        return 200, json.dumps({"acknowledged": values, "refused": []}).encode()

    def next_pack(self, after: int) -> tuple[int, bytes]:
        return (200, self.packs[after]) if after < len(self.packs) else (204, b"")

    def known(self, header: str) -> bool:
        try:
            word = read_authorization(header)
        except PosError:
            return False
        public = self.tills.get(word.till, b"")
        with self.lock:
            fresh = word.nonce not in self.nonces
            self.nonces.add(word.nonce)
        return fresh and word.audience == KEY.public and word.holds(public)


class _Handler(BaseHTTPRequestHandler):
    office: ScriptedOffice
    protocol_version = "HTTP/1.1"

    def handle(self) -> None:
        with suppress(OSError, ValueError):  # a line that was cut in the middle of a request
            super().handle()

    def log_message(self, *_: object) -> None:
        pass

    def do_POST(self) -> None:
        body = self._body()
        if self.path == "/api/v1/enrol":
            self._answer(lambda: self.office.enrol(body), needs_word=False)
        else:
            self._answer(lambda: self.office.take(body))

    def do_GET(self) -> None:
        if self.path == "/api/v1/time":
            now = json.dumps({"now_ms": self.office.now_ms}).encode()
            self._answer(lambda: (200, now), needs_word=False)
            return
        asked = parse_qs(urlsplit(self.path).query)
        after = int(asked.get("after", ["0"])[0])
        self._answer(lambda: self.office.next_pack(after))

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") == "chunked":
            parts = []
            while size := int(self.rfile.readline(), 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(parts)
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def _answer(self, asked: Callable[[], tuple[int, bytes]], *, needs_word: bool = True) -> None:
        if self.office.refuse:
            status, body = self.office.refuse.pop(0), b'{"message": "not now"}'
        elif needs_word and not self.office.known(self.headers.get("Authorization", "")):
            status, body = 401, b'{"message": "who are you"}'
        else:
            try:
                status, body = asked()
            except PosError as problem:
                status, body = 422, json.dumps({"message": problem.code}).encode()
        self.send_response(status)
        if self.office.standing and "/packs" in self.path:
            self.send_header(HEADER, self.office.standing)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def serving(office: ScriptedOffice, certificate: tuple[Path, Path] | None = None) -> Iterator[str]:
    """Serve on a free loopback port and give the address; with a certificate over TLS."""
    handler = type("Handler", (_Handler,), {"office": office})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    if certificate is not None:
        trust = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        trust.load_cert_chain(*certificate)
        office.trust = trust
        server.socket = trust.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    scheme = "http" if certificate is None else "https"
    office.url = f"{scheme}://127.0.0.1:{server.server_address[1]}"
    try:
        yield office.url
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
