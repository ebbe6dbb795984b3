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


class SecurityHeaders:
    """Adds `HEADERS` and a content security policy to every answer of *app*."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._headers = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
        self._with_policy = [*self._headers, (POLICY, NOTHING.encode())]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = message.get("headers", ())
                has_one = any(name.lower() == POLICY for name, _ in given)
                message["headers"] = [*given, *(self._headers if has_one else self._with_policy)]
            await send(message)

        await self._app(scope, receive, with_headers)
