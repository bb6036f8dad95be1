"""The slip of a fault report: the number large, then what, where and who took it."""

from __future__ import annotations

from pos_app.application.fault_reports import FaultReport
from pos_app.application.records import ShopIdentity, ShopMode
from pos_app.application.shop_time import local
from pos_app.application.slip.compose import grouped
from pos_app.application.slip.heading import heading
from pos_app.application.slip.layout import Align, Gap, Pair, Rule, Size, Slip, Text
from pos_app.application.words import Words


def fault_slip(report: FaultReport, words: Words, identity: ShopIdentity, copy: int = 0) -> Slip:
    """Return the slip; `copy` 0 is the original."""
    moment = local(report.at_ms, report.offset_minutes).strftime("%Y-%m-%d %H:%M")
    pairs: tuple[tuple[str, str], ...] = (
        ("faultslip.fault", words(f"faultslip.fault.{report.code.value}")),
        ("faultslip.meter", grouped(report.drn)),
        ("faultslip.name", report.name),
        ("faultslip.time", moment),
        ("faultslip.operator", report.operator),
    )
    practice = identity.mode is ShopMode.TRAINING
    note = (Gap(0.5), Text(report.note)) if report.note else ()
    return Slip(
        report.number,
        (
            *heading(words, identity, words("faultslip.title"), copy, training=practice),
            Text(report.number, Align.CENTRE, Size.LARGE, bold=True),
            Gap(0.5),
            Rule(),
            *(Pair(words(key), value) for key, value in pairs),
            *note,
            Rule(),
            Text(words("faultslip.keep"), size=Size.FINE),
        ),
        words.language,
        words.right_to_left,
    )
