"""The ready-made message: to whom, alone in its bubble, and buttons that copy it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

import pytest

from content.catalog import Catalog
from content.letter import Letter
from flows.conversation import Call, Copy, Say
from flows.letters import COPYABLE, written
from flows.walk import Arrival
from tests.flows.catalogs import with_letter
from tests.flows.chat import TO_REASON, TO_STEPS, Chat

HERB = "\N{HERB}"
"""One character of two UTF-16 units."""


def copies(chat: Chat) -> dict[str, str]:
    """What the clipboard buttons of the last reply copy, by label."""
    return {
        button.label: button.text
        for card in chat.says[-1].cards
        for button in card.buttons
        if isinstance(button, Copy)
    }


def test_the_message_stands_alone_and_its_address_before_it(chat: Chat) -> None:
    """Recipient, address and subject in one bubble, then the message and nothing else."""
    chat.start("aozora-scout")
    chat.do(*TO_STEPS)
    head, message, _ = chat.says[1:]

    assert (head.id, message.id) == ("letter_head:aozora-mail", "letter:aozora-mail")
    assert "【宛先】あおぞらスカウト 退会窓口" in head.text
    assert "leave@aozora.example" in head.text
    assert "【件名】あおぞらスカウトの退会" in head.text
    assert message == Say("letter:aozora-mail", written(chat.turn, "aozora-mail"))
    assert message.text == (
        "あおぞらスカウト ご担当者様\n都合により、退会いたします。\n"
        "登録したメールアドレス：【登録したメールアドレス】\n【お名前】"
    )


def test_every_message_everywhere_stands_alone_behind_its_address(
    arrivals: list[Arrival],
) -> None:
    """In every reply with a letter: head, then the letter's bubble, without cards or choices."""
    letters = 0
    for arrival in arrivals:
        for before, say in zip((None, *arrival.says), arrival.says, strict=False):
            if say.id.startswith("letter:"):
                letters += 1
                assert before is not None
                assert before.id == say.id.replace("letter:", "letter_head:")
                assert "【宛先】" in before.text
                assert (say.cards, say.choices) == ((), ())
                assert arrival.says[-1] is not say

    assert letters


def test_message_address_and_subject_can_be_copied(chat: Chat) -> None:
    """One button for each of the three, right under the message."""
    chat.start("aozora-scout")
    chat.do(*TO_STEPS)

    assert copies(chat) == {
        "文面をコピー": chat.says[2].text,
        "宛先をコピー": "leave@aozora.example",
        "件名をコピー": "あおぞらスカウトの退会",
    }


def test_a_call_is_dialled_not_pasted(chat: Chat) -> None:
    """A script for the phone has a button that dials, and says that it is spoken."""
    chat.start("aozora-scout")
    chat.do(*TO_REASON, "choose unsaid", "choose phone", "proceed")
    dialled = [b for say in chat.says for card in say.cards for b in card.buttons]

    assert dialled.count(Call("電話をかける", "0120-000-777")) == 2
    assert chat.catalog.phrases["letter_talk"] in chat.says[1].text
    assert chat.catalog.phrases["letter_paste"] not in chat.says[1].text


@pytest.mark.parametrize(
    ("text", "units", "copied"),
    [
        ("あ" * COPYABLE, 1000, True),
        ("あ" * COPYABLE + "い", 1001, False),
        (HERB * 500, 1000, True),
        (HERB * 500 + "!", 1001, False),
    ],
    ids=["just fits", "one too many", "two units each", "two units each and one more"],
)
def test_the_clipboard_button_is_there_up_to_a_thousand_units(
    invented: Catalog, text: str, units: int, copied: bool
) -> None:
    """LINE counts UTF-16 units; a longer message is copied by a long press on its bubble."""
    assert len(text.encode("utf-16-le")) // 2 == units
    letter = invented.letters["midori-form"].model_copy(update={"text": text, "fields": ()})
    chat = Chat(with_letter(invented, "midori-form", letter))
    chat.start("midori-navi")
    chat.do("deny", "choose unsaid", "proceed")

    assert chat.says[2].text == text
    assert ("文面をコピー" in copies(chat)) is copied


@pytest.mark.parametrize(
    ("reason", "passage"),
    [
        ("resting", "しばらく休みますので、"),
        ("decided_here", "あおぞらスカウトのおかげで転職先が決まりましたので、"),
        ("unsaid", "都合により、"),
    ],
    ids=["its own passage", "a passage with the service's name", "the default"],
)
def test_the_message_says_the_reason_that_was_given(chat: Chat, reason: str, passage: str) -> None:
    """Passages are chosen by the reason, else the default."""
    chat.start("aozora-scout")
    chat.do(*TO_REASON, f"choose {reason}")
    if reason == "resting":
        chat.do("proceed")
    chat.do("choose mail", "proceed")

    assert f"\n{passage}退会いたします。\n" in chat.says[2].text


