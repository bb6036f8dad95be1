"""Sample slips as the till composes them, in the four languages that are shipped.

Tokens: published ones of the STS 531-1 conformance cases, so no shop ever issued them.
"""

from __future__ import annotations

from pos_app.application.slip.layout import (
    Align,
    Banner,
    Block,
    Code,
    Gap,
    Pair,
    Rule,
    Size,
    Slip,
    Text,
    TokenBlock,
)

CREDIT = "56003214883005064177"
KEY_FIRST = "13792319674136070115"
KEY_SECOND = "24338605666375437668"
KEY_CREDIT = "15747888182118163921"
PAYLOAD = (
    "TT1:NCFOXN%TSMAHN-HISC1V8RW66N9 V6S0LN5M:A1.8U4R7PPN/K6%L2VY8*PJ8U4%IH84KJO6EL5OLHJ4J3*"
    "/FEOO4X1PVL-FL/DPUE0KKPGJ7FM1KFT$5+PE SD0LI7L4G3HMBG+V.8L"
)


def english_sale(extra: tuple[Block, ...] = ()) -> Slip:
    return Slip(
        "Receipt MB3-1-000214",
        (
            *extra,
            Text("Mbare Energy", Align.CENTRE, Size.LARGE, bold=True),
            Text("Mbare Shop 3, 14 Samora Street", Align.CENTRE),
            Text("VAT reg. 4000123456 · Tax invoice", Align.CENTRE, Size.FINE),
            Rule(),
            Pair("Meter", "0712 4482 140", bold=True),
            Text("MOYO Tendai"),
            Text("14 Samora Street, Mbare"),
            Gap(0.5),
            TokenBlock(CREDIT),
            Gap(0.5),
            Pair("Electricity", "41.3 kWh", Size.LARGE, bold=True),
            Rule(),
            Pair("Energy, block 1  30.0 kWh at 0.85", "25.50"),
            Pair("Energy, block 2  11.3 kWh at 1.13", "12.76"),
            Pair("Service charge", "5.00"),
            Pair("VAT 15 %", "6.74"),
            Rule(),
            Pair("Total USD", "50.00", Size.LARGE, bold=True),
            Pair("Cash", "100.00"),
            Pair("Change", "50.00"),
            Rule(),
            Text("4.0 kWh fewer than on 3 May: block 2 was reached.", size=Size.FINE),
            Pair("Receipt MB3-1-000214", "2026-05-21 14:32", Size.FINE),
            Pair("Operator Ama", "SGC 201457 KRN 1 TI 01", Size.FINE),
            Pair("TID 2026-05-21 12:32 UTC", "Sign Q4xT", Size.FINE),
            Code(PAYLOAD, "Scan at your next purchase"),
            Text("Help: 0800 123 456", Align.CENTRE),
        ),
    )


def copy_sale() -> Slip:
    sale = english_sale((Banner("COPY 2"),))
    again = (Text("Copy 2 printed by Ama, 2026-05-22 09:10", Align.CENTRE, Size.FINE), Gap(0.5))
    return Slip(sale.title, (sale.blocks[0], *again, *sale.blocks[1:]))


def training_sale() -> Slip:
    return english_sale((Banner("TRAINING · NO VALUE"), Gap(0.5)))


def key_change() -> Slip:
    return Slip(
        "Receipt MB3-1-000215",
        (
            Text("Mbare Energy", Align.CENTRE, Size.LARGE, bold=True),
            Text("Mbare Shop 3, 14 Samora Street", Align.CENTRE),
            Rule(),
            Pair("Meter", "6000 0000 0009", bold=True),
            Text("CHIRWA Grace"),
            Gap(0.5),
            Text("Use up older tokens first. Then enter these three in order."),
            Gap(0.5),
            TokenBlock(KEY_FIRST, "Key, part 1. The meter accepts.", 1),
            Gap(0.5),
            TokenBlock(KEY_SECOND, "Key, part 2. The meter shows key 2.", 2),
            Gap(0.5),
            TokenBlock(KEY_CREDIT, "Credit. The meter adds 0.1 kWh.", 3),
            Gap(0.5),
            Pair("Electricity", "0.1 kWh", Size.LARGE, bold=True),
            Rule(),
            Pair("Total USD", "0.20", Size.LARGE, bold=True),
            Rule(),
            Pair("Receipt MB3-1-000215", "2026-05-21 14:40", Size.FINE),
        ),
    )


