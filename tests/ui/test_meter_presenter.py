"""The page of the virtual meters without a window: keys, time, trouble; then on a real shop."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app.bootstrap.meter_bench import TrainingBench
from pos_app.bootstrap.shop import OpenShop
from pos_app.meter.results import Result
from pos_app.sts.tokens import CreditToken, KeyChange, encode, key_change_set
from pos_app.ui.presenters.meters import LOADS, SPEEDS, MeterBench, MetersPresenter, WallScreen
from tests.shops import HIGHVELD, LAGOON, make_shop, opened, order
from tests.ui.fake_bench import HALL, HOUSE, WATER, FakeBench, NoTokenSold
from tests.ui.hand import Queue
from tests.unit.meter.meters import KEY, KWH


class Hand:
    """Somebody at the meters."""

    def __init__(self, bench: MeterBench, *drns: str) -> None:
        self.queue, self.seen = Queue(), 0
        self.presenter = MetersPresenter(bench, self.queue, self)
        self.presenter.begin()
        for drn in drns:
            self.presenter.add(drn)

    def show_screen(self, screen: WallScreen) -> None:
        assert screen == self.presenter.screen
        self.seen += 1

    @property
    def screen(self) -> WallScreen:
        return self.presenter.screen

    def credit(self) -> int:
        current = self.screen.current
        assert current is not None
        return current.meter.state.credit

    def answer(self) -> Result | None:
        current = self.screen.current
        assert current is not None
        assert current.answer is not None
        return current.answer.result

    def code(self) -> str:
        return self.screen.problem.code if self.screen.problem else ""


@pytest.fixture
def bench() -> FakeBench:
    return FakeBench()


def test_a_shop_without_virtual_meters_is_asked_for_one(bench: FakeBench) -> None:
    hand = Hand(bench)
    assert (hand.screen.adding, hand.screen.ready) == (True, True)
    assert not hand.presenter.stop_adding()
    hand.presenter.add("14123456784")
    assert (hand.code(), hand.screen.adding) == ("drn-check-digit", True)
    hand.presenter.add(HOUSE)
    assert (hand.code(), hand.screen.adding, len(hand.screen.wall)) == ("", False, 1)


def test_three_meters_stand_side_by_side_and_a_fourth_does_not(bench: FakeBench) -> None:
    hand = Hand(bench, HOUSE, WATER, HALL)
    hand.presenter.begin_adding()
    assert not hand.screen.adding
    assert [on.meter.drn for on in hand.screen.wall] == [HOUSE, WATER, HALL]
    assert hand.screen.chosen == 2
    hand.presenter.choose(3)
    assert hand.screen.chosen == 0
    hand.presenter.take_away()
    hand.presenter.begin_adding()
    hand.presenter.add(WATER)  # is there: it is chosen, not doubled
    assert [on.meter.drn for on in hand.screen.wall] == [WATER, HALL]
    assert hand.screen.chosen == 0


def test_a_token_is_entered_at_twenty_digits_and_not_before(bench: FakeBench) -> None:
    hand = Hand(bench, HOUSE)
    digits = bench.sell(HOUSE, 229)
    hand.presenter.typed(digits[:19])
    hand.presenter.enter()
    assert hand.screen.wall[0].answer is None
    hand.presenter.typed(digits[19] + "7")
    hand.presenter.enter()
    assert (hand.answer(), hand.credit()) == (Result.ACCEPT, 229 * KWH // 10)
    assert hand.screen.wall[0].typed == ""


def test_what_is_pasted_may_have_groups_and_what_is_typed_can_be_taken_back(
    bench: FakeBench,
) -> None:
    hand = Hand(bench, HOUSE)
    digits = bench.sell(HOUSE, 1)
    hand.presenter.typed("9")
    assert hand.presenter.erase()
    hand.presenter.typed("77")
    assert hand.presenter.erase(whole=True)
    assert not hand.presenter.erase()
    hand.presenter.typed(" ".join(digits[at : at + 4] for at in range(0, 20, 4)))
    hand.presenter.enter()
    assert hand.answer() is Result.ACCEPT


def test_the_last_sale_is_keyed_in_with_all_its_tokens_in_order(bench: FakeBench) -> None:
    hand = Hand(bench, HOUSE)
    new = type(KEY)(bytes.fromhex("0123456789abcdef"))
    change = key_change_set(KeyChange(new, 255, 2, 2, 7, "654321", roll_over=False, tokens=2))
    credit = encode(CreditToken(0, 50, bench.tid + 1, 5), new)
    bench.sold[HOUSE] = (*(encode(each, KEY) for each in change), credit)
    hand.presenter.key_last()
    assert (hand.answer(), hand.credit()) == (Result.ACCEPT, 5 * KWH)
    hand.presenter.key_last()
    assert hand.answer() is Result.CRC  # its first token was for the old key


def test_without_a_sale_there_is_nothing_to_key_in(bench: FakeBench) -> None:
    hand = Hand(bench, HOUSE)
    hand.presenter.key_last()
    assert hand.code() == NoTokenSold.code
    hand.presenter.typed("1")
    assert hand.code() == ""


def test_time_passes_for_all_meters_at_the_chosen_speed(bench: FakeBench) -> None:
    hand = Hand(bench, HOUSE, WATER)
    hand.presenter.choose(0)
    bench.sell(HOUSE, 1000)
    hand.presenter.key_last()
    hand.presenter.set_load(LOADS.index(2000))
    before = [on.meter.state.at_s for on in hand.screen.wall]
    hand.presenter.tick()
    assert [on.meter.state.at_s for on in hand.screen.wall] == before  # it stands still
    hand.presenter.set_speed(SPEEDS.index(3600))
    hand.presenter.tick()
    assert [on.meter.state.at_s for on in hand.screen.wall] == [at + 3600 for at in before]
    assert hand.credit() == 98 * KWH


def test_time_does_not_pass_behind_a_question_nor_faster_than_it_is_kept(
    bench: FakeBench,
) -> None:
    hand = Hand(bench, HOUSE)
    hand.presenter.set_speed(1)
    hand.presenter.begin_adding()
    at = bench.meters[HOUSE].state.at_s
    hand.presenter.tick()
    assert bench.meters[HOUSE].state.at_s == at
    hand.presenter.stop_adding()
    hand.queue.held = True
    for _ in range(5):
        hand.presenter.tick()
    hand.queue.work()
    assert bench.meters[HOUSE].state.at_s == at + 1


def test_the_load_and_the_speed_have_ends(bench: FakeBench) -> None:
    hand = Hand(bench, HALL)
    hand.presenter.set_load(99)
    assert sum(hand.screen.wall[0].loads()) == LOADS[-1]
    assert len(hand.screen.wall[0].loads()) == 3
    hand.presenter.set_load(-1)
    hand.presenter.set_speed(-1)
    assert (hand.screen.wall[0].load, hand.screen.speed) == (0, 0)
    hand.presenter.set_speed(99)
    assert hand.screen.speed == len(SPEEDS) - 1


def test_the_buttons_do_what_they_say(bench: FakeBench) -> None:
    hand = Hand(bench, HOUSE)
    hand.presenter.emergency()
    assert bench.meters[HOUSE].state.closed
    hand.presenter.open_case()
    assert bench.meters[HOUSE].state.tamper == "cover"
    hand.presenter.mains()
    assert not bench.meters[HOUSE].state.powered
    hand.presenter.mains()
    assert bench.meters[HOUSE].state.powered
    hand.presenter.press()
    assert hand.code() == ""


def test_a_meter_that_cannot_be_kept_stops_time_and_is_told(bench: FakeBench) -> None:
    hand = Hand(bench, HOUSE)
    hand.presenter.set_speed(2)
    bench.trouble.append(NoTokenSold(drn=HOUSE))
    hand.presenter.tick()
    assert (hand.code(), hand.screen.speed) == (NoTokenSold.code, 0)


def test_an_error_of_ours_is_not_hidden(bench: FakeBench) -> None:
    hand = Hand(bench, HOUSE)
    del bench.meters[HOUSE]
    with pytest.raises(KeyError):
        hand.presenter.press()


def test_without_a_meter_no_key_does_anything(bench: FakeBench) -> None:
    hand = Hand(bench)
    for act in (
        hand.presenter.press,
        hand.presenter.mains,
        hand.presenter.key_last,
        hand.presenter.enter,
        hand.presenter.tick,
        lambda: hand.presenter.typed("5"),
        lambda: hand.presenter.set_load(2),
        lambda: hand.presenter.choose(1),
    ):
        act()
    assert hand.screen.wall == ()


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[OpenShop]:
    open_shop = opened(make_shop(tmp_path))
    yield open_shop
    open_shop.close()


def test_on_a_real_shop_the_sale_reaches_the_meter_and_stays(shop: OpenShop) -> None:
    hand = Hand(TrainingBench(shop), HIGHVELD)
    hand.presenter.key_last()
    assert hand.code() == "no-token-sold"
    sale = shop.desk.sell(order(shop, HIGHVELD, 5000))
    hand.presenter.key_last()
    assert (hand.answer(), hand.credit()) == (Result.ACCEPT, sale.tenths * KWH // 10)
    hand.presenter.key_last()
    assert hand.answer() is Result.USED
    hand.presenter.add(LAGOON)
    later = Hand(TrainingBench(shop))
    assert [on.meter for on in later.screen.wall] == [on.meter for on in hand.screen.wall]
    hand.presenter.add("12345678903")
    assert hand.code() == "meter-unknown"


def test_a_file_that_is_no_meter_is_told_instead_of_the_wall(shop: OpenShop) -> None:
    Hand(TrainingBench(shop), HIGHVELD)
    (shop.folder / "meters" / f"{HIGHVELD}.json").write_text("{}")
    hand = Hand(TrainingBench(shop))
    assert (hand.code(), hand.screen.ready) == ("meter-file-broken", False)
