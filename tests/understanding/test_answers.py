"""What people write in the middle of a case, read against the questions of the real content."""

from __future__ import annotations

import pytest

from content.catalog import Catalog
from flows.conversation import Choice
from flows.understanding import (
    NamedLookalike,
    NamedService,
    Nothing,
    Picked,
    SeveralServices,
    Unsupported,
    understand,
)
from flows.understanding.meanings import ABOUT, EVERYWHERE, key
from flows.unshown import WORDS_ONLY
from tests.understanding.lists import choice, load

SERVICES = ("yakukyari", "apoplus", "careertrek", "hataractive", "mymylink", "other")


def shown(catalog: Catalog, slug: str, state: str) -> list[Choice]:
    """The buttons of *state* in the case of *slug*, with what can be picked there."""
    service = catalog.services[slug]
    picks = {
        "giving_reason": {f"choose:{r}": catalog.reasons[r] for r in service.reasons},
        "considering_alternative": {
            f"choose:{name}": way.name for name, way in service.alternatives.items()
        },
        "choosing_method": {f"choose:{name}": way.name for name, way in service.methods.items()},
    }
    for after in ("awaiting_result", "finishing"):
        picks[after] = {
            f"read_topic:{name}": catalog.phrases[f"topic_{name}"] for name in ("arrives", "rejoin")
        }
    buttons = {**catalog.texts[state].buttons, **picks.get(state, {})}
    buttons.setdefault("back", catalog.phrases["back"])
    return [
        choice(button, label, slug, state)
        for button, label in buttons.items()
        if (state, button) not in WORDS_ONLY
    ]


def beside(catalog: Catalog, slug: str, state: str) -> list[Choice]:
    """What words alone lead to in *state*."""
    buttons = catalog.texts[state].buttons
    return [
        choice(button, label, slug, state)
        for button, label in buttons.items()
        if (state, button) in WORDS_ONLY
    ]


def said() -> list[tuple[str, str, str]]:
    """Every text of answers.yaml with its heading and the button it picks."""
    return [
        (heading, button, text)
        for heading, buttons in load("answers").items()
        for button, texts in buttons.items()
        for text in texts
    ]


@pytest.mark.parametrize(("heading", "button", "text"), said())
def test_words_of_ones_own_answer_the_question(
    catalog: Catalog, heading: str, button: str, text: str
) -> None:
    """Politely, with the words of the question, with a name in it; and where in doubt, nothing."""
    choices = shown(catalog, *heading.split())

    found = understand(text, choices, catalog, beside(catalog, *heading.split()))

    slug = heading.split()[0]
    if button != "none":
        assert isinstance(found, Picked)
        assert key(found.choice) == button
    else:
        assert not isinstance(found, Picked | NamedLookalike | Unsupported | SeveralServices)
        assert not isinstance(found, NamedService) or found.slug == slug


@pytest.mark.parametrize("text", ["m3", "m3.com", "m3を退会したい", "m3.comのほうをやめたい"])
def test_a_lookalike_of_the_case_is_asked_about_where_it_is_meant(
    catalog: Catalog, text: str
) -> None:
    """As the whole message, or with a wish to leave it."""
    choices = shown(catalog, "yakukyari", "checking_reward")

    assert understand(text, choices, catalog) == NamedLookalike("yakukyari", "m3")


@pytest.mark.parametrize(
    ("text", "service"),
    [
        ("リクナビNEXT", "other"),
        ("リクナビNEXTです", "other"),
        ("dodaを退会したい", "other"),
        ("dodaも解約したいです", "other"),
        ("その他のサービス", "other"),
        ("キャリトレ", "careertrek"),
        ("リクナビで決まったのでキャリトレを退会したい", "careertrek"),
    ],
)
def test_another_service_can_be_begun_in_the_middle_of_a_case(
    catalog: Catalog, text: str, service: str
) -> None:
    """By its name, or by the wish to leave it."""
    choices = shown(catalog, "yakukyari", "checking_reward")
    meant = Unsupported() if service == "other" else NamedService(service)

    assert understand(text, choices, catalog) == meant


def test_every_word_listed_for_a_button_picks_it(catalog: Catalog) -> None:
    """In each case that shows the button; a heading or a button nobody shows is a mistake."""
    for state, buttons in catalog.words.said_for.items():
        states = ("checking_selection", "following_steps") if state == EVERYWHERE else (state,)
        for place in states:
            assert place in catalog.texts, f"words.yaml: no state {place}"
            cases = [
                (shown(catalog, slug, place), beside(catalog, slug, place)) for slug in SERVICES
            ]
            for button, phrases in buttons.items():
                showing = [one for one in cases if button in {key(c) for c in (*one[0], *one[1])}]
                assert button == ABOUT or showing, f"words.yaml: no button {button} in {place}"
                for choices, unshown in showing:
                    for phrase in phrases:
                        found = understand(phrase, choices, catalog, unshown)
                        assert isinstance(found, Picked), (place, button, phrase, found)
                        assert key(found.choice) == button, (place, button, phrase)


def test_no_list_of_words_reaches_a_button_that_gives_something_up(catalog: Catalog) -> None:
    """「済ませずに進む」 takes its number or its own words, whatever an editor lists."""
    words = catalog.words
    for phrases in words.said_for["stopping_for_reward"].values():
        for phrase in phrases:
            for slug in ("yakukyari", "careertrek", "other"):
                found = understand(phrase, shown(catalog, slug, "stopping_for_reward"), catalog)
                assert not isinstance(found, Picked) or found.choice.press.trigger == "receive"


def test_what_an_answer_is_about_is_no_answer(catalog: Catalog) -> None:
    """「応募は」 alone says neither yes nor no."""
    for state, buttons in catalog.words.said_for.items():
        for subject in buttons.get(ABOUT, ()):
            for text in (f"{subject}は", f"{subject}が？"):
                found = understand(text, shown(catalog, "careertrek", state), catalog)
                picked = key(found.choice) if isinstance(found, Picked) else ""
                assert picked in ("", "confirm", "doubt"), (state, text, found)
                assert isinstance(found, Picked | Nothing), (state, text, found)
