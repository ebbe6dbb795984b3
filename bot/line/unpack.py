"""Bytes → plain values, for a body whose signature was right but whose JSON may be odd.

orjson reads everything LINE is known to send. What it refuses as a whole - a number out of
range, half a surrogate pair, a nesting without end - is usually one event's fault, so it is
read again by the tolerant reader of the standard library: the events beside it must be heard.
"""

from __future__ import annotations

import json
import re
from typing import Any

import orjson

DEEPEST = 64
"""Levels of nesting kept by the second reading. LINE's own events have about six."""

LONGEST_INT = 19
"""Digits beyond which a whole number is read as a float: Python refuses to read 4,301."""

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)


def unpack(body: bytes) -> Any:
    """The values in *body*, none of whose strings holds half a surrogate pair.

    Raises ValueError when it is not JSON at all.
    """
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return _unpack_tolerantly(body)


def _unpack_tolerantly(body: bytes) -> Any:
    text = _prune(body.decode("utf-8-sig", "replace"))
    values = json.loads(text, parse_int=_whole)
    # Escapes such as "\ud800" became half characters only now: write it all out, mend, reread.
    return json.loads(_mend(json.dumps(values, ensure_ascii=False)))


def _prune(text: str) -> str:
    """*text* with everything nested deeper than `DEEPEST` replaced by ``null``."""
    kept: list[str] = []
    depth = resume = 0
    for token in _TOKEN.finditer(text):
        if token[0] in "[{":
            depth += 1
            if depth == DEEPEST + 1:
                kept += text[resume : token.start()], "null"
        elif token[0] in "]}":
            if depth == DEEPEST + 1:
                resume = token.end()
            depth -= 1
    return "".join((*kept, text[resume:])) if depth <= DEEPEST else "".join(kept)


def _whole(digits: str) -> float:
    return int(digits) if len(digits) <= LONGEST_INT else float(digits)


def _mend(text: str) -> str:
    """*text* with each half of a surrogate pair replaced by U+FFFD."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