def test_the_law_is_named_only_after_a_person_verified_it(invented: Catalog) -> None:
    """Until then the polite wording stands in its place, without a number."""
    article = invented.law["appi_35_5"]
    assert article.verified_on is None
    verified = article.model_copy(update={"verified_on": "2026-11-01"})
    moves = [*TO_REASON, "choose erase_data", "choose form", "proceed"]
    texts = []
    for law in (article, verified):
        chat = Chat(replace(invented, law=MappingProxyType({"appi_35_5": law})))
        chat.start("aozora-scout")
        chat.do(*moves)
        texts.append(chat.says[2].text)

    assert texts[0].startswith(article.polite)
    assert "第35条" not in texts[0]
    assert texts[1].startswith(article.cites)


def test_what_is_put_in_is_never_read_again(invented: Catalog) -> None:
    """Braces in a blank's label or a passage are letters, not holes to fill."""
    label = invented.fields["name"].model_copy(update={"label": "{service} {0} {oops}"})
    letter = Letter(
        title="試験",
        kind="withdrawal",
        channel="form",
        recipient="窓口",
        fields=("name",),
        passages={"why": {"default": "{name}"}},
        text="{why}と{name}",
    )
    catalog = with_letter(invented, "midori-form", letter)
    fields = MappingProxyType({**invented.fields, "name": label})
    chat = Chat(replace(catalog, fields=fields))
    chat.start("midori-navi")
    shown = "【{service} {0} {oops}】"

    assert written(chat.turn, "midori-form") == f"{shown}と{shown}"


def test_further_letters_of_a_method_are_one_tap_away(chat: Chat) -> None:
    """The first letter stands under the steps, the others among the choices, and none moves on."""
    chat.start("aozora-scout")
    chat.do(*TO_STEPS)
    assert "take_letter aozora-login" in chat.buttons
    before = chat.standing

    chat.do("take_letter aozora-login")

    assert chat.ids == ["letter_head:aozora-login", "letter:aozora-login", "following_steps"]
    assert "送り先は公式サイトで確かめてください。" in chat.says[0].text
    assert chat.standing == before
    assert "finish" in chat.buttons


def test_a_contact_says_how_old_it_is_and_when_it_answers(chat: Chat) -> None:
    """Hours, whether the line should answer now, and when it does next."""
    chat.start("aozora-scout")
    chat.do(*TO_REASON, "choose unsaid")
    phone = chat.says[-2].cards[1].note
    assert "受付：平日9:30〜18:00" in phone
    assert "いまは受付時間内の見込みです。" in phone
    assert "※2025年1月時点の情報です。" in phone

    chat.now += timedelta(days=4)  # a Saturday
    chat.type("戻る")
    chat.do("choose unsaid")
    assert "次は11月30日(月) 9:30からの見込みです。" in chat.says[-2].cards[1].note


def test_the_steps_stay_tappable(chat: Chat) -> None:
    """「完了した」 and 「途中で止まった」 are buttons of the panel itself, which stays."""
    chat.start("aozora-scout")
    chat.do(*TO_STEPS)
    steps = chat.says[0]

    assert steps.cards[0].numbered
    kept = [c.press.trigger for c in chat.shown if c in steps.cards[0].buttons]
    assert kept == ["finish", "report_stuck"]


def test_the_age_of_a_service_is_said_with_its_steps(chat: Chat) -> None:
    """Dated, undated and unconfirmed material is called so."""
    chat.start("midori-navi")
    chat.do("deny", "choose unsaid", "proceed")
    assert "※2025年9月時点の情報です。" in chat.says[0].cards[0].note

    chat.start("hoshi-works")
    chat.do("deny", "deny", "choose unsaid", "proceed")
    assert chat.catalog.phrases["fresh_unconfirmed"] in chat.says[0].cards[0].note

    chat.start("other")
    chat.do("deny", "choose unsaid", "choose form", "proceed")
    assert chat.catalog.phrases["fresh_general"] in chat.says[0].cards[0].note


def test_leaving_is_said_not_to_be_done_here(chat: Chat) -> None:
    """At the hand-over: this account withdraws nobody."""
    chat.start("aozora-scout")
    chat.do(*TO_STEPS)

    assert "このLINEでは退会は完了しません" in chat.says[-1].cards[0].text
