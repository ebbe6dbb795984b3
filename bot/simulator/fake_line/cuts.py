"""Two ways not to answer an HTTP request: keep the caller waiting, or cut the line."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct

from starlette.requests import Request
from starlette.responses import Response

LONGEST_WAIT = 30.0
"""Seconds after which even the most patient caller is let go."""


async def keep_waiting(request: Request) -> Response:
    """Answer nothing until the caller hangs up."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LONGEST_WAIT):
            while (await request.receive())["type"] != "http.disconnect":
                pass
    return Response(status_code=504)


async def cut(request: Request) -> Response:
    """Drop the connection with a TCP reset, before a byte of an answer."""
    transport: asyncio.Transport = request.state.transport
    transport.get_extra_info("socket").setsockopt(
        socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
    )
    transport.abort()
    return await keep_waiting(request)
