"""What there is short of leaving: shown once, never in the way."""

from __future__ import annotations

from flows.walk import Arrival
from tests.flows.chat import TO_REASON, Chat


def consider(chat: Chat) -> None:
    """Go to the alternatives for somebody who gets too many mails."""
    chat.start("aozora-scout")
    chat.do(*TO_REASON, "choose too_many_contacts")


def test_leaving_all_the_same_is_one_tap(chat: Chat) -> None:
    """「それでも退会する」 stands beside the alternatives and leads on at once."""
    consider(chat)

    assert "それでも退会する" in chat.labels
    chat.do("proceed")
    assert chat.state == "choosing_method"


def test_leaving_all_the_same_is_one_tap_from_inside_an_alternative(chat: Chat) -> None:
    """Whoever has read an alternative is not led round again."""
    consider(chat)
    chat.do("choose fewer_mails")

    assert "それでも退会する" in chat.labels
    chat.do("proceed")
    assert chat.state == "choosing_method"


def test_everywhere_leaving_all_the_same_is_one_tap(arrivals: list[Arrival]) -> None:
    """In every service, wherever an alternative is shown, the way past it is shown too."""
    shown = [
        arrival
        for arrival in arrivals
        if arrival.state in ("considering_alternative", "trying_alternative")
    ]

    assert shown
    for arrival in shown:
        assert "それでも退会する" in [choice.label for choice in arrival.says[-1].choices]


def test_alternatives_are_shown_once_on_a_path(arrivals: list[Arrival]) -> None:
    """No path comes to the alternatives a second time without going back."""
    for arrival in arrivals:
        answered = [made.state for made in arrival.conversation.trail]
        assert answered.count("considering_alternative") <= 1
        if arrival.state == "considering_alternative":
            assert "considering_alternative" not in answered


def test_an_alternative_brings_its_steps_its_contact_and_its_letter(chat: Chat) -> None:
    """The warning before the step, the number with its hours, the letter among the choices."""
    consider(chat)
    chat.do("choose pause")
    card = chat.says[0].cards[0]

    assert card.items == ("休止中もポイントは減ります。\n電話で休止を頼みます。",)
    assert "0120-000-777" in card.note
    assert "いまは受付時間内の見込みです。" in card.note
    assert "2025年1月時点" in card.note
    assert "take_letter aozora-pause" in chat.buttons


def test_another_explanation_is_told_beside_the_fact(chat: Chat) -> None:
    """A conflict stands right after the fact, unless the fact's own words tell it."""
    consider(chat)

    assert "メールだけ止められます。\n（別の説明もあります：止められないという説明）" in chat.text
    assert "もう本文で言ったこと" not in chat.text


def test_who_stays_can_still_leave(chat: Chat) -> None:
    """Deciding to stay is no end: leaving is one tap away, and so are other services."""
    consider(chat)
    chat.do("choose fewer_mails", "settle")

    assert chat.state == "staying"
    assert chat.buttons == ["proceed", "choose_other", "back"]
    chat.do("proceed")
    assert chat.state == "choosing_method"


def test_who_stays_can_leave_another_service(chat: Chat) -> None:
    """「別のサービスを見る」 ends this case and shows the list."""
    consider(chat)
    chat.do("choose fewer_mails", "settle", "choose_other")

    assert chat.state == "choosing_service"
    assert dict(chat.conversation.cases) == {}
