"""The few sentences the engine says when no conversation can."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Self


@dataclass(frozen=True, slots=True)
class Phrases:
    """Sentences for a person, each short enough for one message."""

    fallback: str = (
        "申し訳ありません。うまく処理できませんでした。\n"
        "もう一度ボタンを押すか、「最初から」と送ってください。"
    )
    """Said when an event could not be handled."""

    answer_refused: str = (
        "申し訳ありません。ご案内をうまく表示できませんでした。\n"
        "「状況」と送ると、いまの場所からもう一度ご案内します。"
    )
    """Said in place of an answer that LINE refused."""

    memory_lost: str = "申し訳ありません。これまでの内容を読み取れなかったため、最初から始めます。"
    """Said before the first answer after a conversation was lost."""

    group: str = (
        "お招きありがとうございます。このアカウントは、1対1のトークでお使いください。"
        "グループの発言は読み取っていません。"
    )
    """Said once on being invited into a group."""

    @classmethod
    def of(cls, content: Mapping[str, str]) -> Self:
        """The sentences *content* has under these names; the ones above for the rest."""
        names = [field.name for field in fields(cls) if field.name in content]
        return cls(**{name: content[name] for name in names})


def text_message(text: str) -> dict[str, object]:
    """*text* as a LINE message."""
    return {"type": "text", "text": text}
