"""Every message that people of a service can meet, each once, with a shortest way to it.

Presses come from the walk of the flow, what can happen besides from `bot.simulator.gallery.asides`.
Nothing else of the simulator is needed here, so that `taikai diff` can put this module beside
the content and the flows of an earlier revision and let those speak.
"""

from __future__ import annotations

import json
import pathlib
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from bot.line.speak import Wording, speak
from bot.simulator.gallery.asides import (
    BY_DAY,
    IN_THE_EVENING,
    Path,
    Visit,
    anywhere,
    in_a_state,
    on_the_way,
)
from content.catalog import Catalog, load
from flows.conversation import LOBBY, Pressed, Say
from flows.coverage import arrivals
from flows.walk import Arrival, presses

_TURN = re.compile(r'("data": "1\|[^"]*\|)\d+"')


@dataclass(frozen=True, slots=True)
class Shown:
    """One message as it is met in ``service`` (a slug, or LOBBY for outside of any).

    ``id`` is the flow's name for it and ``facts`` what it tells; ``state`` is where a person
    stands after it, "" for what is said everywhere. ``path`` is a shortest way: the labels of
    the buttons, or what else was done, in words; ``route`` is the same by the flow's own names,
    where buttons alone lead there. ``ways`` counts the presses and deeds, each in
    a place of its own, that are answered with it. ``when`` names the moment it belongs to, ""
    where any will do. ``json`` is what LINE gets.
    """

    service: str
    id: str
    state: str
    path: Path
    route: Path
    ways: int
    when: str
    facts: tuple[str, ...]
    json: Mapping[str, Any]

    @property
    def content(self) -> str:
        """What makes it another message than the next: all of it but the number of the turn."""
        return _content(self.json)


