"""Stickers and pictures, personal data, distress: answered, and the task goes on."""

from __future__ import annotations

import json

import pytest

from content.catalog import Catalog
from flows.conversation import Typed
from flows.moves import here
from flows.step import step
from tests.flows.chat import NOON, TO_REASON, TO_STEPS, Chat

KINDS = ["sticker", "image", "video", "audio", "file", "location", "unknown", "unknown_button"]
PRIVATE = [
    "090-1234-5678",
    "電話は０９０１２３４５６７８です",
    "taro.yamada@mail.example",
    "山田太郎と申します",
    "1988年4月5日生まれです",
    "〒150-0001 東京都渋谷区神宮前1-2-3",
    "氏名：山田太郎\n電話番号：03-1234-5678",
]


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_is_not_text_is_answered_and_the_question_asked_again(
    chat: Chat, kind: str
) -> None:
    """Its own helpful sentence, the current question, and nothing changed."""
    chat.start("aozora-scout")
    chat.do("deny")
    before = chat.standing
    chat.send(kind)

    assert chat.ids == [f"sent_{kind}", "checking_reward"]
    assert chat.standing == before


def test_a_kind_nobody_has_heard_of_is_answered(chat: Chat) -> None:
    """LINE may add a kind of message tomorrow."""
    chat.send("hologram")

    assert chat.ids == ["sent_unknown", "choosing_service"]


def test_a_picture_is_no_miss(chat: Chat) -> None:
    """It was understood for what it is."""
    chat.type("むにゃむにゃ")
    chat.send("image")

    assert chat.conversation.misses == 0


# --- personal data ---------------------------------------------------------------------------


@pytest.mark.parametrize("text", PRIVATE)
@pytest.mark.parametrize("moves", [(), TO_REASON, TO_STEPS])
def test_personal_data_is_neither_kept_nor_repeated(
    chat: Chat, text: str, moves: tuple[str, ...]
) -> None:
    """The person is told how to unsend it; nothing of it is in the memory or the answer."""
    chat.start("aozora-scout")
    chat.do(*moves)
    before = chat.standing
    chat.type(text)

    assert chat.ids[0] == "personal_data"
    assert "送信取消" in chat.says[0].text
    assert chat.standing == before
    kept = json.dumps(chat.conversation.to_json(), ensure_ascii=False)
    for secret in ("山田", "太郎", "1234", "５６７８", "taro", "1988", "神宮前"):
        assert secret not in kept
        assert secret not in chat.text


@pytest.mark.parametrize(
    "text", ["ひみつのことば", "みどりナビ ひみつのことば", "1 ひみつのことば"]
)
def test_no_typed_word_is_ever_kept(chat: Chat, text: str) -> None:
    """Not only what looks personal: a text is read once, and only what it means is kept."""
    chat.start("aozora-scout")
    chat.type(text)

    assert "ひみつ" not in json.dumps(chat.conversation.to_json(), ensure_ascii=False)
    assert "ひみつ" not in chat.text


# --- distress ---------------------------------------------------------------------------------


def test_distress_gets_public_desks_and_then_the_task(chat: Chat) -> None:
    """Two numbers to call, one human line, and the question where it was."""
    chat.start("aozora-scout")
    chat.do("deny")
    before = chat.standing
    chat.type("もう死にたい")

    assert chat.ids == ["distress", "checking_reward"]
    for desk in chat.catalog.desks.values():
        assert (desk.phone in chat.text) is (desk.purpose == "distress")
    assert chat.standing == before


def test_distress_of_somebody_new_is_answered_too(invented: Catalog) -> None:
    """The greeting does not push it aside."""
    chat = Chat(invented)
    chat.type("死にたい")

    assert chat.ids == ["greeting", "distress", "choosing_service"]


# --- purity -----------------------------------------------------------------------------------


def test_the_same_event_gets_the_same_answer(chat: Chat) -> None:
    """`step` depends on nothing but what it is given, and changes none of it."""
    chat.start("aozora-scout")
    chat.do(*TO_STEPS)
    before = chat.conversation
    stored = json.dumps(before.to_json())

    one = step(before, Typed("状況"), chat.catalog, NOON)
    two = step(before, Typed("状況"), chat.catalog, NOON)

    assert one == two
    assert json.dumps(before.to_json()) == stored
    assert here(before, chat.catalog, NOON).state == "following_steps"
