"""Which questions are asked, in which order, and which are not."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from content.catalog import Catalog
from flows.turn import ASIDES
from flows.walk import Arrival
from flows.withdrawal import TABLE
from tests.flows.catalogs import with_service
from tests.flows.chat import TO_REASON, TO_STEPS, Chat

IN_ORDER = {
    "service": ("choosing_service", "telling_apart"),
    "selection": ("checking_selection", "checking_interview", "handling_selection"),
    "reward": (
        "checking_reward",
        "checking_job_found",
        "checking_job_route",
        "checking_claim",
        "stopping_for_reward",
        "claiming_reward",
    ),
    "reason": ("giving_reason",),
    "alternatives": ("considering_alternative", "trying_alternative", "staying"),
    "method": ("choosing_method",),
    "losses": ("reviewing_losses",),
    "steps and letter": ("following_steps", "naming_stuck_step", "getting_unstuck"),
    "after-care": ("awaiting_result", "chasing_reply", "finishing"),
}
PLACE = {state: place for place, states in enumerate(IN_ORDER.values()) for state in states}
ANYTIME = {"regaining_login", "reviewing_answers", "confirming_erasure"}
RETURNS = {"choose_other", "change_method", "resume"}


def states_on(chat: Chat, moves: Iterable[str]) -> list[str]:
    """Every state that *moves* lead through."""
    found = []
    for move in moves:
        chat.do(move)
        found.append(chat.state)
    return found


def test_every_state_has_its_place_in_the_order() -> None:
    """The tests below speak of every state of the table."""
    assert set(PLACE) | ANYTIME == set(TABLE.states)


def test_the_questions_come_in_the_promised_order(arrivals: list[Arrival]) -> None:
    """Service, selection, reward, reason, alternatives, method, losses, steps, after-care."""
    backwards = [
        (arrival.before, arrival.press.trigger, arrival.state)
        for arrival in arrivals
        if arrival.press is not None
        and arrival.press.trigger not in ASIDES | RETURNS
        and PLACE[arrival.state] < PLACE[arrival.before]
    ]

    assert backwards == []


def test_the_full_path_asks_everything_once(chat: Chat) -> None:
    """Somebody with a selection, points and doubts is led through every question."""
    chat.start("aozora-scout")

    assert chat.state == "checking_selection"
    assert states_on(
        chat,
        [
            "confirm", "confirm", "proceed", "confirm", "receive", "proceed",
            "choose too_many_contacts", "choose pause", "proceed", "choose mail", "proceed",
            "finish", "report_silence", "finish",
        ],
    ) == [
        "checking_interview", "handling_selection", "checking_reward", "stopping_for_reward",
        "claiming_reward", "giving_reason", "considering_alternative", "trying_alternative",
        "choosing_method", "reviewing_losses", "following_steps", "awaiting_result",
        "chasing_reply", "finishing",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("moves", "told"),
    [
        (("confirm", "deny"), ["tell_first"]),
        (("confirm", "confirm"), ["soon_call", "tell_first"]),
        (("doubt",), ["look_in_inbox", "tell_first"]),
    ],
    ids=["a selection", "an interview in days", "not sure"],
)
def test_what_is_said_of_a_selection_depends_on_it(
    chat: Chat, moves: tuple[str, ...], told: list[str]
) -> None:
    """By phone where an interview is near, how to find out where it is not known."""
    chat.start("aozora-scout")
    chat.do(*moves)

    assert chat.says[0].facts == tuple(f"aozora-scout.{fact}" for fact in told)
    assert "take_letter aozora-decline" in chat.buttons


def test_a_service_without_reward_or_choice_asks_neither(chat: Chat) -> None:
    """No reward, no alternative for this reason, one method: three questions fall away."""
    chat.start("midori-navi")

    assert states_on(chat, ["deny", "choose stopping", "proceed"]) == [
        "giving_reason",
        "reviewing_losses",
        "following_steps",
    ]


def test_only_a_reason_with_alternatives_leads_to_them(chat: Chat) -> None:
    """Alternatives are shown where the service's file has one for the reason given."""
    chat.start("midori-navi")
    chat.do("deny", "choose resting")

    assert chat.state == "considering_alternative"