@dataclass(frozen=True, slots=True)
class Listing:
    """All messages, in the order they are met, and the names of services (LOBBY's included)
    and of states."""

    names: Mapping[str, str]
    states: Mapping[str, str]
    messages: tuple[Shown, ...]

    def of(self, service: str) -> list[Shown]:
        """Those of one service."""
        return [shown for shown in self.messages if shown.service == service]

    def to_json(self) -> dict[str, Any]:
        """Plain data; `from_json` makes an equal value of it."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Listing:
        """Read what `to_json` wrote. Raises KeyError or TypeError for anything else."""
        messages = (
            Shown(**{**one, **{key: tuple(one[key]) for key in ("path", "route", "facts")}})
            for one in data["messages"]
        )
        return cls(data["names"], data["states"], tuple(messages))


OUTSIDE = "どのサービスでも"
"""The name of what is said outside of any service."""

OPERATOR, PRIVACY = "退会ナビ運営", "https://example.invalid/privacy"
"""Who runs the bot in the greeting, and where the page on privacy would be."""


BESIDE_THE_FLOW = {
    "fallback": "（返事を作れなかったとき）",
    "answer_refused": "（返事がLINEに断られたとき）",
    "memory_lost": "（これまでの内容を読み取れなかったとき）",
    "crowded": "（短い間にたくさん送ったとき）",
    "group": "（グループに招待したとき）",
}
"""What the bot says when no conversation can, and when (`bot.engine.phrases`)."""


def listing(catalog: Catalog, only: str | None = None) -> Listing:
    """Every message of *catalog*, or of one service (with LOBBY: of none). Raises KeyError for
    a service that is not there."""
    catalog = catalog.run_by(OPERATOR, PRIVACY)
    slugs = (LOBBY, *catalog.services) if only is None else (only,)
    names = {slug: OUTSIDE if slug == LOBBY else catalog.services[slug].name for slug in slugs}
    outside = Found(catalog, LOBBY)
    anywhere(partial(Visit, catalog, outside.add))
    for id, why in BESIDE_THE_FLOW.items():
        if id not in catalog.phrases:  # an earlier revision may not have it
            continue
        message = {"type": "text", "text": catalog.phrases[id]}
        outside.put(Shown(LOBBY, id, "", (why,), (), 1, "", (), message))
    told = {(shown.id, shown.content) for shown in outside.messages}
    messages = list(outside.messages) if LOBBY in slugs else []
    for slug in slugs:
        if slug != LOBBY:
            own = _of_service(catalog, slug)
            messages += [shown for shown in own if (shown.id, shown.content) not in told]
    states = {state: text.name for state, text in catalog.texts.items()}
    return Listing(names, states, tuple(messages))


def _of_service(catalog: Catalog, slug: str) -> Iterable[Shown]:
    found = Found(catalog, slug)
    visit = partial(Visit, catalog, found.add)
    for arrival in _walked(found, BY_DAY):
        if arrival.conversation.service == slug:
            in_a_state(visit(arrival.conversation, found.in_words(arrival)))
    on_the_way(visit, slug)
    _walked(found, IN_THE_EVENING, "夜の9時")
    return found.messages


def _walked(found: Found, now: datetime, when: str = "") -> list[Arrival]:
    """Everything pressing leads to, put into *found*; the first arrival in each state."""
    first: dict[str, Arrival] = {}
    for arrival in arrivals(found.catalog, found.service, now):
        path = found.in_words(arrival)
        stands = arrival.conversation
        if stands.trail:  # the list of services is met outside of any
            route = tuple(f"{p.state} {p.trigger} {p.argument}".strip() for p in arrival.path)
            found.add(arrival.says, stands.service, arrival.state, path, route, when)
            first.setdefault(arrival.state, arrival)
    return list(first.values())


class Found:
    """What was said so far in ``service``, each message once."""

    def __init__(self, catalog: Catalog, service: str) -> None:
        self.catalog, self.service = catalog, service
        self._wording = Wording(alt_text=catalog.phrases["alt_text"])
        self._by_content: dict[tuple[str, str], Shown] = {}
        self._labels: dict[Pressed, str] = {}

    @property
    def messages(self) -> Iterable[Shown]:
        """Everything found, in the order it was met first."""
        return self._by_content.values()

    def in_words(self, arrival: Arrival) -> Path:
        """The way to *arrival* by the labels of its buttons, which were all met before."""
        for choice in presses(arrival.says):
            self._labels[replace(choice.press, turn=0)] = choice.label
        return tuple(self._label(press) for press in arrival.path)

    def _label(self, press: Pressed) -> str:
        slug, _, key = press.argument.partition("/")
        known = self._labels.get(replace(press, turn=0))
        if known is not None or slug not in self.catalog.services:
            return known or press.trigger
        service = self.catalog.services[slug]
        return service.lookalikes[key].name if key in service.lookalikes else service.name

    def add(
        self,
        says: Iterable[Say],
        service: str,
        state: str,
        path: Path,
        route: Path = (),
        when: str = "",
    ) -> None:
        """*says* were the answer at the end of *path*, which leads to *state* in *service*."""
        says = list(says)
        for say, message in zip(says, speak(says, self._wording), strict=True):
            # Of what is said in another service, its own list tells.
            if service in (self.service, LOBBY) or say.id in self.catalog.phrases:
                stands = "" if say.id in self.catalog.phrases else state
                self.put(
                    Shown(self.service, say.id, stands, path, route, 1, when, say.facts, message)
                )

    def put(self, shown: Shown) -> None:
        """Take in one message; the same again counts as more ways to it."""
        key = (shown.id, shown.content)
        known = self._by_content.get(key)
        if known is None:
            self._by_content[key] = shown
        elif known.when == shown.when:  # what is the same at another moment is met one way
            self._by_content[key] = replace(known, ways=known.ways + shown.ways)


def _content(message: Mapping[str, Any]) -> str:
    return _TURN.sub(r'\g<1>0"', json.dumps(message, ensure_ascii=False))


if __name__ == "__main__":
    json.dump(listing(load(pathlib.Path(sys.argv[1]))).to_json(), sys.stdout)
