"""The key ceremony on a real shop: real files, a real vault, the receipt that is printed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pos_app.application.errors import ReceiptUnknown, RoleNeeded
from pos_app.application.key_records import KeysDestroyed
from pos_app.application.keys import Person
from pos_app.application.records import Operator, Role
from pos_app.application.settings import Settings
from pos_app.application.slip.layout import Banner, Pair, Slip, Text
from pos_app.bootstrap.inspection import verify_shop
from pos_app.bootstrap.key_side import key_side
from pos_app.bootstrap.shop import open_shop
from pos_app.bootstrap.training_file import training_passphrase, training_pins
from pos_app.exchange.approval import read_secret
from pos_app.exchange.canonical import canonical, read_canonical
from pos_app.exchange.key_file import fingerprint, read_request
from pos_app.exchange.signing import signature_holds
from pos_app.ui.presenters.keys import KeysPresenter
from pos_app.ui.presenters.keys_screen import KeyAct, KeysScreen, Step
from pos_app.ui.presenters.keys_steps import KeysParts
from tests.adapters.vault.modules import emptied, module_access, needs_module
from tests.key_makers import ATTRIBUTES, AUTHORITY, JOSEPH, STS_KEY, key_file, trusting
from tests.shops import HIGHVELD, START_MS, HeldClock, make_shop, opened, order
from tests.ui.hand import Queue

PINS = training_pins()
GRACE = Operator("grace", "Grace", Role.SUPERVISOR)


class Hand:
    """A supervisor at a presenter on a real shop, with files in a folder."""

    def __init__(self, folder: Path, *, trusts: bool = True) -> None:
        self.folder, self.shop = folder, opened(make_shop(folder))
        if trusts:
            trusting(self.shop)
        queue, side = Queue(), key_side(self.shop, Settings)
        parts = KeysParts(self.shop.desk, side, queue, queue, "DESTROY")
        self.presenter = KeysPresenter(parts, GRACE, self)
        self.presenter.begin()

    def show_screen(self, screen: KeysScreen) -> None:
        assert screen.step is not Step.DONE or screen.said

    @property
    def screen(self) -> KeysScreen:
        return self.presenter.screen

    def line(self, step: Step, text: str) -> None:
        assert self.screen.step is step, self.screen.problem
        self.presenter.typed(text)
        self.presenter.enter()

    def file(self, content: bytes) -> None:
        path = self.folder / "in.keys"
        path.write_bytes(content)
        self.line(Step.FILE, str(path))

    def compare(self) -> None:
        assert self.screen.step is Step.COMPARE, self.screen.problem
        self.presenter.enter()
        self.line(Step.FIRST_PIN, PINS["grace"])

    def second(self) -> None:
        names = [one.id for one in self.presenter.offered()]
        self.presenter.choose(names.index("joseph"))
        assert self.screen.step is Step.SECOND_PIN

    def home(self) -> bool:
        return (self.screen.step, self.screen.holdings) == (Step.HOME, ())

    def code(self) -> str:
        assert self.screen.problem is not None
        return self.screen.problem.code


def written(slip: Slip | None) -> str:
    assert slip is not None
    lines = [block.text for block in slip.blocks if isinstance(block, Text)]
    pairs = [f"{block.label} {block.value}" for block in slip.blocks if isinstance(block, Pair)]
    return "\n".join((*lines, *pairs))


@pytest.fixture
def hand(tmp_path: Path) -> Hand:
    return Hand(tmp_path)


def test_every_unfit_file_gets_its_sentence_and_the_good_one_is_taken(hand: Hand) -> None:
    shop = hand.shop
    before = (shop.ledger.head(), shop.ledger.keys.groups())
    hand.presenter.start(KeyAct.TAKE)
    ended = replace(ATTRIBUTES, issue_until_ms=START_MS)
    for raw, code in (
        (b"\xff\xd8 a photograph", "key-file-bad"),
        (key_file(shop)[:-40], "key-file-bad"),
        (key_file(shop, till="TRAIN9"), "key-file-of-another-till"),
        (key_file(shop, (ended, STS_KEY)), "key-out-of-date"),
    ):
        hand.file(raw)
        assert (hand.code(), hand.screen.step) == (code, Step.FILE)
    hand.line(Step.FILE, str(hand.folder / "none"))
    assert hand.code() == "file-unreadable"
    wrong = replace(ATTRIBUTES, kcv="0d0d0d")
    hand.file(key_file(shop, (wrong, STS_KEY)))
    hand.compare()
    hand.second()
    hand.line(Step.SECOND_PIN, PINS["joseph"])
    assert (hand.code(), hand.screen.step) == ("key-check-wrong", Step.FILE)
    assert (shop.ledger.head(), shop.ledger.keys.groups()) == before
    hand.file(key_file(shop))
    assert ATTRIBUTES.kcv.upper() in written(hand.screen.slip)
    hand.compare()
    hand.second()
    hand.line(Step.SECOND_PIN, PINS["joseph"])
    assert hand.screen.step is Step.DONE
    task = shop.ledger.next_print_task()
    assert task is not None
    entry = shop.ledger.entry(task.sale_seq)
    assert entry is not None
    assert entry.kind == "key_file_imported"
    shown = written(hand.screen.slip)
    for said in (f"Journal entry {entry.seq}", ATTRIBUTES.kcv.upper(), entry.hash.hex()[:16]):
        assert said in shown
    assert "600111 / 1" in shown
    shop.close()
    assert verify_shop(shop.folder, training_passphrase()).fault is None


def test_request_code_and_the_end_of_the_keys(hand: Hand) -> None:
    shop, request = hand.shop, hand.folder / "till.request"
    hand.presenter.start(KeyAct.REQUEST)
    hand.line(Step.PLACE, str(request))
    assert hand.screen.step is Step.DONE
    assert read_request(request.read_bytes()).exchange_key == shop.desk.safe.exchange_key
    hand.presenter.begin()
    held = shop.desk.approvals.enrol("joseph", PINS["joseph"], "grace", PINS["grace"])
    hand.presenter.start(KeyAct.TAKE)
    hand.file(key_file(shop))
    hand.compare()
    hand.second()
    hand.presenter.ask_elsewhere()
    assert hand.screen.request is not None
    hand.line(Step.CODE, read_secret(held).approve(hand.screen.request))
    assert hand.screen.step is Step.DONE
    hand.presenter.begin()
    assert "600111" in {each.standing.group.sgc for each in hand.screen.holdings}
    hand.presenter.start(KeyAct.DESTROY)
    hand.line(Step.WORD, "destroy")
    hand.line(Step.PLACE, str(request))
    assert hand.code() == "file-exists"
    end = hand.folder / "end.json"
    hand.line(Step.PLACE, str(end))
    hand.line(Step.OLD, training_passphrase())
    hand.line(Step.FIRST_PIN, PINS["grace"])
    hand.second()
    hand.line(Step.SECOND_PIN, PINS["joseph"])
    assert hand.screen.step is Step.DONE, hand.screen.problem
    body = read_canonical(end.read_bytes().removesuffix(b"\n"))
    signature, key = bytes.fromhex(body["signature"]), bytes.fromhex(body["public_key"])
    signed = canonical(body["body"])
    assert signature_holds(key, b"tokentill keys destroyed", signed, signature)
    assert "600111 / 1" in written(hand.screen.slip)
    hand.presenter.begin()
    hand.presenter.start(KeyAct.TAKE)
    assert hand.home()
    hand.presenter.start(KeyAct.MORE)
    assert hand.screen.others == (KeyAct.COPY,)
    hand.presenter.choose(0)
    assert [each.authority for each in hand.screen.receipts] == ["", "Grid authority"]
    hand.presenter.choose(0)
    assert "600111 / 1" in written(hand.screen.slip)
    with pytest.raises(KeysDestroyed):
        shop.desk.sell(order(shop, HIGHVELD, 5_000))
    assert end.stat().st_mode & 0o077 == 0
    shop.close()
    assert verify_shop(shop.folder, training_passphrase()).fault is None


def test_the_passphrase_is_changed_twice_without_closing_the_shop(hand: Hand) -> None:
    shop = hand.shop
    hand.presenter.start(KeyAct.PASSPHRASE)
    old = training_passphrase()
    for new in ("quarry velvet anthem pickle", "tulip granite sextant oboe"):
        hand.line(Step.OLD, old)
        hand.line(Step.NEW, new)
        hand.line(Step.AGAIN, new)
        hand.line(Step.FIRST_PIN, PINS["grace"])
        assert hand.screen.step is Step.DONE, hand.screen.problem
        hand.presenter.begin()
        hand.presenter.start(KeyAct.PASSPHRASE)
        old = new
    shop.close()
    assert verify_shop(shop.folder, old).fault is None
    again = open_shop(shop.folder, old, HeldClock())
    told = [each.reading() for each in again.ledger.entries() if each.kind == "passphrase_changed"]
    assert [each["turn"] for each in told] == [1, 2]  # and no third one by `catch_up`
    again.close()


def test_a_custodian_is_named_and_a_receipt_is_printed_again(tmp_path: Path) -> None:
    hand = Hand(tmp_path, trusts=False)
    shop, key = hand.shop, tmp_path / "grid.pub"
    hand.presenter.start(KeyAct.MORE)
    hand.presenter.choose(0)
    hand.line(Step.NAME, "n" * 61)
    assert hand.code() == "key-authority-invalid"
    hand.line(Step.NAME, " Grid authority ")
    key.write_bytes(b"\x00" * 32)
    hand.line(Step.FILE, str(key))
    assert (hand.code(), hand.screen.step) == ("key-authority-invalid", Step.FILE)
    key.write_text(f"{AUTHORITY.public.hex()}\n")
    hand.line(Step.FILE, str(key))
    shown = fingerprint(AUTHORITY.public)
    assert shown[:19] in written(hand.screen.slip)
    assert shown[19:].strip() in written(hand.screen.slip)
    assert shop.desk.keys.authorities() == {}
    hand.compare()
    hand.second()
    hand.line(Step.SECOND_PIN, PINS["joseph"])
    assert hand.screen.step is Step.DONE, hand.screen.problem
    assert shop.desk.keys.authorities() == {AUTHORITY.public.hex(): ("Grid authority", 0)}
    shop.desk.keys.bring_in(key_file(shop), Person("grace", PINS["grace"]), JOSEPH)
    first = shop.desk.key_papers.listed()[0].entry
    said = []
    for copy in range(3):
        hand.presenter.begin()
        hand.presenter.start(KeyAct.MORE)
        hand.presenter.choose(2)
        assert [each.entry for each in hand.screen.receipts] == [first]
        hand.presenter.choose(0)
        assert (hand.screen.step, hand.screen.moved) == (Step.DONE, copy)
        slip = hand.screen.slip
        assert slip is not None
        said.append([each.text for each in slip.blocks if isinstance(each, Banner)])
    assert [len(each) for each in said] == [2, 3, 3]
    assert "COPY 1" in said[1]
    with pytest.raises(ReceiptUnknown):
        shop.desk.key_papers.again(first + 1, "grace")
    with pytest.raises(RoleNeeded):
        shop.desk.key_papers.again(first, "ama")
    shop.close()
    assert verify_shop(shop.folder, training_passphrase()).fault is None


def test_a_module_that_is_not_there_changes_nothing_and_its_driver_is_asked_again(
    hand: Hand,
) -> None:
    before = hand.shop.ledger.head()
    hand.presenter.start(KeyAct.MORE)
    hand.presenter.choose(1)
    hand.line(Step.LIBRARY, str(hand.folder / "no.so"))
    hand.line(Step.TOKEN, "till")
    hand.line(Step.MODULE_PIN, "4815")
    hand.line(Step.FIRST_PIN, PINS["grace"])
    hand.second()
    hand.line(Step.SECOND_PIN, PINS["joseph"])
    assert (hand.code(), hand.screen.step) == ("key-module-unavailable", Step.LIBRARY)
    assert hand.screen.typed == str(hand.folder / "no.so")
    assert (hand.shop.ledger.head(), hand.shop.desk.safe.has_module) == (before, False)
    assert "4815" not in repr(hand.screen)
    hand.shop.close()


@needs_module
def test_a_module_is_named_and_the_next_vending_key_goes_into_it(hand: Hand) -> None:
    shop = hand.shop
    emptied()
    access = module_access()
    hand.presenter.start(KeyAct.MORE)
    hand.presenter.choose(1)
    hand.line(Step.LIBRARY, access.library)
    hand.line(Step.TOKEN, access.token)
    hand.line(Step.MODULE_PIN, "0000")
    hand.line(Step.FIRST_PIN, PINS["grace"])
    hand.second()
    hand.line(Step.SECOND_PIN, PINS["joseph"])
    assert (hand.code(), hand.screen.step) == ("key-module-pin-wrong", Step.MODULE_PIN)
    hand.line(Step.MODULE_PIN, access.pin)
    hand.line(Step.FIRST_PIN, PINS["grace"])
    hand.second()
    hand.line(Step.SECOND_PIN, PINS["joseph"])
    assert hand.screen.step is Step.DONE, hand.screen.problem
    shop.desk.keys.bring_in(key_file(shop), Person("grace", PINS["grace"]), JOSEPH)
    places = {each.standing.group.sgc: each.place for each in shop.desk.key_moves.holdings()}
    assert places["600111"] == "module"
    shop.close()
