"""Who may do what: every act of the desk by every role, straight at the door, without a window.

A new act that nobody put into the table, or into the list of what anybody may look at, fails here.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pos_app.application.accounts import AccountDesk
from pos_app.application.bulk import BulkDesk
from pos_app.application.desk import Desk
from pos_app.application.engineering_records import EngineerNeeded
from pos_app.application.errors import RoleNeeded
from pos_app.application.identity import Role
from pos_app.application.key_changes import KeyChangeDesk
from pos_app.application.key_moves import KeyMoves
from pos_app.application.key_papers import KeyPapers
from pos_app.application.office import OfficeDesk
from pos_app.application.redress import RedressDesk
from pos_app.application.shifts import ShiftDesk
from pos_app.application.staff import Staff
from pos_app.application.tariffs import TariffDesk
from pos_app.bootstrap.shop import OpenShop
from pos_app.domain.engineering import DeskAct
from pos_app.domain.errors import PosError
from tests.desk_acts import ALL, ELSEWHERE, FIELD, LOOKS, MAY, WHO, At
from tests.shops import make_shop, opened


def off_the_way() -> dict[str, type]:
    """Return the doors that `Desk` imports when they are asked for."""
    kinds = (
        AccountDesk,
        BulkDesk,
        KeyChangeDesk,
        KeyMoves,
        KeyPapers,
        OfficeDesk,
        RedressDesk,
        ShiftDesk,
        Staff,
        TariffDesk,
    )
    return {kind.__name__: kind for kind in kinds}


def doors() -> Iterator[tuple[str, type]]:
    yield "", Desk
    homes = {**vars(sys.modules[Desk.__module__]), **off_the_way()}
    for name, member in vars(Desk).items():
        private = name.startswith("_")
        if isinstance(member, property) and member.fget is not None and not private:
            yield f"{name}.", homes[inspect.get_annotations(member.fget)["return"]]


def acts() -> set[str]:
    return {
        f"{door}{name}"
        for door, kind in doors()
        for name, _ in inspect.getmembers(kind, inspect.isfunction)
        if not name.startswith("_")
    }


def refusal(do: Callable[[At], object], at: At) -> PosError | None:
    """Return what kept somebody from an act, None where nothing did."""
    try:
        do(at)
    except PosError as problem:
        return problem
    return None


def no_business(problem: PosError | None) -> bool:
    return isinstance(problem, (RoleNeeded, EngineerNeeded))


def at(shop: OpenShop, role: Role) -> At:
    (who,) = (each for each in shop.desk.operators() if each.id == WHO[role])
    return At(shop, who)


def test_every_act_of_every_door_has_its_people() -> None:
    named = {name.partition(" ")[0] for name in MAY} | LOOKS | set(ELSEWHERE)
    assert acts() - named == set()
    assert named - acts() == set()


@pytest.mark.parametrize("role", Role)
def test_whoever_may_is_not_sent_away_and_nobody_else_gets_in(role: Role, tmp_path: Path) -> None:
    shop = opened(make_shop(tmp_path))
    person = at(shop, role)
    wrong: dict[str, Any] = {}
    for name, (may, do) in MAY.items():
        problem = refusal(do, person)
        if no_business(problem) is (role in may):
            wrong[name] = problem
    shop.close()
    assert wrong == {}


@pytest.mark.parametrize("act", DeskAct)
def test_the_engineers_acts_have_their_people(act: DeskAct, tmp_path: Path) -> None:
    giving = {DeskAct.METER_TEST, DeskAct.EXTENDED_READ, DeskAct.FREE_ISSUE, DeskAct.REPLACEMENT}
    may = ALL if act in giving else FIELD
    shop = opened(make_shop(tmp_path))
    let_in = {
        role
        for role in Role
        if not no_business(
            refusal(lambda it: it.desk.engineering.look(it.act(act)), at(shop, role))
        )
    }
    shop.close()
    assert let_in == may
