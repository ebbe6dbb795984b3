"""A button of the flow → what LINE does when it is tapped (an action object)."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote

from bot.line.measure import limit
from bot.line.postback import encode
from flows.conversation import Button, Call, Choice, Copy, Link

RESERVED = ":/?#[]@!$&'()*+,;="
"""Characters with a meaning of their own in a URL (RFC 3986 §2.2): kept as they are."""

_STRAY_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")


def action(button: Button) -> dict[str, object]:
    """What tapping *button* does. A choice also shows its label as what the person said."""
    match button:
        case Choice(label, press):
            return {
                "type": "postback",
                "label": label,
                "data": encode(press),
                "displayText": label,
            }
        case Call(label, number):
            return {"type": "uri", "label": label, "uri": f"tel:{number.replace('-', '')}"}
        case Link(label, url):
            return {"type": "uri", "label": label, "uri": _percent_encoded(url)}
        case Copy(label, text):
            return {"type": "clipboard", "label": label, "clipboardText": text}


def offered(button: Button) -> bool:
    """Whether LINE can carry *button*: a text too long to copy stands in a bubble alone."""
    if isinstance(button, Copy):
        return limit("clipboard.clipboardText").excess(button.text) is None
    return True


@lru_cache(maxsize=1024)  # addresses are content: the same few again and again
def _percent_encoded(url: str) -> str:
    """*url* in the ASCII that LINE asks for (#url-encoding); what is encoded stays as it is."""
    return quote(_STRAY_PERCENT.sub("%25", url), safe=RESERVED + "%")
