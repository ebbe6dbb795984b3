"""The few components our cards are made of, with the looks they share.

Made for a phone 375 to 414 points wide, where a ``mega`` bubble is 300 wide. Every text wraps
and follows the font size set in LINE (``scaling``). Every colour is given, on a background
that is given too: what has a contrast of 4.5:1 here has it in LINE's dark mode as well.
"""

from __future__ import annotations

from functools import lru_cache
from unicodedata import east_asian_width

from bot.line.actions import action
from flows.conversation import Button

Component = dict[str, object]

PAPER = "#FFFFFF"
INK = "#111111"  # 18.9:1 on PAPER
FAINT = "#595959"  # 7.0:1 on PAPER
GREEN = "#06703A"  # 6.2:1 under PAPER
GREY = "#E8ECEF"  # 15.9:1 under INK
RULE = "#D5DAE0"  # decoration only

ONE_LINE = 14
"""Full-width characters of a button's label that fit on one line: 300 wide, less the card's
padding (2 x 20) and the button's (2 x 16), at 16 a character."""


def text(words: str, **looks: object) -> Component:
    """Words that wrap. *looks* are properties of LINE's text component."""
    return {
        "type": "text",
        "text": words,
        "wrap": True,
        "scaling": True,
        "size": "sm",
        "color": INK,
        **looks,
    }


def box(*contents: Component, layout: str = "vertical", **looks: object) -> Component:
    """Components below, or with ``layout="horizontal"`` beside, one another."""
    return {"type": "box", "layout": layout, "contents": list(contents), **looks}


def rule() -> Component:
    """A thin line."""
    return {"type": "separator", "color": RULE}


def row(mark: Component, words: str) -> Component:
    """One entry of a list: its mark, then its words beside it."""
    return box(
        mark,
        text(words, flex=1, lineSpacing="4px"),
        layout="horizontal",
        spacing="md",
    )


def number(value: int) -> Component:
    """A step's number, white in a green disc. It shrinks rather than being cut off."""
    digits = text(
        str(value),
        size="xs",
        weight="bold",
        color=PAPER,
        align="center",
        wrap=False,
        adjustMode="shrink-to-fit",
    )
    return box(
        digits,
        width="22px",
        height="22px",
        cornerRadius="11px",
        backgroundColor=GREEN,
        justifyContent="center",
    )


def dot() -> Component:
    """A list's dot: drawn, not written, so that no screen reader says its name."""
    drawn = box(width="6px", height="6px", cornerRadius="3px", backgroundColor=GREEN)
    return box(drawn, width="10px", height="20px", paddingTop="7px", alignItems="center")


def button(of: Button, *, main: bool) -> Component:
    """*of* as something to tap, the *main* one of its card in green.

    LINE cuts a button's label off where its line ends. A longer one becomes a box that looks
    alike and wraps, so that nobody has to guess the end of what they agree to.
    """
    if _width(of.label) <= ONE_LINE:
        return {
            "type": "button",
            "style": "primary" if main else "secondary",
            "color": GREEN if main else GREY,
            "scaling": True,
            "adjustMode": "shrink-to-fit",
            "action": action(of),
        }
    label = text(of.label, size="md", color=PAPER if main else INK, align="center")
    return box(
        label,
        action=action(of),
        backgroundColor=GREEN if main else GREY,
        cornerRadius="8px",
        paddingAll="14px",
    )


@lru_cache(maxsize=4096)  # labels are content: the same few again and again
def _width(label: str) -> float:
    """*label*'s width in full-width characters."""
    return sum(1 if east_asian_width(character) in "WFA" else 0.5 for character in label)