def test_one_method_is_not_chosen(chat: Chat) -> None:
    """With one way to leave there is nothing to choose, and its facts stand on the steps."""
    chat.start("midori-navi")
    chat.do("deny", "choose unsaid", "proceed")

    assert "choosing_method" not in chat.answers
    assert chat.catalog.services["midori-navi"].facts["form_only"].text in chat.text


def test_without_an_interview_no_date_is_asked(chat: Chat) -> None:
    """Whether an interview is near matters only where a selection is running."""
    chat.start("aozora-scout")

    assert states_on(chat, ["deny"]) == ["checking_reward"]
    chat.type("戻る")
    assert states_on(chat, ["doubt"]) == ["handling_selection"]


@pytest.mark.parametrize(
    ("moves", "state", "reason"),
    [
        (["deny", "deny"], "giving_reason", ""),
        (["deny", "confirm", "deny"], "considering_alternative", "decided_elsewhere"),
        (["deny", "confirm", "confirm", "confirm"], "considering_alternative", "decided_here"),
        (["deny", "confirm", "doubt", "proceed"], "giving_reason", ""),
    ],
    ids=["no job yet", "found elsewhere", "found here and claimed", "not sure"],
)
def test_a_reason_that_was_told_is_not_asked(
    chat: Chat, moves: list[str], state: str, reason: str
) -> None:
    """Whoever said that a job was found here or elsewhere has said why they leave."""
    chat.start("hoshi-works")
    chat.do(*moves)

    assert (chat.state, chat.turn.reason) == (state, reason)


def test_a_reason_the_service_does_not_know_is_asked(invented: Catalog) -> None:
    """Where a file has no entry for 他社経由で決まった, the reason is still open."""
    reasons = dict(invented.services["hoshi-works"].reasons)
    del reasons["decided_elsewhere"]
    chat = Chat(with_service(invented, "hoshi-works", reasons=reasons))
    chat.start("hoshi-works")
    chat.do("deny", "confirm", "deny")

    assert chat.state == "giving_reason"


def test_methods_that_suit_the_reason_come_first(chat: Chat) -> None:
    """The order of the file, but those named for the reason before the others."""
    chat.start("aozora-scout")
    chat.do(*TO_REASON, "choose unsaid")
    assert chat.turn.methods == ["mail", "phone", "form"]

    chat.type("戻る")
    chat.do("choose erase_data")
    assert chat.turn.methods == ["form", "mail", "phone"]
    assert [card.title for card in chat.says[-2].cards] == [
        "削除フォーム",
        "メールで頼む",
        "電話で頼む",
    ]


def test_what_is_lost_comes_before_the_steps_and_is_asked_once(chat: Chat) -> None:
    """Losses, what stays and what to save stand on one screen with one button on."""
    chat.start("aozora-scout")
    chat.do(*TO_STEPS[:-1])

    assert chat.ids == ["losses", "stays", "saves", "reviewing_losses"]
    assert chat.buttons[0] == "proceed"
    assert states_on(chat, ["proceed"]) == ["following_steps"]


def test_much_to_know_before_leaving_still_fits_one_reply(invented: Catalog) -> None:
    """A remark, losses, what stays and what to save: panels share a message, none is left out."""
    changed = with_service(invented, "midori-navi", stays=("wait",), saves=("dated",))
    chat = Chat(changed)
    chat.start("midori-navi")
    chat.do("deny", "choose too_many_contacts")

    assert chat.ids == ["remark", "losses", "stays", "reviewing_losses"]
    assert [len(say.cards) for say in chat.says] == [0, 1, 2, 0]
    assert chat.says[2].facts == ("midori-navi.wait", "midori-navi.dated")
