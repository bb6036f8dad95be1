"""Enrolment: a one-time code for a till, and the answer to whoever brings it."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import Final

from pos_app.domain.lockout import LockState, locked_until
from pos_app.exchange import enrolment
from pos_app.exchange.enrolment import (
    CODE_BYTES,
    SECRET_BYTES,
    EnrolmentCodeWrong,
    EnrolmentRequest,
    code_digest,
    make_code,
    read_request,
)
from pos_app.exchange.pack import NONE_BEFORE
from pos_app.head_office.errors import (
    CodeRefused,
    TillNameUnfit,
    TillTaken,
    TooManyTries,
)
from pos_app.head_office.findings import Finding, FindingKind
from pos_app.head_office.office import HERE, Office
from pos_app.head_office.records import TillRecord, TillState
from pos_app.head_office.store import elsewhere, rows, tills
from pos_app.head_office.store.engine import Act

SECRET: Final = "allowance-secret"  # noqa: S105 - what a box is for
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_HOUR_MS: Final = 3_600_000
LONGEST_HOURS: Final = 24 * 31


@dataclass(frozen=True, slots=True)
class Enrolling:
    """Gives codes out and takes them back, once each."""

    office: Office
    url: str = ""

    def code_for(self, till: str, by: str = HERE, hours: int = 24) -> str:
        """Return a new code for a till; only its digest is kept. Raises `TillNameUnfit`."""
        if not _NAME.fullmatch(till):
            raise TillNameUnfit(till=till[:40])
        code = make_code(secrets.token_bytes(CODE_BYTES))
        now_ms = self.office.clock.now_ms()
        times = now_ms, now_ms + min(max(hours, 1), LONGEST_HOURS) * _HOUR_MS
        with self.office.store.writing() as act:
            tills.add_code(act, code_digest(code), till, times, by)
            self.office.log(act, by, "code-made", till, expires_ms=times[1])
        return code

    def answer(self, raw: bytes, place: str) -> bytes:
        """Return the answer to a request that came from `place`.

        The same till may bring its request again: an answer can get lost. Raises `CodeRefused`,
        `TillTaken`, `TooManyTries`, `EnrolmentCodeWrong` or what `read_request` raises.
        """
        self._wait_turn(place)
        try:
            request = read_request(raw)
        except EnrolmentCodeWrong:
            self._wrong(place)
            raise
        refused = self._enrol(request)
        if isinstance(refused, bytes):
            return refused
        self._wrong(place)
        raise refused

    def _enrol(self, request: EnrolmentRequest) -> bytes | CodeRefused | TillTaken:
        """Enrol the till in one transaction; a refusal is returned, so that its note is kept."""
        now_ms = self.office.clock.now_ms()
        digest = code_digest(request.code)
        with self.office.store.writing() as act:
            code = tills.code_of(act, digest)
            if code is None or code.till != request.till or code.expires_ms <= now_ms:
                return CodeRefused()
            if code.used_ms is not None and code.used_by != request.public:
                self._tell_stolen(act, request, digest)
                return CodeRefused()
            known = tills.till_of(act, request.till)
            if known is not None and known.public != request.public:
                return TillTaken(till=request.till)
            if code.used_ms is None:
                tills.use_code(act, digest, request.public, now_ms)
            secret = self._kept(act, request, known, now_ms)
            self.office.log(
                act, request.till, "till-enrolled", request.till, key=request.public.hex()
            )
        office = enrolment.Office(self.office.authority, self.office.name, self.url)
        first = 1 if known is None else known.pack_number + 1
        return enrolment.answer_to(request, office, secret, now_ms, first)

    def _kept(
        self, act: Act, request: EnrolmentRequest, known: TillRecord | None, now_ms: int
    ) -> bytes:
        """Keep the till and return the secret that its allowance codes are made with."""
        bound_to = request.till.encode()
        if known is not None:
            elsewhere.forget(act, request.till)  # its packs begin anew, maybe on an older ledger
            return self.office.sealer.unseal(SECRET, known.allowance_secret, bound_to)
        secret = secrets.token_bytes(SECRET_BYTES)
        record = TillRecord(
            till=request.till,
            shop=request.shop,
            mode=request.mode,
            public=request.public,
            exchange_key=request.exchange_key,
            allowance_secret=self.office.sealer.seal(SECRET, secret, bound_to),
            state=TillState.ENROLLED,
            enrolled_ms=now_ms,
            seen_ms=now_ms,
            pack_digest=NONE_BEFORE.hex(),
        )
        tills.put_till(act, record)
        return secret

    def _tell_stolen(self, act: Act, request: EnrolmentRequest, digest: str) -> None:
        evidence = {"till": request.till, "key": request.public.hex()[:16]}
        mark = f"{digest[:16]} {request.public.hex()[:16]}"
        finding = Finding(FindingKind.CODE_USED_TWICE, mark, None, evidence)
        rows.add_findings(act, request.till, [finding], self.office.clock.now_ms())

    def _wait_turn(self, place: str) -> None:
        with self.office.store.reading() as act:
            state = LockState(*tills.failures_of(act, _throttled(place)))
        now_ms = self.office.clock.now_ms()
        until = locked_until(state)
        if until is not None and now_ms < until:
            raise TooManyTries(seconds=-((now_ms - until) // 1000))

    def _wrong(self, place: str) -> None:
        with self.office.store.writing() as act:
            held = LockState(*tills.failures_of(act, _throttled(place)))
            now = held.failed(self.office.clock.now_ms())
            tills.note_failure(act, _throttled(place), now.failures, now.last_failure_ms)


def _throttled(place: str) -> str:
    return f"enrol {place}"[:200]
