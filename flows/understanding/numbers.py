"""A number as people answer with one: 「2」「２番」「②」「二つ目でお願いします」「2️⃣」."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_DIGITS: Final = {digit: value for value, digit in enumerate("〇一二三四五六七八九")}
_SPOKEN: Final = {
    word: value
    for value, words in enumerate(
        (
            "いち ひとつ",
            "に ふたつ",
            "さん みっつ",
            "よん よっつ",
            "ご いつつ",
            "ろく むっつ",
            "なな しち ななつ",
            "はち やっつ",
            "きゅう ここのつ",
            "じゅう とお",
        ),
        start=1,
    )
    for word in words.split()
}
_NUMBER: Final = (
    r"(?P<number>\d{1,2}|[〇一二三四五六七八九十]{1,3}|"
    + "|".join(sorted(_SPOKEN, key=len, reverse=True))
    + ")"
)
_COUNTED: Final = re.compile(
    r"(?:no\.?|その|上から)?\s*[(【「]?" + _NUMBER + r"[)】」.。、]?\s*(?:番|ばん|つ|個)?(?:目|め)?"
    r"(?:の(?:もの|やつ|ほう|方|手順|選択肢|サービス))?"
    r"\s*(?:です|だ|で|を|に|にします|にする|を選びます|で?お願いします|でおねがいします|かな|ね|よ)?[。!.]*"
)
_LONGEST: Final = 16


def number(text: str) -> int | None:
    """The number *text* is, 1 to 99, or None if it is anything else or more than a number."""
    text = text.strip()
    if len(text) == 1:
        # Circled, Roman and other numerals of one character carry their value.
        value = unicodedata.numeric(text, 0)
        if value >= 1 and value == int(value):
            return int(value) if value < 100 else None
    if len(text) > _LONGEST:
        return None
    plain = (
        unicodedata.normalize("NFKC", text).casefold().replace("\ufe0f", "").replace("\u20e3", "")
    )
    found = _COUNTED.fullmatch(plain)
    return _value(found["number"]) if found else None


def _value(digits: str) -> int | None:
    if digits in _SPOKEN:
        return _SPOKEN[digits]
    if digits.isdecimal():
        return int(digits) or None
    if "十" not in digits:
        value = int("".join(str(_DIGITS[digit]) for digit in digits))
        return value if 0 < value < 100 else None
    tens, _, ones = digits.partition("十")
    if len(tens) > 1 or len(ones) > 1:
        return None
    return _DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0) or None
