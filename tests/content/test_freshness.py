"""How old a datum is stands on the steps and beside each contact, in one short line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import pytest

from content.catalog import Catalog, load
from flows.conversation import Say
from flows.coverage import arrivals
from flows.walk import Arrival
from tests.content.conftest import NOON
from tests.content.folder import Folder
from tests.content.test_facts_shown import words

FRESH = {
    "apoplus": "※2025年9月時点の情報です。変わっている場合があります。",
    "careertrek": "※2020年12月時点の情報です。変わっている場合があります。",
    "hataractive": "※日付不明の記事に基づきます。変わっている場合があります。",
    "yakukyari": "※日付不明の記事に基づきます。変わっている場合があります。",
    "mymylink": "※公式の手順は確認できていません。",
    "other": "※特定のサービスで確かめたものではない、一般的な手順です。",
}
"""Service → what is said of its age: dated twice, undated twice, unconfirmed, general."""


def says(walked: list[Arrival]) -> list[Say]:
    """Every message of a walk."""
    return [say for arrival in walked for say in arrival.says]


@pytest.mark.parametrize("slug", FRESH)
def test_the_steps_say_how_old_they_are(everywhere: Mapping[str, list[Arrival]], slug: str) -> None:
    """The line is the small print of every steps screen, of every way to leave or to stay."""
    screens = [say for say in says(everywhere[slug]) if say.id in ("steps", "alternative_steps")]

    assert screens
    assert {say.cards[0].note.split("\n")[-1] for say in screens} == {FRESH[slug]}


@pytest.mark.parametrize("slug", ["apoplus", "hataractive", "yakukyari"])
def test_a_contact_never_stands_without_its_age(
    catalog: Catalog, everywhere: Mapping[str, list[Arrival]], slug: str
) -> None:
    """On the method's card, the steps and above the letter, the line follows the contact."""
    told = 0
    for key, contact in catalog.services[slug].contacts.items():
        for say in says(everywhere[slug]):
            if f"{slug}.contacts.{key}" in say.facts:
                lines = words(say).split("\n")
                place = lines.index(f"{contact.purpose}：{contact.value}")
                after = lines[place + 1 : place + (4 if contact.kind == "phone" else 2)]
                assert FRESH[slug] in after, say.id
                told += 1
    assert told >= 3


@pytest.mark.parametrize("slug", FRESH)
def test_nobody_is_told_the_date_of_today_as_the_date_of_a_fact(
    everywhere: Mapping[str, list[Arrival]], slug: str
) -> None:
    """An article without a date is "undated"; the year of the conversation is nowhere said."""
    year = str(NOON.year)

    assert [say.id for say in says(everywhere[slug]) if f"{year}年" in words(say)] == []


def walked(folder: Path, now: datetime = NOON) -> list[Say]:
    """Every message of the invented service アルファ求人."""
    return says(list(arrivals(load(folder), "alfa", now)))


def test_a_contact_a_person_confirmed_says_when(spoken_folder: Folder) -> None:
    """The day somebody looked at the official page takes the place of the article's month."""
    alfa = "services/alfa.yaml"
    spoken_folder.swap(alfa, "    verified_on: null", "    verified_on: 2026-11-20")

    heads = [say for say in walked(spoken_folder.path) if say.id == "letter_head:alfa-leave"]

    assert heads
    for say in heads:
        lines = say.text.split("\n")
        place = lines.index("退会の窓口：leave@alfa.example")
        assert lines[place + 1] == "※2026年11月20日に公式の案内で確かめました。"


def test_a_contact_newer_than_its_article_says_its_own_month(spoken_folder: Folder) -> None:
    """A month of its own, and the month of the page it was seen on, come before the article's."""
    alfa = "services/alfa.yaml"
    spoken_folder.swap(alfa, '    lines: "5"\n', '    lines: "5"\n    as_of: 2026-08\n')
    spoken_folder.swap(alfa, '    lines: "6"\n', "    outside: blog\n")
    heads = {say.id: say.text for say in walked(spoken_folder.path) if "letter_head:" in say.id}

    assert "※2026年8月時点の情報です。" in heads["letter_head:alfa-leave"]
    assert "※日付不明の記事に基づきます。" in heads["letter_head:alfa-phone"]


@pytest.mark.parametrize(
    ("now", "line"),
    [
        ("2026-11-24T09:00+09:00", "いまは受付時間内の見込みです。"),
        ("2026-11-24T17:59+09:00", "いまは受付時間内の見込みです。"),
        (
            "2026-11-24T18:00+09:00",
            "いまは受付時間外の見込みです。次は11月25日(水) 9:00からの見込みです。",
        ),
        (
            "2026-11-21T12:00+09:00",
            "いまは受付時間外の見込みです。次は11月24日(火) 9:00からの見込みです。",
        ),
    ],
)
def test_a_number_says_whether_it_is_answered_now(
    spoken_folder: Folder, now: str, line: str
) -> None:
    """Hours of an article count on weekdays that are no holiday, and only as an expectation."""
    at = datetime.fromisoformat(now).astimezone(NOON.tzinfo)
    (head,) = {
        say.text for say in walked(spoken_folder.path, at) if say.id == "letter_head:alfa-phone"
    }

    assert head.split("\n")[1:5] == [
        "退会の電話：0120-111-222",
        "受付：平日9:00〜18:00",
        line,
        "※2025年3月時点の情報です。変わっている場合があります。",
    ]
