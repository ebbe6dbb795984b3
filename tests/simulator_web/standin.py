"""A flow that shows every kind of message and button, for tests of the page alone.

What a page does with a message does not depend on our words: a change of content must not
touch these tests. One test of this folder walks through the real flow.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from content.catalog import Catalog
from flows.conversation import (
    Answer,
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
    Typed,
)

LETTER = """株式会社サンプル 御中

登録の削除をお願いします。
氏名：【お名前】
「以上」 'より' "敬具" <よろしく>"""
PHONE = "0120-000-000"
PAGE = "https://example.jp/withdraw?from=chat&step=1"


def choice(label: str, trigger: str) -> Choice:
    """A way on that this flow understands."""
    return Choice(label, Pressed("", "choosing_service", trigger))


CHOICES = (
    choice("カードを見る", "card"),
    choice("並んだカードを見る", "row"),
    choice("文面を見る", "letter"),
    choice("何も答えない", "nothing"),
    choice("戻る", "back"),
)

ANSWERS: dict[str, Sequence[Say]] = {
    "card": (
        Say(
            "card",
            cards=(
                Card(
                    title="電話で退会する",
                    text="平日の10時から18時までに、登録した電話番号からかけます。",
                    items=("自動音声のあと「1」を押す", "「退会したい」と伝える", "氏名を伝える"),
                    numbered=True,
                    note="2026年4月1日に公式の案内で確認しました。",
                    buttons=(
                        Call("電話をかける", PHONE),
                        Link("公式の退会ページ（外部）", PAGE),
                        choice("できた", "done"),
                        choice("この方法ではうまくいかなかったので別の方法を見る", "row"),
                    ),
                ),
            ),
        ),
    ),
    "row": (
        Say("lead", text="退会の方法は3つあります。"),
        Say(
            "row",
            cards=tuple(
                Card(
                    title=title,
                    text=text,
                    items=("ログインは要りません",),
                    buttons=(choice(f"{title}で進む", "done"),),
                )
                for title, text in (
                    ("メール", "文面をコピーして送ります。いちばん早い方法です。"),
                    ("フォーム", "公式のフォームに書きます。"),
                    ("電話", "係の人と話します。平日だけです。"),
                )
            ),
        ),
    ),
    "letter": (
        Say("to", text="宛先：support@example.jp\n件名：退会のお願い"),
        Say("wording", text=LETTER),
        Say(
            "copy",
            cards=(Card("文面をコピーできます", buttons=(Copy("文面をコピー", LETTER),)),),
            choices=(choice("次へ", "card"), choice("戻る", "back")),
        ),
    ),
    "done": (Say("done", text="わかりました。", choices=CHOICES),),
    "back": (Say("question", text="何を見ますか？", choices=CHOICES),),
    "nothing": (),
}

GATE = threading.Event()
"""Closed, the bot thinks about what it heard until somebody opens it."""
GATE.set()


def step(
    conversation: Conversation, event: Event, catalog: Catalog, now: datetime
) -> tuple[Conversation | None, Sequence[Say]]:
    """Show what was asked for; repeat what was typed; greet on a follow."""
    GATE.wait(20)
    after = replace(conversation, turn=conversation.turn + 1, last_seen=now)
    match event:
        case Followed():
            hello = Say("hello", text="はじめまして。\nページの動きを確かめるためのボットです。")
            return after, (hello, *ANSWERS["back"])
        case Pressed(state=state, trigger=trigger):
            cases = {"": (*after.trail, Answer(state, trigger))}
            return replace(after, cases=MappingProxyType(cases)), ANSWERS[trigger]
        case Typed(text):
            return after, (Say("echo", text=text, choices=CHOICES),)
        case _:
            return after, (Say("sent", text="受け取りました。", choices=CHOICES),)
