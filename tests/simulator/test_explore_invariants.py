"""Each invariant is broken once on purpose, and says so in a sentence for staff."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType

import pytest

from bot.clock import TOKYO
from bot.simulator.explore.invariants import broken_by
from bot.simulator.explore.wire import OF_THE_FLOW, RULES, Exchange
from bot.simulator.fake_line.calls import Account, Call, Delivered
from bot.simulator.fake_line.faults import Fault
from bot.simulator.journal import Turn
from bot.simulator.kept_log import KeptLog
from bot.simulator.watch import Step, Told
from bot.store.port import Outcome
from content.catalog import Catalog
from flows.conversation import (
    LOBBY,
    Answer,
    Card,
    Choice,
    Conversation,
    Event,
    Pressed,
    Say,
    Typed,
)
from flows.step import step
from tests.flows.chat import NOON

SLUG = "yakukyari"
START = Answer("choosing_service", "choose", SLUG)
NO_SELECTION = Answer("checking_selection", "deny")
NO_POINTS = Answer("checking_reward", "deny")
DENY = Pressed(SLUG, "checking_selection", "deny")
BACK = Choice("戻る", Pressed(SLUG, "giving_reason", "back"))
ON = Choice("次へ", Pressed(SLUG, "giving_reason", "choose", "unsaid"))


def at(*moves: Answer, slug: str = SLUG, **more: object) -> Conversation:
    """Somebody who made *moves* for the service."""
    conversation = Conversation(
        turn=3, service=slug, cases=MappingProxyType({slug: moves} if moves else {})
    )
    return replace(conversation, **more)  # type: ignore[arg-type]


def broken(
    catalog: Catalog,
    before: Conversation,
    event: Event,
    after: Conversation | None,
    *says: Say,
) -> list[str]:
    """The sentences about a step that was made up."""
    return list(broken_by(Step(before, event, NOON, after, says), catalog))


def by_the_flow(catalog: Catalog, before: Conversation, event: Event) -> list[str]:
    """The sentences about what the flow itself does."""
    after, says = step(before, event, catalog, NOON)
    return broken(catalog, before, event, after, *says)


ASKED = Say("giving_reason", "理由は？", choices=(ON, BACK))
REASON = at(START, NO_SELECTION, NO_POINTS)


@pytest.mark.parametrize(
    ("says", "sentence"),
    [
        ((), "返事がありません"),
        ((Say("a", "あ"),) * 5 + (ASKED,), "一度に6通は送れません（5通まで）"),
        (
            (Say("giving_reason", "理由は？"),),
            "行き止まりです（giving_reason に押せるものがありません）",
        ),
        ((replace(ASKED, choices=(ON,)),), "戻るボタンがありません（giving_reason）"),
        ((Say("a", "{service}を退会"), ASKED), "a の {service} が埋まっていません"),
        ((Say("a", "${service.name}"), ASKED), "a の ${service が埋まっていません"),
        ((Say("a", cards=(Card("題", note="%s"),)), ASKED), "a の %s が埋まっていません"),
        (
            (Say("letter:yakukyari-withdrawal-mail", "【口座番号】を消してください"), ASKED),
            "文面 letter:yakukyari-withdrawal-mail の空欄【口座番号】は fields.yaml にありません",
        ),
        (
            (Say("a", "アプリをｱﾝｲﾝｽﾄｰﾙしてください"), ASKED),
            "yakukyari について言ってはいけないこと（アンインストール）を a で言っています",
        ),
        (
            (Say("a", "電話は050-1234-5678です"), ASKED),
            "05012345678 は、いま話しているサービスの連絡先ではありません（a）",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_wrong_words_are_told(catalog: Catalog, says: Sequence[Say], sentence: str) -> None:
    """Each in the answer to a typed word that changes nothing."""
    found = broken(catalog, REASON, Typed("ヘルプ"), REASON, *says)

    assert f"{sentence}: yakukyari giving_reason" in found


def test_a_public_desk_may_be_named_anywhere(catalog: Catalog) -> None:
    """Its number is no service's, and its hours are no promise of one."""
    desks = [f"{desk.name} {desk.phone}（{desk.hours}）" for desk in catalog.desks.values()]
    says = (Say("chase", "\n".join(desks)), ASKED)

    assert broken(catalog, REASON, Typed("ヘルプ"), REASON, *says) == []


def test_another_services_contact_is_told(catalog: Catalog) -> None:
    """A number that is right, said of the wrong service."""
    phones = [
        c.value for c in catalog.services["hataractive"].contacts.values() if c.kind == "phone"
    ]
    found = broken(catalog, REASON, Typed("ヘルプ"), REASON, Say("a", phones[0]), ASKED)

    assert [sentence for sentence in found if "連絡先ではありません" in sentence]


