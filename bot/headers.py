"""Response headers that keep a browser from doing anything but show what we sent."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
"""The content security policy of every answer that brings none of its own."""

HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-robots-tag": "noindex",
}
"""On every answer (OWASP ASVS 5.0, 3.4). Strict-Transport-Security belongs to whoever ends TLS."""

POLICY = b"content-security-policy"


_ALL = [
    *((name.encode(), value.encode()) for name, value in HEADERS.items()),
    (POLICY, NOTHING.encode()),
]


def bound(*own: tuple[bytes, bytes]) -> list[tuple[bytes, bytes]]:
    """The headers *own* of an answer, names in lower case, and all of ours it has none of."""
    names = {name for name, _ in own}
    return [*own, *(each for each in _ALL if each[0] not in names)]


class SecurityHeaders:
    """Adds `HEADERS` and a content security policy to every answer of *app* that has none."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = [(name.lower(), value) for name, value in message.get("headers", ())]
                message = {**message, "headers": bound(*given)}
            await send(message)

        await self._app(scope, receive, with_headers)
