"""All that can be arranged to go wrong, by the word a talk, a prompt and a page have for it."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence

from bot.simulator.fake_line.faults import Fault, Faults
from bot.simulator.fake_line.mishaps import Mishap, Mishaps

Trouble = Fault | Mishap
"""Of a call the bot makes, or of a webhook on its way to it."""

ABOUT: Mapping[Trouble, str] = {
    Fault.BAD_REQUEST: "400 メッセージの誤り",
    Fault.EXPIRED: "返信トークンの期限切れ（1分よりあとに返信した）",
    Fault.UNAUTHORIZED: "401 鍵がちがう",
    Fault.RATE_LIMIT: "429 呼びすぎ",
    Fault.MONTHLY_LIMIT: "429 月の上限",
    Fault.ERROR: "500 エラー",
    Fault.ERROR_AFTER: "500 エラー（じつは送れている）",
    Fault.TIMEOUT: "返事が来ない",
    Fault.TIMEOUT_AFTER: "返事が来ない（じつは送れている）",
    Fault.RESET: "接続が切れる",
    Fault.RESET_AFTER: "接続が切れる（じつは送れている）",
    Fault.RESTART: "ボットが落ちて、始まり直す",
    Fault.RESTART_AFTER: "ボットが落ちて、始まり直す（じつは送れている）",
    Mishap.SWAP: "次のものと順番が入れかわって届く",
    Mishap.DELAY: "遅れて届く",
    Mishap.DROP: "届かず、あとでLINEが再送する",
    Mishap.LOSE: "届かず、再送もされない",
    Mishap.SLOW: "届くが、200が間に合わず、LINEが再送する",
}
"""What each of them is, in words for staff."""

ON_CALLS = "ボットからLINEへの返信"
ON_WEBHOOKS = "LINEからボットへの知らせ"

WORDS = tuple(trouble.value for trouble in ABOUT)
"""What can be written, in the order in which it is listed."""


def trouble(word: str) -> Trouble:
    """The trouble called *word*. Raises ValueError with all there are, and the nearest."""
    for known in ABOUT:
        if known.value == word:
            return known
    near = difflib.get_close_matches(word, WORDS, 1)
    meant = f"{near[0]} のことですか。" if near else ""
    raise ValueError(f"「{word}」という故障はありません。{meant}使えるもの：{'・'.join(WORDS)}")


def where(trouble: Trouble) -> str:
    """On which way *trouble* strikes."""
    return ON_CALLS if isinstance(trouble, Fault) else ON_WEBHOOKS


class Troubles:
    """What is still to go wrong in a session.

    ``faults`` are those of the bot's calls, ``mishaps`` those of webhooks about what people do.
    """

    def __init__(self, faults: Faults) -> None:
        self.faults, self.mishaps = faults, Mishaps()

    def inject(self, word: Trouble | str, times: int = 1) -> None:
        """Let the trouble called *word* happen to the next *times*.

        Raises ValueError with a sentence for an unknown one, and for less than once.
        """
        if times < 1:
            raise ValueError("回数は1以上の数で書いてください")
        found = trouble(word)
        if isinstance(found, Fault):
            self.faults.inject(found, times)
        else:
            self.mishaps.inject(found, times)

    def clear(self) -> None:
        """Let everything work again. What is already held up on its way stays so."""
        self.faults.clear()
        self.mishaps.clear()

    @property
    def waiting(self) -> Sequence[tuple[Trouble, int]]:
        """What is still to come: each trouble and to how many in a row."""
        return (*self.faults.waiting, *self.mishaps.waiting)
