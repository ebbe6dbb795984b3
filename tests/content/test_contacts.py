"""The four contact data of the shipped services: exact, and each where it belongs only."""

from __future__ import annotations

import pytest

from content.catalog import Catalog
from content.problems import Problem
from content.reader import Place
from content.rules import contacts
from content.rules.pointers import letters_of
from tests.content.folder import with_more

CONTACTS = {
    "taikai@m3.com": "yakukyari",
    "0120-332-290": "apoplus",
    "0120-979-185": "hataractive",
    "ht-oubo@leverages.jp": "hataractive",
}
SERVICES = ("apoplus", "careertrek", "hataractive", "mymylink", "other", "yakukyari")
ELSEWHERE = (
    "texts/withdrawal.yaml", "phrases.yaml", "words.yaml", "reasons.yaml", "fields.yaml",
    "channels.yaml", "law.yaml", "letters/selection-decline.yaml",
    "letters/selection-case-stop.yaml",
)  # fmt: skip


def planted(catalog: Catalog, file: str, datum: str) -> tuple[list[Problem], Problem]:
    """What the rule finds with *datum* in *file*, and what it should find."""
    spoiled, line = with_more(catalog, file, datum)
    return list(contacts.problems(spoiled)), expected(line, file, datum)


def expected(line: int, file: str, datum: str) -> Problem:
    """The problem of *datum* in a foreign place."""
    written = datum if "@" in datum else datum.replace("-", "")
    what = f"{written} はこのサービスの連絡先ではありません"
    return Problem(file, line, what, "このサービスの contacts に書くか、消してください")


def test_the_contacts_are_these_four(catalog: Catalog) -> None:
    """Anything else would be invented; each is written exactly as its article has it."""
    found = {
        contact.value: (slug, contact.kind, contact.hours, contact.verified_on)
        for slug, service in catalog.services.items()
        for contact in service.contacts.values()
    }
    hours = catalog.services["apoplus"].contacts["phone"].hours

    assert hours is not None
    assert (hours.days, hours.open, hours.close) == ("weekdays", "9:00", "18:00")
    assert found == {
        "taikai@m3.com": ("yakukyari", "mail", None, None),
        "0120-332-290": ("apoplus", "phone", hours, None),
        "0120-979-185": ("hataractive", "phone", None, None),
        "ht-oubo@leverages.jp": ("hataractive", "mail", None, None),
    }


def test_every_address_and_number_in_the_files_is_one_of_them(catalog: Catalog) -> None:
    """No other address or number stands anywhere but among the public desks."""
    written = {
        contact
        for document in catalog.documents.values()
        if document.file != "desks.yaml"
        for place, text in document.texts()
        if place[0] != "must_not_say"
        for contact in contacts.found_in(text)
    }

    assert written == {value if "@" in value else value.replace("-", "") for value in CONTACTS}


@pytest.mark.parametrize("datum", CONTACTS)
@pytest.mark.parametrize("slug", SERVICES)
def test_a_contact_does_not_cross_into_another_service(
    catalog: Catalog, datum: str, slug: str
) -> None:
    """Every contact in a fact of every service but its own is told, and in its own is not."""
    found, problem = planted(catalog, f"services/{slug}.yaml", datum)

    assert found == ([] if slug == CONTACTS[datum] else [problem])


@pytest.mark.parametrize("datum", CONTACTS)
@pytest.mark.parametrize("slug", SERVICES)
def test_a_contact_does_not_cross_into_another_services_letter(
    catalog: Catalog, datum: str, slug: str
) -> None:
    """Every contact in a letter of every service but its own is told, and in its own is not."""
    letter = min(
        name
        for name in letters_of(catalog.documents[f"services/{slug}.yaml"])
        if name.startswith(f"{slug}-")
    )

    found, problem = planted(catalog, f"letters/{letter}.yaml", datum)

    assert found == ([] if slug == CONTACTS[datum] else [problem])


@pytest.mark.parametrize("datum", CONTACTS)
@pytest.mark.parametrize("file", ELSEWHERE)
def test_no_contact_stands_where_every_service_is_spoken_of(
    catalog: Catalog, datum: str, file: str
) -> None:
    """Texts, phrases and letters that several services share name nobody's contact."""
    found, problem = planted(catalog, file, datum)

    assert found == [problem]


@pytest.mark.parametrize("slug", ["mymylink", "careertrek", "other"])
def test_a_service_without_contacts_names_none(catalog: Catalog, slug: str) -> None:
    """Where no article gives an address or a number, nothing that looks like one is told."""
    document = catalog.documents[f"services/{slug}.yaml"]
    files = [document, *(catalog.documents[f"letters/{it}.yaml"] for it in letters_of(document))]
    told: list[tuple[Place, str]] = [it for file in files for it in file.texts()]

    assert catalog.services[slug].contacts == {}
    assert [it for it in told if it[0][0] != "must_not_say" and [*contacts.found_in(it[1])]] == []


def test_the_address_for_changing_advisors_is_never_used_to_leave(catalog: Catalog) -> None:
    """ht-oubo stands in no method, no step but the change's own, and no letter but that one."""
    address = "ht-oubo@leverages.jp"
    service = catalog.services["hataractive"]
    facts = {key for key, fact in service.facts.items() if address in fact.text}
    letters = {
        name
        for name, letter in catalog.letters.items()
        if letter.contact == "change" or address in f"{letter.recipient}{letter.text}{letter.hint}"
    }
    leaving = {
        key
        for method in service.methods.values()
        for step in method.steps
        for key in (step.do, *step.help)
    }

    assert letters == {"hataractive-advisor-change"}
    assert catalog.letters["hataractive-advisor-change"].kind == "advisor_change"
    assert facts == {"change_address_only", "step_change_send"}
    assert not facts & leaving
    assert [key for key, it in service.methods.items() if it.contact == "change"] == []
    assert [key for key, it in service.alternatives.items() if it.contact] == ["advisor_change"]
    assert "退会には使いません" in service.facts["change_address_only"].text
