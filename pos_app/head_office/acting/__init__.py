"""What a person sees and does at head office: every act asks for its right first.

The console has no other way to the office, so a right that a page forgets to look at still holds.
"""

from __future__ import annotations

from dataclasses import dataclass

from pos_app.head_office.acting.doing import Doing
from pos_app.head_office.acting.finance import Finance
from pos_app.head_office.acting.reading import Reading
from pos_app.head_office.people import RIGHTS, Person, Right
from pos_app.head_office.rooms import Rooms


@dataclass(frozen=True, slots=True)
class Acting:
    """The office as one person has it."""

    rooms: Rooms
    who: Person

    def may(self, right: str) -> bool:
        """Tell whether this person has a right, so that a page can leave out what is refused."""
        return Right(right) in RIGHTS[self.who.role]

    @property
    def see(self) -> Reading:
        """Return what can be looked at."""
        return Reading(self.rooms, self.who)

    @property
    def do(self) -> Doing:
        """Return what can be done."""
        return Doing(self.rooms, self.who)

    @property
    def finance(self) -> Finance:
        """Return settlement, statements and terms of commission."""
        return Finance(self.rooms, self.who)
