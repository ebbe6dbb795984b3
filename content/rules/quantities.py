"""Numbers with a unit, read out of a sentence in any of the ways Japanese writes them.

「５営業日」 is 「五営業日」, 「1ヶ月」 is 「一か月」, 「18:00」 is 「午後六時」, 「¥5,000」 is
「5千円」. What is merely counted is none: 「3項目」, 「上から5番目」, 「20代」.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache, partial

from content.rules.numerals import DIGITS, KANJI, NUMBER, number


class Kind(Enum):
    """What is measured; numbers of two kinds are never the same."""

    YEN = auto()
    POINTS = auto()
    PERCENT = auto()
    BUSINESS_DAYS = auto()
    DAYS = auto()
    MONTHS = auto()
    SECONDS = auto()
    CLOCK = auto()
    """Minutes since midnight."""
    DATE = auto()
    """Year, month and day, each 0 where it is left out."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """So much of a kind: equal however it was written."""

    kind: Kind
    amount: tuple[float, ...]

    def holds(self, said: Quantity) -> bool:
        """Whether *said* is this, or is this date with less of it: 「12月」 for 「2020年12月」."""
        if self.kind is not said.kind or self.kind is not Kind.DATE:
            return self == said
        return all(part in (0, own) for part, own in zip(said.amount, self.amount, strict=True))


@dataclass(frozen=True, slots=True)
class Said:
    """A quantity where it stands. ``written`` is all of it: 「1〜3営業日」 for both its ends."""

    written: str
    quantity: Quantity


@lru_cache(maxsize=4096)  # every rule reads the same texts
def quantities(text: str) -> tuple[Said, ...]:
    """Every quantity in *text*, dates first, then the times of day, then what is measured."""
    left = unicodedata.normalize("NFKC", text)
    found: list[Said] = []
    if _MAYBE.search(left):
        for form, read in _FORMS:
            for match in form.finditer(left):
                found += [Said(match.group().strip(), it) for it in read(match)]
            # What was read is not read again as something shorter: 「2020年12月」 is no 「12月」.
            left = form.sub(_blank, left)
    return tuple(found)


def _blank(match: re.Match[str]) -> str:
    return "\0" * len(match.group())


_MAYBE = re.compile(rf"[0-9{KANJI}元]\s*[年月日時分秒円週営ポパ%:/.かカヵケヶ箇個-]|¥|半[年日]")
"""Few texts have any number with a unit, and all of them are read whenever the bot starts."""

_START = rf"(?<![0-9A-Za-z.,:{KANJI}数何幾第毎])"
"""Nothing that makes it another number, or a part of a name: 「数十日」, 「m3ポイント」."""

_TO = r"\s*(?:[~〜～–—―・,、-]|から|または|ないし|か)\s*"
_SPAN = rf"{_START}(?:(?P<least>{NUMBER}){_TO})?(?P<most>{NUMBER})\s*"
"""「3」, or 「1〜3」, of which both ends have the unit that follows."""

_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925}
"""Era → the year before its first."""

_AFTERNOON = ("午後", "夕方", "夜")
_HALVES = {"半年": Quantity(Kind.MONTHS, (6,)), "半日": Quantity(Kind.SECONDS, (12 * 3600,))}


def _parts(match: re.Match[str]) -> dict[str, str]:
    """The parts of *match* that are there."""
    return {name: part for name, part in match.groupdict().items() if part is not None}


def _date(match: re.Match[str]) -> Iterator[Quantity]:
    parts = _parts(match)
    amount = [number(parts.get(part, "0").replace("元", "1")) for part in ("year", "month", "day")]
    amount[0] += _ERAS.get(parts.get("era", ""), 0)
    yield Quantity(Kind.DATE, tuple(amount))


def _clock(match: re.Match[str]) -> Iterator[Quantity]:
    parts = _parts(match)
    minute = 30 if "half" in parts else number(parts.get("minute", "0"))
    until = 30 if "until_half" in parts else number(parts.get("until_minute", "0"))
    for end, past in (("least", 0.0), ("most", minute), ("until", until)):
        if end in parts:
            hour = number(parts[end])
            hour += 12 if parts.get("part") in _AFTERNOON and hour < 12 else 0
            yield Quantity(Kind.CLOCK, (hour * 60 + past,))


def _measured(kind: Kind, times: int, match: re.Match[str]) -> Iterator[Quantity]:
    parts = _parts(match)
    half = 0.5 if "half" in parts else 0
    for end, more in (("least", 0.0), ("most", half)):
        if end in parts:
            yield Quantity(kind, ((number(parts[end]) + more) * times,))


def _halved(match: re.Match[str]) -> Iterator[Quantity]:
    yield _HALVES[match.group()]


Read = Callable[[re.Match[str]], Iterator[Quantity]]
"""From a match of its form to the quantities it says."""

_MINUTES = (
    r"(?:分(?=[間後前]|ほど|以内|程度|くらい|ぐらい)"
    rf"|(?<!(?<![0-9{KANJI}])十)分(?![のか類割野別担]))間?"
)
"""Not the 「十分」 of 「十分ご注意ください」, nor 「三分の一」."""

_UNITS: dict[str, tuple[Kind, int]] = {
    "営業日": (Kind.BUSINESS_DAYS, 1),
    "円": (Kind.YEN, 1),
    "ポイント": (Kind.POINTS, 1),
    "(?:%|パーセント)": (Kind.PERCENT, 1),
    "年(?:間|(?![代収生目度]))": (Kind.MONTHS, 12),
    "[かカヵケヶ箇個]月間?": (Kind.MONTHS, 1),
    "週間?": (Kind.DAYS, 7),
    "日(?:間|(?![も中曜本]))": (Kind.DAYS, 1),  # not the 「一日」 of 「一日も早く」
    "時間": (Kind.SECONDS, 3600),
    _MINUTES: (Kind.SECONDS, 60),
    "秒間?": (Kind.SECONDS, 1),
}
"""Unit → what it measures, and how many of the smallest it is."""

_MONTH = rf"(?P<month>{NUMBER})\s*月(?!間)"
_DAY = rf"(?P<day>{NUMBER})\s*日(?!間)"
_PAST = rf"(?:\s*(?P<minute>{NUMBER})\s*分|(?P<half>半))?"
_PAST_UNTIL = rf"(?:\s*(?P<until_minute>{NUMBER})\s*分|(?P<until_half>半))?"
# A bare 「一時」 is 「for a while」 unless it begins or ends a time.
_NO_WHILE = r"(?!一時(?!から|まで|半|[~〜～]|ごろ|頃|以降|過))"
_OCLOCK = "時(?![間的停期点代])"

_WRITTEN: tuple[tuple[str, Read], ...] = (
    (r"(?<![0-9-])(?P<year>20[0-9]{2})[-/.](?P<month>1[0-2]|0?[1-9])"
     r"(?:[-/.](?P<day>3[01]|[12][0-9]|0?[1-9]))?(?![0-9-])", _date),
    (rf"{_START}(?:(?P<era>{'|'.join(_ERAS)})\s*(?P<year>元|{NUMBER})\s*年)"
     rf"(?:\s*{_MONTH}(?:\s*{_DAY})?)?", _date),
    (rf"{_START}(?P<year>(?:19|20)[0-9]{{2}}|[一二][{DIGITS}]{{3}})\s*年(?!間)"
     rf"(?:\s*{_MONTH}(?:\s*{_DAY})?)?", _date),
    (rf"{_START}{_MONTH}(?:\s*{_DAY})?", _date),
    (r"(?<![0-9/.])(?P<month>1[0-2]|0?[1-9])/(?P<day>3[01]|[12][0-9]|0?[1-9])(?![0-9/.])",
     _date),
    (r"(?:(?P<part>午前|午後|朝|昼|夕方|夜)\s*)?(?<![0-9:])(?P<most>[01]?[0-9]|2[0-4])"
     r":(?P<minute>[0-5][0-9])(?![0-9:])", _clock),
    (rf"(?P<part>{'|'.join(_AFTERNOON)})\s*{_SPAN}{_OCLOCK}{_PAST}"
     rf"(?:{_TO}(?P<until>{NUMBER})\s*{_OCLOCK}{_PAST_UNTIL})?", _clock),
    (rf"(?:午前|朝|昼)\s*{_SPAN}{_OCLOCK}{_PAST}", _clock),
    (rf"{_NO_WHILE}{_SPAN}{_OCLOCK}{_PAST}", _clock),
    (rf"¥\s*(?P<most>{NUMBER})", partial(_measured, Kind.YEN, 1)),
    *((rf"{_SPAN}{unit}(?P<half>半)?", partial(_measured, kind, times))
      for unit, (kind, times) in _UNITS.items()),
    ("半[年日]", _halved),
)  # fmt: skip
"""How each is written, the longer before what is a part of it."""

_FORMS = [(re.compile(form), read) for form, read in _WRITTEN]
