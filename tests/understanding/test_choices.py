"""What a text picks of the choices shown."""

from __future__ import annotations

import pytest

from content.catalog import Catalog
from flows.conversation import Choice
from flows.understanding import Command, Nothing, Picked, understand
from tests.understanding.lists import choice, load


def said() -> list[tuple[str, str, str]]:
    """Every text of choices.yaml with its screen and the button it picks ("none": no button)."""
    return [
        (screen, button, text)
        for screen, data in load("choices").items()
        for button, listed in data["said"].items()
        for text in listed
    ]


def shown(screen: str) -> dict[str, Choice]:
    """The choices of a screen of choices.yaml, by button."""
    buttons = load("choices")[screen]["buttons"]
    return {button: choice(button, label) for button, label in buttons.items()}


@pytest.mark.parametrize(("screen", "button", "text"), said())
def test_words_pick_the_button_they_mean(
    catalog: Catalog, screen: str, button: str, text: str
) -> None:
    """Its label, its number, an answer to its question, or nothing at all where in doubt."""
    buttons = shown(screen)

    found = understand(text, tuple(buttons.values()), catalog)

    if button == "none":
        assert not isinstance(found, Picked)
    else:
        assert found == Picked(buttons[button])


def test_every_label_in_the_content_picks_its_button(catalog: Catalog) -> None:
    """Somebody who types what a button says gets what the button does."""
    for state, text in catalog.texts.items():
        choices = [choice(trigger, label) for trigger, label in text.buttons.items()]
        for one in choices:
            assert understand(one.label, choices, catalog) == Picked(one), (state, one.label)


def test_every_reason_in_the_content_picks_its_button(catalog: Catalog) -> None:
    """No reason reads as a command, a service or somebody's data."""
    choices = [choice(f"choose:{key}", label) for key, label in catalog.reasons.items()]
    for one in choices:
        assert understand(one.label, choices, catalog) == Picked(one)


def test_every_name_of_a_way_in_the_content_picks_its_button(catalog: Catalog) -> None:
    """Alternatives, methods, letters and look-alikes' ways on are labels too."""
    for slug, service in catalog.services.items():
        groups = [
            [alternative.name for alternative in service.alternatives.values()],
            [method.name for method in service.methods.values()],
            *([way.label for way in one.onward] for one in service.lookalikes.values()),
        ]
        for labels in groups:
            choices = [choice(f"choose:{label}", label) for label in labels]
            for one in choices:
                assert understand(one.label, choices, catalog) == Picked(one), (slug, one.label)


def test_the_way_back_has_no_number(catalog: Catalog) -> None:
    """It stands last and is not counted on the screen."""
    choices = (choice("deny", "ない"), choice("back", "戻る"))

    assert understand("2", choices, catalog) == Nothing()


def test_a_button_shown_goes_before_a_command(catalog: Catalog) -> None:
    """Otherwise the question whether to erase could not be answered in its own words."""
    erase = choice("agree", "データを消す")

    assert understand("データを消す", (erase,), catalog) == Picked(erase)
    assert understand("データを消す", (), catalog) == Command("erase")


def test_a_name_goes_before_a_part_of_a_label(catalog: Catalog) -> None:
    """「アポプラス」 is doubtful even where a button begins with it."""
    choices = (choice("choose:apoplus", "アポプラス薬剤師"),)

    assert not isinstance(understand("アポプラス", choices, catalog), Picked)


def test_two_buttons_with_the_same_words_are_not_guessed(catalog: Catalog) -> None:
    """Their numbers still tell them apart."""
    choices = (choice("choose:a", "文面"), choice("choose:b", "文面"))

    assert understand("文面", choices, catalog) == Nothing()
    assert understand("2", choices, catalog) == Picked(choices[1])


def test_having_left_another_service_finishes_nothing_here(catalog: Catalog) -> None:
    """「完了した」 belongs to the service it is shown for."""
    choices = (choice("finish", "完了した", service="yakukyari"),)

    assert understand("薬キャリを退会しました", choices, catalog) == Picked(choices[0])
    assert not isinstance(understand("キャリトレを退会しました", choices, catalog), Picked)
