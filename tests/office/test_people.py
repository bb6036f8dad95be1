"""People and rights: nobody alone makes value, guesses are slowed, the log cannot be changed."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from pos_app.domain.errors import PosError
from pos_app.exchange.allowance_code import AllowanceAmountUnfit, read_allowance_code
from pos_app.head_office.codes import AllowanceCodes, CodeWish
from pos_app.head_office.enrolling import SECRET
from pos_app.head_office.errors import (
    DraftDecided,
    DraftNeedsAnother,
    DraftUnknown,
    NotAllowed,
    OfficeExists,
    OfficePassphraseWeak,
    OfficePassphraseWrong,
    PersonUnfit,
    SignInRefused,
    TooManyTries,
)
from pos_app.head_office.office import create_office, open_office
from pos_app.head_office.people import RIGHTS, THE_OFFICE, Person, Right, Role
from pos_app.head_office.rooms import Rooms
from pos_app.head_office.sealing import FLOOR, BoxBroken, Cost, Sealer, open_sealer
from pos_app.head_office.store import office as held
from pos_app.head_office.store.engine import Store
from tests.office.makers import PASSPHRASE, MadeTill
from tests.office.seen import rows
from tests.shops import HeldClock

PASSWORD = "correct horse battery staple anchor"


def test_an_office_is_made_once_and_opens_with_its_passphrase_only(store: Store) -> None:
    clock = HeldClock()
    made = create_office(store, clock, "Grid", PASSPHRASE, FLOOR)
    assert open_office(store, clock, PASSPHRASE).authority.public == made.authority.public
    with pytest.raises(OfficePassphraseWrong):
        open_office(store, clock, PASSPHRASE + "x")
    with pytest.raises(OfficeExists):
        create_office(store, clock, "Other", PASSPHRASE, FLOOR)
    with store.reading() as act:
        kept = repr(act.execute(text("select * from fact")).all())
    assert PASSPHRASE not in kept
    assert "authority" not in repr(made)


def test_a_weak_passphrase_is_refused_and_a_weakened_seal_does_not_open(store: Store) -> None:
    with pytest.raises(OfficePassphraseWeak):
        create_office(store, HeldClock(), "Grid", "password1", FLOOR)
    made = create_office(store, HeldClock(), "Grid", PASSPHRASE, FLOOR)
    with made.store.reading() as act:
        kept = held.fact_of(act, "master") or ""
    weak = kept.replace(f'"memory_kib":{FLOOR.memory_kib}', '"memory_kib":1024')
    assert weak != kept
    for changed in (weak, kept.replace('"passes":3', '"passes":4'), "{}", "nonsense"):
        with pytest.raises(OfficePassphraseWrong):
            open_sealer(PASSPHRASE, changed)
    assert Cost().memory_kib == 256 * 1024


def test_a_box_opens_for_its_own_purpose_and_place_only() -> None:
    sealer = Sealer(bytes(32))
    box = sealer.seal("keys", b"secret", b"here")
    assert sealer.unseal("keys", box, b"here") == b"secret"
    for purpose, place, held_box in (
        ("other", b"here", box), ("keys", b"there", box), ("keys", b"here", box[:-1]),
    ):  # fmt: skip
        with pytest.raises(BoxBroken):
            sealer.unseal(purpose, held_box, place)


def add(rooms: Rooms, who: str, role: Role) -> Person:
    person = Person(who, who.title(), role)
    rooms.people.put(person, PASSWORD, THE_OFFICE)
    return person


def test_a_right_password_says_who_it_is(rooms: Rooms) -> None:
    ada = add(rooms, "ada", Role.ISSUER)
    assert rooms.people.sign_in("ada", PASSWORD, "here") == ada
    kept = repr(rows(rooms, "select * from staff") + rows(rooms, "select * from audit"))
    assert PASSWORD not in kept
    assert "$argon2id$" in kept
    rooms.people.retire("ada", THE_OFFICE)
    with pytest.raises(SignInRefused):
        rooms.people.sign_in("ada", PASSWORD, "here")


def test_guessing_passwords_is_slowed_for_the_account_and_for_the_place(
    rooms: Rooms, clock: HeldClock
) -> None:
    add(rooms, "ada", Role.ISSUER)
    add(rooms, "bea", Role.APPROVER)
    for _ in range(5):
        with pytest.raises(SignInRefused):
            rooms.people.sign_in("ada", "wrong", "198.51.100.1")
    for who, place in (("ada", "elsewhere"), ("bea", "198.51.100.1"), ("nobody", "198.51.100.1")):
        with pytest.raises(TooManyTries):
            rooms.people.sign_in(who, PASSWORD, place)
    clock.now += 30_000
    assert rooms.people.sign_in("ada", PASSWORD, "elsewhere").id == "ada"


def test_nobody_without_the_right_lets_people_in(rooms: Rooms) -> None:
    for role in Role:
        person = Person("x", "X", role)
        if Right.MANAGE in RIGHTS[role]:
            continue
        with pytest.raises(NotAllowed):
            rooms.people.put(Person("y", "Y", Role.ADMIN), PASSWORD, person)
        with pytest.raises(NotAllowed):
            rooms.people.new_token("y", Role.AUDITOR, person)
    for unfit in ("", "Ada", "office", "../x", "a" * 41):
        with pytest.raises(PersonUnfit):
            rooms.people.put(Person(unfit, "Y", Role.ADMIN), PASSWORD, THE_OFFICE)
    with pytest.raises(OfficePassphraseWeak):
        rooms.people.put(Person("y", "Y", Role.ADMIN), "123456", THE_OFFICE)


def test_no_role_both_manages_people_and_approves_value() -> None:
    assert set(RIGHTS) == set(Role)
    assert not [role for role in Role if {Right.MANAGE, Right.APPROVE} <= RIGHTS[role]]


def test_every_change_of_the_log_is_found(rooms: Rooms) -> None:
    for who in ("ada", "bea", "cyd"):
        add(rooms, who, Role.ISSUER)

    def broken() -> int | None:
        with rooms.office.store.reading() as act:
            return held.broken_line(act)

    def change(statement: str, at: int) -> int | None:
        with rooms.office.store.writing() as act:
            act.execute(text(statement), {"at": at})
        return broken()

    first = rows(rooms, "select min(id) from audit")[0][0]
    assert broken() is None
    assert change("update audit set who = 'eve' where id = :at", first + 1) == first + 1
    assert change("update audit set who = 'office' where id = :at", first + 1) is None
    assert change("delete from audit where id = :at", first + 2) == first + 2
    assert change("delete from audit where id > :at", first) == first + 1


def test_an_allowance_code_takes_two_people_and_is_good_for_its_till(
    rooms: Rooms, till: MadeTill
) -> None:
    codes = AllowanceCodes(rooms.office)
    draft = codes.wish(CodeWish("TILL7", "ZAR", 20_000, 7), "ada")
    with pytest.raises(DraftNeedsAnother):
        codes.give(draft, "ada")
    digits = codes.give(draft, "bea")
    secret = rooms.office.sealer.unseal(SECRET, rooms.till("TILL7").allowance_secret, b"TILL7")
    grant = read_allowance_code(digits, "TILL7", secret, ["EUR", "ZAR"], 0)
    assert (grant.sequence, grant.currency, grant.amount, grant.days) == (1, "ZAR", 20_000, 7)
    with pytest.raises(DraftDecided):
        codes.give(draft, "bea")
    with pytest.raises(DraftUnknown):
        codes.give(99, "bea")
    with pytest.raises(AllowanceAmountUnfit):
        codes.wish(CodeWish("TILL7", "ZAR", 1234, 7), "ada")
    second = codes.give(codes.wish(CodeWish("TILL7", "ZAR", 100), "ada"), "bea")
    assert read_allowance_code(second, "TILL7", secret, ["ZAR"], 1).sequence == 2
    kept = repr(rows(rooms, "select * from audit") + rows(rooms, "select * from draft_record"))
    assert digits not in kept
    with pytest.raises(PosError):
        rooms.packing.issue(draft, "bea")
