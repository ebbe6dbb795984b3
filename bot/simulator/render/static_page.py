"""A page that is one file: style inside, no script, and nothing it could load from anywhere.

It is opened from a disk, sent by mail and printed. Its content policy lets through the one style
sheet it carries, known by its hash, and nothing else; so not even markup that slipped in could
run, load or send anything.
"""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html import unescape
from pathlib import Path

from bot.simulator.render.markup import NOTHING, Html, element, join

STATIC = Path(__file__).parents[1] / "static"

_OWN_STYLE = re.compile(r' data-css="([^"]*)"')
_BUTTON = re.compile(r"<(/?)button\b(?: type=\"button\")?")
_DEED = re.compile(r' data-action="[^"]*"')
_TAPPED = re.compile(r' role="button" tabindex="0"(?: aria-label="[^"]*")?')


def sheet(name: str) -> str:
    """The style sheet *name* of the simulator's own."""
    return (STATIC / name).read_text(encoding="utf-8")


def lifeless(markup: Html) -> Html:
    """Drawn messages for a page without a script: what looks like a button is none.

    Safe as plain replacements: no quotation mark or bracket of a message's text is unescaped.
    """
    still = _TAPPED.sub("", _DEED.sub(' data-action=""', markup))
    return Html(_BUTTON.sub(r"<\1span", still))


def page(title: str, body: Html, *sheets: str, script: str = "") -> str:
    """The whole HTML file: *body*, drawn with *sheets* and the styles its elements ask for.

    Where it is served instead of opened, *script* is the address of one that may keep it up to
    date, from the same server and asking that server alone.
    """
    styles: dict[str, str] = {}

    def named(own: re.Match[str]) -> str:
        name = styles.setdefault(own[1], f"{len(styles):x}")
        return f' data-look="{name}"'

    drawn = Html(_OWN_STYLE.sub(named, body))
    # As strong as the inline style it stands for: "#_" is no element, only the weight of an id.
    looks = [f':is(#_,[data-look="{name}"]){{{unescape(own)}}}' for own, name in styles.items()]
    style = "\n".join((*sheets, *looks))
    digest = b64encode(sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    runs = NOTHING
    if script:
        policy += "; script-src 'self'; connect-src 'self'"
        runs = join([element("script", type="module", src=script), "\n"])
    return (
        '<!doctype html>\n<html lang="ja">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light">\n'
        f"{element('title', title)}\n<style>{style}</style>\n{runs}</head>\n"
        f"{element('body', drawn)}\n</html>\n"
    )
