"""Printers on the network: what each habit leads to, in time."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable

import pytest

from pos_app.adapters.printing.delivery import Deliveries
from pos_app.application.printing import (
    PrinterSettings,
    PrintOutcome,
    PrintState,
    SlipMode,
    Transport,
)
from tests.adapters.printing.printer_paper import printed
from tests.adapters.printing.printers import (
    COVER_OPEN,
    HEALTHY,
    OFFLINE,
    PAPER_OUT,
    READY,
    SILENT,
    Habit,
    LoopbackPrinter,
    answering,
    drips,
    never_reads,
    printer,
    resets_after,
)
from tests.adapters.printing.samples import CREDIT, english_sale

PRINTED = PrintOutcome(PrintState.PRINTED)
SENT = PrintOutcome(PrintState.SENT)
TINY = 2048


def failed(problem: str) -> PrintOutcome:
    return PrintOutcome(PrintState.FAILED, problem)


def timed(job: Callable[[], PrintOutcome]) -> tuple[PrintOutcome, float]:
    start = time.monotonic()
    return job(), time.monotonic() - start


def test_a_healthy_printer_has_printed_when_it_answers_behind_the_slip() -> None:
    with printer(answering(HEALTHY)) as model:
        outcome = Deliveries().deliver(english_sale(), model.settings(), 5)
    assert outcome == PRINTED
    paper = printed(bytes(model.received), 80)
    assert "".join(paper.text().split()).count(CREDIT) == 1
    assert paper.cuts == 1


@pytest.mark.parametrize("deaf", [False, True])
def test_a_slow_printer_is_waited_for(*, deaf: bool) -> None:
    habit = Habit(READY, 0x00, printing_seconds=1.2, deaf_while_printing=deaf)
    with printer(answering(habit)) as model:
        outcome, seconds = timed(lambda: Deliveries().deliver(english_sale(), model.settings(), 6))
    assert outcome == PRINTED
    assert seconds >= 1.2


def test_a_printer_that_never_answers_is_sent_quickly_and_asked_less_the_next_time() -> None:
    with printer(answering(SILENT)) as model:
        deliveries = Deliveries()
        first, seconds = timed(lambda: deliveries.deliver(english_sale(), model.settings(), 5))
        again, fewer = timed(lambda: deliveries.deliver(english_sale(), model.settings(), 5))
    assert (first, again) == (SENT, SENT)
    assert seconds < 2.5
    assert fewer < 1.5
    assert "".join(printed(bytes(model.received), 80).text().split()).count(CREDIT) == 2


def test_an_answer_at_once_is_not_taken_for_paper_in_hand() -> None:
    """DLE EOT is answered before the slip is printed; alone it proves nothing."""
    with printer(answering(Habit(READY))) as model:
        outcome = Deliveries().deliver(english_sale(), model.settings(), 6)
    assert outcome == SENT


@pytest.mark.parametrize(
    ("answers", "problem"),
    [(PAPER_OUT, "paper-out"), (COVER_OPEN, "cover-open"), (OFFLINE, "offline")],
)
def test_a_printer_in_trouble_gets_no_slip_it_would_print_later(
    answers: dict[int, int], problem: str
) -> None:
    with printer(answering(Habit(answers))) as model:
        outcome = Deliveries().deliver(english_sale(), model.settings(), 5)
    assert outcome == failed(problem)
    assert not model.received


@pytest.mark.parametrize(
    ("answers", "problem"),
    [(PAPER_OUT, "paper-out"), (COVER_OPEN, "cover-open"), (OFFLINE, "offline")],
)
def test_trouble_during_the_slip_is_told(answers: dict[int, int], problem: str) -> None:
    habit = Habit(READY, 0x00, turns_after=200, turned=answers)
    with printer(answering(habit)) as model:
        outcome = Deliveries().deliver(english_sale(), model.settings(), 6)
    assert outcome == failed(problem)


def test_paper_that_ends_with_the_slip_is_told() -> None:
    with printer(answering(Habit(READY, 0x0C))) as model:
        assert Deliveries().deliver(english_sale(), model.settings(), 5) == failed("paper-out")


def test_paper_that_is_near_its_end_still_prints() -> None:
    near = {1: 0x12, 2: 0x12, 4: 0x1E}
    with printer(answering(Habit(near, 0x03))) as model:
        assert Deliveries().deliver(english_sale(), model.settings(), 5) == PRINTED


def test_a_printer_that_stops_reading_times_out() -> None:
    with printer(never_reads, receive_buffer=TINY) as model:
        outcome, seconds = timed(
            lambda: Deliveries().deliver(english_sale(), model.settings(SlipMode.RASTER), 20)
        )
    assert outcome == failed("timeout")
    assert seconds < 6


def test_a_printer_that_drips_is_given_up_at_the_deadline() -> None:
    with printer(drips, receive_buffer=TINY) as model:
        outcome, seconds = timed(
            lambda: Deliveries().deliver(english_sale(), model.settings(SlipMode.RASTER), 3)
        )
    assert outcome == failed("timeout")
    assert 2.5 < seconds < 6


def test_a_connection_reset_in_the_middle_is_lost() -> None:
    with printer(resets_after(200)) as model:
        outcome = Deliveries().deliver(english_sale(), model.settings(), 5)
    assert outcome == failed("lost")


def test_no_printer_at_the_address_is_unreachable() -> None:
    with socket.socket() as taken:  # bound but not listening: refuses
        taken.bind(("127.0.0.1", 0))
        settings = PrinterSettings(Transport.TCP, f"127.0.0.1:{taken.getsockname()[1]}")
        assert Deliveries().deliver(english_sale(), settings, 5) == failed("unreachable")


def test_a_printer_that_reports_by_itself_is_not_misread() -> None:
    """An automatic report (10 00 00 00) has three bytes that look like the answer to GS r."""

    def serve(client: socket.socket, model: LoopbackPrinter) -> None:
        client.sendall(b"\x10\x00\x00\x00")
        answering(Habit(READY, 0x0C))(client, model)

    with printer(serve) as model:
        assert Deliveries().deliver(english_sale(), model.settings(), 5) == failed("paper-out")


def test_something_that_is_no_printer_gets_no_slip() -> None:
    received = bytearray()

    def serve(client: socket.socket, model: LoopbackPrinter) -> None:
        received.extend(client.recv(4096))
        client.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        received.extend(client.recv(4096))

    with printer(serve) as model:
        assert Deliveries().deliver(english_sale(), model.settings(), 5) == failed("address")
    assert CREDIT[:4].encode() not in received


def test_asking_prints_nothing() -> None:
    for habit, expected in (
        (HEALTHY, PRINTED),
        (SILENT, SENT),
        (Habit(PAPER_OUT), failed("paper-out")),
    ):
        with printer(answering(habit)) as model:
            assert Deliveries().probe(model.settings(), 3) == expected
            assert not model.received


def test_the_drawer_opens_without_a_slip() -> None:
    with printer(answering(HEALTHY)) as model:
        assert Deliveries().open_drawer(model.settings(), 3) == SENT
        deadline = time.monotonic() + 2
        while not model.received and time.monotonic() < deadline:
            time.sleep(0.01)
    paper = printed(bytes(model.received), 80)
    assert (paper.pulses, paper.lines) == (1, [])


def test_no_printer_and_a_bad_address_are_told_apart() -> None:
    deliveries = Deliveries()
    none = PrinterSettings()
    bad = PrinterSettings(Transport.TCP, "not a host")
    assert deliveries.deliver(english_sale(), none, 1) == failed("none-configured")
    assert deliveries.deliver(english_sale(), bad, 1) == failed("address")
