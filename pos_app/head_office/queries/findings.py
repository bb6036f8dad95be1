"""What is not as it should be, and settling it."""

from __future__ import annotations

from typing import Any

from pos_app.head_office.errors import FindingUnknown
from pos_app.head_office.office import Office
from pos_app.head_office.store import asking


def open_findings(office: Office, most: int = asking.MOST) -> list[dict[str, Any]]:
    """Return what is open, the oldest first; `evidence` has the facts of its sentence."""
    with office.store.reading() as act:
        return asking.findings_open(act, most)


def set_aside(office: Office, most: int = asking.MOST) -> list[dict[str, Any]]:
    """Return what was set aside and waits for somebody."""
    with office.store.reading() as act:
        return asking.aside_of(act, most)


def settle(office: Office, number: int, by: str, note: str) -> None:
    """Settle a finding with a word on why; raises `FindingUnknown`."""
    with office.store.writing() as act:
        if not asking.settle_finding(act, number, by, note[:1000], office.clock.now_ms()):
            raise FindingUnknown(finding=number)
        office.log(act, by, "finding-settled", str(number), note=note[:1000])
