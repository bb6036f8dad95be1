"""What waits until there is something to see."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from pos_app.ui import first_paint
from pos_app.ui.first_paint import FirstPaint
from pos_app.ui.views.unlock import UnlockPage
from tests.ui.stage import PATIENCE_MS, stage


class Painted(QLabel):
    """A label that counts."""

    times = 0

    def paintEvent(self, event: object) -> None:
        super().paintEvent(event)  # type: ignore[arg-type]
        self.times += 1


def test_a_widget_is_seen_once_and_after_it_was_painted(qtbot: QtBot) -> None:
    label = Painted("here")
    qtbot.addWidget(label)
    seen: list[int] = []
    FirstPaint(label).seen.connect(lambda: seen.append(label.times))
    label.show()
    qtbot.waitUntil(lambda: bool(seen), timeout=PATIENCE_MS)
    label.setText("again")
    qtbot.waitUntil(lambda: label.times > seen[0], timeout=PATIENCE_MS)
    qtbot.wait(20)
    assert len(seen) == 1
    assert seen[0] >= 1


def test_a_window_that_nobody_sees_goes_on_all_the_same(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_paint, "PATIENCE_MS", 10)
    label = Painted("hidden")
    qtbot.addWidget(label)
    with qtbot.waitSignal(FirstPaint(label).seen, timeout=PATIENCE_MS):
        pass
    assert label.times == 0


def test_a_shop_whose_passphrase_is_known_is_opened_behind_its_first_picture(qtbot: QtBot) -> None:
    on = stage()
    qtbot.addWidget(on.window)
    opened: list[bool] = []
    on.window.opened.connect(lambda: opened.append(True))
    qtbot.wait(50)
    assert not opened
    assert on.window.findChild(UnlockPage) is not None
    on.window.show()
    qtbot.waitUntil(lambda: bool(opened), timeout=PATIENCE_MS)
    on.window.close()
    on.tasks.close()
