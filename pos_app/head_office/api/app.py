"""The web application: one door for tills, billing systems and the console."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from starlette.requests import ClientDisconnect

from pos_app.domain.errors import PosError
from pos_app.head_office.api import billing, settling, tills
from pos_app.head_office.errors import OfficeRefusal, TooManyTries
from pos_app.head_office.rooms import Rooms

Say = Callable[[PosError], str]
_BAD_REQUEST = 400


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
