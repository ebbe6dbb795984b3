"""The script of one service: every screen in order, and where each choice on it leads.

A screen is one answer as a person sees it. Places that look alike are one screen, so that what
is read is read once; where their ways part, a choice leads to several.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.line.postback import decode
from bot.line.speak import Wording, speak
from bot.simulator.gallery.asides import BY_DAY
from bot.simulator.gallery.listing import OPERATOR, PRIVACY, Found
from bot.simulator.inspector.sources import Source, Sources
from bot.simulator.screen import Button, received
from content.catalog import Catalog
from flows.conversation import Pressed
from flows.coverage import arrivals
from flows.walk import Arrival


@dataclass(frozen=True, slots=True)
class Part:
    """One message of a screen: its id, its words, and the texts it is made of."""

    id: str
    words: str
    sources: tuple[Source, ...]

    @property
    def is_letter(self) -> bool:
        """Whether a person copies it and sends it on as it is."""
        return self.id.startswith("letter:")


@dataclass(frozen=True, slots=True)
class Way:
    """A button of a screen: its label, and the numbers of the screens it leads to; where it
    leads to none, ``does`` says what it does."""

    label: str
    to: tuple[int, ...]
    does: str = ""


@dataclass(frozen=True, slots=True)
class Screen:
    """One answer: its number, the state it is given in, a shortest path there, and its ways on."""

    number: int
    state: str
    name: str
    path: tuple[str, ...]
    parts: tuple[Part, ...]
    ways: tuple[Way, ...]


Look = tuple[str, ...]
"""What makes one screen: the state, then each message's name and content."""


def script(catalog: Catalog, slug: str) -> list[Screen]:
    """Every screen of the service *slug*, breadth first. Raises KeyError for an unknown one."""
    catalog = catalog.run_by(OPERATOR, PRIVACY)
    return _Writer(catalog, slug).screens()


class _Writer:
    """Walks one service and numbers what it sees."""

    def __init__(self, catalog: Catalog, slug: str) -> None:
        self._catalog, self._slug = catalog, slug
        self._wording = Wording(alt_text=catalog.phrases["alt_text"])
        self._sources = Sources(catalog)
        self._found = Found(catalog, slug)
        self._seen: dict[Look, list[Arrival]] = {}
        self._leads: dict[tuple[tuple[str, ...], Pressed], Look] = {}

    def screens(self) -> list[Screen]:
        at: dict[tuple[Pressed, ...], Arrival] = {}
        first_path: dict[Look, tuple[str, ...]] = {}
        for arrival in arrivals(self._catalog, self._slug, BY_DAY):
            look = self._look(arrival)
            first_path.setdefault(look, self._found.in_words(arrival))
            self._seen.setdefault(look, []).append(arrival)
            at.setdefault(arrival.path, arrival)
            before = at.get(arrival.path[:-1])
            if before is not None:
                self._leads[(before.key, replace(arrival.path[-1], turn=0))] = look
        numbers = {look: number for number, look in enumerate(self._seen, 1)}
        return [
            self._screen(number, look, first_path[look], numbers)
            for look, number in numbers.items()
        ]

    def _look(self, arrival: Arrival) -> Look:
        messages = speak(arrival.says, self._wording)
        seen = [received("", message, BY_DAY) for message in messages]
        words = [f"{say.id}\n{one.text}" for say, one in zip(arrival.says, seen, strict=True)]
        labels = [button.label for one in seen for button in (*one.buttons, *one.quick_replies)]
        return (arrival.state, *words, *labels)

    def _screen(
        self, number: int, look: Look, path: tuple[str, ...], numbers: dict[Look, int]
    ) -> Screen:
        arrived = self._seen[look]
        messages = [
            received("", message, BY_DAY) for message in speak(arrived[0].says, self._wording)
        ]
        parts = tuple(
            Part(
                say.id,
                one.text,
                tuple(self._sources.of(say.id, say.facts, one.text, self._slug, arrived[0].state)),
            )
            for say, one in zip(arrived[0].says, messages, strict=True)
        )
        buttons = [button for one in messages for button in (*one.buttons, *one.quick_replies)]
        ways = dict.fromkeys(self._way(button, arrived, numbers) for button in buttons)
        name = self._catalog.texts[arrived[0].state].name
        return Screen(number, arrived[0].state, name, path, parts, tuple(ways))

    def _way(self, button: Button, arrived: list[Arrival], numbers: dict[Look, int]) -> Way:
        press = decode(str(button.action.get("data", "")))
        if press is None:
            return Way(button.label, (), _does(button))
        if press.trigger == "back":
            return Way(button.label, (), "一つ前へ")
        looks = [self._leads.get((at.key, replace(press, turn=0))) for at in arrived]
        to = sorted({numbers[look] for look in looks if look is not None})
        return Way(button.label, tuple(to), "" if to else "ほかのサービスの案内へ")


def _does(button: Button) -> str:
    """What a button does that is no answer."""
    if button.kind == "clipboard":
        return f"コピー（{len(str(button.action.get('clipboardText', '')))}文字）"
    address = str(button.action.get("uri", ""))
    return f"電話 {address.removeprefix('tel:')}" if address.startswith("tel:") else address
