"""The flow as the engine uses it: plain bytes in, plain bytes out.

A turn is a pure function of what is remembered, what happened and what time it is. Many people
do the same thing at the same place, so a turn worked out once serves them all for the minute.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import orjson

from bot.clock import TOKYO
from bot.engine.letter import packed
from bot.store.rules import MINUTE
from flows.conversation import Conversation, Event, Say

Step = Callable[[Conversation, Event, datetime], tuple[Conversation | None, Sequence[Say]]]
"""The flow: where a person is and what they did → where they are now and what we say.
None for the conversation asks to forget the person."""

Speak = Callable[[Sequence[Say]], Sequence[dict[str, object]]]
"""What we say → LINE messages."""


class LostError(Exception):
    """What was kept is no conversation: damaged before it was sealed."""


REMEMBERED = 2048
"""Turns kept within a minute; about 5 KB each. More would be work for nothing: the flow has
fewer than a thousand places."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What one event leads to.

    ``state`` is the conversation as JSON, None to forget the person; ``messages`` a JSON array
    of ``count`` LINE messages, ``packed`` the same as `bot.engine.letter.packed` makes it.
    """

    state: bytes | None = field(repr=False)
    messages: bytes = field(repr=False)
    count: int
    packed: bytes = field(repr=False)


class Flow:
    """Works out turns with *step* and *speak*, and remembers up to *most* of them a minute.

    They are kept under a keyed digest: what a person typed is not kept in any form.
    """

    def __init__(self, step: Step, speak: Speak, most: int = REMEMBERED) -> None:
        self._step = step
        self._speak = speak
        self._most = most
        self._digest = hashlib.blake2b(key=os.urandom(16), digest_size=16)
        self._minute = -1
        self._turns: dict[bytes, Turn] = {}

    def turn(self, state: bytes | None, event: Event, now: int) -> Turn:
        """The turn that *event* makes at *now*, in ms since 1970; its seconds do not count.

        Raises `flows.conversation.NewerError` for the state of a newer program, LostError for
        one that is none, and whatever the flow raises.
        """
        minute = now // MINUTE
        key = self._named(state, event) if self._most else None
        if key is None:
            return self._worked_out(state, event, minute)
        if minute != self._minute or len(self._turns) >= self._most:
            self._turns.clear()
            self._minute = minute
        turn = self._turns.get(key)
        if turn is None:
            turn = self._turns[key] = self._worked_out(state, event, minute)
        return turn

    def _named(self, state: bytes | None, event: Event) -> bytes | None:
        """The name under which *event* in *state* is remembered; None for an odd one."""
        digest = self._digest.copy()
        try:
            digest.update(orjson.dumps(event))  # no two kinds of event have the same fields
        except orjson.JSONEncodeError:  # half a character: nobody will send that again
            return None
        digest.update(b"\1" if state is None else b"\0" + state)
        return digest.digest()

    def _worked_out(self, state: bytes | None, event: Event, minute: int) -> Turn:
        now = datetime.fromtimestamp(minute * MINUTE // 1000, TOKYO)
        after, says = self._step(_read(state), event, now)
        said = self._speak(says)
        messages = orjson.dumps(said)
        return Turn(
            state=None if after is None else orjson.dumps(after.to_json()),
            messages=messages,
            count=len(said),
            packed=packed(messages),
        )


def _read(state: bytes | None) -> Conversation:
    if state is None:
        return Conversation()
    try:
        return Conversation.from_json(orjson.loads(state))
    except (KeyError, TypeError, ValueError) as error:
        raise LostError from error
