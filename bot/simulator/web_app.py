"""The web chat as an ASGI app: one page, its files, one stream a page, and what people do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib.resources import files
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from bot.simulator.session import UnsettledError
from bot.simulator.web_feed import Feed
from bot.simulator.web_guard import Guard
from bot.simulator.web_people import People

STATIC = files("bot.simulator") / "static"
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}

Json = dict[str, Any]


def web_app(people: People, *, port: int, token: str) -> ASGIApp:
    """Build the app for the page served on *port*, whose POSTs carry *token*."""
    chat = _WebChat(people, token)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        people.open()
        yield

    routes = [
        Route("/", chat.page),
        Route("/static/{name}", chat.static),
        Route("/people", chat.somebody_new, methods=["POST"]),
        Route("/people/{key}/stream", chat.stream),
        Route("/people/{key}/{deed}", chat.deed, methods=["POST"]),
        Route("/clock", chat.clock, methods=["POST"]),
    ]
    return Guard(Starlette(routes=routes, lifespan=lifespan), port=port, token=token)


class _WebChat:
    """The routes."""

    def __init__(self, people: People, token: str) -> None:
        self._people = people
        self._token = token
        self._deeds: dict[str, Callable[[Feed, Json], None]] = {
            "follow": _follow,
            "block": _block,
            "say": _say,
            "send": _send,
            "tap": _tap,
        }

    async def page(self, request: Request) -> Response:
        html = (STATIC / "index.html").read_text("utf-8").replace("@TOKEN@", self._token)
        return Response(html, media_type=TYPES[".html"])

    async def static(self, request: Request) -> Response:
        name = request.path_params["name"]
        served = {file.name: file for file in STATIC.iterdir() if file.name != "index.html"}
        if name not in served:
            return _told(404, "そのファイルはありません。")
        return Response(served[name].read_bytes(), media_type=TYPES["." + name.rpartition(".")[2]])

    async def somebody_new(self, request: Request) -> Response:
        return JSONResponse({"person": await asyncio.to_thread(self._people.somebody_new)})

    async def stream(self, request: Request) -> Response:
        try:
            feed = self._people.feed(request.path_params["key"])
        except KeyError:
            return _told(404, "この人はもういません。")
        return StreamingResponse(self._people.stream(feed), media_type="text/event-stream")

    async def deed(self, request: Request) -> Response:
        deed = self._deeds.get(request.path_params["deed"])
        try:
            feed = self._people.feed(request.path_params["key"])
            body = await _json(request)
        except KeyError:
            return _told(404, "この人はもういません。")
        except ValueError:
            return _told(400, "読めない依頼です。")
        if deed is None:
            return _told(404, "そのような操作はありません。")
        try:
            await asyncio.to_thread(deed, feed, body)
        except (LookupError, ValueError) as refused:
            return _told(409, str(refused))
        except (UnsettledError, OSError) as failure:
            return _told(502, f"ボットから返事がありません。{failure}")
        return JSONResponse({})

    async def clock(self, request: Request) -> Response:
        try:
            days = (await _json(request))["days"]
            if type(days) is not int or not 0 < days <= 366:
                raise ValueError
        except (KeyError, ValueError):
            return _told(400, "日数は1から366までです。")
        await asyncio.to_thread(self._people.advance, days)
        return JSONResponse({})


def _follow(feed: Feed, body: Json) -> None:
    back = feed.face == "blocked"
    note = "ブロックを解除しました" if back else "友だちに追加しました"
    feed.do(lambda: feed.person.follow(unblocked=back), note)


def _block(feed: Feed, body: Json) -> None:
    feed.do(feed.person.unfollow, "ブロックしました")


def _say(feed: Feed, body: Json) -> None:
    text = _friendly_text(feed, body.get("text"))
    feed.do(lambda: feed.person.say(text))


def _send(feed: Feed, body: Json) -> None:
    kind = _friendly_text(feed, body.get("kind"))
    feed.do(lambda: feed.person.send(kind))


def _tap(feed: Feed, body: Json) -> None:
    """Tap what carries the action, on the entry it was seen on. An old button is as good."""
    message = feed.message(body.get("n"))
    for button in (*message.buttons, *message.quick_replies):
        if button.action == body.get("action"):
            break
    else:
        raise LookupError("そのボタンはありません。")
    if button.passing and button not in feed.person.quick_replies:
        raise LookupError("この返信の候補は、もう消えています。")
    if feed.face != "friend" and button.kind in ("postback", "message"):
        raise ValueError("友だちではないので送れません。")
    feed.do(lambda: feed.person.press(message, button))


def _friendly_text(feed: Feed, given: object) -> str:
    """Take a text from somebody who can send one. Raises ValueError otherwise."""
    if not isinstance(given, str) or not given.strip() or len(given) > 5000:
        raise ValueError("送れるのは1文字から5000文字までです。")
    if feed.face != "friend":
        raise ValueError("友だちではないので送れません。")
    return given


async def _json(request: Request) -> Json:
    """Read the JSON object a page sent. Raises ValueError for anything else."""
    body = orjson.loads(await request.body())
    if not isinstance(body, dict):
        raise ValueError("not an object")
    return body


def _told(status: int, sentence: str) -> JSONResponse:
    return JSONResponse({"message": sentence}, status_code=status)
