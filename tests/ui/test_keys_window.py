"""The key ceremony in the window, by keyboard alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from pos_app.ui.presenters.keys_screen import KeyAct, KeysScreen, Step
from pos_app.ui.views.keys import KeysPage
from pos_app.ui.views.more import MorePage
from tests.ui.conftest import Cashier, Open, only
from tests.ui.fake_key_desk import CODE, MODULE_PIN, OLD, RABIA, FakeKeyDesk, NotKeys

FILE = "/media/stick/till.keys"


def opened(open_till: Open, number: str = "3", pin: str = "2468") -> tuple[Cashier, KeysPage]:
    """Sign in as the third of the list, a supervisor, and open the page of keys."""
    cashier = open_till()
    cashier.on.desk.colleagues = (RABIA,)
    cashier.sign_in(pin, number)
    cashier.sees(lambda: hasattr(cashier.on.window.content, "till"))
    cashier.sees(cashier.till.search.hasFocus)
    cashier.press(Qt.Key.Key_F10)
    cashier.sees(only(cashier, MorePage).tiles[0].hasFocus)
    cashier.type("k")
    page = only(cashier, KeysPage)
    cashier.sees(page.home.hasFocus)
    cashier.sees(lambda: not page.home.paper.slip.blank)
    return cashier, page


@pytest.fixture
def keys(open_till: Open) -> tuple[Cashier, KeysPage]:
    return opened(open_till)


def asks(cashier: Cashier, page: KeysPage, question: str) -> None:
    """Wait for a question that can be answered."""
    act = page.act

    def there() -> bool:
        busy = act._keys is None or act._keys.screen.busy
        return act.isVisible() and act.title.text() == question and not busy

    cashier.sees(there)


def line(cashier: Cashier, page: KeysPage, question: str, text: str) -> None:
    asks(cashier, page, question)
    cashier.sees(page.act.field.hasFocus)
    page.act.field.clear()
    cashier.type(text)
    cashier.enter()


def compared(cashier: Cashier, page: KeysPage) -> None:
    """Go as far as the second person's PIN."""
    cashier.press(Qt.Key.Key_F3)
    line(cashier, page, "Which key file?", FILE)
    asks(cashier, page, "Compare with the paper")
    assert page.act.hasFocus()
    cashier.enter()
    line(cashier, page, "Thandi Dlamini\u2019s PIN", "2468")
    asks(cashier, page, "Who is the second?")
    assert [each.text() for each in page.act.answers] == ["Rabia Bello"]
    cashier.press(Qt.Key.Key_1)
    asks(cashier, page, "Rabia Bello\u2019s PIN")


def shop(cashier: Cashier) -> FakeKeyDesk:
    return cashier.on.desk.keys


def test_the_list_tells_how_each_key_stands(keys: tuple[Cashier, KeysPage]) -> None:
    _, page = keys
    rows = page.home.rows.rows
    assert [row.state.text()[3:] for row in rows] == [
        "ended on 18 Nov 2026",
        "ends in 6 days",
        "until 9 Jun 2027",
        "until 5 Jan 2028",
        "from 21 Dec 2026",
    ]
    assert [row.state.property("state") for row in rows] == ["stop", "look", "done", "done", ""]
    heard = rows[1].accessibleName()
    for said in ("600111 / 1", "City of Jacaranda", "in the module", "TI 01, 07", "C2FE56"):
        assert said in heard
    assert "318 keys" in rows[2].kcv.text()


def test_two_people_take_a_file_they_compared(keys: tuple[Cashier, KeysPage]) -> None:
    cashier, page = keys
    compared(cashier, page)
    assert page.act.field.echoMode() is QLineEdit.EchoMode.Password
    cashier.type("1357")
    cashier.enter()
    asks(cashier, page, "The keys are in")
    assert shop(cashier).taken == [("thandi", "rabia")]
    assert "2 keys are in the vault" in page.act.notice.words()
    cashier.enter()
    cashier.sees(page.home.hasFocus)
    cashier.press(Qt.Key.Key_Escape)
    cashier.sees(cashier.till.search.hasFocus)


def test_the_second_person_answers_with_a_code(keys: tuple[Cashier, KeysPage]) -> None:
    cashier, page = keys
    compared(cashier, page)
    cashier.press(Qt.Key.Key_F5)
    asks(cashier, page, "Rabia Bello\u2019s code")
    assert "2keys:6c3de4:a91f07" in page.act.request.text()
    assert page.act.field.echoMode() is QLineEdit.EchoMode.Normal
    cashier.type("11112222")
    cashier.enter()
    cashier.sees(lambda: "does not answer request A000005" in page.act.notice.words())
    cashier.type(CODE)
    cashier.enter()
    asks(cashier, page, "The keys are in")
    assert shop(cashier).request_of == "A000005"


