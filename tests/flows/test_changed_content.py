"""The content changed while somebody was in the middle of it."""

from __future__ import annotations

from content.catalog import Catalog
from tests.flows.catalogs import with_service, without_method, without_service
from tests.flows.chat import TO_REASON, TO_STEPS, Chat

SLUG = "aozora-scout"


def test_a_service_that_is_gone_leads_to_the_list(chat: Chat) -> None:
    """Its case is let go of; typing and pressing go on, and other cases are kept."""
    chat.start("midori-navi")
    chat.do("deny")
    chat.start(SLUG)
    chat.do("deny")
    deny = chat.button("deny")
    chat.catalog = without_service(chat.catalog, SLUG)
    assert chat.state == "choosing_service"

    chat.press(deny)
    assert chat.ids == ["old_button_gone", "choosing_service"]
    assert f"choose {SLUG}" not in chat.buttons
    assert list(chat.conversation.cases) == ["midori-navi"]
    chat.type("みどりナビ")
    assert chat.ids == ["resumed", "giving_reason"]


def test_a_service_that_is_gone_in_the_middle_of_a_change_leads_to_the_list(chat: Chat) -> None:
    """Nothing half changed is left behind."""
    chat.start(SLUG)
    chat.do(*TO_STEPS)
    chat.type("状況")
    chat.do("change giving_reason")
    chat.catalog = without_service(chat.catalog, SLUG)
    chat.type("戻る")

    assert chat.ids == ["nothing_before", "choosing_service"]
    assert chat.standing == ("", {}, (), "")


def test_a_method_that_is_gone_is_chosen_again(chat: Chat) -> None:
    """The answers before it still fit and are kept."""
    chat.start(SLUG)
    chat.do(*TO_STEPS)
    finish = chat.button("finish")
    chat.catalog = without_method(chat.catalog, SLUG, "mail")

    assert chat.state == "choosing_method"
    chat.press(finish)
    assert chat.ids == ["old_button_gone", "choosing_method"]
    chat.do("choose phone")
    assert chat.state == "reviewing_losses"
    assert list(chat.answers) == [
        "choosing_service",
        "checking_selection",
        "checking_reward",
        "giving_reason",
        "choosing_method",
    ]


def test_with_one_method_left_there_is_nothing_to_choose(chat: Chat) -> None:
    """The answers go as far as they fit: to what comes instead of the choice."""
    chat.start(SLUG)
    chat.do(*TO_STEPS)
    for method in ("mail", "phone"):
        chat.catalog = without_method(chat.catalog, SLUG, method)
    chat.type("状況")
    chat.do("back")

    assert chat.state == "reviewing_losses"


def test_a_reward_that_came_is_asked_for(chat: Chat, invented: Catalog) -> None:
    """Whoever is past the place where it is asked is led back there, so that nothing is lost."""
    chat.start("midori-navi")
    chat.do("deny", "choose unsaid", "proceed")
    reward = invented.services[SLUG].reward
    facts = {**invented.services["midori-navi"].facts, **invented.services[SLUG].facts}
    chat.catalog = with_service(invented, "midori-navi", reward=reward, facts=facts)

    assert chat.state == "checking_reward"
    chat.type("むにゃむにゃ")
    assert chat.ids == ["miss_1", "checking_reward"]


def test_a_reason_that_is_gone_is_asked_again(chat: Chat, invented: Catalog) -> None:
    """Its answer no longer fits; those before do."""
    chat.start(SLUG)
    chat.do(*TO_REASON, "choose resting", "choose pause")
    reasons = dict(invented.services[SLUG].reasons)
    del reasons["resting"]
    chat.catalog = with_service(invented, SLUG, reasons=reasons)
    chat.do("back")

    assert chat.state in ("checking_reward", "giving_reason")


def test_an_alternative_that_is_gone_is_not_shown(chat: Chat, invented: Catalog) -> None:
    """Somebody looking at it is asked what they want instead."""
    chat.start(SLUG)
    chat.do(*TO_REASON, "choose too_many_contacts", "choose fewer_mails")
    reasons = dict(invented.services[SLUG].reasons)
    only_pause = reasons["too_many_contacts"].model_copy(update={"alternatives": ("pause",)})
    reasons["too_many_contacts"] = only_pause
    chat.catalog = with_service(invented, SLUG, reasons=reasons)
    chat.type("むにゃむにゃ")

    assert chat.ids == ["miss_1", "considering_alternative"]
    assert chat.buttons == ["choose pause", "proceed", "back"]


def test_a_doubtful_name_that_is_gone_leads_to_the_list(chat: Chat, invented: Catalog) -> None:
    """The look-alike was taken out of the file while it was being asked about."""
    chat.type("あおぞらアイディー")
    chosen = chat.button("choose aozora-scout/aozora_id")
    chat.catalog = with_service(invented, SLUG, lookalikes={})
    chat.type("むにゃむにゃ")
    assert chat.ids == ["miss_1", "choosing_service"]

    chat.press(chosen)
    assert chat.state == "checking_selection"
    chat.do(*TO_REASON, "choose unsaid")
    assert chat.turn.methods == ["mail", "phone", "form"]


def test_a_method_with_fewer_steps_asks_again_where_somebody_is_stuck(
    chat: Chat, invented: Catalog
) -> None:
    """Step 2 is gone: the question which step it is, not an error."""
    chat.start(SLUG)
    chat.do(*TO_STEPS, "report_stuck", "choose 2")
    mail = invented.services[SLUG].methods["mail"]
    shorter = mail.model_copy(update={"steps": mail.steps[:1]})
    methods = {**invented.services[SLUG].methods, "mail": shorter}
    chat.catalog = with_service(invented, SLUG, methods=methods)
    chat.type("むにゃむにゃ")

    assert chat.ids == ["miss_1", "naming_stuck_step"]
