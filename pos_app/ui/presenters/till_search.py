"""Finding a customer with every key; an Enter here opens a card and never more."""

from __future__ import annotations

from collections.abc import Callable

from pos_app.application.records import MeterCard, MeterHit
from pos_app.ui.presenters.desk import Latest, TillParts
from pos_app.ui.presenters.till_board import Board
from pos_app.ui.presenters.till_screen import Place, Step, TillScreen
from pos_app.ui.presenters.typed import is_whole_number


class Search:
    """From what was typed or scanned to a card."""

    def __init__(self, board: Board, parts: TillParts, opened: Callable[[MeterCard], None]) -> None:
        self._board, self._desk, self._opened = board, parts.desk, opened
        self._asking = Latest(parts.run)
        self._enter_waits = False  # an Enter came before its answer

    def drop(self) -> None:
        """Forget the open question."""
        self._enter_waits = False
        self._asking.drop()

    def typed(self, text: str) -> None:
        """Search anew."""
        self._enter_waits = False
        screen = self._board.screen
        hits = screen.hits if screen.step is Step.SEARCH else None
        self._board.put(TillScreen(step=Step.SEARCH, find=text, hits=hits))
        self._asking.ask(lambda: self._desk.find(text), self._found, self._failed)

    def enter(self) -> None:
        """Open a whole number, the chosen row, or the only row that is still to come."""
        screen = self._board.screen
        if is_whole_number(screen.find):
            typed = screen.find
            self._asking.ask(
                lambda: self._desk.card(self._desk.meter_number(typed)), self._opened, self._failed
            )
        elif self._asking.waiting:
            self._enter_waits = True
        elif screen.hits:
            self.open(screen.hits[screen.chosen].drn)
        else:
            self._board.mark(Place.FIND)

    def move(self, by: int) -> None:
        """Choose another row."""
        hits = self._board.screen.hits
        if hits:
            self._board.set(chosen=(self._board.screen.chosen + by) % len(hits))

    def open(self, drn: str) -> None:
        """Ask for a card."""
        self._asking.ask(lambda: self._desk.card(drn), self._opened, self._failed)

    def _found(self, hits: tuple[MeterHit, ...]) -> None:
        waited, self._enter_waits = self._enter_waits, False
        self._board.set(hits=hits, chosen=0)
        if waited and len(hits) == 1:
            self.open(hits[0].drn)
        elif waited:
            self._board.mark(Place.FIND)

    def _failed(self, error: BaseException) -> None:
        self._enter_waits = False
        self._board.refuse(error, Place.FIND, Step.SEARCH)
