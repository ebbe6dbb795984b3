"""A flow small enough to know by heart, so that only the simulator is on trial."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from content.catalog import Catalog
from flows.conversation import (
    Call,
    Card,
    Choice,
    Conversation,
    Copy,
    Event,
    Followed,
    Link,
    Pressed,
    Say,
    Sent,
    Typed,
)


def step(
    before: Conversation, event: Event, catalog: Catalog, now: datetime
) -> tuple[Conversation | None, list[Say]]:
    """Answer each kind of event with a message that names it."""
    after = replace(before, turn=before.turn + 1)
    number = after.turn
    match event:
        case Typed("さようなら"):
            return None, [Say("goodbye", "記録を消しました")]
        case Typed("だまって"):
            return after, []
        case Typed("こわれて"):
            raise RuntimeError("this flow fails on request")
        case Typed("長すぎ"):
            return after, [Say("too_long", "あ" * 5001)]
        case Typed("たくさん"):
            many = tuple(_choice(f"{place}番", "choose", str(place), number) for place in range(6))
            return after, [Say("menu", "どれですか", choices=(*many, _choices(number)[-1]))]
        case Typed("えらんで"):
            return after, [Say("cards", cards=(_fruit("りんご"), _fruit("みかん")))]
        case Typed(text):
            return after, [Say("heard", f"{text}、ですね"), _panel(number)]
        case Pressed(trigger=trigger, argument=argument):
            return after, [Say(f"pressed:{trigger}", argument or "押しました", facts=("a.fact",))]
        case Sent(kind):
            return after, [Say(f"sent:{kind}", f"{kind}ですね")]
        case Followed():
            return after, [Say("welcome", "ようこそ", choices=_choices(number))]


def _panel(number: int) -> Say:
    buttons = (
        Choice("はい", Pressed("", "choosing_service", "confirm", str(number), number)),
        Copy("文面をコピー", "退会します。【お名前】"),
        Call("電話する", "0120-000-000"),
        Link("ページを開く", "https://example.jp/leave"),
    )
    card = Card("ご案内", "次のとおりです", ("一つめ", "二つめ"), numbered=True, buttons=buttons)
    return Say("panel", cards=(card,), choices=_choices(number))


def _fruit(name: str) -> Card:
    pick = Choice("これにする", Pressed("", "choosing_service", "choose", name, 1))
    return Card(name, buttons=(pick,))


def _choices(number: int) -> tuple[Choice, ...]:
    return (
        _choice("ない", "deny", f"いいえ{number}", number),
        _choice("ある", "confirm", f"はい{number}", number),
        _choice("戻る", "back", "", number),
    )


def _choice(label: str, trigger: str, argument: str, number: int) -> Choice:
    return Choice(label, Pressed("", "choosing_service", trigger, argument, number))
