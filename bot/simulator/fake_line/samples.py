"""What stands for the pictures, films, recordings and files people send: a little of each.

Only the picture can be looked at. The others begin as such a file begins, which is as far as a
program reads that wants to know what it was given; there is nothing in them to play or to read.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from bot.simulator.fake_line.pictures import PNG


@dataclass(frozen=True, slots=True)
class Sample:
    """The bytes of a file, and their media ``type``."""

    type: str
    content: bytes


def png(width: int, height: int, grey: int = 0xCC) -> bytes:
    """A PNG picture of one shade of grey, 0 to 255 (W3C, Portable Network Graphics)."""
    lines = (b"\0" + bytes([grey]) * width) * height  # each without a filter
    return b"".join(
        [
            PNG,
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
            _chunk(b"IDAT", zlib.compress(lines, 9)),
            _chunk(b"IEND", b""),
        ]
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    checked = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + checked


PICTURE = Sample("image/png", png(240, 180))

SAMPLES: Mapping[str, Sample] = {
    "image": PICTURE,
    "video": Sample("video/mp4", b"\0\0\0\x14ftypisom\0\0\x02\0isom"),
    "audio": Sample("audio/x-m4a", b"\0\0\0\x14ftypM4A \0\0\x02\0M4A "),
    "file": Sample("application/pdf", b"%PDF-1.7\n%%EOF\n"),
}
"""By the kind of message."""
