"""Every fact written down is told to somebody."""

from __future__ import annotations

from content.catalog import Catalog
from flows.conversation import Conversation
from flows.coverage import every_fact, facts_shown
from flows.step import step
from tests.flows.catalogs import with_service
from tests.flows.chat import NOON


def test_every_fact_of_the_invented_services_is_told(invented: Catalog) -> None:
    """Facts and contacts alike, by pressing buttons alone."""
    assert set(every_fact(invented)) == set(facts_shown(invented, NOON))


def test_the_way_to_a_fact_leads_to_it(invented: Catalog) -> None:
    """Whoever presses what the path says is told the fact by the last press."""
    shown = facts_shown(invented, NOON)
    for fact in ("aozora-scout.help_busy", "aozora-scout.contacts.leave", "hoshi-works.gift_where"):
        conversation, told = Conversation(turn=1), set[str]()
        for press in shown[fact]:
            after, says = step(conversation, press, invented, NOON)
            assert after is not None
            conversation, told = after, {one for say in says for one in say.facts}
        assert fact in told


def test_a_fact_nobody_is_told_is_found(invented: Catalog) -> None:
    """One more fact in the file, used nowhere, is in the list but not among those shown."""
    facts = invented.services["midori-navi"].facts
    changed = with_service(invented, "midori-navi", facts={**facts, "idle": facts["wait"]})

    assert set(every_fact(changed)) - set(facts_shown(changed, NOON)) == {"midori-navi.idle"}