def test_a_file_that_is_none_or_not_there_gets_a_sentence(keys: tuple[Cashier, KeysPage]) -> None:
    cashier, page = keys
    shop(cashier).files.files["/photo.jpg"] = b"photo"
    cashier.press(Qt.Key.Key_F3)
    for path, said in (("/photo.jpg", "not a whole key file"), ("/none", "cannot be read")):
        line(cashier, page, "Which key file?", path)
        cashier.sees(lambda said=said: said in page.act.notice.words())  # type: ignore[misc]
        assert page.act.field.text() == path
    cashier.press(Qt.Key.Key_Escape)
    cashier.sees(page.home.hasFocus)
    assert shop(cashier).taken == []


def test_wrong_pins_are_told_at_once_and_a_wrong_key_goes_back_to_the_file(
    keys: tuple[Cashier, KeysPage],
) -> None:
    cashier, page = keys
    cashier.press(Qt.Key.Key_F3)
    line(cashier, page, "Which key file?", FILE)
    asks(cashier, page, "Compare with the paper")
    cashier.enter()
    line(cashier, page, "Thandi Dlamini\u2019s PIN", "0000")
    cashier.sees(lambda: "PIN is wrong" in page.act.notice.words())
    line(cashier, page, "Thandi Dlamini\u2019s PIN", "2468")
    asks(cashier, page, "Who is the second?")
    cashier.press(Qt.Key.Key_1)
    line(cashier, page, "Rabia Bello\u2019s PIN", "0000")
    cashier.sees(lambda: "PIN is wrong" in page.act.notice.words())
    shop(cashier).trouble.append(NotKeys(problem="box"))
    line(cashier, page, "Rabia Bello\u2019s PIN", "1357")
    asks(cashier, page, "Which key file?")
    assert "Nothing was taken" in page.act.notice.words()
    assert page.act.field.text() == FILE
    assert shop(cashier).taken == []


def test_the_request_is_saved_and_nothing_is_written_over(keys: tuple[Cashier, KeysPage]) -> None:
    cashier, page = keys
    cashier.press(Qt.Key.Key_F4)
    line(cashier, page, "Where does the request go?", FILE)
    cashier.sees(lambda: "already a file" in page.act.notice.words())
    line(cashier, page, "Where does the request go?", "/media/stick/new.request")
    asks(cashier, page, "The request is saved")
    assert shop(cashier).files.files["/media/stick/new.request"] == b"request"


def test_the_passphrase_is_typed_twice_and_a_wrong_old_one_is_asked_again(
    keys: tuple[Cashier, KeysPage],
) -> None:
    cashier, page = keys
    cashier.press(Qt.Key.Key_F6)
    line(cashier, page, "The shop\u2019s passphrase", "not this")
    line(cashier, page, "The new passphrase", "one two three four")
    line(cashier, page, "The new passphrase once more", "one two three fore")
    cashier.sees(lambda: "were not the same" in page.act.notice.words())
    line(cashier, page, "The new passphrase", "quarry velvet anthem pickle")
    line(cashier, page, "The new passphrase once more", "quarry velvet anthem pickle")
    line(cashier, page, "Thandi Dlamini\u2019s PIN", "2468")
    cashier.sees(lambda: "passphrase is wrong" in page.act.notice.words())
    line(cashier, page, "The shop\u2019s passphrase", OLD)
    line(cashier, page, "The new passphrase", "quarry velvet anthem pickle")
    line(cashier, page, "The new passphrase once more", "quarry velvet anthem pickle")
    line(cashier, page, "Thandi Dlamini\u2019s PIN", "2468")
    asks(cashier, page, "The passphrase is changed")
    assert shop(cashier).passphrase == "quarry velvet anthem pickle"


def test_keys_end_with_a_typed_word_a_passphrase_and_two_people(
    keys: tuple[Cashier, KeysPage],
) -> None:
    cashier, page = keys
    cashier.press(Qt.Key.Key_F8)
    line(cashier, page, "Destroy every key of this till?", "yes")
    cashier.sees(lambda: "That is not the word" in page.act.notice.words())
    line(cashier, page, "Destroy every key of this till?", "destroy")
    line(cashier, page, "Where does the receipt go?", FILE)
    cashier.sees(lambda: "already a file" in page.act.notice.words())
    line(cashier, page, "Where does the receipt go?", "/media/stick/end.json")
    line(cashier, page, "The shop\u2019s passphrase", OLD)
    line(cashier, page, "Thandi Dlamini\u2019s PIN", "2468")
    asks(cashier, page, "Who is the second?")
    cashier.press(Qt.Key.Key_1)
    asks(cashier, page, "Rabia Bello\u2019s PIN")
    cashier.press(Qt.Key.Key_F5)  # nobody destroys keys by telephone
    assert not page.act.elsewhere.isVisible()
    assert not shop(cashier).gone
    cashier.type("1357")
    cashier.enter()
    asks(cashier, page, "Every key is destroyed")
    cashier.sees(lambda: "/media/stick/end.json" in shop(cashier).files.files)
    cashier.enter()
    cashier.sees(page.home.hasFocus)
    cashier.sees(lambda: "destroyed on purpose" in page.home.notice.words())
    assert not page.home.acts[KeyAct.TAKE].isEnabled()


