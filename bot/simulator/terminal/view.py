"""The chat as lines on a terminal, or in a pipe: readable aloud, and good to copy from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO

from rich.console import Console
from rich.text import Text

from bot.line.menu import UNNUMBERED
from bot.line.postback import decode
from bot.simulator.chat import Chat
from bot.simulator.screen import Button, Message

Tappable = tuple[Message, Button]

CUT = "─" * 12
"""Stands above and below a letter, which is set flush left: what is between them is the letter."""

MARKS = {"uri": "↗", "clipboard": "⧉"}
"""What stands behind a button that is no answer: a link or a call, a copy."""


class View:
    """Writes to *out*; plainly where that is no terminal."""

    def __init__(self, out: TextIO) -> None:
        self._console = Console(file=out, highlight=False, markup=False, soft_wrap=True)

    def answer(self, chat: Chat, why_not: str = "") -> None:
        """Everything the bot said since something was last done, and what can be tapped on it.

        *why_not* tells why there is nothing, where that is known.
        """
        for message in chat.answer:
            self._message(message)
        if not chat.answer:
            self.note(why_not or "（返信はありません）")
        self.buttons(choices(chat))

    def buttons(self, tappable: Sequence[Tappable]) -> None:
        """The buttons by number."""
        for number, (_, button) in enumerate(tappable, 1):
            line = Text(f"  [{number}] ", style="cyan")
            line.append(button.label, style="bold")
            line.append(f" {MARKS.get(button.kind, '')}".rstrip(), style="dim")
            self._console.print(line)

    def old(self, tappable: Sequence[Tappable]) -> None:
        """Older buttons by number, each with the message it stands on."""
        if not tappable:
            self.note("（前のボタンはありません）")
        for number, (message, button) in enumerate(tappable, 1):
            line = Text(f"  [{number}] ", style="cyan").append(button.label, style="bold")
            self._console.print(line.append(f"  ← {_title(message)}", style="dim"))

    def mine(self, name: str, words: str) -> None:
        """What the person did, where the terminal has not shown it already."""
        self._console.print(Text(f"{name}> {words}", style="green"))

    def note(self, words: str) -> None:
        """A line of the simulator's own."""
        self._console.print(Text(words, style="dim"))

    def problem(self, words: str) -> None:
        """Something that did not work."""
        self._console.print(Text(f"！ {words}", style="bold red"))

    def _message(self, message: Message) -> None:
        self._console.print(Text(f"退会ナビ  {_title(message)}", style="bold blue"))
        if message.say_id.startswith("letter:"):
            self.note(f"{CUT} ここから {CUT}")
            self._console.print(Text(message.text))
            self.note(f"{CUT} ここまで {CUT}")
        else:
            for line in message.text.splitlines():
                self._console.print(Text(f"  {line}".rstrip()))


def choices(chat: Chat) -> list[Tappable]:
    """What can be tapped on the latest answer, in the order of the numbers the bot gives it.

    First the answers the message itself numbers; then what has no number there: going back,
    and the other buttons of cards. A card's button that means the same as one of the answers
    has that answer's number and no second one.
    """
    there = [(message, button) for message, button in chat.tappable() if message in chat.latest]
    numbered = [
        choice.press
        for message in chat.latest
        for choice in (message.say.choices if message.say else ())
        if choice.press.trigger != UNNUMBERED
    ]

    def place(each: Tappable) -> tuple[int, int]:
        message, button = each
        press = decode(str(button.action.get("data", "")))
        if press in numbered:
            return 0, numbered.index(press)
        return (1, 0) if button.passing else (2, chat.seen.index(message))

    first: dict[str, Tappable] = {}
    for each in sorted(there, key=lambda each: (place(each), not each[1].passing)):
        first.setdefault(repr(sorted(_meaning(each[1]))), each)
    return list(first.values())


def _meaning(button: Button) -> list[tuple[str, str]]:
    """What a button does, whatever its label."""
    return [(key, str(value)) for key, value in button.action.items() if key in _DOES]


_DOES = ("type", "data", "uri", "clipboardText")


def older(chat: Chat) -> list[Tappable]:
    """What can still be tapped on earlier messages, newest first."""
    return [(message, button) for message, button in chat.tappable() if message not in chat.latest]


def _title(message: Message) -> str:
    return f"{message.at:%H:%M}  {message.say_id or message.kind}"
