"""One person in a test: presses what is shown, types, waits, and keeps every old button."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from content.catalog import Catalog
from flows.conversation import (
    LOBBY,
    Answer,
    Choice,
    Conversation,
    Event,
    Followed,
    Pressed,
    Say,
    Sent,
    Typed,
)
from flows.moves import here
from flows.step import step
from flows.turn import Turn
from tests.flows.replies import faults, told, ways_on

TOKYO = ZoneInfo("Asia/Tokyo")
NOON = datetime(2026, 11, 24, 12, tzinfo=TOKYO)
"""A Tuesday on which offices are open; the day before was a holiday."""


@dataclass
class Chat:
    """The person's side. Every reply is checked, every conversation goes through JSON."""

    catalog: Catalog = field(repr=False)
    now: datetime = NOON
    conversation: Conversation = field(default_factory=Conversation)
    says: list[Say] = field(default_factory=list)
    forgotten: bool = False
    shown: list[Choice] = field(default_factory=list)

    def hear(self, event: Event) -> list[Say]:
        """Let *event* happen, as the world outside the flow would."""
        after, self.says = step(self.conversation, event, self.catalog, self.now)
        self.forgotten = after is None
        if after is None:
            self.conversation = Conversation()
            return self.says
        assert faults(self.says) == []
        self.conversation = Conversation.from_json(json.loads(json.dumps(after.to_json())))
        assert self.conversation == after
        self.shown += ways_on(self.says)
        return self.says

    # --- what a person can do ---------------------------------------------------------------

    def type(self, text: str) -> list[Say]:
        """Send words."""
        return self.hear(Typed(text))

    def send(self, kind: str) -> list[Say]:
        """Send something that is not words."""
        return self.hear(Sent(kind))

    def follow(self) -> list[Say]:
        """Add the account as a friend."""
        return self.hear(Followed())

    def press(self, pressed: Pressed) -> list[Say]:
        """Tap a button of any age, or one that never was."""
        return self.hear(pressed)

    def start(self, slug: str) -> list[Say]:
        """Pick a service from the list."""
        return self.press(Pressed(LOBBY, "choosing_service", "choose", slug))

    def do(self, *moves: str) -> list[Say]:
        """Tap what is shown now: "deny", or "choose mail" where there is something to pick."""
        for move in moves:
            self.press(self.button(move))
        return self.says

    # --- what a person sees -----------------------------------------------------------------

    def button(self, move: str) -> Pressed:
        """The button shown now that stands for *move*."""
        trigger, _, argument = move.partition(" ")
        found = [
            choice.press
            for choice in ways_on(self.says)
            if (choice.press.trigger, choice.press.argument) == (trigger, argument)
        ]
        assert found, f"{move} is not among {self.buttons}"
        return found[0]

    @property
    def buttons(self) -> list[str]:
        """The moves shown now, in the order shown."""
        presses = [choice.press for choice in ways_on(self.says)]
        return [f"{press.trigger} {press.argument}".rstrip() for press in presses]

    @property
    def labels(self) -> list[str]:
        """The labels under the last message."""
        return [choice.label for choice in self.says[-1].choices]

    @property
    def ids(self) -> list[str]:
        """The names of the messages of the last reply."""
        return [say.id for say in self.says]

    @property
    def text(self) -> str:
        """Everything the last reply says."""
        return told(self.says)

    # --- where the person is ------------------------------------------------------------------

    @property
    def turn(self) -> Turn:
        """Where the conversation stands."""
        return here(self.conversation, self.catalog, self.now)

    @property
    def state(self) -> str:
        """What the person is doing."""
        return self.turn.state

    @property
    def answers(self) -> dict[str, str]:
        """What was answered in the case in hand, by question."""
        return {made.state: as_text(made) for made in self.conversation.trail}

    @property
    def standing(self) -> tuple[object, ...]:
        """Everything of the conversation but counters: two equal ones are the same place."""
        told_ = self.conversation
        return (told_.service, dict(told_.cases), told_.later, told_.meant)


def as_text(made: Answer) -> str:
    """One answer as `Chat.do` writes it."""
    return f"{made.trigger} {made.argument}".rstrip()


TO_REASON = ("deny", "deny")
"""From the first question of あおぞらスカウト to the reason: no selection, no points left."""

TO_STEPS = (*TO_REASON, "choose unsaid", "choose mail", "proceed")
"""From there to the steps and the letter, by mail."""
