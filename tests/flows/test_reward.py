"""What leaving would destroy: taken first or not, never a block, and said twice."""

from __future__ import annotations

import pytest

from content.catalog import Catalog
from flows.conversation import Say
from flows.walk import Arrival
from tests.flows.chat import Chat

TO_STOP: dict[str, list[tuple[str, ...]]] = {
    "aozora-scout": [("deny", "confirm"), ("deny", "doubt")],
    "hoshi-works": [
        ("deny", "confirm", "doubt"),
        ("deny", "confirm", "confirm", "deny"),
        ("deny", "confirm", "confirm", "doubt"),
    ],
}
WAYS_TO_STOP = [(slug, moves) for slug, ways in TO_STOP.items() for moves in ways]


@pytest.mark.parametrize(("slug", "moves"), WAYS_TO_STOP)
def test_the_stop_has_exactly_two_ways(chat: Chat, slug: str, moves: tuple[str, ...]) -> None:
    """済ませてから続ける and 済ませずに進む: no third button to be talked into."""
    chat.start(slug)
    chat.do(*moves)

    assert chat.state == "stopping_for_reward"
    assert chat.labels == ["済ませてから続ける", "済ませずに進む"]
    assert chat.buttons == ["receive", "proceed"]


def test_everywhere_the_stop_has_exactly_two_ways(arrivals: list[Arrival]) -> None:
    """The same for every service there is, on every path to it."""
    stops = [arrival for arrival in arrivals if arrival.state == "stopping_for_reward"]

    assert stops
    for stop in stops:
        labels = [choice.label for choice in stop.says[-1].choices]
        assert labels == ["済ませてから続ける", "済ませずに進む"]


@pytest.mark.parametrize(
    ("slug", "act"),
    [("aozora-scout", "あおぞらポイントの確認と交換"), ("hoshi-works", "入社祝いの申請と受け取り")],
)
def test_what_to_do_about_it_is_named_as_the_service_has_it(
    chat: Chat, slug: str, act: str
) -> None:
    """Points are used up, a gift is claimed: the same buttons, each thing by its own name."""
    chat.start(slug)
    chat.do(*TO_STOP[slug][0])
    assert f"先に{act}をしますか？" in chat.says[-1].text

    chat.do("receive")
    assert chat.says[0].text.startswith(f"■ {act}\n")


@pytest.mark.parametrize(("slug", "moves"), WAYS_TO_STOP)
@pytest.mark.parametrize("way", [("proceed",), ("receive", "proceed")])
def test_the_stop_never_blocks(
    chat: Chat, slug: str, moves: tuple[str, ...], way: tuple[str, ...]
) -> None:
    """Both ways lead on to the withdrawal."""
    chat.start(slug)
    chat.do(*moves, *way)

    assert chat.state in ("giving_reason", "considering_alternative")


def test_the_word_for_going_back_works_at_the_stop_too(chat: Chat) -> None:
    """Two buttons, but 戻る is a word that always works."""
    chat.start("aozora-scout")
    chat.do("deny", "confirm")
    chat.type("戻る")

    assert chat.state == "checking_reward"


def test_nothing_left_means_no_stop(chat: Chat) -> None:
    """Whoever has no points left is not warned about them."""
    chat.start("aozora-scout")
    chat.do("deny", "deny")

    assert chat.state == "giving_reason"


def test_who_is_not_sure_is_told_where_to_look(chat: Chat) -> None:
    """「わからない」 is answered with where the balance stands."""
    where = "aozora-scout.points_where"
    chat.start("aozora-scout")
    chat.do("deny", "confirm")
    assert where not in chat.says[0].facts

    chat.type("戻る")
    chat.do("doubt")
    assert where in chat.says[0].facts


def test_taking_it_first_waits_as_long_as_it_takes(chat: Chat) -> None:
    """Where and how, a letter for it, and 「続ける」 that goes on days later."""
    chat.start("aozora-scout")
    chat.do("deny", "confirm", "receive")

    assert "aozora-scout.points_where" in chat.says[0].facts
    chat.do("take_letter aozora-points")
    assert chat.state == "claiming_reward"
    chat.do("proceed")
    assert chat.state == "giving_reason"


def test_a_gift_found_elsewhere_is_said_not_to_apply(chat: Chat) -> None:
    """The gift is only for jobs found here: said once, without a stop."""
    chat.start("hoshi-works")
    chat.do("deny", "confirm", "deny")

    assert "hoshi-works.gift_not_here" in told_facts(chat.says)
    assert chat.state == "considering_alternative"


def test_the_loss_is_said_again_before_the_step_that_causes_it(catalog: Catalog) -> None:
    """In every method of every service with a reward, a step carries the warning before it."""
    rewarding = {slug: s for slug, s in catalog.services.items() if s.reward}

    assert rewarding
    for slug, service in rewarding.items():
        assert service.reward is not None
        for key, method in service.methods.items():
            warned = {fact for step in method.steps for fact in step.warning}
            assert set(service.reward.again) <= warned, f"{slug}.{key}"


def test_the_warning_stands_in_the_step_before_what_to_do(chat: Chat) -> None:
    """Whoever reads the step reads the warning first, marked as something to do before."""
    chat.start("aozora-scout")
    chat.do("deny", "confirm", "proceed", "choose unsaid", "choose phone", "proceed")
    facts = chat.catalog.services["aozora-scout"].facts
    first, second, _ = chat.says[0].cards[0].items

    assert first == facts["step_ready"].text
    assert second == f"【その前に】{facts['points_again'].text}\n{facts['step_say'].text}"


def told_facts(says: list[Say]) -> set[str]:
    """The ids of the facts a reply told."""
    return {fact for say in says for fact in say.facts}
