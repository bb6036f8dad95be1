"""An allowance for a till that may be two machines: the console asks before it goes out."""

from __future__ import annotations

import json

from tests.office.console.visitors import hire, said, visitor
from tests.office.makers import MadeTill, enrolled, send
from tests.office.seen import one, rows
from tests.office.servers import Running

WISH = {"till": "TILL7", "way": "code", "currency": "zar", "amount": "5000", "lasting": "7"}
KNOWN = {"although": "yes"}


def test_the_tick_is_asked_for_and_the_log_keeps_it(server: Running) -> None:
    hire(server.rooms, "ivy", "abe")
    till = MadeTill()
    enrolled(server.rooms, till)
    till.sell(1)
    clone = till.copied()
    till.sell(1)
    clone.sell(1)
    with visitor(server, "ivy") as ivy, visitor(server, "abe") as abe:
        assert "although" not in ivy.get("/allowance", till="TILL7").text
        send(server.rooms, till, till.bundle())
        send(server.rooms, clone, clone.bundle())
        page = ivy.get("/allowance", till="TILL7").text
        assert page.count('name="although"') == 2
        assert "Journal forked: two machines may sell as this till" in page
        refused = ivy.post("/allowance", WISH)
        assert (refused.status_code, refused.text.count('name="although"')) == (400, 2)
        assert "gets no new allowance" in said(refused)
        assert ivy.post("/allowance", WISH | KNOWN).status_code == 303
        assert 'name="although"' in abe.get("/packs/1").text
        stopped = abe.post("/packs/1/issue")
        assert (stopped.status_code, 'class="once"' in stopped.text) == (409, False)
        assert 'class="once"' in abe.post("/packs/1/issue", KNOWN).text
    facts = [json.loads(text) for (text,) in rows(server.rooms, "select facts from audit")]
    assert [each["although"] for each in facts if "although" in each] == ["forked", "forked"]
    assert one(server.rooms, "select count(*) from allowance_grant") == 1
