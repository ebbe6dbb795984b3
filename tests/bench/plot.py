"""The results as a picture: bars on one scale for each scenario, in light and dark."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from tests.bench.figures import Result, Row

WIDTH = 860
LEFT = 290
"""Where bars begin; labels end a little before."""

LONGEST = 400
ROW, HEAD, GAP = 38, 52, 26

UNITS = {
    "rate": "件/秒 events/s",
    "answered_p99": "ms",
    "memory": "MiB",
    "ready": "秒 s",
    "step_us": "µs",
}
OURS_ALONE = ("growth", "memory", "start", "flow")
"""Scenarios without anybody else."""

BARS = {
    "answered_p99": (
        ("answered_p99", "200まで p99", "p99 of the 200"),
        ("replied_p99", "返信まで p99", "p99 of the reply"),
    ),
}
"""Scenarios with more than one bar for each contestant."""

STYLE = """
  svg { --paper: #ffffff; --ink: #1a1c1e; --faint: #5b6268; --bar: #b9c2c9; --ours: #0a7d43;
        --line: #d5dae0; }
  @media (prefers-color-scheme: dark) {
    svg { --paper: #15181b; --ink: #eceff1; --faint: #a3adb5; --bar: #57626b; --ours: #3fbf7f;
          --line: #31383e; }
  }
  .paper { fill: var(--paper); }
  text { fill: var(--ink); font: 14px "Hiragino Sans", "Noto Sans JP", "Noto Sans CJK JP",
         "Yu Gothic", system-ui, sans-serif; }
  .title { font-size: 16px; font-weight: 700; }
  .faint { fill: var(--faint); font-size: 12px; }
  .label { text-anchor: end; }
  .bar { fill: var(--bar); }
  .ours { fill: var(--ours); }
  .line { stroke: var(--line); }
"""


def drawn(results: Sequence[Result], notes: Iterable[str]) -> str:
    """The picture as SVG. What a screen reader says of it is all in its text."""
    parts: list[str] = []
    top = 24
    for result in results:
        panel, height = _panel(result, top)
        parts += panel
        top += height + GAP
    for note in notes:
        parts.append(_text(24, top, note, "faint"))
        top += 18
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top + 8}"'
        f' width="{WIDTH}" height="{top + 8}" role="img" aria-labelledby="t">\n'
        f'<title id="t">退会ナビ：ベンチマーク / benchmark</title>\n<style>{STYLE}</style>\n'
        f'<rect class="paper" width="{WIDTH}" height="{top + 8}" rx="8"/>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def _panel(result: Result, top: int) -> tuple[list[str], int]:
    """One scenario from *top* on, and how high it is."""
    bars = [
        (row, part, value)
        for row in result.rows
        for part in BARS.get(result.main, ((result.main, "", ""),))
        if (value := row.median(part[0])) is not None
    ]
    unit = UNITS[result.main]
    most = max((value for _, _, value in bars), default=0) or 1
    parts = [
        _text(24, top + 16, result.title, "title"),
        _text(24, top + 36, f"{result.title_en} · {unit}", "faint"),
    ]
    line = top + HEAD + len(bars) * ROW
    parts.append(f'<line class="line" x1="{LEFT}" x2="{LEFT}" y1="{top + HEAD}" y2="{line}"/>')
    for place, (row, (name, words, words_en), value) in enumerate(bars):
        y = top + HEAD + place * ROW
        wide = max(1.0, value / most * LONGEST)
        ours = row.name.startswith("taikai") or result.name in OURS_ALONE
        label, label_en = _joined(row.label, words), _joined(row.label_en, words_en)
        parts += [
            _text(LEFT - 12, y + 16, label, "label"),
            _text(LEFT - 12, y + 31, label_en, "label faint"),
            f'<rect class="bar{" ours" if ours else ""}" x="{LEFT}" y="{y + 8}"'
            f' width="{wide:.1f}" height="20" rx="2"/>',
            _text(LEFT + wide + 10, y + 23, _value(result, row, name, value), ""),
        ]
    return parts, HEAD + len(bars) * ROW


def _joined(label: str, words: str) -> str:
    return f"{label} · {words}" if words else label


def _value(result: Result, row: Row, name: str, value: float) -> str:
    """The number at the end of a bar, with its ratio where there is one to give."""
    digits = f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
    ratio = result.ratio(row) if name == result.main else None
    if ratio is None or row.name == result.against:
        return digits
    return f"{digits}（× {ratio:.1f}）" if ratio >= 10 else f"{digits}（× {ratio:.2f}）"


def _text(x: float, y: float, words: str, kind: str) -> str:
    return f'<text x="{x:.1f}" y="{y}" class="{kind}">{escape(words)}</text>'
