"""Sales as XMLVend 2.1 documents: the names of a credit vend's answer, for systems that read them.

One ``creditVendResp`` a sale. Element names and namespaces are those of NRS 009-6-10
(XMLVend 2.1); the schema itself is not public, so the documents are checked against its element
names only and claim no certification. Amounts have the currency's own decimals.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

BASE: Final = "http://www.nrs.eskom.co.za/xmlvend/base/2.1/schema"
REVENUE: Final = "http://www.nrs.eskom.co.za/xmlvend/revenue/2.1/schema"
ELEMENTS: Final = frozenset({
    "creditVendResp", "clientID", "serverID", "terminalID", "reqMsgID", "respDateTime",
    "dispHeader", "operatorMsg", "custMsg", "utility", "vendor", "custVendDetail",
    "creditVendReceipt", "transactions", "tx", "amt", "tax", "creditTokenIssue", "desc",
    "meterDetail", "msno", "sgc", "krn", "ti", "meterType", "token", "stsCipher", "units",
    "resource", "tariff", "name", "lessRound", "tenderAmt", "change", "receiptNo",
})  # fmt: skip
"""Every element that a document may have."""
_UNITS: Final = {"kWh": "kWh", "kl": "kl"}
_KINDS: Final = {"credit": "SaleCredTokenIssue", "free-basic": "FBECredTokenIssue"}

for _prefix, _space in (("base", BASE), ("rev", REVENUE)):
    ET.register_namespace(_prefix, _space)

Body = Mapping[str, Any]


def document(till: str, body: Body) -> bytes:
    """Return the document of one sale, from what its journal entry says.

    Raises `KeyError`, `TypeError` or `ValueError` for a body that lacks what a sale has.
    """
    root = ET.Element(_rev("creditVendResp"))
    at = datetime.fromtimestamp(int(body["at_ms"]) // 1000, UTC)
    ET.SubElement(root, _base("clientID"), {"ean": "0" * 13})
    ET.SubElement(root, _base("serverID"), {"ean": "0" * 13})
    ET.SubElement(root, _base("terminalID"), {"id": till})
    number = {"dateTime": at.strftime("%Y%m%d%H%M%S"), "uniqueNumber": str(int(body["number"]))}
    ET.SubElement(root, _base("reqMsgID"), number)
    ET.SubElement(root, _base("respDateTime")).text = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    meter = body["meter"]
    ET.SubElement(root, _base("utility"), {"name": _text(meter["utility_name"])})
    ET.SubElement(root, _base("vendor"), {"name": till})
    detail = {"name": _text(meter["name"]), "address": _text(meter["address"])}
    ET.SubElement(root, _base("custVendDetail"), detail)
    receipt = ET.SubElement(root, _rev("creditVendReceipt"), {"receiptNo": _text(body["receipt"])})
    _transactions(receipt, body)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=False))


def _transactions(receipt: ET.Element, body: Body) -> None:
    parts = ET.SubElement(receipt, _rev("transactions"))
    transaction = ET.SubElement(parts, _rev("tx"))
    _amount(transaction, "amt", body, int(body["total_minor"]))
    for line in body["lines"]:
        if line["kind"] == "tax":
            _amount(transaction, "tax", body, int(line["amount_minor"]))
    for token in body["tokens"]:
        _token(transaction, body, token)
    tariff = ET.SubElement(transaction, _rev("tariff"))
    ET.SubElement(tariff, _rev("name")).text = _text(body["tariff_name"])
    if body["rounding_minor"]:
        _amount(parts, "lessRound", body, int(body["rounding_minor"]))
    tendered = sum(int(each["amount_minor"]) for each in body["tenders"])
    _amount(parts, "tenderAmt", body, tendered)
    _amount(parts, "change", body, int(body["change_minor"]))


def _token(transaction: ET.Element, body: Body, token: Body) -> None:
    meter = body["meter"]
    kind = _KINDS.get(str(token["kind"]), str(token["kind"]))
    issue = ET.SubElement(transaction, _rev("creditTokenIssue"), {"type": kind})
    ET.SubElement(issue, _rev("desc")).text = kind
    numbers = {name: str(meter[name]) for name in ("sgc", "krn", "ti")}
    detail = ET.SubElement(issue, _base("meterDetail"), {"msno": _text(meter["drn"]), **numbers})
    ET.SubElement(detail, _base("meterType"), {"at": f"{int(meter['ea']):02d}", "tt": "02"})
    carrier = ET.SubElement(issue, _rev("token"))
    ET.SubElement(carrier, _rev("stsCipher")).text = _text(token["digits"])
    units = Decimal(int(token["tenths"])).scaleb(-1)
    unit = _UNITS.get(str(meter["unit"]), str(meter["unit"]))
    ET.SubElement(issue, _rev("units"), {"value": f"{units:f}", "siUnit": unit})
    ET.SubElement(issue, _rev("resource"), {"type": _text(meter["commodity"])})


def _amount(parent: ET.Element, name: str, body: Body, minor: int) -> None:
    value = Decimal(minor).scaleb(-int(body["decimals"]))
    ET.SubElement(parent, _rev(name), {"value": f"{value:f}", "symbol": _text(body["currency"])})


def _text(value: object) -> str:
    """Return a text without what XML 1.0 cannot hold."""
    return "".join(sign for sign in str(value) if sign >= " " or sign in "\t\n\r")


def _base(name: str) -> str:
    return f"{{{BASE}}}{name}"


def _rev(name: str) -> str:
    return f"{{{REVENUE}}}{name}"
