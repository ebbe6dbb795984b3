"""What people would read differently: two listings of all messages held against each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from bot.simulator.difference.words import Piece, pieces
from bot.simulator.gallery.asides import BY_DAY
from bot.simulator.gallery.listing import Listing, Shown
from bot.simulator.screen import Button, received

ALIKE = 0.4
"""From which likeness on a message of the same id is the old one changed, and not another. Ours."""


@dataclass(frozen=True, slots=True)
class Change:
    """One message that came (no ``before``), went (no ``after``) or reads differently."""

    before: Shown | None
    after: Shown | None

    @property
    def kind(self) -> Literal["added", "gone", "changed"]:
        """What happened to it."""
        return "added" if self.before is None else "gone" if self.after is None else "changed"

    @property
    def met(self) -> Shown:
        """The message as people meet it now; one that went, as they met it."""
        shown = self.after or self.before
        assert shown is not None
        return shown

    @property
    def pieces(self) -> list[Piece]:
        """Its words, old and new."""
        return pieces(
            reading(self.before) if self.before else "", reading(self.after) if self.after else ""
        )


@dataclass(frozen=True, slots=True)
class Alike:
    """Messages in which the very same words changed: the ``first`` of them, and the ``others``."""

    first: Change
    others: tuple[Change, ...]


Label = tuple[str, str]
"""A button: the state it stands in, and its label."""


@dataclass(frozen=True, slots=True)
class ServiceDifference:
    """What changed in one service. ``moved`` are messages that read as before and are met on
    another way; buttons and facts are those people no longer, or now for the first time, meet."""

    service: str
    name: str
    changes: tuple[Alike, ...]
    moved: tuple[Change, ...]
    buttons_added: tuple[Label, ...]
    buttons_gone: tuple[Label, ...]
    facts_added: tuple[str, ...]
    facts_gone: tuple[str, ...]

    def __bool__(self) -> bool:
        return any((self.changes, self.moved, self.buttons_added, self.buttons_gone,
                    self.facts_added, self.facts_gone))  # fmt: skip

    def count(self, kind: str) -> int:
        """How many messages are "added", "gone" or "changed"."""
        each = (change for alike in self.changes for change in (alike.first, *alike.others))
        return sum(change.kind == kind for change in each)


def differences(before: Listing, after: Listing) -> list[ServiceDifference]:
    """Everything that differs, service by service; services without a difference are left out."""
    slugs = dict.fromkeys((*after.names, *before.names))
    every = (_of_service(slug, before, after) for slug in slugs)
    return [difference for difference in every if difference]


def reading(shown: Shown) -> str:
    """All that a person can read of a message: its words, its buttons and what these call or
    open, and what a notification says in place of a card."""
    message = received("", shown.json, BY_DAY)
    lines = [message.text]
    lines += [_button(button) for button in (*message.buttons, *message.quick_replies)]
    if alt := shown.json.get("altText"):
        lines.append(f"（通知：{alt}）")
    return "\n".join(lines)


def _button(button: Button) -> str:
    address = str(button.action.get("uri", ""))
    return f"［{button.label}{f' {address}' if address else ''}］"


def _of_service(slug: str, before: Listing, after: Listing) -> ServiceDifference:
    old, new = _by_reading(before.of(slug)), _by_reading(after.of(slug))
    gone = [shown for key, shown in old.items() if key not in new]
    added = [shown for key, shown in new.items() if key not in old]
    kept = [Change(old[key], new[key]) for key in new if key in old]
    labels = set(_labels(old.values(), before)), set(_labels(new.values(), after))
    facts = [{fact for shown in side.values() for fact in shown.facts} for side in (old, new)]
    return ServiceDifference(
        slug,
        after.names.get(slug) or before.names[slug],
        tuple(_alike(_paired(gone, added))),
        tuple(change for change in kept if _moved(change)),
        tuple(sorted(labels[1] - labels[0])),
        tuple(sorted(labels[0] - labels[1])),
        tuple(sorted(facts[1] - facts[0])),
        tuple(sorted(facts[0] - facts[1])),
    )


def _by_reading(messages: Iterable[Shown]) -> dict[tuple[str, str], Shown]:
    found: dict[tuple[str, str], Shown] = {}
    for shown in messages:
        found.setdefault((shown.id, reading(shown)), shown)
    return found


def _labels(messages: Iterable[Shown], listing: Listing) -> Iterator[Label]:
    for shown in messages:
        message = received("", shown.json, BY_DAY)
        for button in (*message.buttons, *message.quick_replies):
            yield listing.states.get(shown.state, ""), button.label


def _moved(change: Change) -> bool:
    """Whether the same message is met on another way: other states, or in another order."""
    before, after = change.before, change.after
    return before is not None and after is not None and before.route != after.route


def _paired(gone: Sequence[Shown], added: Sequence[Shown]) -> Iterator[Change]:
    """Each message that went beside the one that came in its place: first what is met on the
    very same way, then what reads alike."""
    left, new = list(gone), []
    for after in added:
        same = [one for one in left if one.id == after.id]
        place = (after.state, after.path, after.when)
        before = next((one for one in same if (one.state, one.path, one.when) == place), None)
        if before is None and after.route:
            before = next((one for one in same if one.route == after.route), None)
        if before is None:
            new.append(after)
            continue
        left.remove(before)
        yield Change(before, after)
    for after in new:
        likeness = {
            number: _likeness(one, after) for number, one in enumerate(left) if one.id == after.id
        }
        best = max(likeness, key=lambda number: likeness[number], default=None)
        if best is not None and likeness[best] >= ALIKE:
            yield Change(left.pop(best), after)
        else:
            yield Change(None, after)
    for before in left:
        yield Change(before, None)


def _likeness(one: Shown, other: Shown) -> float:
    """How much two messages read alike, from 0 to 1; the same state decides between equals."""
    ratio = SequenceMatcher(None, reading(one), reading(other), autojunk=False).ratio()
    return ratio + (0.01 if one.state == other.state else 0)


def _alike(changes: Iterable[Change]) -> Iterator[Alike]:
    """*changes* with those together in which the same words changed."""
    together: dict[object, list[Change]] = {}
    for change in changes:
        what = [piece for piece in change.pieces if piece.kind != "same"]
        key: object = tuple(what) if change.kind == "changed" else id(change)
        together.setdefault(key, []).append(change)
    for first, *others in together.values():
        yield Alike(first, tuple(others))


def totals(found: Sequence[ServiceDifference]) -> Mapping[str, int]:
    """How many messages of all services changed, came and went."""
    return {kind: sum(one.count(kind) for one in found) for kind in ("changed", "added", "gone")}
