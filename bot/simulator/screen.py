"""What a person sees in the chat: the messages, and everything on them that can be tapped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flows.conversation import Say


@dataclass(frozen=True, slots=True)
class Button:
    """Something to tap: LINE's ``action`` object. ``passing`` marks a quick reply."""

    label: str
    action: Mapping[str, Any]
    passing: bool = False

    @property
    def kind(self) -> str:
        """What tapping it does: ``postback``, ``message``, ``uri``, ``clipboard``, …"""
        return str(self.action.get("type", ""))


@dataclass(slots=True, eq=False)
class Message:
    """One message in the chat.

    ``mine`` tells the person's own from the bot's. ``kind`` is LINE's type; ``text`` is all
    that can be read of it. ``buttons`` stay for ever; ``quick_replies`` are shown under the
    newest message only. ``say`` is what the flow meant to say, where that is known; ``token``
    the reply token it came by, "" for a push. ``unsent`` is set when the person took it back.
    """

    id: str
    mine: bool
    kind: str
    text: str
    at: datetime
    json: Mapping[str, Any] = field(default_factory=dict, repr=False)
    buttons: tuple[Button, ...] = field(default=(), repr=False)
    quick_replies: tuple[Button, ...] = field(default=(), repr=False)
    token: str = field(default="", repr=False)
    say: Say | None = field(default=None, repr=False)
    unsent: bool = False

    @property
    def say_id(self) -> str:
        """The id of what was said; "" where it is not known."""
        return self.say.id if self.say else ""


def received(id: str, json: Mapping[str, Any], at: datetime, token: str = "") -> Message:
    """The bot's message *json* as its reader sees it."""
    content = json.get("contents", json) if json.get("type") == "flex" else json
    visible = {key: value for key, value in content.items() if key != "quickReply"}
    return Message(
        id=id,
        mine=False,
        kind=str(json.get("type", "")),
        text="\n".join(_texts(visible)),
        at=at,
        json=json,
        buttons=tuple(Button(label(action), action) for action in _actions(visible)),
        quick_replies=tuple(
            Button(label(item["action"]), item["action"], passing=True)
            for item in json.get("quickReply", {}).get("items", ())
        ),
        token=token,
    )


MENU = "rich_menu"
"""The id of the rich menu among messages: what stands under `tap.of` for its areas."""


def menu(json: Mapping[str, Any], at: datetime) -> Message:
    """The rich menu *json* as its reader sees it: a message below all others, always tappable."""
    actions = [area["action"] for area in json.get("areas", ())]
    return Message(
        id=MENU,
        mine=False,
        kind="richmenu",
        text=str(json.get("chatBarText", "")),
        at=at,
        json=json,
        buttons=tuple(Button(label(action), action) for action in actions),
    )


def _texts(value: Any) -> Iterator[str]:
    """The lines of text in *value*, top to bottom. A button's label is read with the buttons."""
    if isinstance(value, dict):
        for key in ("title", "text", "address"):  # a template's and a place's come in this order
            if isinstance(value.get(key), str):
                yield value[key]
        parts = (part for key, part in value.items() if key not in _DEEDS)
        lines = [line for part in parts for line in _texts(part)]
        if isinstance(value.get("action"), dict) and lines == [label(value["action"])]:
            return
        if value.get("layout") in ("horizontal", "baseline"):  # side by side: one line
            lines = [" ".join(lines)] if lines else []
        yield from lines
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)


_DEEDS = ("action", "defaultAction", "actions")
"""Keys under which what a message can do stands: one action, or a list of them."""


def _actions(value: Any) -> Iterator[Mapping[str, Any]]:
    """Every action object in *value*, top to bottom."""
    if isinstance(value, dict):
        for key in ("action", "defaultAction"):
            if isinstance(value.get(key), dict):
                yield value[key]
        for key, part in value.items():
            if key == "actions" and isinstance(part, list):
                yield from (action for action in part if isinstance(action, dict))
            elif key not in _DEEDS:
                yield from _actions(part)
    elif isinstance(value, list):
        for part in value:
            yield from _actions(part)


def label(action: Mapping[str, Any]) -> str:
    """What a button with *action* reads; where LINE shows no label, what pressing it says or
    opens; "" where that is nothing."""
    named = (action.get(key) for key in ("label", "displayText", "text", "uri", "linkUri"))
    return next((name for name in named if isinstance(name, str) and name), "")
