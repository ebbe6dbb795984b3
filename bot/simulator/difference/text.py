"""The report of differences for a terminal and for a review: plain text, marked as git does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.simulator.difference.compare import Alike, Change, ServiceDifference, totals
from bot.simulator.difference.words import Piece, changed_lines

KINDS = {"changed": "変わった", "added": "増えた", "gone": "消えた"}
"""What happened to a message, in words."""

SAME = "読む人にとっての違いはありません。"
MARKS = {"same": ("", ""), "gone": ("[-", "-]"), "added": ("{+", "+}")}
"""Before and after each piece of text; those of `git diff --word-diff`."""


def report(title: str, found: Sequence[ServiceDifference], note: str = "") -> str:
    """All that differs, below *title*."""
    lines = [title, *([f"※{note}"] if note else [])]
    lines.append(summary(found))
    for one in found:
        lines += ["", *_service(one)]
    return "\n".join(lines) + "\n"


def summary(found: Sequence[ServiceDifference]) -> str:
    """The differences in numbers."""
    if not found:
        return SAME
    counted = totals(found)
    told = "、".join(f"{word} {counted[kind]}" for kind, word in KINDS.items())
    return f"メッセージ：{told}（{'・'.join(one.name for one in found)}）"


def _service(one: ServiceDifference) -> Iterator[str]:
    yield f"■ {one.name}" + (f"（{one.service}）" if one.service else "")
    for alike in one.changes:
        yield ""
        yield from _alike(alike)
    for line in asides(one):
        yield ""
        yield line


def asides(one: ServiceDifference) -> Iterator[str]:
    """What differs besides messages: ways, buttons, facts; a sentence each."""
    if one.moved:
        example = one.moved[0]
        assert example.before is not None
        yield (
            f"道が変わった {len(one.moved)}：言葉は同じまま。例：{example.met.id}："
            f"{in_words(example.before.path)} → {in_words(example.met.path)}"
        )
    for labels, told in (
        (one.buttons_added, "ボタンが増えた"),
        (one.buttons_gone, "ボタンが消えた"),
    ):
        for label in dict.fromkeys(label for _, label in labels):
            states = "・".join(state or "どこでも" for state, same in labels if same == label)
            yield f"{told}：［{label}］（{states}）"
    for facts, told in (
        (one.facts_added, "伝わるようになった事実"),
        (one.facts_gone, "伝わらなくなった事実"),
    ):
        if facts:
            yield f"{told}：{'、'.join(facts)}"


def _alike(alike: Alike) -> Iterator[str]:
    change = alike.first
    yield f"{KINDS[change.kind]}　{change.met.id}"
    yield f"  道：{way(change)}"
    for line in changed_lines(change.pieces):
        yield f"    {''.join(map(_marked, line)) or '…'}"
    if alike.others:
        yield f"  ほか {len(alike.others)} 件も同じ変化：{others(alike)}"


def others(alike: Alike) -> str:
    """The ids of the other messages with the same change, each once."""
    return "、".join(dict.fromkeys(change.met.id for change in alike.others))


def way(change: Change) -> str:
    """A shortest way to the message, and how many there are."""
    before = change.before
    ways = f"{change.met.ways} 通り"
    if change.kind == "changed" and before is not None and before.ways != change.met.ways:
        ways = f"{before.ways} 通り → {ways}"
    when = f"、{change.met.when}" if change.met.when else ""
    return f"{in_words(change.met.path)}（{ways}{when}）"


def in_words(path: Sequence[str]) -> str:
    """A path as one line."""
    return " › ".join(path)


def _marked(piece: Piece) -> str:
    before, after = MARKS[piece.kind]
    return f"{before}{piece.text}{after}"
