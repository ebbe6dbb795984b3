"""What our server is held against: uvicorn and FastAPI with nothing in them, and the SDK's echo.

The echo is the official ``fastapi-echo`` example, mended where it no longer starts (the client
is made inside the running loop) and with its reply awaited, so that it can be counted on. It
keeps no state and writes nothing down. The SDK's own pool of connections is left as it is.
"""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import uvicorn
from fastapi import FastAPI, HTTPException, Request
from starlette.types import ASGIApp, Receive, Scope, Send


async def asgi(scope: Scope, receive: Receive, send: Send) -> None:
    """Read the body and say OK, on uvicorn alone: what a request costs on this machine at least.

    Machines differ, and so do releases of the SDK: how many such requests one event costs is the
    figure that means the same everywhere.
    """
    if scope["type"] == "lifespan":
        while (message := await receive())["type"] != "lifespan.shutdown":
            await send({"type": f"{message['type']}.complete"})
        return await send({"type": "lifespan.shutdown.complete"})
    while scope["method"] == "POST" and (await receive()).get("more_body"):
        pass
    headers = [(b"content-length", b"2"), (b"content-type", b"text/plain")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"OK"})


def empty() -> FastAPI:
    """One route that reads the body and says OK: what the framework alone costs."""
    app = FastAPI()

    @app.post("/callback")
    async def callback(request: Request) -> str:
        await request.body()
        return "OK"

    _add_readiness(app)
    return app


def echo() -> FastAPI:
    """Every text is sent back, through the SDK alone."""
    from linebot.v3 import WebhookParser
    from linebot.v3.exceptions import InvalidSignatureError
    from linebot.v3.messaging import (
        AsyncApiClient,
        AsyncMessagingApi,
        Configuration,
        ReplyMessageRequest,
        TextMessage,
    )
    from linebot.v3.webhooks import MessageEvent, TextMessageContent

    parser = WebhookParser(os.environ["LINE_CHANNEL_SECRET"])
    configuration = Configuration(
        access_token=os.environ["LINE_CHANNEL_ACCESS_TOKEN"], host=os.environ["LINE_API_BASE"]
    )

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncApiClient(configuration) as client:
            app.state.line = AsyncMessagingApi(client)
            yield

    app = FastAPI(lifespan=lifespan)

    @app.post("/callback")
    async def callback(request: Request) -> str:
        signature = request.headers["X-Line-Signature"]
        body = (await request.body()).decode()
        try:
            events = parser.parse(body, signature)
        except InvalidSignatureError:
            raise HTTPException(status_code=400, detail="Invalid signature") from None
        for event in events:
            if not isinstance(event, MessageEvent):
                continue
            if not isinstance(event.message, TextMessageContent):
                continue
            await request.app.state.line.reply_message(
                ReplyMessageRequest(
                    replyToken=event.reply_token,
                    messages=[TextMessage(text=event.message.text)],
                )
            )
        return "OK"

    _add_readiness(app)
    return app


def _add_readiness(app: FastAPI) -> None:
    @app.get("/readyz")
    async def ready() -> str:
        return "OK"


if __name__ == "__main__":
    rivals: dict[str, Callable[[], ASGIApp]] = {"asgi": lambda: asgi, "empty": empty, "echo": echo}
    uvicorn.run(
        rivals[sys.argv[1]](),
        host="127.0.0.1",
        port=int(os.environ["PORT"]),
        log_level="warning",
        access_log=False,
    )
