"""One word, many spellings: folding away differences nobody means, and measuring typos.

Nothing here knows a service or a word of ours; it works on any text and never raises.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

import jaconv
from rapidfuzz.distance import OSA

_HIRAGANA: Final = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
_DASH_AFTER_KANA: Final = re.compile(r"(?<=[ぁ-ゖァ-ヺー])[-‐‑‒–—―−~〜∼]+")
_NOISE: Final = re.compile(r"[\W_]+")

_SOUND: Final = str.maketrans(
    "ぁぃぅぇぉゃゅょゎがぎぐげござじずぜぞだぢづでどばびぶべぼぱぴぷぺぽゔ",
    "あいうえおやゆよわかきくけこさしすせそたちつてとはひふへほはひふへほふ",
    "っー",
)
_TI: Final = re.compile("てい")
# A syllable as Japanese is typed; jaconv turns anything else into nonsense, not into an error.
_ROMAJI: Final = re.compile(
    r"(?:n(?![aiueoy])|(?:([kstpgzdbcjf])(?=\1))?"
    r"(?:[kgsztdnhbpmrjf]y?|sh|ch|ts|th|dh|[wyjfv]|[xl]t?y?)?[aiueo])+"
)


def written(text: str) -> str:
    """*text* in one width and case: ``Ｍ３`` → ``m3``, ``ﾔｸｷｬﾘ〜`` → ``ヤクキャリー``."""
    return _DASH_AFTER_KANA.sub("ー", unicodedata.normalize("NFKC", text).casefold())


def fold(text: str) -> str:
    """*text* as it is compared: `written`, in hiragana, without spaces, punctuation and emoji."""
    return _NOISE.sub("", written(text)).translate(_HIRAGANA)


def sound(folded: str) -> str:
    """*folded* text without what is easily left out or mistyped on a phone.

    Small kana are written large, voicing marks, ー and っ are gone: ``てぃーぷ`` → ``ていふ``.
    """
    return folded.translate(_SOUND)


def sounds_alike(one: str, other: str) -> bool:
    """Whether two folded texts have the same `sound`, where チ is one way to write ティ."""
    return _TI.sub("ち", sound(one)) == _TI.sub("ち", sound(other))


def kana(folded: str) -> str:
    """*folded* romaji as kana (``yakukyari`` → ``やくきゃり``); "" for anything else."""
    if not folded.isascii() or not _ROMAJI.fullmatch(folded):
        return ""
    return jaconv.alphabet2kana(folded)


def tolerance(length: int) -> int:
    """How many typing mistakes two names may differ by, the shorter one being *length* long.

    0 under four characters, 1 for four and five, 2 from six on.
    """
    return 0 if length < 4 else 1 if length < 6 else 2


def distance(one: str, other: str) -> int:
    """Typing mistakes between two folded texts: insertions, losses, changes, swapped neighbours."""
    return OSA.distance(one, other)


def scripts(text: str) -> str:
    """One letter for each character of ``fold(text)``: the script it was written in.

    ``h`` hiragana, ``k`` katakana, ``j`` kanji, ``l`` letters and digits, ``o`` anything else;
    a capital where a space or a sign stood before it. ー belongs to what it follows.
    """
    found: list[str] = []
    apart = False
    for char in written(text):
        if not char.isalnum():
            apart = True
            continue
        letter = found[-1].lower() if char == "ー" and found else _script(char)
        found.append(letter.upper() if apart else letter)
        apart = False
    return "".join(found)


def _script(char: str) -> str:
    if "ぁ" <= char <= "ゖ":
        return "h"
    if "ァ" <= char <= "ヺ":
        return "k"
    if "一" <= char <= "鿿" or "㐀" <= char <= "䶿" or char in "々〆" or char >= "\U00020000":
        return "j"
    return "l" if char.isascii() else "o"
