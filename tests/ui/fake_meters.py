"""The customers of the fake shop."""

from __future__ import annotations

from pos_app.application.records import MeterRecord


def meter(drn: str, name: str, address: str, phone: str, blocked: str = "") -> MeterRecord:
    return MeterRecord(
        drn=drn,
        pan=f"600727{drn}0",
        name=name,
        address=address,
        phone=phone,
        account=f"A{drn[-5:]}",
        utility="jacaranda",
        tariff="jacaranda-standard",
        commodity="electricity",
        sgc="999901",
        krn=1,
        ti=1,
        ken=255,
        kt=2,
        ea=7,
        dkga=2,
        base=2014,
        blocked=blocked,
    )


METERS = (
    meter("07124482166", "Tendai Moyo", "14 Samora Street, Mbare", "077 412 9931"),
    meter("07124484821", "Rudo Moyo", "22 Samora Street, Mbare", "077 300 1182"),
    meter("04021550937", "Nomvula Moyane", "3 Acacia Avenue, Sunnyside", "082 551 0037"),
    meter("01450098123", "Yusuf Abdi Moyale", "Plot 118, Old Market Road", "071 998 4410"),
    meter("02211340558", "Grace Phiri", "9 Railway Lane, Block C, Flat 12", "073 220 5567"),
    meter("03371206644", "Samuel Banda", "41 Hill Crescent", "079 114 0021", "tamper report"),
)