def japanese_sale() -> Slip:
    return Slip(
        "領収書 KY1-1-000031",
        (
            Text("京浜エナジー", Align.CENTRE, Size.LARGE, bold=True),
            Text("川崎駅前店・端末１", Align.CENTRE),
            Text("登録番号 T1234567890123", Align.CENTRE, Size.FINE),
            Rule(),
            Pair("メーター", "0712 4482 140", bold=True),
            Text("田中 太郎 様"),
            Text("神奈川県川崎市川崎区駅前本町１２番地"),
            Gap(0.5),
            TokenBlock(CREDIT),
            Gap(0.5),
            Pair("電力量", "41.3 kWh", Size.LARGE, bold=True),
            Rule(),
            Pair("従量料金 第１段階 30.0 kWh", "894"),
            Pair("従量料金 第２段階 11.3 kWh", "412"),
            Pair("サービス料", "500"),
            Pair("消費税 10 %", "181"),
            Rule(),
            Pair("合計 円", "1,987", Size.LARGE, bold=True),
            Pair("お預かり", "2,000"),
            Pair("お釣り", "13"),
            Rule(),
            Pair("領収書 KY1-1-000031", "2026-05-21 14:32", Size.FINE),
            Pair("担当 山田", "SGC 201457 KRN 1 TI 01", Size.FINE),
            Code(PAYLOAD, "次回のご購入時にご提示ください"),
        ),
        language="ja",
    )


def arabic_sale() -> Slip:
    return Slip(
        "إيصال KH2-1-000077",
        (
            Text("شركة الخرطوم للكهرباء", Align.CENTRE, Size.LARGE, bold=True),
            Text("متجر السوق العربي، الخرطوم", Align.CENTRE),
            Text("الرقم الضريبي 4000123456", Align.CENTRE, Size.FINE),
            Rule(),
            Pair("العداد", "0712 4482 140", bold=True),
            Text("محمد عبد الرحمن الطيب"),
            Text("شارع النيل 14، أم درمان"),
            Gap(0.5),
            TokenBlock(CREDIT, "أدخل هذا الرمز في العداد"),
            Gap(0.5),
            Pair("الكهرباء", "41.3 kWh", Size.LARGE, bold=True),
            Rule(),
            Pair("الشريحة الأولى 30.0 كيلوواط ساعة", "25.50"),
            Pair("الشريحة الثانية 11.3 كيلوواط ساعة", "12.76"),
            Pair("رسوم الخدمة", "5.00"),
            Pair("ضريبة القيمة المضافة 15 %", "6.74"),
            Rule(),
            Pair("المجموع SDG", "50.00", Size.LARGE, bold=True),
            Pair("نقدا", "100.00"),
            Pair("الباقي", "50.00"),
            Rule(),
            Pair("إيصال \u2068KH2-1-000077\u2069", "2026-05-21 14:32", Size.FINE),
            Pair("البائع أمل", "SGC 201457 KRN 1 TI 01", Size.FINE),
            Code(PAYLOAD, "امسح الرمز عند الشراء القادم"),
        ),
        language="ar",
        right_to_left=True,
    )


def arabic_key_change() -> Slip:
    return Slip(
        "إيصال KH2-1-000078",
        (
            Banner("تدريب · بلا قيمة"),
            Text("أدخل الرموز الثلاثة بالترتيب."),
            TokenBlock(KEY_FIRST, "المفتاح، الجزء الأول", 1),
            TokenBlock(KEY_SECOND, "المفتاح، الجزء الثاني. يعرض العداد المفتاح 2", 2),
            TokenBlock(KEY_CREDIT, "الرصيد", 3),
        ),
        language="ar",
        right_to_left=True,
    )


def hindi_sale() -> Slip:
    return Slip(
        "रसीद LK1-1-000009",
        (
            Text("लखनऊ विद्युत", Align.CENTRE, Size.LARGE, bold=True),
            Text("चौक बाज़ार दुकान ३", Align.CENTRE),
            Rule(),
            Pair("मीटर", "0712 4482 140", bold=True),
            Text("सुनीता श्रीवास्तव"),
            Text("१४ हज़रतगंज मार्ग, लखनऊ"),
            Gap(0.5),
            TokenBlock(CREDIT, "यह टोकन मीटर में डालें"),
            Gap(0.5),
            Pair("बिजली", "41.3 kWh", Size.LARGE, bold=True),
            Rule(),
            Pair("ऊर्जा, पहला खंड 30.0 kWh", "₹ 195.00"),
            Pair("ऊर्जा, दूसरा खंड 11.3 kWh", "₹ 84.75"),
            Pair("सेवा शुल्क", "₹ 50.00"),
            Pair("कर 18 %", "₹ 59.36"),
            Rule(),
            Pair("कुल", "₹ 389.11", Size.LARGE, bold=True),
            Pair("नकद", "₹ 400.00"),
            Pair("शेष राशि", "₹ 10.89"),
            Rule(),
            Pair("रसीद LK1-1-000009", "2026-05-21 14:32", Size.FINE),
            Code(PAYLOAD, "अगली खरीद पर स्कैन करें"),
        ),
        language="hi",
    )


ALL = {
    "english": english_sale,
    "copy": copy_sale,
    "training": training_sale,
    "key-change": key_change,
    "japanese": japanese_sale,
    "arabic": arabic_sale,
    "arabic-key-change": arabic_key_change,
    "hindi": hindi_sale,
}
