"""A button's press as the ``data`` of a postback, and back.

``1|service|state|trigger|argument|turn``: the version first, each field percent-escaped, so
the text is plain ASCII and survives every client. Buttons stay in a chat for ever: a change
of this shape needs a new version beside the old one.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, unquote

from flows.conversation import Pressed

VERSION = "1"

LONGEST = 300
"""UTF-16 units LINE takes as ``data`` (messaging-api#postback-action); ours is all ASCII."""

TURNS = 10**15
"""More than anybody lives to see; digits beyond were never ours."""

_TURN = re.compile(r"[0-9]{1,15}")


def encode(press: Pressed) -> str:
    """*press* as a postback's data.

    Raises ValueError when it cannot be told: longer than `LONGEST`, or a turn below zero.
    """
    named = _named(press.service, press.state, press.trigger, press.argument)
    data = f"{named}|{press.turn}"
    if len(data) > LONGEST or not 0 <= press.turn < TURNS:
        raise ValueError(f"no button can carry {press}: {len(data)} of {LONGEST} characters")
    return data


@lru_cache(maxsize=4096)  # the same few buttons come again and again, but for their turn
def _named(*fields: str) -> str:
    return "|".join((VERSION, *(quote(f, safe=":", errors="surrogatepass") for f in fields)))


def decode(data: str) -> Pressed | None:
    """The press that `encode` told as *data*; None for anything else, whatever it is."""
    match data.split("|") if len(data) <= LONGEST else ():
        case [version, *fields, turn] if (
            version == VERSION and len(fields) == 4 and _TURN.fullmatch(turn)
        ):
            try:
                names = [unquote(field, errors="surrogatepass") for field in fields]
            except UnicodeDecodeError:
                return None
            service, state, trigger, argument = names
            return Pressed(service, state, trigger, argument, int(turn))
    return None
