"""Threads of the window: the ledger has one, answers come home, the collector stays home."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from functools import partial

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from pos_app.ui.tasks import Lease, Tasks
from tests.ui.stage import PATIENCE_MS


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[Tasks]:
    made = Tasks()
    yield made
    made.close()


def raise_it(error: BaseException) -> None:
    raise error


def test_ledger_jobs_share_one_thread_that_is_not_the_windows(tasks: Tasks, qtbot: QtBot) -> None:
    workers: list[int] = []
    homes: list[int] = []

    def note(ident: int) -> None:
        workers.append(ident)
        homes.append(threading.get_ident())

    for _ in range(20):
        tasks.ledger(threading.get_ident, note, raise_it)
    qtbot.waitUntil(lambda: len(workers) == 20, timeout=PATIENCE_MS)
    assert len(set(workers)) == 1
    assert set(homes) == {threading.get_ident()}
    assert workers[0] != threading.get_ident()


def test_answers_come_in_the_order_of_the_questions(tasks: Tasks, qtbot: QtBot) -> None:
    answers: list[int] = []
    for number in range(50):
        tasks.ledger(partial(int, number), answers.append, raise_it)
    qtbot.waitUntil(lambda: len(answers) == 50, timeout=PATIENCE_MS)
    assert answers == list(range(50))


def test_an_error_comes_home_as_it_was_raised(tasks: Tasks, qtbot: QtBot) -> None:
    errors: list[BaseException] = []
    tasks.io(lambda: 1 // 0, lambda _: None, errors.append)
    qtbot.waitUntil(lambda: bool(errors), timeout=PATIENCE_MS)
    assert isinstance(errors[0], ZeroDivisionError)


def test_the_window_breathes_while_the_ledger_is_slow(tasks: Tasks, qtbot: QtBot) -> None:
    beats: list[None] = []
    timer = QTimer()
    timer.timeout.connect(lambda: beats.append(None))
    timer.start(5)
    enough = threading.Event()
    done: list[bool] = []
    tasks.ledger(lambda: enough.wait(PATIENCE_MS / 1000), done.append, raise_it)
    qtbot.waitUntil(lambda: len(beats) > 20, timeout=PATIENCE_MS)
    assert done == []
    enough.set()
    qtbot.waitUntil(lambda: done == [True], timeout=PATIENCE_MS)
    timer.stop()


def test_nothing_is_answered_after_the_window_closed(qtbot: QtBot) -> None:
    tasks = Tasks()
    answers: list[int] = []
    tasks.ledger(lambda: 1, answers.append, raise_it)
    tasks.close()
    tasks.ledger(lambda: 2, answers.append, raise_it)
    qtbot.wait(20)
    assert answers == []


def test_no_other_thread_collects_garbage_while_the_window_is_open(tasks: Tasks) -> None:
    assert not gc.isenabled()
    tasks.close()
    assert gc.isenabled()


def test_a_screen_that_is_gone_hears_nothing_but_bugs(tasks: Tasks, qtbot: QtBot) -> None:
    lease = Lease(tasks)
    answers: list[int] = []
    lease.ledger(lambda: 1, answers.append, raise_it)
    lease.end()
    landed: list[int] = []
    tasks.ledger(lambda: 2, landed.append, raise_it)
    qtbot.waitUntil(lambda: landed == [2], timeout=PATIENCE_MS)
    assert answers == []
    with qtbot.captureExceptions() as bugs:
        lease.io(lambda: 1 // 0, answers.append, raise_it)
        qtbot.waitUntil(lambda: bool(bugs), timeout=PATIENCE_MS)
    assert bugs[0][0] is ZeroDivisionError
