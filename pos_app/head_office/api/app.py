"""The web application: one door for tills, billing systems and the console."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from pos_app.domain.errors import PosError
from pos_app.head_office.api import billing, settling, tills
from pos_app.head_office.errors import OfficeRefusal, TooManyTries
from pos_app.head_office.given_errors import (
    AddressUnknown,
    RequestUnfit,
    Unforeseen,
    ValueRefused,
)
from pos_app.head_office.rooms import Rooms
from pos_app.head_office.store.engine import RowRefused

Say = Callable[[PosError], str]
_BAD_REQUEST = 400
_OURS = 500


def make_app(rooms: Rooms, say: Say) -> FastAPI:
    """Return the application of an open office; `say` gives a refusal its sentence."""
    app = FastAPI(title="Tokentill head office", version="1", docs_url=None, redoc_url=None)
    app.state.rooms = rooms
    app.include_router(tills.router)
    app.include_router(billing.router)
    app.include_router(settling.router)

    @app.exception_handler(PosError)
    def refused(_: Request, problem: PosError) -> JSONResponse:
        """Answer a refusal with its code and its sentence."""
        return JSONResponse(refusal(problem, say), _status(problem), _headers(problem))

    @app.exception_handler(RequestValidationError)
    def unreadable(_: Request, problem: RequestValidationError) -> JSONResponse:
        """Answer a question that lacks something, or says it in another form."""
        place = problem.errors()[0]["loc"]
        where = " ".join(str(each) for each in place)[:80].encode("ascii", "replace").decode()
        return _refused(RequestUnfit(where=where), _BAD_REQUEST)

    @app.exception_handler(HTTPException)
    def nowhere(_: Request, problem: HTTPException) -> JSONResponse:
        """Answer what is asked where nothing is, or in a way that there is not."""
        unread = problem.status_code == _BAD_REQUEST
        known = RequestUnfit(where="body") if unread else AddressUnknown()
        return _refused(known, problem.status_code, dict(problem.headers or {}))

    @app.exception_handler(RowRefused)
    def unheld(_: Request, _problem: Exception) -> JSONResponse:
        """Answer what the database cannot hold."""
        return _refused(ValueRefused(), _BAD_REQUEST)

    @app.exception_handler(Exception)
    def bug(_: Request, _problem: Exception) -> JSONResponse:
        """Answer what should not have happened; it is raised again for the server's log."""
        return _refused(Unforeseen(), _OURS)

    def _refused(
        problem: PosError, status: int, headers: dict[str, str] | None = None
    ) -> JSONResponse:
        return JSONResponse(refusal(problem, say), status, headers)

    @app.exception_handler(ClientDisconnect)
    def cut(_: Request, _problem: Exception) -> Response:
        """Answer nobody: the line was cut, which is no fault of the server's to write down."""
        return Response(status_code=_BAD_REQUEST)

    return app


def refusal(problem: PosError, say: Say) -> dict[str, Any]:
    """Return what a refusal is told as."""
    told: dict[str, Any] = {"code": problem.code, "message": say(problem)}
    if "now_ms" in problem.facts:
        told["now_ms"] = problem.facts["now_ms"]
    return told


def _status(problem: PosError) -> int:
    return problem.status if isinstance(problem, OfficeRefusal) else _BAD_REQUEST


def _headers(problem: PosError) -> dict[str, str]:
    if isinstance(problem, TooManyTries):
        return {"Retry-After": str(problem.facts["seconds"])}
    return {}
