"""The keys that a meter can have had, and whether its list is behind: from facts alone."""

from __future__ import annotations

from typing import Any

import pytest

from pos_app.head_office.key_state import KeyState

A, B, C, D = (f"20145{at} 1 1 255 2 7 4 2014" for at in range(4))


def fact(at_ms: int, old: str, key: str, how: str = "given", **changes: Any) -> dict[str, Any]:
    said = {"at_ms": at_ms, "old": old, "key": key, "record": old, "how": how}
    return said | {"proof": "holds", "till": "TILL7"} | changes


def state(listed: str, *facts: dict[str, Any], listed_ms: int = 0) -> KeyState:
    return KeyState("1", listed, listed_ms, facts)


def test_the_newest_key_comes_first_and_each_key_once_with_the_change_that_ended_it() -> None:
    held = state(A, fact(20, B, C), fact(10, A, B)).candidates()
    assert [(each.key, each.standing, each.changed_ms) for each in held] == [
        (C, "current", None), (B, "before", 20), (A, "before", 10),
    ]  # fmt: skip
    back = state(A, fact(20, B, A), fact(10, A, B)).candidates()
    assert [(each.key, each.standing) for each in back] == [(A, "current"), (B, "before")]
    assert [each.standing for each in state(A).candidates([B])] == ["set", "current"]
    told = state(D, fact(10, A, B)).candidates()
    assert [(each.key, each.standing) for each in told] == [
        (B, "current"), (A, "before"), (D, "listed"),
    ]  # fmt: skip


def test_what_a_meter_was_believed_to_hold_and_did_not_show_comes_last() -> None:
    held = state(A, fact(10, A, B, "shown")).candidates()
    assert [(each.key, each.standing) for each in held] == [(B, "current"), (A, "listed")]


@pytest.mark.parametrize(
    ("listed", "listed_ms", "behind"),
    [
        (A, 0, True),  # as it always said
        (A, 9, True),  # said since before the change
        (A, 11, False),  # said since: a wish to have it back
        (B, 0, False),  # it caught up
        (D, 0, False),  # no entry knows it: a wish
        ("", 0, False),
    ],
)
def test_a_list_is_behind_only_with_a_key_from_before_that_it_did_not_name_since(
    listed: str, listed_ms: int, *, behind: bool
) -> None:
    known = state(listed, fact(10, A, B), listed_ms=listed_ms)
    assert known.behind == behind
    assert known.behind_for("TILL8") == behind
    assert not known.behind_for("TILL7")


def test_a_change_whose_tokens_say_something_else_counts_for_nothing() -> None:
    held = state(A, fact(20, B, C, proof="differs"), fact(10, A, B))
    assert held.key == B
    assert [each.key for each in held.candidates()] == [B, A]
    assert not state(A, fact(10, A, B, proof="differs")).behind
