"""A message's words are found again in the content, with file and line."""

from __future__ import annotations

import pytest

from bot.simulator.gallery.asides import BY_DAY
from bot.simulator.gallery.listing import Listing, Shown, listing
from bot.simulator.inspector.sources import Source, Sources
from bot.simulator.screen import received
from content.catalog import Catalog


@pytest.fixture(scope="module")
def sources(catalog: Catalog) -> Sources:
    """Finds texts of the shipped content."""
    return Sources(catalog)


def found(sources: Sources, shown: Shown) -> list[Source]:
    """Where *shown* comes from."""
    words = received("", shown.json, BY_DAY).text
    return sources.of(shown.id, shown.facts, words, shown.service, shown.state)


def test_every_message_comes_from_somewhere(listed: Listing, sources: Sources) -> None:
    """No word of ours is outside the content, so there is always a place to mend it in."""
    assert [shown.id for shown in listed.messages if not found(sources, shown)] == []


def test_a_place_is_where_the_text_stands(catalog: Catalog, sources: Sources) -> None:
    """The line told is the line of the text, or of the name it is written under."""
    for shown in listing(catalog, "yakukyari").messages:
        for source in found(sources, shown):
            file, line = source.place.removeprefix("content/").split(":")
            lines = (catalog.root / file).read_text("utf-8").splitlines()
            beginning = source.text.splitlines()[0][:8]
            name = source.name.split(".")[-1]
            around = "\n".join(lines[int(line) - 1 : int(line) + 2])
            assert beginning in around or f"{name}:" in lines[int(line) - 1], source


def test_a_fact_says_what_it_rests_on(catalog: Catalog, sources: Sources) -> None:
    """Lines of the article, an outside source, or why we say it."""
    rests_on = {
        source.evidence
        for shown in listing(catalog, "yakukyari").messages
        for source in found(sources, shown)
        if source.name.startswith("facts.")
    }

    assert "" not in rests_on
    for kind in ("記事の ", "外部：", "自分たちの助言："):
        assert any(one.startswith(kind) for one in rests_on), kind


def test_the_words_of_a_fact_are_not_mistaken_for_another_text(sources: Sources) -> None:
    """What stands inside a fact is the fact's; a short wording inside a longer one is its part."""
    told = sources.of("help", (), "・戻る：一つ前の質問に戻ります", "", "")
    restart = sources.of(
        "restarted", (), "はじめに戻りました。これまでの答えは消しました。", "", ""
    )

    assert [source.name for source in restart] == ["restarted"]
    assert "undone" not in [source.name for source in told]


def test_a_wording_with_holes_is_known_by_its_own_letters(sources: Sources) -> None:
    """A hole takes any words, but not the lines around; a few letters are no proof elsewhere."""
    said = "こうした方法もあります。退会のお気持ちが決まっていれば、そのまま進んでください。"
    words = f"【薬キャリ】\n{said}"
    asked = f"{words}\n\n1 使い方を変える・相談する"

    names = [one.name for one in sources.of("x", (), asked, "yakukyari", "considering_alternative")]

    assert names == ["considering_alternative.say", "alternatives.talk_first.name"]
    (distress,) = sources.of(
        "distress",
        (),
        "つらいお気持ちなのですね。ここでは十分にお話をうかがえませんが、話を聞いてくれる窓口があります。\n一つ\n二つ\n退会の続きは、落ち着いてからで大丈夫です。",
    )
    assert distress.name == "distress"


def test_a_label_is_found_where_it_is_written(sources: Sources) -> None:
    """A button's words, and a label that is made of a wording with a hole."""
    assert "content/reasons.yaml" in sources.written("しばらく休みたい")[0].place
    assert {source.name for source in sources.written("手順3")} >= {"naming_stuck_step.lines.step"}
