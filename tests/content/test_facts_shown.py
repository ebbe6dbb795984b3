"""Every fact and contact is told to somebody, somewhere, in its own words."""

from __future__ import annotations

from collections.abc import Mapping

from content.catalog import Catalog, load
from flows.conversation import Say
from flows.coverage import every_fact, facts_shown
from flows.walk import Arrival
from tests.content.conftest import NOON
from tests.content.folder import Folder


def words(say: Say) -> str:
    """Everything people read in *say*."""
    cards = [(card.title, card.text, *card.items, card.note) for card in say.cards]
    return "\n".join((say.text, *(text for card in cards for text in card)))


def test_every_fact_and_contact_is_met_on_some_path(
    catalog: Catalog, everywhere: Mapping[str, list[Arrival]]
) -> None:
    """What no path shows might as well not be known: the list of such facts is empty."""
    shown = {
        fact: arrival.path
        for arrivals in everywhere.values()
        for arrival in arrivals
        for say in arrival.says
        for fact in say.facts
    }

    unmet = [fact for fact in every_fact(catalog) if fact not in shown]

    assert unmet == []
    assert set(shown) == set(every_fact(catalog))
    assert all(path for path in shown.values())


def test_a_message_shows_the_facts_it_claims(
    catalog: Catalog, everywhere: Mapping[str, list[Arrival]]
) -> None:
    """A fact counts as told only where its own words, or the contact itself, can be read."""
    lies = {
        (say.id, fact)
        for arrivals in everywhere.values()
        for arrival in arrivals
        for say in arrival.says
        for fact in say.facts
        if wording(catalog, fact) not in words(say)
    }

    assert lies == set()


def wording(catalog: Catalog, fact: str) -> str:
    """What people read where *fact* is told."""
    slug, _, key = fact.partition(".")
    service = catalog.services[slug]
    if key.startswith("contacts."):
        return service.contacts[key.removeprefix("contacts.")].value
    return service.facts[key].text


def test_a_conflict_is_told_beside_its_fact(
    catalog: Catalog, everywhere: Mapping[str, list[Arrival]]
) -> None:
    """Where another source says otherwise, both are read in the same message."""
    says = [say for arrivals in everywhere.values() for it in arrivals for say in it.says]
    conflicts = {
        (f"{slug}.{key}", conflict.text)
        for slug, service in catalog.services.items()
        for key, fact in service.facts.items()
        for conflict in fact.conflicts
        if not conflict.told
    }
    silent = {
        (fact, text, say.id)
        for fact, text in conflicts
        for say in says
        if fact in say.facts and text not in words(say)
    }

    assert len(conflicts) >= 4
    assert silent == set()


def test_the_table_names_one_path_for_each_fact(spoken_folder: Folder) -> None:
    """Each path begins at the list of services; pressing its buttons shows the fact."""
    catalog = load(spoken_folder.path)

    shown = facts_shown(catalog, NOON)

    assert set(shown) == set(every_fact(catalog))
    assert [press.argument for press in shown["alfa.old"]] == ["alfa"]
    assert [press.argument for press in shown["alfa.pro_is"]] == ["alfa/pro"]
    assert shown["alfa.pro_is"][0].trigger == "ask_back"
    assert [press.state for press in shown["alfa.pause_write"]] == [
        "choosing_service",
        "checking_selection",
        "checking_reward",
        "giving_reason",
        "considering_alternative",
    ]
    assert shown["alfa.contacts.line"][-1].state == "giving_reason"


def test_a_fact_that_only_a_forgotten_screen_would_show_is_missing(spoken_folder: Folder) -> None:
    """A fact can be named in a file and still be told to nobody: the help of an alternative."""
    spoken_folder.swap(
        "services/alfa.yaml", "[{do: pause_write}]", "[{do: pause_write, help: [pause_help]}]"
    )
    spoken_folder.swap(
        "services/alfa.yaml",
        "  pause_write: {",
        '  pause_help: {text: 窓口に聞きます。, lines: "9"}\n  pause_write: {',
    )
    catalog = load(spoken_folder.path)

    assert set(every_fact(catalog)) - set(facts_shown(catalog, NOON)) == {"alfa.pause_help"}
