"""The listing has every message people can meet, and says truly how they meet it."""

from __future__ import annotations

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.messages import every_reply
from bot.simulator.gallery.listing import BESIDE_THE_FLOW, Listing, Shown, listing
from content.catalog import Catalog
from flows.conversation import LOBBY
from flows.coverage import facts_shown
from flows.sentences import AS_WRITTEN, PHRASES

NOON = datetime(2026, 11, 24, 12, tzinfo=ZoneInfo("Asia/Tokyo"))

PARTS = {
    "fresh_dated", "fresh_undated", "fresh_unconfirmed", "fresh_general", "fresh_verified",
    "month", "hours", "hours_now", "hours_next", "hours_unknown", "contact", "conflict",
    "letter_to", "letter_subject", "letter_paste", "letter_talk", "desk", "desk_age",
    "greeting_privacy", "greeting_erase", "day", "long_day", "weekdays", "back", "call",
    "copy_letter", "copy_contact", "copy_subject", "topic_unknown", "topic_arrives",
    "topic_rejoin", "alt_text",
}  # fmt: skip
"""Phrases that only stand inside other messages."""


def one(listed: Listing, service: str, id: str) -> Shown:
    """The first message of that id in a service."""
    return next(shown for shown in listed.of(service) if shown.id == id)


def test_every_message_of_the_walk_is_listed(catalog: Catalog, listed: Listing) -> None:
    """Whatever pressing buttons shows, in every service, by its id."""
    walked = {say.id for says in every_reply(catalog, NOON) for say in says}

    assert walked - {shown.id for shown in listed.messages} == set()


def test_every_phrase_that_is_a_message_is_listed(catalog: Catalog, listed: Listing) -> None:
    """Help, misses, distress, stickers, old buttons: nothing people may read is left out."""
    phrases = {*PHRASES, *AS_WRITTEN, *(key for key in catalog.phrases if "sent_" in key)}

    assert phrases - PARTS - {shown.id for shown in listed.messages} == set()
    assert {shown.id for shown in listed.messages} & PARTS == set()


def test_every_fact_somebody_is_told_is_listed(catalog: Catalog, listed: Listing) -> None:
    """The listing tells the same facts as the walk that the coverage of facts rests on."""
    told = {fact for shown in listed.messages for fact in shown.facts}

    assert set(facts_shown(catalog, NOON)) - told == set()


def test_every_message_is_listed_once(listed: Listing) -> None:
    """The number of the turn makes no other message of it."""
    seen = [(shown.service, shown.id, shown.content) for shown in listed.messages]

    assert len(seen) == len(set(seen))


def test_a_path_is_a_way_there_in_the_words_of_the_buttons(listed: Listing) -> None:
    """The shortest one, from the service's name on."""
    assert one(listed, "yakukyari", "reward_stop").path == ("薬キャリ", "ない", "残っている")
    assert one(listed, LOBBY, "sent_sticker").path == ("友だち追加", "（スタンプを送る）")


def test_what_depends_on_the_hour_is_shown_at_both(listed: Listing) -> None:
    """A telephone line that answers by day does not at nine in the evening."""
    methods = [shown for shown in listed.of("apoplus") if shown.id == "methods"]
    by_day = [shown for shown in methods if not shown.when]
    at_night = [shown for shown in methods if shown.when]

    assert by_day
    assert all("受付時間内の見込み" in shown.content for shown in by_day)
    assert at_night
    assert all("受付時間外の見込み" in shown.content for shown in at_night)


def test_one_service_is_listed_alone(catalog: Catalog, listed: Listing) -> None:
    """The same messages as in the whole, and no others."""
    alone = listing(catalog, "careertrek")

    assert list(alone.messages) == listed.of("careertrek")
    assert list(alone.names) == ["careertrek"]
    with pytest.raises(KeyError):
        listing(catalog, "nobody")


def test_a_listing_survives_being_written_down(listed: Listing) -> None:
    """`taikai diff` gets it from another process as JSON."""
    assert Listing.from_json(json.loads(json.dumps(listed.to_json()))) == listed


def test_the_engines_own_sentences_are_listed(listed: Listing) -> None:
    """What is said when no conversation can, with the reason in place of a path."""
    for id, why in BESIDE_THE_FLOW.items():
        assert one(listed, LOBBY, id).path == (why,)
