"""Numbers with a unit are read in every spelling, and nothing else is taken for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.rules.numerals import DIGITS, number
from content.rules.quantities import Kind, Quantity, quantities

WIDE = str.maketrans("0123456789,", "０１２３４５６７８９，")


def kanji(value: int) -> str:
    """*value*, below 100 million, as 「一万五千」 is written."""
    high, low = divmod(value, 10_000)
    written = f"{kanji(high)}万" if high else ""
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, low = divmod(low, unit)
        if digit:
            written += ("" if digit == 1 and name else DIGITS[digit]) + name
    return written or DIGITS[0]


def spellings(value: int) -> st.SearchStrategy[str]:
    """Any way to write *value*."""
    grouped = f"{value:,}"
    ways = [str(value), grouped, str(value).translate(WIDE), grouped.translate(WIDE), kanji(value)]
    if value and value % 1000 == 0 and value < 10_000:
        ways.append(f"{value // 1000}千")
    if value and value % 10_000 == 0:
        ways.append(f"{value // 10_000}万")
    return st.sampled_from(ways)


@given(st.data(), st.integers(0, 99_999_999))
def test_a_number_is_read_however_it_is_written(data: st.DataObject, value: int) -> None:
    """Digits of either width, with or without commas, kanji, and kanji after digits."""
    assert number(data.draw(spellings(value))) == value


@pytest.mark.parametrize("wrong", ["", "五日", "m3", "5."])
def test_what_is_no_number_is_refused(wrong: str) -> None:
    """Rather than read in part."""
    with pytest.raises(ValueError, match="not a number"):
        number(wrong)


UNITS = {
    "営業日": (Kind.BUSINESS_DAYS, 1), " 営業日": (Kind.BUSINESS_DAYS, 1),
    "日": (Kind.DAYS, 1), "日間": (Kind.DAYS, 1), "週間": (Kind.DAYS, 7),
    "か月": (Kind.MONTHS, 1), "ヶ月": (Kind.MONTHS, 1), "カ月": (Kind.MONTHS, 1),
    "ヵ月": (Kind.MONTHS, 1), "ケ月": (Kind.MONTHS, 1), "箇月": (Kind.MONTHS, 1),
    "年間": (Kind.MONTHS, 12), "時間": (Kind.SECONDS, 3600), "分間": (Kind.SECONDS, 60),
    "秒": (Kind.SECONDS, 1), "円": (Kind.YEN, 1), "ポイント": (Kind.POINTS, 1),
    "％": (Kind.PERCENT, 1), "パーセント": (Kind.PERCENT, 1),
}  # fmt: skip


@given(
    st.data(),
    st.integers(1, 9999),
    st.sampled_from(sorted(UNITS)),
    st.sampled_from(["", "およそ", "約", "送ってから", "（"]),
    st.sampled_from(["", "以内に", "たっても返事がなければ", "分", "）"]),
)
def test_a_quantity_is_the_same_in_every_spelling(
    data: st.DataObject, value: int, unit: str, before: str, after: str
) -> None:
    """Whatever stands around it."""
    kind, times = UNITS[unit]

    found = quantities(f"{before}{data.draw(spellings(value))}{unit}{after}")

    assert [said.quantity for said in found] == [Quantity(kind, (value * times,))]


@given(st.data(), st.integers(1, 12), st.integers(0, 59))
def test_a_time_of_day_is_the_same_in_every_spelling(
    data: st.DataObject, hour: int, minute: int
) -> None:
    """With a colon or in words, by the clock of 24 hours or by halves of the day."""
    late = hour % 12 + 12
    past = f"{minute}分" if minute else ""
    ways = [
        f"{late}:{minute:02}",
        f"{late}：{minute:02}".translate(WIDE),
        f"{late}時{past}",
        f"{kanji(late)}時{past}",
        f"午後{hour % 12}時{past}",
    ]
    if minute == 30:
        ways.append(f"{late}時半")

    found = quantities(f"受付は{data.draw(st.sampled_from(ways))}までです。")

    assert [said.quantity for said in found] == [Quantity(Kind.CLOCK, (late * 60 + minute,))]


@given(st.data(), st.integers(2019, 2030), st.integers(1, 12))
def test_a_month_of_a_year_is_the_same_in_every_spelling(
    data: st.DataObject, year: int, month: int
) -> None:
    """In either calendar, in figures or in kanji, and as files write it."""
    digits = "".join(DIGITS[int(digit)] for digit in str(year))
    era = kanji(year - 2018) if year > 2019 else "元"
    ways = [
        f"{year}年{month}月",
        f"{year}年{month}月".translate(WIDE),
        f"{digits}年{kanji(month)}月",
        f"令和{era}年{month}月",
        f"{year}-{month:02}",
        f"{year}/{month}",
    ]

    found = quantities(f"これは{data.draw(st.sampled_from(ways))}時点です。")

    assert [said.quantity for said in found] == [Quantity(Kind.DATE, (year, month, 0))]


@pytest.mark.parametrize(
    ("span", "ends", "kind"),
    [
        ("1〜3営業日", (1, 3), Kind.BUSINESS_DAYS),
        ("２～３日", (2, 3), Kind.DAYS),
        ("二、三日", (2, 3), Kind.DAYS),
        ("3日から5日", (3, 5), Kind.DAYS),
        ("10〜19時", (600, 1140), Kind.CLOCK),
        ("9:00〜18:00", (540, 1080), Kind.CLOCK),
        ("午後1時から5時半", (780, 1050), Kind.CLOCK),
        ("5,000〜10,000円", (5000, 10_000), Kind.YEN),
    ],
)
def test_both_ends_of_a_span_are_read(span: str, ends: tuple[int, int], kind: Kind) -> None:
    """The first of them often leaves the unit to the second."""
    found = [said.quantity for said in quantities(f"およそ{span}です。")]

    assert found == [Quantity(kind, (end,)) for end in ends]


@pytest.mark.parametrize(
    "text",
    [
        "m3ポイントは消えます。", "m3.comにログインします。", "数十日かかります。", "数日以内",
        "一時停止、または一時的な利用停止", "一時、利用を止めます。", "十分ご注意ください。",
        "一日も早く", "三分の一", "第35条第5項", "0120-332-290", "3項目を埋めます。",
        "上から5番目", "20代・未経験", "1対1のトーク", "例：1", "何日", "一部分", "二通り",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_quantity_is_none(text: str) -> None:
    """Names, idioms, numbers of a list and numbers of telephones."""
    assert quantities(text) == ()


@pytest.mark.parametrize(
    ("known", "said", "held"),
    [
        ("2020年12月5日", "2020年12月", True),
        ("2020年12月5日", "12月5日", True),
        ("2020年12月", "2020年12月5日", False),
        ("2020年12月", "2021年12月", False),
        ("1週間", "7日", True),
        ("7営業日", "7日", False),
        ("1年", "12か月", True),
        ("半年", "6か月", True),
        ("1時間半", "90分", True),
    ],
)
def test_one_quantity_holds_another(known: str, said: str, held: bool) -> None:
    """The same in other units, or a date that says less."""
    (one,), (other,) = quantities(known), quantities(said)

    assert one.quantity.holds(other.quantity) is held