def test_keys_that_are_here_move_into_the_module(keys: tuple[Cashier, KeysPage]) -> None:
    cashier, page = keys
    assert page.home.acts[KeyAct.MOVE].isVisible()
    cashier.press(Qt.Key.Key_F7)
    line(cashier, page, "Thandi Dlamini\u2019s PIN", "2468")
    asks(cashier, page, "Who is the second?")
    cashier.press(Qt.Key.Key_1)
    line(cashier, page, "Rabia Bello\u2019s PIN", "1357")
    asks(cashier, page, "The keys are in the module")
    assert "2 keys moved" in page.act.notice.words()
    cashier.enter()
    cashier.sees(page.home.hasFocus)
    cashier.sees(lambda: not page.home.acts[KeyAct.MOVE].isVisible())
    cashier.sees(lambda: "in the module" in page.home.rows.rows[0].accessibleName())


def test_escape_goes_back_step_by_step_and_forgets(keys: tuple[Cashier, KeysPage]) -> None:
    cashier, page = keys
    compared(cashier, page)
    for question in (
        "Who is the second?",
        "Thandi Dlamini\u2019s PIN",
        "Compare with the paper",
        "Which key file?",
    ):
        cashier.press(Qt.Key.Key_Escape)
        asks(cashier, page, question)
    cashier.press(Qt.Key.Key_Escape)
    cashier.sees(page.home.hasFocus)
    assert shop(cashier).taken == []


def test_an_engineer_brings_two_supervisors(open_till: Open) -> None:
    cashier, page = opened(open_till, "4", "1111")
    cashier.press(Qt.Key.Key_F3)
    line(cashier, page, "Which key file?", FILE)
    asks(cashier, page, "Compare with the paper")
    cashier.enter()
    asks(cashier, page, "Who is the first of the two?")
    assert [each.text() for each in page.act.answers] == ["Thandi Dlamini", "Rabia Bello"]
    cashier.press(Qt.Key.Key_2)
    line(cashier, page, "Rabia Bello\u2019s PIN", "1357")
    asks(cashier, page, "Who is the second?")
    assert [each.text() for each in page.act.answers] == ["Thandi Dlamini"]


def test_a_cashier_has_no_such_tile(cashier: Cashier) -> None:
    cashier.press(Qt.Key.Key_F10)
    more = only(cashier, MorePage)
    cashier.sees(more.tiles[0].hasFocus)
    assert "Keys" not in [tile.text() for tile in more.tiles]
    cashier.type("k")
    assert cashier.on.window.findChild(KeysPage) is None


def test_what_is_typed_is_in_no_repr() -> None:
    screen = replace(KeysScreen(), step=Step.OLD, typed="quarry velvet")
    assert "quarry" not in repr(screen)


def people(cashier: Cashier, page: KeysPage) -> None:
    line(cashier, page, "Thandi Dlamini\u2019s PIN", "2468")
    asks(cashier, page, "Who is the second?")
    cashier.press(Qt.Key.Key_1)
    line(cashier, page, "Rabia Bello\u2019s PIN", "1357")


def test_other_acts_name_a_custodian_and_a_module_and_print_again(
    keys: tuple[Cashier, KeysPage],
) -> None:
    cashier, page = keys
    shop(cashier).files.files["/media/stick/grid.pub"] = b"ab" * 32 + b"\n"
    cashier.press(Qt.Key.Key_F2)
    asks(cashier, page, "What else?")
    assert len(page.act.answers) == 3
    cashier.press(Qt.Key.Key_1)
    line(cashier, page, "What is the custodian called?", "River key office")
    line(cashier, page, "Which file holds the public key?", "/media/stick/grid.pub")
    asks(cashier, page, "Compare the fingerprint")
    assert page.act.act.text() == "The fingerprint is the same"
    cashier.enter()
    people(cashier, page)
    asks(cashier, page, "The custodian is trusted")
    assert page.act.notice.words() == "Key files of River key office are taken from now on."
    assert [each[0] for each in shop(cashier).till.authorities][1:] == ["River key office"]
    cashier.enter()
    cashier.sees(page.home.hasFocus)
    cashier.press(Qt.Key.Key_F2)
    asks(cashier, page, "What else?")
    cashier.press(Qt.Key.Key_2)
    line(cashier, page, "Where is the module\u2019s driver?", "/usr/lib/module.so")
    line(cashier, page, "What is the token\u2019s label?", "till 3")
    line(cashier, page, "The module\u2019s PIN", "999")
    assert page.act.field.echoMode() is QLineEdit.EchoMode.Password
    people(cashier, page)
    line(cashier, page, "The module\u2019s PIN", MODULE_PIN)
    people(cashier, page)
    asks(cashier, page, "The module is named")
    assert "till 3 (31c0ffee)" in page.act.notice.words()
    cashier.enter()
    cashier.sees(page.home.hasFocus)
    cashier.press(Qt.Key.Key_F2)
    asks(cashier, page, "What else?")
    cashier.press(Qt.Key.Key_3)
    asks(cashier, page, "Which receipt?")
    assert page.act.answers[0].text().startswith("Keys taken in · Grid key office #13")
    cashier.press(Qt.Key.Key_1)
    asks(cashier, page, "The receipt is printing")
    assert page.act.notice.words() == "It is copy 1, marked so, and in the journal."
