"""What goes up: stretches of the journal as bundles, and head office's word that it has them."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import IO, Any, Final

from pos_app.application.office_ports import OfficeSeal, OnLedger
from pos_app.application.office_records import Enrolled, JournalsPart
from pos_app.application.ports import Clock, Ledger
from pos_app.application.records import ShopIdentity
from pos_app.exchange.acknowledgement import Acknowledgement, read_acknowledgement
from pos_app.exchange.assertion import NONCE_BYTES, Assertion, authorization
from pos_app.exchange.bundle import BundleTitle, write_bundle
from pos_app.exchange.chain import GENESIS, Entry, Owner
from pos_app.exchange.enrolment import allowance_info
from pos_app.exchange.errors import ExchangeInvalid

PAGE: Final = 500
"""So many entries are read in one job of the ledger's thread, which reads as many: some 5 ms."""
AT_ONCE: Final = 100
"""So many are made into lines in one go: some 5 ms."""
MOST: Final = 5000
"""So many entries are in one bundle over the network; a stick takes all in one."""
WORD_S: Final = 60
SKEW_S: Final = 30
"""A word to head office counts from a little before now: clocks differ."""


@dataclass(frozen=True, slots=True)
class Upwards:
    """The side of head office that goes up."""

    identity: ShopIdentity
    ledger: Ledger
    clock: Clock
    seal: OfficeSeal

    def title(self, most: int = 0) -> BundleTitle | None:
        """Return the title of the bundle to send next, None when there is nothing to send.

        It begins after what is acknowledged and has at most `most` entries (0: all there are).
        """
        after, _ = self.ledger.office.acknowledged()
        head = self.ledger.head()
        if not self.ledger.office.unsent():
            return None
        before = self.ledger.entry(after) if after else None
        return BundleTitle(
            owner=Owner(self.identity.till, self.seal.public),
            first=after + 1,
            last=min(head.seq, after + most) if most else head.seq,
            previous_hash=before.hash if before else GENESIS,
            made_at_ms=self.clock.now_ms(),
        )

    def write(self, file: IO[bytes], title: BundleTitle, on_ledger: OnLedger[Any]) -> None:
        """Write the bundle of `title`; the journal is read a page at a time by `on_ledger`."""
        write_bundle(file, title, self.pages(title, on_ledger), self.seal)

    def pages(self, title: BundleTitle, on_ledger: OnLedger[Any]) -> Iterator[Entry]:
        """Yield the entries of a bundle.

        Between some of them it stands in line behind the counter: making a bundle of them takes
        the interpreter, which a sale on the ledger's thread needs again and again.
        """
        after = title.first - 1
        while after < title.last:
            start, count = after, min(PAGE, title.last - after)
            page = on_ledger(lambda: list(islice(self.ledger.entries(start), count)))  # noqa: B023 - called at once
            page = [entry for entry in page if entry.seq <= title.last]
            if not page:
                return
            for at in range(0, len(page), AT_ONCE):
                yield from page[at : at + AT_ONCE]
                on_ledger(int)
            after = page[-1].seq

    def word(self, office: bytes) -> str:
        """Return the till's word on who it is, for one request now."""
        now = self.clock.now_ms() // 1000
        word = Assertion(
            till=self.identity.till,
            audience=office,
            issued_at=now - SKEW_S,
            expires=now + WORD_S,
            nonce=secrets.token_bytes(NONCE_BYTES),
        )
        return authorization(word, self.seal)

    def acknowledged(self, values: object, office: bytes) -> bool:
        """Take the signed acknowledgement of an answer; see `take`."""
        return self.take(read_acknowledgement(values, self.identity.till, office))

    def take(self, said: Acknowledgement) -> bool:
        """Note how much head office holds; return whether that is news.

        Its time raises the floor of the clock. Raises `JournalsPart` when head office holds an
        entry that is not in this journal; only that is noted then. A later word that it holds
        less is taken as well (its database was put back), and is no news to send more upon.
        """
        from pos_app.application.office_standing import (  # noqa: PLC0415 - off the way to a sale
            holds,
            note_held,
            note_parted,
        )

        if not holds(self.ledger, said.seq, said.hash):
            note_parted(self.ledger, self.clock, said)
            raise JournalsPart(seq=said.seq, here=self.ledger.head().seq)
        known = self.mark()
        return note_held(self.ledger, self.clock, said) and said.seq > known

    def mark(self) -> int:
        """Return the last entry that head office says it holds, 0 for none."""
        return self.ledger.office.acknowledged()[0]

    def hear(self, text: str, office: bytes) -> None:
        """Take what head office says of this journal (`hear` of `office_standing`)."""
        from pos_app.application.office_standing import hear  # noqa: PLC0415 - as above

        hear(self.ledger, self.clock, text, self.identity.till, office)

    def whole(self, at_ms: int) -> None:
        """Note that a pack of `at_ms` acknowledges this journal and no other."""
        from pos_app.application.office_standing import note_whole  # noqa: PLC0415 - as above

        note_whole(self.ledger, self.clock, at_ms)

    def allowance_secret(self, enrolled: Enrolled) -> bytes:
        """Return the secret of allowance codes; raises `ExchangeInvalid` if it does not open."""
        info = allowance_info(enrolled.office, self.identity.till, enrolled.public)
        secret = self.seal.open_box(enrolled.allowance_box, info)
        if secret is None:
            raise ExchangeInvalid(format="enrolment", line=1, problem="allowance_box")
        return secret
