"""What goes wrong on the way to the bot, on the page: arranged, seen for what it is, delivered."""

from __future__ import annotations

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from bot.simulator.troubles import ABOUT

from .conftest import TOKEN, Running
from .handling import befriend, bots, mine, open_tab, send, turn, write
from .test_api import Api, Json, api

__all__ = ["api"]


def marks(update: Json) -> list[tuple[str, str]]:
    """Status and detail of each of the person's own messages."""
    return [
        (entry["status"], entry["detail"]) for entry in update["entries"] if entry["who"] == "me"
    ]


def on_the_way(api: Api) -> list[Json]:
    """What the page is told of what is still to arrive."""
    return next(each["on_the_way"] for each in api.look()["held"] if each["person"] == api.key)


def test_the_page_is_told_of_every_kind(api: Api) -> None:
    """Word, meaning and on which way it strikes; the terminal and the talks have the same."""
    told = api.get("/faults").json()

    assert [each["kind"] for each in told] == [trouble.value for trouble in ABOUT]
    assert {each["where"] for each in told} == {
        "ボットからLINEへの返信",
        "LINEからボットへの知らせ",
    }


def test_a_message_is_not_read_until_it_has_arrived(api: Api) -> None:
    """An honest mark beside it, on the record too; then it is read like any other."""
    api.post("/faults", kind="delay")
    api.do("say", text="遅れるもの")

    assert marks(api.look()) == [("sending", "まだ届いていません")]
    assert on_the_way(api) == [{"kind": "delay", "heard": "テキスト", "text": "遅れるもの"}]
    held = api.look()["turns"][-1]
    assert (held["webhook"]["status"], held["webhook"]["mishap"]) == (0, "遅れて届く")
    assert held["understood"] == "ボットにはまだ届いていません"

    api.do("arrive")

    assert (marks(api.look()), on_the_way(api)) == ([("read", "")], [])
    assert api.look()["turns"][-1]["heard"] == "テキスト（あとから届いた）"
    assert api.do("arrive", status=409)["message"] == "届く途中のものはありません"


def test_what_is_late_arrives_with_the_clock(api: Api) -> None:
    """A line in the talk says so; the message is read."""
    api.post("/faults", kind="drop")
    api.do("say", text="やあ")
    api.post("/clock", minutes=1)

    update = api.look()
    assert marks(update) == [("read", "")]
    notes = [entry["text"] for entry in update["entries"] if entry["who"] == "note"]
    assert notes[-2:] == ["1分たちました", "遅れていたものが届きました"]


def test_what_is_lost_says_that_it_never_arrived(api: Api) -> None:
    """Until it is delivered again after all."""
    api.post("/faults", kind="lose")
    api.do("say", text="やあ")
    assert marks(api.look()) == [("failed", "届きませんでした")]

    api.do("redeliver")

    assert marks(api.look()) == [("read", "")]


def test_undo_and_fork_go_on_with_what_is_on_its_way(api: Api) -> None:
    """Each with a webhook of their own; undone, the message is unread again."""
    api.post("/faults", kind="delay")
    api.do("say", text="やあ")
    api.do("arrive")
    api.do("undo")
    assert marks(api.look()) == [("sending", "まだ届いていません")]

    beside = str(api.do("fork")["person"])
    assert marks(api.look(beside)) == [("sending", "まだ届いていません")]
    api.do("arrive")

    assert marks(api.look()) == [("read", "")]
    assert marks(api.look(beside)) == [("sending", "まだ届いていません")]


def test_a_talk_of_it_holds(api: Api) -> None:
    """What went wrong is part of it."""
    api.post("/faults", kind="swap")
    api.do("say", text="一つめ")
    api.do("say", text="二つめ")

    told = api.do("talk", title="入れかわり")

    assert told["replayed"] is True
    assert '- fault: "swap"\n' in told["yaml"]


def test_the_transcript_names_what_was_arranged(api: Api) -> None:
    """Who gets it sees the same again."""
    api.post("/faults", kind="slow")
    api.do("say", text="やあ")

    transcript = api.get(f"/people/{api.key}/transcript", token=TOKEN)

    assert "<dd>slow</dd>" in transcript.text


@pytest.mark.browser
async def test_what_is_held_up_is_delivered_from_the_desk(wide: Page, running: Running) -> None:
    """Arranged, sent, seen beside the message and in the list, and delivered with a button."""
    await wide.emulate_media(reduced_motion="reduce")  # what fades in has no contrast yet
    await befriend(wide, running)
    tools = await open_tab(wide, "移動・故障")
    await tools.get_by_label("何が起きるか").select_option("delay")
    async with wide.expect_response("**/faults"):
        await tools.get_by_role("button", name="起こす").click()
    await expect(tools.locator("#faults-left")).to_contain_text("delay 遅れて届く：あと1回")
    await expect(tools.locator("#held")).to_be_hidden()
    said = await bots(wide).count()

    await send(wide, "遅れるもの")

    await expect(mine(wide).last).to_contain_text("まだ届いていません")
    item = tools.locator("#held-list li")
    await expect(item).to_contain_text("テキスト「遅れるもの」：遅れて届く")
    await expect(turn(wide, 2).locator("summary").first).to_contain_text(
        "届いていません（遅れて届く）"
    )
    await expect(bots(wide)).to_have_count(said)
    assert (await Axe().run(wide)).response["violations"] == []
    await item.get_by_role("button", name="いま届ける").click()

    await expect(mine(wide).last).to_contain_text("既読")
    await expect(tools.locator("#held")).to_be_hidden()
    await expect(bots(wide).last).to_contain_text("遅れるもの")


@pytest.mark.browser
async def test_the_list_is_of_whoever_the_record_is_about(wide: Page, running: Running) -> None:
    """Somebody else's webhooks are on their tab."""
    first = await befriend(wide, running)
    running.session.troubles.inject("drop")
    await send(wide, "待つもの")
    tools = await open_tab(wide, "移動・故障")
    await expect(tools.locator("#held-list li")).to_have_count(1)

    await wide.get_by_role("button", name="新しい人で始める").click()
    await expect(tools.locator("#held")).to_be_hidden()
    await wide.get_by_role("button", name=first.name, exact=True).click()

    await expect(tools.locator("#held-list li")).to_have_count(1)


@pytest.mark.browser
async def test_a_slow_webhook_says_so_in_the_record(wide: Page, running: Running) -> None:
    """The bot answered and was not waited for."""
    await befriend(wide, running)
    running.session.troubles.inject("slow")

    await write(wide, "やあ")

    await expect(turn(wide, 2).locator("summary").first).to_contain_text("LINEが再送する")
    await expect(mine(wide).last).to_contain_text("既読")
