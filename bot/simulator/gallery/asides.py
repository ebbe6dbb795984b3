"""What people can do besides pressing the buttons that lead on, so that its answers are seen too.

Nothing here says what is answered: each deed goes through the flow's own `step`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from content.catalog import Catalog
from flows.conversation import (
    LOBBY,
    Choice,
    Conversation,
    Event,
    Followed,
    Pressed,
    Say,
    Sent,
    Typed,
)
from flows.moves import here
from flows.step import AWAY, step
from flows.walk import presses

BY_DAY = datetime(2026, 11, 24, 12, tzinfo=ZoneInfo("Asia/Tokyo"))
"""A Tuesday at noon, when telephone lines answer."""

IN_THE_EVENING = BY_DAY.replace(hour=21)
"""The same day at nine, when they do not."""

GIBBERISH = "ﾋﾟﾖﾋﾟﾖ"
PERSONAL = "taro@example.jp"
MISSES = 6
"""How often in a row nothing is understood before every answer to it was heard."""

Path = tuple[str, ...]
Hear = Callable[[Sequence[Say], str, str, Path], None]
"""Takes what was said, the service and the state a person is in after it, and the way there."""


class Visit:
    """Somebody who does one thing after another, while *hear* is told every answer.

    ``path`` are the deeds so far, in words. Every deed gives what is answered.
    """

    def __init__(
        self,
        catalog: Catalog,
        hear: Hear,
        conversation: Conversation | None = None,
        path: Path = (),
    ) -> None:
        self.catalog, self.path, self.now = catalog, path, BY_DAY
        self.conversation = conversation or Conversation()
        self._hear = hear

    def again(self) -> Visit:
        """Somebody else who stands where this one stands now."""
        return Visit(self.catalog, self._hear, self.conversation, self.path)

    def do(self, words: str, event: Event) -> Sequence[Say]:
        """*event*, which is called *words* in the path."""
        after, says = step(self.conversation, event, self.catalog, self.now)
        self.conversation = after or Conversation()
        self.path = (*self.path, words)
        state = here(self.conversation, self.catalog, self.now).state
        self._hear(says, self.conversation.service, state, self.path)
        return says

    def say(self, text: str) -> Sequence[Say]:
        """Send *text*."""
        return self.do(f"「{text}」と送る", Typed(text))

    def press(self, choice: Choice) -> Sequence[Say]:
        """Tap the button of *choice*."""
        return self.do(choice.label, choice.press)

    def press_one(self, says: Iterable[Say], *triggers: str, but: str = "") -> Sequence[Say]:
        """Tap the first button in *says* that has one of *triggers* (default: any but 戻る) and
        not the label *but*; nothing happens where there is none."""
        for choice in presses(tuple(says)):
            trigger = choice.press.trigger
            if choice.label != but and (trigger in triggers if triggers else trigger != "back"):
                return self.press(choice)
        return ()


class NewVisit(Protocol):
    """Makes a `Visit`; with nothing given, of somebody nobody has met."""

    def __call__(self, conversation: Conversation | None = None, path: Path = ()) -> Visit: ...


def anywhere(visit: NewVisit) -> None:
    """Everything that is answered outside of any service."""
    newcomer = visit()
    newcomer.do("友だち追加", Followed())
    catalog, words = newcomer.catalog, newcomer.catalog.words
    first, second = list(catalog.services)[:2]
    for said in (words.greet[0], words.help[0], words.review[0], words.back[0], words.restart[0],
                 words.distress[0], PERSONAL, words.other_services[0]):  # fmt: skip
        newcomer.again().say(said)
    for kind in sorted(key.removeprefix("sent_") for key in catalog.phrases if "sent_" in key):
        newcomer.again().do(f"（{_SENT.get(kind, kind)}）", Sent(kind))
    puzzled = newcomer.again()
    for _ in range(MISSES):
        puzzled.say(GIBBERISH)
    several = newcomer.again()
    several.say(f"{catalog.services[first].name}と{catalog.services[second].name}")
    both = newcomer.again()
    both.say(catalog.services[first].name)
    both.say(f"{catalog.services[first].name}と{catalog.services[second].name}")
    both.say(words.review[0])
    erasing = newcomer.again()
    asked = erasing.say(words.erase[0])
    erasing.again().press_one(asked, "mean_service")
    erasing.press_one(asked, "agree")
    gone = newcomer.again()
    gone.do("消えたサービスの古いボタン", Pressed("gone", "finishing", "choose_other"))


_SENT = {
    "sticker": "スタンプを送る",
    "image": "画像を送る",
    "video": "動画を送る",
    "audio": "音声を送る",
    "file": "ファイルを送る",
    "location": "位置情報を送る",
    "unknown": "知らない形のメッセージを送る",
    "unknown_button": "知らないボタンを押す",
}


def in_a_state(there: Visit) -> None:
    """What can be said in every state: nothing understood, 状況, データを消す."""
    words = there.catalog.words
    for said in (GIBBERISH, words.review[0], words.erase[0]):
        there.again().say(said)
    puzzled = there.again()
    puzzled.say(GIBBERISH)
    puzzled.say(GIBBERISH)


def on_the_way(visit: NewVisit, slug: str) -> None:
    """What depends on what somebody did before: coming back, old buttons, changed answers."""
    person = visit()
    catalog, words = person.catalog, person.catalog.words
    name = catalog.services[slug].name
    person.again().say(f"{name}の個人情報を消したい")
    asked = person.do(name, Pressed(LOBBY, "choosing_service", "choose", slug))
    question = person.again()
    answered = person.press_one(asked)
    made = presses(tuple(asked))[0]
    person.again().press(replace(made, label=f"もう一度「{made.label}」"))
    person.again().press_one(asked, but=made.label)
    person.again().say(words.back[0])
    person.again().say(name)
    person.again().say(words.help[0])
    person.again().say(words.restart[0])
    back = person.again()
    back.now = BY_DAY + AWAY + timedelta(minutes=1)
    back.do(f"（6時間あけて）「{words.help[0]}」と送る", Typed(words.help[0]))
    person.press_one(answered)
    reviewed = person.say(words.review[0])
    changing = person.press_one(reviewed, "change")
    person.press_one(changing, but=made.label)
    waiting = question.again()
    waiting.do(
        "ほかのサービスを選ぶ", Pressed(LOBBY, "choosing_service", "choose", _other(catalog, slug))
    )
    waiting.press(made)


def _other(catalog: Catalog, slug: str) -> str:
    return next((other for other in catalog.services if other != slug), slug)
