"""A sixth service is data files and nothing else: laid beside the shipped ones, it works."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

import pytest

from bot import messages
from content.catalog import Catalog, survey
from content.labels import labels
from flows import check as flow_check
from flows.conversation import LOBBY, Choice, Conversation, Followed, Typed
from flows.coverage import arrivals, every_fact, facts_shown
from flows.moves import here
from flows.step import step
from flows.taps import taps
from flows.understanding import NamedLookalike, NamedService, understand
from flows.walk import Arrival
from tests.content.conftest import NOON
from tests.content.folder import shipped
from tests.content.paths import Paths

SIXTH = Path(__file__).parent / "sixth"
SLUG = "shigotonoizumi"


@pytest.fixture(scope="module")
def six(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """The shipped content with the sixth service's files beside it."""
    folder = shipped(tmp_path_factory.mktemp("six"))
    shutil.copytree(SIXTH, folder.path, dirs_exist_ok=True)
    catalog, problems = survey(folder.path)
    assert problems == []
    return catalog


@pytest.fixture(scope="module")
def walked(six: Catalog) -> list[Arrival]:
    """Every arrival of the sixth service."""
    return list(arrivals(six, SLUG, NOON))


def alone(catalog: Catalog) -> Catalog:
    """Only the sixth service and the path for any other, so that a walk is short."""
    services = {slug: catalog.services[slug] for slug in (SLUG, "other")}
    return replace(catalog, services=MappingProxyType(services))


def test_it_is_data_only() -> None:
    """One file for the service and one for each of its letters; no code."""
    assert {path.suffix for path in SIXTH.rglob("*") if path.is_file()} == {".yaml"}


def test_it_passes_the_check(six: Catalog) -> None:
    """Words, labels and every message of every path are in order."""
    catalog = alone(six)

    assert flow_check.problems(six) == []
    assert [text for document, _, text in labels(six) if len(text) > 20] == []
    assert list(messages.problems(catalog, NOON)) == []


def test_it_is_offered_before_the_path_for_any_other(six: Catalog) -> None:
    """The first question names it, and 「その他のサービス」 comes last as before."""
    _, says = step(Conversation(), Followed(), six, NOON)

    offered = [choice.press.argument for choice in says[-1].choices]
    assert SLUG in offered
    assert offered[-1] == "other"
    assert len(offered) == len(six.services) == 7


def test_every_fact_is_told_and_every_state_reached(six: Catalog, walked: list[Arrival]) -> None:
    """A service with a balance, two ways and a pause leads everywhere but to a found job."""
    own = [fact for fact in every_fact(six) if fact.startswith(f"{SLUG}.")]

    assert set(facts_shown(alone(six), NOON)) >= set(own)
    assert len(own) == len(six.services[SLUG].facts) + 1
    assert {arrival.state for arrival in walked} >= {
        "telling_apart", "checking_selection", "checking_interview", "handling_selection",
        "checking_reward", "stopping_for_reward", "claiming_reward", "giving_reason",
        "considering_alternative", "trying_alternative", "staying", "choosing_method",
        "reviewing_losses", "following_steps", "naming_stuck_step", "getting_unstuck",
        "awaiting_result", "chasing_reply", "finishing", "regaining_login",
    }  # fmt: skip


def test_the_reward_is_told_before_what_loses_it(walked: list[Arrival]) -> None:
    """The order of the flow holds for a service nobody thought of when writing it."""
    paths = Paths.of(walked)
    for harm in ("screen_press", "mail_send"):
        for fact in ("coins_are", "coins_vanish", "coins_again", "history_goes"):
            assert paths.without(f"{SLUG}.{fact}", f"{SLUG}.{harm}") is None
    assert paths.without(f"{SLUG}.coins_vanish", f"{SLUG}.coins_are") is not None


def test_the_shortest_and_the_longest_way_keep_the_promise(walked: list[Arrival]) -> None:
    """From its name to the letter: at most seven taps, on any path at most eleven."""
    by_name = [arrival for arrival in walked if arrival.path[0].trigger == "choose"]

    # no selection, no coins, no reason, method, losses / with everything on the way
    assert taps(by_name) == (5, 11)


@pytest.mark.parametrize(
    "name",
    ["しごとの泉", "シゴトノイズミ", "仕事の泉", "shigotonoizumi", "しごとの和泉",
     "しごとの泉を退会したい", "ｼｺﾞﾄﾉｲｽﾞﾐ", "しごとのいすみ"],
)  # fmt: skip
def test_it_is_understood_by_its_name_and_its_misspellings(six: Catalog, name: str) -> None:
    """Kana, width, romaji, a known mistake, one typo, and a sentence around the name."""
    assert understand(name, [], six) == NamedService(SLUG)


def test_its_lookalike_asks_back_and_leads_on(six: Catalog) -> None:
    """The other service is told apart, and from there each way leads where it says."""
    assert understand("しごとの泉スカウト", [], six) == NamedLookalike(SLUG, "scout")
    assert not isinstance(understand("しごとの海", [], six), NamedService | NamedLookalike)

    asked, says = step(Conversation(turn=1), Typed("しごとの泉スカウト"), six, NOON)
    assert asked is not None
    assert f"{SLUG}.scout_is" in says[0].facts
    to_service, to_other, back = says[-1].choices
    assert (to_service.press.argument, to_other.press.argument) == (f"{SLUG}/scout", "other")
    assert back.press.trigger == "back"

    begun = pressed(six, asked, to_service)
    assert begun.service == SLUG
    assert here(begun, six, NOON).methods == ["mail", "screen"]
    assert pressed(six, asked, to_other).service == "other"
    assert pressed(six, asked, back).service == LOBBY


def pressed(catalog: Catalog, before: Conversation, choice: Choice) -> Conversation:
    """The conversation after *choice*."""
    after, _ = step(before, choice.press, catalog, NOON)
    assert after is not None
    return after


def test_its_days_are_counted_from_the_article(six: Catalog, walked: list[Arrival]) -> None:
    """Two business days after Tuesday the 24th is Thursday the 26th of November.

    The article gives them for the mail, so that nobody who left on the screen is told a day.
    """
    told = {
        (here(it.conversation, six, NOON).method_key, "2営業日後は11月26日(木)" in say.text)
        for it in walked
        for say in it.says
        if say.id == "chase"
    }

    assert NOON.date() == date(2026, 11, 24)
    assert six.services[SLUG].aftercare.chase.business_days == 2
    assert told == {("mail", True), ("screen", False)}


def test_where_to_ask_stands_with_when(walked: list[Arrival]) -> None:
    """The contact of the chase, with what it is for and how old it is; known as a fact."""
    chases = [say for it in walked for say in it.says if say.id == "chase"]

    assert chases
    for say in chases:
        assert "退会の受付：bye@izumi.example\n※2026年2月時点の情報です。" in say.text
        assert f"{SLUG}.contacts.desk" in say.facts


def test_a_warning_with_a_mark_of_its_own_gets_no_other(walked: list[Arrival]) -> None:
    """【もう一度】 stands alone; a warning without a mark is put under ours."""
    steps = {
        item
        for it in walked
        for say in it.says
        if say.id == "steps"
        for card in say.cards
        for item in card.items
    }
    press = next(item for item in steps if "元に戻せません" in item)

    assert press.startswith("【もう一度】いずみコインは消えます。")
    assert "\n【その前に】押したあとは元に戻せません。\n" in press
    assert not [item for item in steps if "】【" in item]
