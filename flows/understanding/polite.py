"""Polite verbs made plain: 「止まりました」 is 「止まった」, 「できません」 is 「できない」.

Without a dictionary a polite verb may be one of two kinds (できます: できる, 書きます: 書く), so
every plain form it could have is given. That is enough to compare with words we know; a form
that does not exist equals none of them. A yes never becomes a no.
"""

from __future__ import annotations

import re
from typing import Final

_TO_U: Final = dict(zip("いきぎしちにびみり", "うくぐすつぬぶむる", strict=True))
_TO_A: Final = dict(zip("いきぎしちにびみり", "わかがさたなばまら", strict=True))
_TO_TA: Final = {
    "い": ("った",),
    "き": ("いた", "った"),  # 書きました, 行きました
    "ぎ": ("いだ",),
    "し": ("した",),
    "ち": ("った",),
    "に": ("んだ",),
    "び": ("んだ",),
    "み": ("んだ",),
    "り": ("った",),
}
_SPOKEN: Final = re.compile("(?<=[てで])い(?=[るたな])")


def plainly(folded: str) -> frozenset[str]:
    """*folded* text and every plain form its last verb may have, as it is spoken (`spoken`)."""
    return frozenset(map(spoken, (folded, *_plain(folded))))


def spoken(folded: str) -> str:
    """*folded* text without the い that is seldom spoken: 「残っている」 is 「残ってる」."""
    return _SPOKEN.sub("", folded)


def _plain(text: str) -> tuple[str, ...]:
    if text.endswith("でした"):
        text = text.removesuffix("でした")
        no, yes, past = "なかった", "", ""
    else:
        no, yes, past = "ない", "る", "た"
    if text.endswith("ありません"):
        return (text[:-5] + no,)
    if text.endswith("ません"):
        stem = text[:-3]
        return (stem + no, *(stem[:-1] + end + no for end in _TO_A.get(stem[-1:], "")))
    if text.endswith("ました") and past:
        stem = text[:-3]
        return (stem + past, *(stem[:-1] + end for end in _TO_TA.get(stem[-1:], ())))
    if text.endswith("ます") and yes:
        stem = text[:-2]
        does = (stem[:-1] + "する",) if stem.endswith("し") else ()
        return (stem + yes, *(stem[:-1] + end for end in _TO_U.get(stem[-1:], "")), *does)
    return ()
