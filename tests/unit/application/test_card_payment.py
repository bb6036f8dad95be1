"""Card payments on a real shop: what the journal holds after each answer, and after a power cut."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pos_app.application.card_payment import CardDesk, CardHow, Wanted
from pos_app.application.card_ports import CardAnswer, CardOutcome
from pos_app.application.errors import RoleNeeded
from pos_app.application.parked import CardStillUnknown, ParkedSale, ParkedState, ParkedUnknown
from pos_app.application.shift_errors import ReasonMissing
from pos_app.bootstrap.inspection import verify_shop
from pos_app.bootstrap.shop import OpenShop
from pos_app.bootstrap.training_file import training_passphrase
from pos_app.domain.money import Money
from pos_app.domain.shift import CARD_UNCLEAR, times_of
from pos_app.domain.tender import Tender
from pos_app.domain.tender_kind import ReferenceNeeded, TenderKind
from tests.card_terminal import NO, UNKNOWN, YES, ScriptedTerminal
from tests.shops import HIGHVELD, HeldClock, make_shop, opened, order

KIND = TenderKind("card")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[OpenShop]:
    shop = opened(make_shop(tmp_path), HeldClock())
    desk = replace(shop.desk, terminal=ScriptedTerminal())
    yield replace(shop, desk=desk)
    shop.close()


def terminal(shop: OpenShop) -> ScriptedTerminal:
    found = shop.desk.cards.terminal
    assert isinstance(found, ScriptedTerminal)
    return found


def ask(shop: OpenShop, minor: int = 5000) -> ParkedSale:
    currency = shop.desk.currency_of(HIGHVELD)
    amount = Money(minor, currency)
    return shop.desk.cards.ask("ama", Wanted(HIGHVELD, currency, amount), amount)


def pay(shop: OpenShop, answer: CardAnswer, minor: int = 5000) -> int:
    cards, asked = shop.desk.cards, ask(shop, minor)
    terminal(shop).script = [answer]
    told = terminal(shop).charge(cards.request(asked))
    cards.answered("ama", asked.number, told)
    return asked.number


def states(shop: OpenShop) -> list[ParkedState]:
    return [each.state for each in shop.desk.parked.all()]


def kinds(shop: OpenShop) -> list[str]:
    return [entry.kind for entry in shop.ledger.entries() if entry.kind.startswith("card")]


def sound(shop: OpenShop) -> bool:
    folder = shop.folder
    shop.close()
    return verify_shop(folder, training_passphrase()).fault is None


def test_a_yes_waits_for_its_sale_and_ends_with_it(shop: OpenShop) -> None:
    pay(shop, YES)
    assert states(shop) == [ParkedState.CARD_PAID]
    money = Money(5000, shop.desk.currency_of(HIGHVELD))
    paid = (Tender("card", money, "AP7712"),)
    shop.desk.sell(order(shop, HIGHVELD, 5000, tenders=paid))
    assert states(shop) == []
    assert kinds(shop) == ["card_asked", "card_answered"]
    assert sound(shop)


def test_a_no_leaves_nothing_but_its_journal(shop: OpenShop) -> None:
    pay(shop, NO)
    assert states(shop) == []
    assert kinds(shop) == ["card_asked", "card_answered"]
    assert sound(shop)


def test_no_answer_leaves_no_token_and_outlives_the_shift(shop: OpenShop) -> None:
    shop.desk.shifts.open("ama")
    number = pay(shop, UNKNOWN)
    assert shop.desk.sales_today() == ()
    report = shop.desk.shifts.close("ama")
    assert times_of(report.tallies, CARD_UNCLEAR) == 1
    assert states(shop) == [ParkedState.CARD_UNKNOWN]
    for act in (shop.desk.parked.recall, shop.desk.parked.drop):
        with pytest.raises(CardStillUnknown):
            act("grace" if act == shop.desk.parked.drop else "ama", number)
    assert sound(shop)


def test_a_power_cut_while_the_terminal_works_is_an_open_question(shop: OpenShop) -> None:
    asked = ask(shop)
    shop.close()
    again = opened(shop.folder)
    assert [(each.number, each.state) for each in again.desk.parked.all()] == [
        (asked.number, ParkedState.CARD_UNKNOWN)
    ]
    again.close()


def test_a_query_settles_it_without_charging_again(shop: OpenShop) -> None:
    number = pay(shop, UNKNOWN)
    cards = shop.desk.cards
    request = cards.request(shop.desk.parked.one(number))
    assert request == terminal(shop).charged[0]
    for answer, left in ((UNKNOWN, ParkedState.CARD_UNKNOWN), (YES, ParkedState.CARD_PAID)):
        terminal(shop).script = [answer]
        told = terminal(shop).query(request.attempt)
        cards.answered("tendai", number, told, CardHow.QUERY)
        assert states(shop) == [left]
    assert len(terminal(shop).charged) == 1
    with pytest.raises(ParkedUnknown):
        cards.answered("tendai", number, NO, CardHow.QUERY)


def test_two_questions_are_never_the_same(shop: OpenShop) -> None:
    cards = shop.desk.cards
    first, second = (cards.request(ask(shop)) for _ in range(2))
    assert first.attempt != second.attempt


def test_only_a_supervisor_settles_it_by_word_and_says_how_she_knows(shop: OpenShop) -> None:
    number = pay(shop, UNKNOWN)
    cards, yes = shop.desk.cards, CardAnswer(CardOutcome.YES, "ap 99")
    with pytest.raises(RoleNeeded):
        cards.resolve("ama", number, yes, KIND, "terminal copy")
    with pytest.raises(ReasonMissing):
        cards.resolve("grace", number, yes, KIND, " ")
    with pytest.raises(ReferenceNeeded):
        cards.resolve("grace", number, CardAnswer(CardOutcome.YES), KIND, "terminal copy")
    assert states(shop) == [ParkedState.CARD_UNKNOWN]
    settled = cards.resolve("grace", number, yes, KIND, "terminal copy")
    assert settled is not None
    assert (settled.state, settled.approval) == (ParkedState.CARD_PAID, "AP99")
    other = pay(shop, UNKNOWN)
    assert cards.resolve("grace", other, NO, KIND, "not in its list") is None
    assert states(shop) == [ParkedState.CARD_PAID]


def test_what_a_card_paid_without_a_sale_goes_back_on_a_supervisors_word(shop: OpenShop) -> None:
    number = pay(shop, YES)
    cards = shop.desk.cards
    with pytest.raises(RoleNeeded):
        cards.refunded("ama", number, "voided at the terminal")
    assert cards.refunded("grace", number, "voided at the terminal").approval == "AP7712"
    assert states(shop) == []
    unclear = pay(shop, UNKNOWN)
    with pytest.raises(ParkedUnknown):
        cards.refunded("grace", unclear, "voided at the terminal")
    assert sound(shop)


def test_a_till_without_a_terminal_says_so(shop: OpenShop) -> None:
    assert replace(shop.desk, terminal=None).cards == CardDesk(shop.ledger, shop.clock)