def test_leaving_before_the_reward_was_spoken_of_is_told(catalog: Catalog) -> None:
    """The steps, or a letter that sets the withdrawal going, to who was never asked."""
    unasked = at(START, NO_SELECTION)
    steps = Say("steps", cards=(Card("手順"),))
    letter = Say("letter:yakukyari-withdrawal-mail", "退会します")
    service = catalog.services[SLUG]
    assert service.reward is not None
    warned = Say("notes", "注意", facts=tuple(f"{SLUG}.{key}" for key in service.reward.again))

    for first in (steps, letter):
        [found] = broken(catalog, unasked, Typed("はい"), unasked, first, ASKED)
        assert found.startswith(f"{service.reward.name}を失う注意より先に、退会の {first.id} を")
        assert broken(catalog, unasked, Typed("はい"), unasked, warned, first, ASKED) == []
    assert broken(catalog, unasked, Typed("はい"), REASON, steps, ASKED) == []


def test_alternatives_offered_again_are_told(catalog: Catalog) -> None:
    """To who went past them and has not gone back."""
    passed = (START, NO_SELECTION, NO_POINTS, Answer("giving_reason", "choose", "resting"))
    past = at(*passed, Answer("considering_alternative", "proceed"))
    method = next(iter(catalog.services[SLUG].methods))
    chosen = Pressed(SLUG, "choosing_method", "choose", method)
    says = (Say("alternatives", cards=(Card("休止"),)), ASKED)

    found = broken(catalog, past, chosen, past, *says)

    assert found == [
        "退会以外の方法を、断ったあとにもう一度すすめています: yakukyari choosing_method"
    ]


# --- moves --------------------------------------------------------------------------------------


def test_a_button_on_the_screen_that_does_nothing_is_told(catalog: Catalog) -> None:
    """It was just shown, and is answered as if it were old."""
    before = at(START)
    found = broken(catalog, before, DENY, before, Say("old_button_gone", "使えません"), ASKED)

    assert found == [
        "いま出ているボタンなのに old_button_gone と答えています: yakukyari checking_selection"
    ]


def test_an_old_button_that_moves_somebody_elsewhere_is_told(catalog: Catalog) -> None:
    """To a place that neither the button nor an earlier answer stands for."""
    elsewhere = at(START, Answer("checking_selection", "confirm"))
    resumes = Say("old_button_resumes", "続けます")
    old = Pressed(SLUG, "checking_reward", "doubt")
    found = broken(catalog, REASON, old, elsewhere, resumes, ASKED)

    assert found == ["前のボタンで、頼んでいない場所に移りました: yakukyari checking_interview"]


def test_an_old_button_that_takes_answers_away_in_silence_is_told(catalog: Catalog) -> None:
    """The same move is well where it is told."""
    old = Pressed(SLUG, "checking_selection", "confirm")
    after = at(START, Answer("checking_selection", "confirm"))
    question = replace(ASKED, id="checking_interview")

    assert broken(catalog, REASON, old, after, question) == [
        "前のボタンで、答え（checking_reward、checking_selection）が黙って消えました: "
        "yakukyari checking_interview"
    ]
    resumes = Say("old_button_resumes", "続けます")
    assert broken(catalog, REASON, old, after, resumes, question) == []


def test_an_old_button_that_erases_is_told(catalog: Catalog) -> None:
    """「消す」 counts only where it was just asked."""
    agree = Pressed(SLUG, "confirming_erasure", "agree")

    assert broken(catalog, REASON, agree, None, Say("erased", "消しました")) == [
        "前のボタンで記録が消えました: yakukyari giving_reason"
    ]


def test_another_case_that_changes_is_told(catalog: Catalog) -> None:
    """The person speaks of one service, and loses what they said of another."""
    both = at(START, cases=MappingProxyType({SLUG: (START,), "apoplus": (START,)}))
    found = broken(catalog, both, Typed("ヘルプ"), at(START), ASKED)

    assert found == ["話していない apoplus の答えが変わりました: yakukyari checking_selection"]


def test_a_question_answered_twice_is_told(catalog: Catalog) -> None:
    """A trail that grows with every detour would grow without end."""
    twice = at(START, NO_SELECTION, NO_SELECTION)
    found = broken(catalog, at(START), Typed("ヘルプ"), twice, ASKED)

    assert "yakukyari の同じ質問に、答えが二つ残っています: yakukyari checking_reward" in found


@pytest.mark.parametrize(
    "event",
    [DENY, Pressed(LOBBY, "choosing_service", "choose", "apoplus"), Typed("戻る"), Typed("状況")],
)
def test_the_flow_itself_breaks_nothing(catalog: Catalog, event: Event) -> None:
    """A press, an old press and two words, from the first question and from the reason."""
    assert by_the_flow(catalog, at(START), event) == []
    assert by_the_flow(catalog, REASON, event) == []


