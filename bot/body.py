"""Reads the body of a request, up to so many bytes and for so long."""

from __future__ import annotations

from starlette.types import Receive, Scope

from bot.deadlines import Deadlines


class TooLargeError(Exception):
    """The body has more bytes than are read."""


class GoneError(Exception):
    """Whoever was sending hung up half-way."""


async def read(scope: Scope, receive: Receive, most: int, deadlines: Deadlines) -> bytes:
    """The body of the request *scope*, all of it, with at most *most* bytes.

    A length that the head promises is believed where it is too large: nothing is read then.
    Raises TooLargeError, GoneError, and TimeoutError when it is not all there within the limit.
    """
    for name, value in scope["headers"]:
        if name == b"content-length" and int(value) > most:  # digits, or the parser refuses it
            raise TooLargeError
    with deadlines:
        part, more = await _part(receive)
        if not more and len(part) <= most:  # as good as always
            return part
        body = bytearray(part)
        while more and len(body) <= most:
            part, more = await _part(receive)
            body += part
    if len(body) > most:
        raise TooLargeError
    return bytes(body)


async def _part(receive: Receive) -> tuple[bytes, bool]:
    message = await receive()
    if message["type"] != "http.request":
        raise GoneError
    return message.get("body", b""), message.get("more_body", False)
