"""The virtual meters of an open training shop, for the window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from pos_app.adapters.meters.files import meters_in
from pos_app.bootstrap.shop import OpenShop
from pos_app.bootstrap.training import example_meters
from pos_app.bootstrap.virtual_meters import (
    KeyWish,
    make_virtual_meter,
    meters_folder,
    profile_named,
    virtual_meter,
)
from pos_app.domain.errors import PosError
from pos_app.meter.device import Act
from pos_app.meter.results import Answer
from pos_app.meter.state import Meter


class NoTokenSold(PosError):
    """Nothing was sold today for this meter. Fact: `drn`."""

    code: ClassVar[str] = "no-token-sold"


@dataclass(frozen=True, slots=True)
class TrainingBench:
    """Implements `pos_app.ui.presenters.meters.MeterBench`.

    A meter's file is open for one act only, so the command line may use the meters meanwhile.
    """

    shop: OpenShop

    def examples(self) -> tuple[str, ...]:
        """Return numbers of meters to try."""
        return example_meters()

    def known(self) -> tuple[Meter, ...]:
        """Return the virtual meters there are."""
        return tuple(self._read(drn) for drn in meters_in(meters_folder(self.shop.folder)))

    def place(self, typed: str) -> Meter:
        """Return the virtual meter of a number, made if there is none.

        Raises what the number's look-up, the profile and the making do.
        """
        desk, folder = self.shop.desk, self.shop.folder
        record = desk.card(desk.meter_number(typed)).meter
        if record.drn in meters_in(meters_folder(folder)):
            return self._read(record.drn)
        profile = profile_named(record.commodity)
        return make_virtual_meter(folder, record, profile, KeyWish(), self.shop.clock)

    def do(self, drn: str, act: Act) -> tuple[Meter, Answer]:
        """Let a meter do an act."""
        with virtual_meter(self.shop.folder, drn) as device:
            answer = device.do(act)
            return device.meter, answer

    def last_tokens(self, drn: str) -> tuple[str, ...]:
        """Return the tokens of the last sale of today for a meter, as its slip orders them."""
        for row in self.shop.desk.sales_today(drn):
            if row.drn == drn:
                return self.shop.desk.sale(row.receipt).digits
        raise NoTokenSold(drn=drn)

    def _read(self, drn: str) -> Meter:
        with virtual_meter(self.shop.folder, drn) as device:
            return device.meter
