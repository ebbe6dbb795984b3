"""Words that mean the same everywhere: commands, distress, personal data, greetings."""

from __future__ import annotations

import pytest

from content.catalog import Catalog
from flows.understanding import (
    Command,
    Distress,
    ErasureAtService,
    Greeting,
    NamedService,
    Nothing,
    PersonalData,
    Reading,
    Unsupported,
    understand,
)
from flows.understanding.personal import holds_personal_data
from tests.understanding.lists import load, texts

MEANINGS: dict[str, Reading] = {
    "erasure_at_service": ErasureAtService(),
    "greeting": Greeting(),
    "unsupported": Unsupported(),
    "nothing": Nothing(),
}


@pytest.mark.parametrize(("name", "text"), texts("commands"))
def test_a_command_is_the_whole_message(catalog: Catalog, name: str, text: str) -> None:
    """Its spelling and politeness vary; inside a longer sentence it is no command."""
    found = understand(text, (), catalog)

    assert (found.name if isinstance(found, Command) else "none") == name


@pytest.mark.parametrize(("meaning", "text"), texts("meanings"))
def test_what_a_message_without_a_name_means(catalog: Catalog, meaning: str, text: str) -> None:
    """解約 is 退会, erasing personal data is not, and thanks are as good as a greeting."""
    assert understand(text, (), catalog) == MEANINGS[meaning]


@pytest.mark.parametrize("text", load("distress")["distress"])
def test_despair_comes_before_everything(catalog: Catalog, text: str) -> None:
    """In many spellings, alone or beside a service's name or a phone number."""
    assert understand(text, (), catalog) == Distress()


@pytest.mark.parametrize("text", load("distress")["not_distress"])
def test_an_idiom_is_not_despair(catalog: Catalog, text: str) -> None:
    """Strong words about calls and forms are about calls and forms."""
    assert understand(text, (), catalog) != Distress()


@pytest.mark.parametrize("text", [text for kind, text in texts("personal") if kind != "none"])
def test_personal_data_is_noticed(catalog: Catalog, text: str) -> None:
    """Numbers, addresses, dates of birth and names, even beside the name of a service."""
    assert understand(text, (), catalog) == PersonalData()


@pytest.mark.parametrize("text", load("personal")["none"])
def test_what_is_public_or_empty_is_not_personal(catalog: Catalog, text: str) -> None:
    """Contacts of services, appointments, sums and unfilled blanks raise no alarm."""
    assert understand(text, (), catalog) != PersonalData()


def test_a_public_contact_beside_a_private_one_hides_nothing(catalog: Catalog) -> None:
    """Only what is public is left out of the search."""
    text = "taikai@m3.com に taro@example.com から送りました"

    assert understand(text, (), catalog) == PersonalData()


def test_without_a_list_of_what_is_public_everything_is_private() -> None:
    """The search itself knows no service."""
    assert holds_personal_data("taikai@m3.com")


def test_unfilled_letters_of_ours_hold_no_personal_data(catalog: Catalog) -> None:
    """Whoever pastes a letter back to us unfilled is not told off for it."""
    for name, letter in catalog.letters.items():
        blanks = {field: f"【{catalog.fields[field].label}】" for field in letter.fields}
        text = letter.text
        for field, blank in blanks.items():
            text = text.replace("{" + field + "}", blank)

        assert understand(text, (), catalog) != PersonalData(), name


def test_no_command_is_also_another_command_or_a_service(catalog: Catalog) -> None:
    """Each word in the content for a command means that command and nothing else."""
    for name in ("back", "restart", "review", "help", "erase"):
        for word in getattr(catalog.words, name):
            assert understand(word, (), catalog) == Command(name), word


def test_every_word_of_distress_in_the_content_is_heard(catalog: Catalog) -> None:
    """No idiom in the list hides a word of despair that stands alone."""
    for word in (*catalog.words.distress, *catalog.words.distress_alone):
        assert understand(word, (), catalog) == Distress(), word


def test_every_idiom_in_the_content_is_let_through(catalog: Catalog) -> None:
    """An idiom that were still distress would stand in the list for nothing."""
    for idiom in catalog.words.not_distress:
        assert understand(idiom, (), catalog) != Distress(), idiom


def test_every_other_service_in_the_content_leads_to_the_general_path(catalog: Catalog) -> None:
    """Unless it has a file of its own by now, or is a look-alike of one that has."""
    for name in catalog.words.other_services:
        for text in (name, f"{name}を退会したい"):
            assert understand(text, (), catalog) == Unsupported(), text


def test_the_wish_to_leave_alone_names_no_service(catalog: Catalog) -> None:
    """「退会したい」 asks for a service; it never goes on with one by itself."""
    for word in catalog.words.withdraw:
        found = understand(word, (), catalog)
        assert found == Greeting() or found == Nothing() or isinstance(found, Command), word
        assert not isinstance(found, NamedService)
