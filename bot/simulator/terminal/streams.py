"""A terminal or a pipe as it is found: what a locale cannot say must not end the chat."""

from __future__ import annotations

import codecs
import io
from typing import TextIO


def make_readable(*streams: TextIO) -> None:
    """Let every character pass through *streams*, as something else where it must be.

    Where no locale is set, as over many an ssh, Python takes ASCII for what the other side
    reads. It is UTF-8 nearly everywhere, and Japanese is not to be read in ASCII at all. What
    does not fit a locale that is set (Shift_JIS, say) becomes a question mark.
    """
    for stream in streams:
        if isinstance(stream, io.TextIOWrapper):
            is_ascii = codecs.lookup(stream.encoding).name == "ascii"
            stream.reconfigure(encoding="utf-8" if is_ascii else None, errors="replace")
