"""LINE's date picker lets choose what it shows and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from bot.simulator.date_picker import ENDS, params
from bot.simulator.screen import Message, received
from bot.simulator.session import Session


def action(mode: str, **ends: str) -> dict[str, str]:
    """The action of a button that asks for a *mode*."""
    return {"type": "datetimepicker", "label": "選ぶ", "data": "when", "mode": mode, **ends}


@pytest.mark.parametrize(
    ("mode", "picked"),
    [("date", "2026-04-01"), ("time", "09:30"), ("datetime", "2026-04-01T09:30")],
)
def test_a_choice_is_told_under_its_mode(mode: str, picked: str) -> None:
    """The postback's params are the mode and the choice, as LINE writes them."""
    assert params(action(mode), picked) == {mode: picked}


@pytest.mark.parametrize(
    ("ends", "inside", "outside"),
    [
        (action("date", min="2026-04-01", max="2026-04-30"), "2026-04-30", "2026-05-01"),
        (action("date", min="2026-04-01", max="2026-04-30"), "2026-04-01", "2026-03-31"),
        (action("time", min="10:00", max="18:00"), "18:00", "18:01"),
        (action("datetime", max="2026-04-01t09:30"), "2026-04-01T09:30", "2026-04-01T09:31"),
    ],
)
def test_both_ends_can_be_chosen_and_nothing_beyond(
    ends: dict[str, str], inside: str, outside: str
) -> None:
    """The limits of the button are part of what it offers; the complaint names them."""
    assert list(params(ends, inside).values()) == [inside]
    with pytest.raises(ValueError, match=f"{outside} は選べません.*から.*まで"):
        params(ends, outside)


@pytest.mark.parametrize("mode", ENDS)
def test_without_limits_lines_own_hold(mode: str) -> None:
    """From 1900 to 2100, and all of a day."""
    for end in ENDS[mode]:
        assert params(action(mode), end) == {mode: end}
    if mode != "time":
        with pytest.raises(ValueError, match="選べません"):
            params(action(mode), ENDS[mode][0].replace("1900", "1899"))


@pytest.mark.parametrize("picked", ["", "2026-4-1", "4月1日", "2026-02-30", "2026-04-01T09:30"])
def test_what_is_no_date_is_not_taken_for_one(picked: str) -> None:
    """A shorter spelling or a day there is not: the complaint shows how it is written."""
    with pytest.raises(ValueError, match="2026-04-01 のように"):
        params(action("date"), picked)


def test_an_action_line_would_refuse_is_not_played() -> None:
    """A mode LINE does not have, and a limit that is no date."""
    with pytest.raises(ValueError, match="date・time・datetime のどれか"):
        params(action("week"), "2026-W01")
    with pytest.raises(ValueError, match="「あした」は読めません"):
        params(action("date", min="あした"), "2026-04-01")


def test_the_bot_is_told_the_choice_in_a_postback() -> None:
    """`params` beside `data`; nothing of it appears in the talk, and the deed can be told again."""
    with Session(seed=1) as session:
        hanako = session.person("hanako")
        hanako.follow()
        shown = asking(action("date", max="2026-12-31"), session)
        hanako.show(shown)

        turn = hanako.press(shown, shown.buttons[0], picked="2026-04-01")

        assert turn is not None
        assert turn.events[0]["postback"] == {"data": "when", "params": {"date": "2026-04-01"}}
        assert not [message for message in hanako.seen if message.mine]
        assert hanako.done[-1].deed.value == {"label": "選ぶ", "picks": "2026-04-01"}


def test_what_cannot_be_chosen_reaches_nobody() -> None:
    """A refused choice is no deed: the bot hears nothing and there is nothing to undo."""
    with Session(seed=1) as session:
        hanako = session.person("hanako")
        hanako.follow()
        shown = asking(action("date", max="2026-12-31"), session)
        hanako.show(shown)
        turns, deeds = len(session.journal.of(hanako.id)), len(hanako.done)

        for picked in (None, "2027-01-01"):
            with pytest.raises(ValueError, match=r"読めません|選べません"):
                hanako.press(shown, shown.buttons[0], picked=picked)

        assert (len(session.journal.of(hanako.id)), len(hanako.done)) == (turns, deeds)


def asking(button: dict[str, str], session: Session) -> Message:
    """A message with this button."""
    body: dict[str, Any] = {"type": "box", "layout": "vertical"}
    body["contents"] = [{"type": "button", "action": button}]
    contents = {"type": "bubble", "body": body}
    json = {"type": "flex", "altText": "日", "contents": contents}
    return received("1", json, session.clock.now())
