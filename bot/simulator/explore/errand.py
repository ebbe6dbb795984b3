"""What somebody is sent to do, one thing after another, looking each time at what came of it.

An errand is a generator: it yields what its person does next, and is sent where that led. So it
reads like the talk of one person, and yet many are run abreast, a step of each in one webhook.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

from bot.simulator.explore.paths import Edge, Place, named
from flows.conversation import Conversation, Event, Pressed
from flows.turn import Turn


@dataclass(frozen=True, slots=True)
class Reached:
    """Where a step led: the place, what it means to the flow, and what can be pressed there."""

    place: Place
    turn: Turn
    offered: tuple[Pressed, ...]

    @property
    def meant(self) -> bool:
        """Whether a reason was named before anything was asked."""
        return bool(self.place.conversation.meant)


Steps = Generator[Event, Reached, None]

NOWHERE = Place(Conversation(), ())
"""Where somebody stands whom the bot does not know yet."""


class Errand:
    """*steps* of somebody who stands where *begin* says, or, without it, is not there yet.

    ``next`` is what they do now, None at the end; ``edge`` is the first of it.
    """

    def __init__(self, steps: Steps, begin: Reached | None = None) -> None:
        self._steps = steps
        self._done: list[Event] = list(begin.place.path) if begin else []
        self.next: Event | None = next(steps)
        self.edge = Edge(
            begin.place if begin else NOWHERE, begin.turn.state if begin else "", self.next
        )

    def begin_anew(self) -> None:
        """What was done so far leads nowhere any more: the way begins here."""
        self._done.clear()

    def act(self) -> Event | None:
        """What is done next; from now on it is part of the way."""
        if self.next is not None:
            self._done.append(self.next)
        return self.next

    def led(self, reached: Reached) -> None:
        """The step that was taken led there: find out the next one."""
        try:
            self.next = self._steps.send(reached)
        except StopIteration:
            self.next = None

    @property
    def path(self) -> tuple[Pressed, ...]:
        """The buttons pressed on the way."""
        return tuple(event for event in self._done if isinstance(event, Pressed))

    @property
    def way(self) -> str:
        """All that was done, in words."""
        return " > ".join(map(named, self._done)) or "はじめ"

    def place(self, conversation: Conversation) -> Place:
        """Where they are now, who are remembered as *conversation*."""
        return Place(conversation, self.path)
