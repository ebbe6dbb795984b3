"""A group that may invite the bot, which is polite there and keeps nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.simulator import envelope, happenings
from bot.simulator.chat import Chat
from bot.simulator.happenings import Fields
from bot.simulator.journal import Turn
from bot.simulator.people import Person
from bot.simulator.screen import Message

if TYPE_CHECKING:
    from bot.simulator.session import Session


class Group(Chat):
    """A group that may invite the bot."""

    def __init__(self, session: Session, id: str, name: str) -> None:
        super().__init__(id, name, session.changed)
        self._session = session

    def join(self) -> Turn:
        """Invite the bot."""
        return self._do(happenings.join(), envelope.group(self.id))

    def leave(self) -> Turn:
        """Remove the bot."""
        return self._do(happenings.leave(), envelope.group(self.id))

    def say(self, who: Person, words: str) -> Turn:
        """*who* writes *words* into the group."""
        happening = happenings.text(words, self._session.mint)
        self.show(
            Message(happening["message"]["id"], True, "text", words, self._session.clock.now())
        )
        return self._do(happening, envelope.group(self.id, who.id))

    def _do(self, happening: Fields, source: Fields) -> Turn:
        self.acted()
        return self._session.deliver([self._session.event(happening, source, self.id)])
