"""Months that several tills sold in, as the console shows, drafts and approves them."""

from __future__ import annotations

from tests.office.console.test_pages import text_of
from tests.office.console.visitors import visitor
from tests.office.oversellers import oversell
from tests.office.seen import rows
from tests.office.servers import Running


def test_the_page_drafts_and_whoever_approves_sees_the_working(staffed: Running) -> None:
    oversell(staffed.rooms, "TILL7", "TILL8")
    asked = {"month": "2026-11", "now": "yes"}
    with visitor(staffed, "ivy") as ivy, visitor(staffed, "abe") as abe:
        waits = text_of(ivy.get("/oversold?month=2026-11").text)
        assert "waits for the month" in waits
        assert "TILL7, TILL8" in waits
        assert "Draft corrections" not in waits
        page = text_of(ivy.get("/oversold?month=2026-11&now=yes").text)
        for shown in ("1 400.00", "1 484.45", "ZAR 84.45", "319.9", "TILL8"):
            assert shown.replace(" ", "\u202f") in page or shown in page, shown
        assert "Draft corrections" in page
        assert ivy.post("/oversold", asked).headers["location"].endswith("done=oversold&n=1")
        assert "Nothing to settle" in ivy.get("/oversold?month=2026-11&now=yes").text
        (draft,) = rows(staffed.rooms, "select id from draft where state = 'waiting'")
        shown = text_of(abe.get(f"/packs/{draft[0]}").text)
        assert "ZAR 84.45" in shown
        assert "TILL7-1-1" in shown
        assert ivy.post(f"/packs/{draft[0]}/issue").status_code == 403
        assert "done=issued" in abe.post(f"/packs/{draft[0]}/issue").headers["location"]
        drafted = text_of(ivy.get("/oversold?show=drafted&month=2026-11").text)
        assert "ZAR 84.45" in drafted
        assert ivy.get("/oversold?show=drafted&month=x").status_code == 400
        assert ivy.get("/oversold?month=2026-13").status_code == 400
        assert ivy.post("/oversold", {"month": "x"}).status_code == 400
        assert "drafted corrections of a month" in abe.get("/log").text