# --- the wire -----------------------------------------------------------------------------------

HANAKO, TARO = "U" + "a" * 32, "U" + "b" * 32
ACCOUNTS = {HANAKO: Account(HANAKO, "hanako", friend=True)}
EVENT = {
    "type": "message",
    "replyToken": "a-reply-token",
    "webhookEventId": "01EVENT",
    "source": {"type": "user", "userId": HANAKO},
    "message": {"type": "text", "text": "薬キャリをやめたい"},
}
SENT = (Delivered("1", "q", {"type": "text", "text": "はい"}),)
WELL = Call(
    NOON.astimezone(TOKYO), "POST", "/v2/bot/message/reply", 200, "r", {}, {},
    token="a-reply-token", to=HANAKO, messages=SENT,
)  # fmt: skip
APPLIED = {"01EVENT": Told(Outcome.APPLIED, b"h")}


def exchange(*calls: Call, status: int = 200, **more: object) -> Exchange:
    """One event of hanako's, answered with *calls*."""
    turn = Turn(1, NOON, (EVENT,), status, calls=list(calls), told=dict(APPLIED))
    made = Exchange(turn, {HANAKO: None}, {HANAKO: Conversation()}, ACCOUNTS)
    return replace(made, **more)  # type: ignore[arg-type]


def told_of(made: Exchange) -> list[str]:
    """What all rules of the wire say."""
    return [sentence for rule in (*RULES, *OF_THE_FLOW) for sentence in rule(made)]


def test_a_turn_that_went_well_breaks_nothing() -> None:
    """Accepted, decided, sent once."""
    assert told_of(exchange(WELL)) == []


REFUSED = replace(WELL, status=400, said={"message": "x", "details": []}, messages=())
STRUCK = replace(WELL, status=500, fault=Fault.ERROR_AFTER)
USED = replace(WELL, status=400, said={"message": "Invalid reply token"}, messages=())


@pytest.mark.parametrize(
    ("made", "sentence"),
    [
        (exchange(WELL, status=500), "webhookの返事が 500 です"),
        (exchange(REFUSED, WELL), "LINEが断りました（400）"),
        (exchange(WELL, WELL), "返信のトークンを、届いたあとでもう一度使いました（2回）"),
        (exchange(WELL, USED), "返信のトークンを、届いたあとでもう一度使いました（2回）"),
        (exchange(WELL, early=[WELL]), "覚える前に返信しました"),
        (exchange(), "返事がありません"),
        (
            exchange(WELL, repeated=frozenset({"01EVENT"})),
            "二度目の配信に、もう一度返信しました（1回）",
        ),
        (
            exchange(repeated=frozenset({"01EVENT"})),
            "二度目の配信で、覚えている内容が変わりました",
        ),
        (exchange(WELL, replace(WELL, to=TARO, token="")), "この人ではない人に送りました"),
        (
            exchange(WELL, before={TARO: None}, after={TARO: Conversation()}),
            "この人ではない人の、覚えている内容が変わりました",
        ),
        (exchange(WELL, log=[f"reply to={HANAKO}"]), "ログに、利用者のIDか"),
        (exchange(WELL, log=["text=薬キャリをやめたい"]), "ログに、利用者のIDか"),
        (exchange(WELL, log=["token=a-reply-token"]), "ログに、利用者のIDか"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_goes_wrong_on_the_wire_is_told(made: Exchange, sentence: str) -> None:
    """One thing wrong, one sentence."""
    assert [found for found in told_of(made) if found.startswith(sentence)]


def test_a_fault_excuses_a_second_attempt() -> None:
    """LINE took the first and hid it, so the second is refused: the person has it once."""
    assert told_of(exchange(STRUCK, USED)) == []


def test_a_flow_that_fails_is_told() -> None:
    """The engine apologises; somebody has to look at why."""
    made = exchange(WELL)
    made.turn.told["01EVENT"] = Told(Outcome.QUARANTINED, b"h")

    assert told_of(made) == ["返事を作れず、謝りました（flows で例外が起きています）"]


def test_a_silence_that_was_asked_for_is_none() -> None:
    """Who blocked the bot is told nothing."""
    blocked = {HANAKO: Account(HANAKO, "hanako", blocked=True)}

    assert told_of(exchange(accounts=blocked)) == []


def test_the_log_is_kept_as_it_would_be_printed() -> None:
    """What is asked for once is not told again."""
    log = KeptLog()
    log.msg("one")
    log.info("two")

    assert log.taken() == ["one", "two"]
    assert log.taken() == []
