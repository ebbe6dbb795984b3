"""A small flow, its content and its settings: the engine is tested without the real flow."""

from __future__ import annotations

import base64
import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

from bot.settings import Settings
from content.catalog import Catalog
from flows.conversation import Answer, Conversation, Event, Followed, Pressed, Say, Sent, Typed

SECRET = "c4nary5ecret0123456789abcdef0123"
TOKEN = "c4naryAccessToken/0123456789abcdefghijklmnop="
KEY = base64.b64encode(bytes(range(7, 39))).decode()

POISON = "毒"
"""Words the stand-in flow cannot handle, wherever it is."""


def step(
    before: Conversation, event: Event, catalog: Catalog, now: datetime
) -> tuple[Conversation | None, Sequence[Say]]:
    """Counts what it was told: every answer tells the number and the event.

    「消して」 forgets the person, `POISON` raises, 「だまって」 gets no answer, 「壊して」 leaves a
    conversation behind that no step can handle.
    """
    if before.meant == "broken" and event == Typed("次"):
        raise RuntimeError("この会話は続けられません")
    match event:
        case Typed(text) if text == POISON:
            raise RuntimeError(f"{text}は扱えません")
        case Typed("消して"):
            return None, [Say("erased", "消しました")]
        case Typed("だまって"):
            return _counted(before, now), []
        case Typed("壊して"):
            return replace(_counted(before, now), meant="broken"), [Say("broken", "壊しました")]
        case Typed(text):
            said = text
        case Pressed(trigger=trigger):
            said = f"押した:{trigger}"
        case Sent(kind):
            said = f"送った:{kind}"
        case Followed():
            said = "ようこそ"
    after = _counted(before, now)
    return after, [Say("counted", f"{after.turn}:{said}")]


def _counted(before: Conversation, now: datetime) -> Conversation:
    return replace(
        before,
        turn=before.turn + 1,
        service="example",
        cases=MappingProxyType({"example": (Answer("counting", "count"),)}),
        last_seen=now,
    )


def say(says: Sequence[Say]) -> list[dict[str, object]]:
    """Every Say as a text message."""
    return [{"type": "text", "text": words.text} for words in says]


def catalog(**phrases: str) -> Catalog:
    """Content with nothing in it but a few phrases."""
    known = {
        "greeting": "運営：{operator}。",
        "greeting_privacy": "くわしくは {url}",
        "greeting_erase": "消せます",
        "alt_text": "ご案内",
        "fallback": "うまくいきません",
        "answer_refused": "表示できません",
        "memory_lost": "忘れました",
        "crowded": "まとめてお答えします",
        "group": "1対1でどうぞ",
    }
    nothing = cast(Any, MappingProxyType({}))
    return Catalog(
        root=Path(),
        services=nothing,
        letters=nothing,
        texts=nothing,
        phrases=MappingProxyType(known | phrases),
        words=cast(Any, None),
        reasons=nothing,
        fields=nothing,
        channels=nothing,
        law=nothing,
        desks=nothing,
        documents=nothing,
    )


def environment(**more: str) -> dict[str, str]:
    """Settings as `serve` reads them, good enough to start."""
    return {
        "LINE_CHANNEL_SECRET": SECRET,
        "LINE_CHANNEL_ACCESS_TOKEN": TOKEN,
        "OPERATOR_NAME": "試験 太郎",
        "OPERATOR_CONTACT": "taro@example.jp",
        "TAIKAI_KEY": KEY,
        **more,
    }


def settings(**more: Any) -> Settings:
    """The same as a value; *more* by the names of the fields."""
    given = {name.lower(): value for name, value in environment().items()}
    return Settings(**(given | more))


def database_url(folder: Path, name: str = "taikai.db") -> str:
    """The DATABASE_URL of a file in *folder*."""
    return f"sqlite:///{folder / name}"


def bare_environment() -> dict[str, str]:
    """This process's environment without any of our settings."""
    ours = {name.upper() for name in Settings.model_fields}
    return {name: value for name, value in os.environ.items() if name.upper() not in ours}
