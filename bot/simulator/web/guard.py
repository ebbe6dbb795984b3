"""Keeps the web chat to this machine and to its own page.

Listening on loopback is not enough: any web page the same browser has open may send requests to
127.0.0.1 (forged requests), and may even read the answers under a name it points there (DNS
rebinding). So the host asked for must be ours, requests another site caused are refused, and
whatever changes something needs a token that only our page holds.
"""

from __future__ import annotations

import hmac

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

TOKEN_HEADER = "x-simulator-token"  # noqa: S105 - a header's name

LARGEST_BODY = 64 * 1024
"""Bytes of a request; the longest text a person can write on LINE is far shorter."""

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)

POLICY_HEADER = "content-security-policy"

HEADERS = {
    POLICY_HEADER: POLICY,
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cache-control": "no-store",
}


class Guard:
    """An ASGI app that lets through what our own page asks, and nothing else.

    *port* is the one the page is served on; *token* is what its POSTs must carry.
    """

    def __init__(self, app: ASGIApp, *, port: int, token: str) -> None:
        self._app = app
        names = ("127.0.0.1", "localhost")
        self._hosts = {f"{name}:{port}" for name in names} | {*(names if port == 80 else ())}
        self._origins = {f"http://{host}" for host in self._hosts}
        self._token = token.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        answer: ASGIApp = refusal or self._app

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update({**HEADERS, **_own_policy(headers)})
            await send(message)

        await answer(scope, receive, with_headers)

    def _refusal(self, scope: Scope) -> JSONResponse | None:
        """Say no, or nothing where the request may pass."""
        headers = Headers(scope=scope)
        if headers.getlist("host") != [headers.get("host")] or headers["host"] not in self._hosts:
            return _no(
                403,
                "このアドレスでは開けません。起動したときに表示されたアドレスで開いてください。",
            )
        if not self._is_from_here(headers, scope["path"]):
            return _no(403, "ほかのページからは使えません。")
        if scope["method"] in ("GET", "HEAD"):
            return None
        given = headers.get(TOKEN_HEADER, "").encode()
        if not hmac.compare_digest(given, self._token):
            return _no(
                403, "シミュレーターが起動し直されています。このページを読み込み直してください。"
            )
        if headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            return _no(415, "JSONではありません。")
        if not headers.get("content-length", "").isdecimal():
            return _no(411, "長さがわかりません。")
        if int(headers["content-length"]) > LARGEST_BODY:
            return _no(413, "長すぎます。")
        return None

    def _is_from_here(self, headers: Headers, path: str) -> bool:
        """Tell our own page from others. A link from elsewhere to the first page is harmless."""
        origin = headers.get("origin")
        if origin is not None and origin not in self._origins:
            return False
        return path == "/" or headers.get("sec-fetch-site", "none") in ("same-origin", "none")


def _own_policy(headers: Headers) -> dict[str, str]:
    """What a page of another kind asks for itself."""
    return {POLICY_HEADER: headers[POLICY_HEADER]} if POLICY_HEADER in headers else {}


def _no(status: int, sentence: str) -> JSONResponse:
    return JSONResponse({"message": sentence}, status_code=status)
