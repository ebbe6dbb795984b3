"""The script as plain text: one line an idea, so that two of them can be compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.simulator.gallery.script import Part, Screen, Way

CUT = "─" * 24


def text(title: str, screens: Sequence[Screen]) -> str:
    """All *screens* below *title*."""
    lines = [title, "=" * 2 * len(title)]
    for screen in screens:
        lines += ["", "", *_screen(screen, screens)]
    return "\n".join(lines) + "\n"


def _screen(screen: Screen, screens: Sequence[Screen]) -> Iterator[str]:
    yield f"画面 {screen.number}　{screen.name}（{screen.state}）"
    yield CUT
    yield f"道：{' › '.join(screen.path)}"
    for part in screen.parts:
        yield ""
        yield from _part(part)
    yield ""
    for way in screen.ways:
        yield f"［{way.label}］ → {leads_to(way, screens)}"


def _part(part: Part) -> Iterator[str]:
    yield f"● {part.id}"
    if part.is_letter:
        yield f"{CUT} ここから"
        yield part.words
        yield f"{CUT} ここまで"
    else:
        yield from (f"  {line}".rstrip() for line in part.words.splitlines())
    for source in part.sources:
        yield f"    └ {source.place} {source.evidence or source.name}"


def leads_to(way: Way, screens: Sequence[Screen]) -> str:
    """Where *way* leads, in words."""
    named = [f"画面 {number} {screens[number - 1].name}" for number in way.to]
    return " ／ ".join(named) or way.does
