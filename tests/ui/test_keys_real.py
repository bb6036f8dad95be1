"""The key ceremony on a real shop: real files, a real vault, the receipt that is printed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pos_app.application.key_records import KeysDestroyed
from pos_app.application.records import Operator, Role
from pos_app.application.settings import Settings
from pos_app.application.slip.layout import Pair, Slip, Text
from pos_app.bootstrap.inspection import verify_shop
from pos_app.bootstrap.key_side import key_side
from pos_app.bootstrap.shop import open_shop
from pos_app.bootstrap.training_file import training_passphrase, training_pins
from pos_app.exchange.approval import read_secret
from pos_app.exchange.canonical import canonical, read_canonical
from pos_app.exchange.key_file import read_request
from pos_app.exchange.signing import signature_holds
from pos_app.ui.presenters.keys import KeysParts, KeysPresenter
from pos_app.ui.presenters.keys_screen import KeyAct, KeysScreen, Step
from tests.key_makers import ATTRIBUTES, STS_KEY, key_file, trusting
from tests.shops import HIGHVELD, START_MS, HeldClock, make_shop, opened, order
from tests.ui.hand import Queue

PINS = training_pins()
GRACE = Operator("grace", "Grace", Role.SUPERVISOR)


class Hand:
    """A supervisor at a presenter on a real shop, with files in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.shop = folder, opened(make_shop(folder))
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
