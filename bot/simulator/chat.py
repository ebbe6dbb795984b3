"""One chat with the bot as it stands on a screen: what was said, what can be tapped."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence

from bot.simulator.screen import Button, Message


class CannotTapError(LookupError):
    """There is no such button, or it is not plain which one is meant."""


class Chat:
    """A person's chat, or a group's. ``id`` is LINE's, ``name`` what we call it."""

    def __init__(self, id: str, name: str, changed: threading.Condition) -> None:
        self.id = id
        self.name = name
        self._changed = changed
        self._seen: list[Message] = []
        self._answer_from = 0
        self._latest_from = 0
        self._dismissed = ""

    @property
    def seen(self) -> Sequence[Message]:
        """Every message on the screen, oldest first."""
        with self._changed:
            return tuple(self._seen)

    @property
    def answer(self) -> Sequence[Message]:
        """What the bot said since something was last done here."""
        with self._changed:
            return self._said_since(self._answer_from)

    @property
    def latest(self) -> Sequence[Message]:
        """What the bot said last, whether or not something was done since."""
        with self._changed:
            return self.answer or self._said_since(self._latest_from)

    @property
    def quick_replies(self) -> Sequence[Button]:
        """The quick replies on the screen: the newest message's, until something is tapped."""
        with self._changed:
            newest = self._seen[-1] if self._seen else None
            if newest is None or newest.id == self._dismissed:
                return ()
            return newest.quick_replies

    def tappable(self) -> Iterator[tuple[Message, Button]]:
        """Everything that can be tapped now, newest message first, each from top to bottom."""
        passing = self.quick_replies
        for message in reversed(self.seen):
            for button in (*message.buttons, *(passing if message is self.seen[-1] else ())):
                yield message, button

    def find(
        self, label: str, of: str | None = None, nth: int | None = None
    ) -> tuple[Message, Button]:
        """The button that reads *label*: on what was said last or, with *of*, on an older message.

        *of* is the id of what was said, LINE's id of the message, or words in it; the newest
        message it fits is meant. *nth* is which one from the top, where several read alike: cards
        in a row do. Raises CannotTapError.
        """
        messages = self.latest if of is None else [self._older(of)]
        there = [
            (message, button)
            for message, button in self.tappable()
            if button.label == label and message in messages
        ]
        if not there:
            raise CannotTapError(self._why_not(label, messages))
        if nth is not None:
            there.sort(key=lambda found: self.seen.index(found[0]))
            if not 1 <= nth <= len(there):
                raise CannotTapError(f"「{label}」は{len(there)}つで、{nth}番目はありません")
            return there[nth - 1]
        if any(button.action != there[0][1].action for _, button in there):
            raise CannotTapError(
                f"「{label}」が{len(there)}つあり、どれか決まりません（nth で何番目かを指定します）"
            )
        return there[0]

    def nth(self, message: Message, button: Button) -> int | None:
        """Which of *message*'s buttons that read alike *button* is, as `find` counts them.

        None where the label alone says which.
        """
        there = (*message.buttons, *message.quick_replies)
        alike = [each for each in there if each.label == button.label]
        same = all(each.action == button.action for each in alike)
        return None if same else alike.index(button) + 1

    def written(self, message: Message, button: Button, times: int = 1) -> str | dict[str, str]:
        """How a talk writes a tap on *button* now: its label, or which of several is meant."""
        place = self.nth(message, button)
        step = {"label": button.label}
        if message not in self.latest:
            step["of"] = message.say_id or message.id
        if place is not None:
            step |= {"of": message.say_id or message.id, "nth": str(place)}
        if times > 1:
            step["times"] = str(times)
        return step if len(step) > 1 else button.label

    def show(self, message: Message) -> None:
        """Put *message* on the screen."""
        with self._changed:
            self._seen.append(message)

    def acted(self) -> None:
        """Something was done here: what the bot says from now on is the answer to it."""
        with self._changed:
            if self.answer:
                self._latest_from = self._answer_from
            self._answer_from = len(self._seen)

    def dismiss(self) -> None:
        """A quick reply was tapped: they all go away."""
        with self._changed:
            self._dismissed = self._seen[-1].id if self._seen else ""

    def _said_since(self, start: int) -> Sequence[Message]:
        return tuple(message for message in self._seen[start:] if not message.mine)

    def _older(self, of: str) -> Message:
        theirs = [message for message in reversed(self.seen) if not message.mine]
        named = [message for message in theirs if of in (message.say_id, message.id)]
        if fitting := named or [message for message in theirs if of in message.text]:
            return fitting[0]
        said = "、".join(dict.fromkeys(message.say_id for message in self.seen if message.say_id))
        raise CannotTapError(
            f"「{of}」というメッセージは届いていません（届いたもの: {said or 'なし'}）"
        )

    def _why_not(self, label: str, messages: Sequence[Message]) -> str:
        labels = [button.label for message, button in self.tappable() if message in messages]
        why = f"「{label}」というボタンはありません（あるもの: {'、'.join(labels) or 'なし'}）"
        older = [message for message, button in self.tappable() if button.label == label]
        if older:
            why += (
                f"。前のメッセージ {older[0].say_id or older[0].id} にはあります（of で指定します）"
            )
        return why
