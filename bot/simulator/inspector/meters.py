"""How near a message comes to each of LINE's limits (bot/line/limits.yaml)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from bot.line.measure import Limit, limits
from bot.simulator.render.markup import as_list, as_mapping, as_text

NEAR = 0.9
"""The share of a limit from which on a measure is near it. Ours: two letters of a label's 20."""

Level = Literal["within", "near", "over"]


@dataclass(frozen=True, slots=True)
class Meter:
    """One thing in a message held against one limit.

    ``where`` is its path in the message ("contents.footer.contents[0].action.label"), ``words``
    the measured text, "" for what is no text. ``used`` is counted in the limit's unit.
    """

    limit: Limit
    where: str
    words: str
    used: int

    @property
    def share(self) -> float:
        """The part of the limit that is used: 1.0 is all of it, more is refused by LINE."""
        return self.used / self.limit.value

    @property
    def level(self) -> Level:
        """``over`` what LINE takes, ``near`` to it, or well ``within``."""
        return "over" if self.share > 1 else "near" if self.share >= NEAR else "within"


def meters(message: Mapping[str, object]) -> list[Meter]:
    """Everything in *message* that one of LINE's limits applies to, in reading order."""
    return list(_message(message))


def tightest(measured: list[Meter]) -> list[Meter]:
    """Of *measured*, for each limit what comes nearest to it, and all that is over it."""
    first: dict[str, Meter] = {}
    for meter in measured:
        known = first.get(meter.limit.what)
        if known is None or meter.used > known.used:
            first[meter.limit.what] = meter
    return [meter for meter in measured if meter.level == "over" or meter in first.values()]


def _message(message: Mapping[str, object]) -> Iterator[Meter]:
    kind = as_text(message.get("type"))
    if kind in ("text", "textV2"):
        yield from _measure(kind, "text", message.get("text"))
    yield from _measure(f"{kind}.altText", "altText", message.get("altText"))
    if kind == "flex":
        yield from _flex("contents", as_mapping(message.get("contents")))
    if kind == "template":
        yield from _template("template", as_mapping(message.get("template")))
    quick = as_mapping(message.get("quickReply")).get("items")
    yield from _measure("quickReply.items", "quickReply.items", quick)
    for number, item in enumerate(as_list(quick)):
        where = f"quickReply.items[{number}].action"
        yield from _action(where, as_mapping(as_mapping(item).get("action")), "quickReply.label")


def _flex(where: str, container: Mapping[str, object]) -> Iterator[Meter]:
    if container.get("type") == "carousel":
        bubbles = as_list(container.get("contents"))
        yield from _measure("flex.carousel", where, container)
        yield from _measure("flex.carousel.bubbles", f"{where}.contents", bubbles)
        for number, bubble in enumerate(bubbles):
            yield from _measure("flex.bubble", f"{where}.contents[{number}]", bubble)
    else:
        yield from _measure("flex.bubble", where, container)
    yield from _actions(where, container, "flex.label")


def _template(where: str, template: Mapping[str, object]) -> Iterator[Meter]:
    kind = as_text(template.get("type"))
    for key in ("columns", "actions", "title", "text"):
        yield from _measure(f"{kind}.{key}", f"{where}.{key}", template.get(key))
    for number, column in enumerate(as_list(template.get("columns"))):
        for key, value in as_mapping(column).items():
            yield from _measure(f"{kind}.{key}", f"{where}.columns[{number}].{key}", value)
    yield from _actions(where, template, "template.label")


def _actions(where: str, value: object, label: str) -> Iterator[Meter]:
    """The limits of every action anywhere in *value*."""
    if isinstance(value, Mapping):
        for key, part in value.items():
            if key in ("action", "defaultAction"):
                yield from _action(f"{where}.{key}", as_mapping(part), label)
            yield from _actions(f"{where}.{key}", part, label)
    for number, part in enumerate(as_list(value)):
        here = f"{where}[{number}]"
        if where.endswith(".actions"):
            yield from _action(here, as_mapping(part), label)
        yield from _actions(here, part, label)


def _action(where: str, action: Mapping[str, object], label: str) -> Iterator[Meter]:
    kind = as_text(action.get("type"))
    own = label if f"{kind}.label" not in limits() else f"{kind}.label"
    yield from _measure(own, f"{where}.label", action.get("label"))
    for key, value in action.items():
        named = kind if key == kind else f"{kind}.{key}"  # a link's address is the limit "uri"
        if key != "label":
            yield from _measure(named, f"{where}.{key}", value)


def _measure(what: str, where: str, thing: object) -> Iterator[Meter]:
    """*thing* held against the limit called *what*, if there are both."""
    limit = limits().get(what)
    if limit is None or thing is None:
        return
    try:
        used = limit.measure(thing)
    except TypeError:  # of a kind LINE refuses anyway; `limits.broken` says so
        return
    yield Meter(limit, where, as_text(thing), used)
