"""Does a message hold somebody's personal data? Asked before anything else may read it.

Better once too often than once too seldom: the answer to a false alarm is one polite sentence.
What is public, a service's own address or number, is no alarm; nor is an unfilled 【blank】.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_DASH: Final = "‐‑‒–—―−ー-"
_APART: Final = rf"[\s.{_DASH}]"
_GAP: Final = rf"[\s().{_DASH}]{{0,2}}"
_LABEL_END: Final = r"[\s】]{0,2}[:=][^\S\n]*"
_FILLED: Final = r"(?![\s【\[(「]|$)"

_DAY: Final = r"\s?[年/.-]\s?\d{1,2}\s?[月/.-]\s?\d{1,2}(?!\d)"
_LABELS: Final = (
    "氏名|お?名前|フルネーム|本名|フリガナ|ふりがな|住所|電話番号|携帯番号|携帯|tel|メールアドレス|メアド"
    "|施設名|勤務先|会員番号"
)

_PATTERNS: Final = {
    "mail address": r"(?<![a-z0-9._%+'-])[a-z0-9._%+'-]+\s?(?:@|\[at\]|\(at\))\s?[a-z0-9]",
    # 9 to 11 digits beginning with 0, however they are grouped.
    "phone number": rf"(?<![\d.])(?:\+81{_GAP}|0)\d(?:{_GAP}\d){{7,9}}(?!\d)",
    "long number": r"\d{7,}|[〇零一二三四五六七八九]{7,}",
    "card or My Number": rf"(?<!\d)\d{{4}}(?:{_APART}\d{{4}}){{2,3}}(?!\d)",
    "postal code": rf"〒\s?\d{{3}}|(?<![\d{_DASH}])\d{{3}}[{_DASH}]\d{{4}}(?![\d円件人万{_DASH}])",
    # 1930 to 2012: whoever looks for a job was born then, and nothing else here is so old.
    "birth date": rf"(?<!\d)(?:19[3-9]\d|200\d|201[0-2]){_DAY}"
    rf"|(?:昭和|平成|(?<![a-z])[sh])\s?(?:\d{{1,2}}|元){_DAY}"
    r"|生年月日\D{0,5}\d|\d{1,2}月\d{1,2}日生まれ",
    "street address": r"(?:東京都|北海道|大阪府|京都府|[一-鿿]{2,3}県)"
    r"[^\d\nのでに]{0,12}[市区郡町村][^\d\n]{0,12}[\d〇一二三四五六七八九十]",
    "name": r"[^\s】\])」。、,]\s?(?:と申しま|と申す|ともうしま|と言う者|という者)"
    r"|(?:^|[\s。、])(?:私|わたし|僕|俺|自分)?の?(?:氏名|名前|フルネーム|本名)は"
    r"[^\s?はがをも]{2,12}(?:です|といいます|と言います)",
    "labelled answer": rf"(?:{_LABELS}){_LABEL_END}{_FILLED}",
    "secret": rf"(?:パスワード|暗証番号|password|pw)(?:{_LABEL_END}|は\s*)[!-~]{{4,}}"
    rf"|(?<![a-z])id{_LABEL_END}[!-~]{{3,}}",
}
_ANY: Final = re.compile("|".join(_PATTERNS.values()))


WITHHELD: Final = "000-0000-0000"
"""Stands in for a message that held personal data, where one has to be put away for a moment:
it belongs to nobody and is answered in the same way."""


def holds_personal_data(text: str, public: re.Pattern[str] | None = None) -> bool:
    """Whether *text* holds a name, address, number, date or secret of a person.

    *public* matches what everybody may say (contacts and names of services, in the form that
    `plain` gives); it is blanked out first.
    """
    shown = plain(text)
    if not _ANY.search(shown):
        return False
    return public is None or _ANY.search(public.sub(" ", shown)) is not None


def plain(text: str) -> str:
    """*text* in one width and case, without characters that cannot be seen."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text).casefold())
