"""How large a picture is, read off the head of its file."""

from __future__ import annotations

import struct

PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8"

# Start-of-frame markers, which hold the size; C4, C8 and CC are other things (ITU-T T.81, B.1).
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def size(content: bytes, media_type: str) -> tuple[int, int] | None:
    """Width and height in pixels of the PNG or JPEG *content*; None where it is no *media_type*.

    Only the head is read: what follows it may still be broken.
    """
    try:
        match media_type:
            case "image/png" if content.startswith(PNG):
                width, height = struct.unpack_from(">II", content, len(PNG) + 8)
                return width, height
            case "image/jpeg" if content.startswith(JPEG):
                return _jpeg(content)
    except struct.error:  # it ends before its size
        return None
    return None


def _jpeg(content: bytes) -> tuple[int, int] | None:
    at = len(JPEG)
    while content[at : at + 1] == b"\xff":
        marker, length = struct.unpack_from(">xBH", content, at)
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", content, at + 5)
            return width, height
        at += 2 + length
    return None
