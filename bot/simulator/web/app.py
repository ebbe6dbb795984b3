"""The web chat as an ASGI app: one page, its files, one stream a page, and what people do."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import wraps
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from bot.simulator.gallery.command import UnknownServiceError
from bot.simulator.inspector.transcript import transcript
from bot.simulator.settling import UnsettledError
from bot.simulator.troubles import ABOUT, where
from bot.simulator.web import flow
from bot.simulator.web.deeds import DEEDS
from bot.simulator.web.feed import Feed
from bot.simulator.web.gallery import HEADERS as GALLERY_HEADERS
from bot.simulator.web.gallery import LiveGallery
from bot.simulator.web.guard import Guard
from bot.simulator.web.people import People

STATIC = files("bot.simulator") / "static"
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
UNITS = {"minutes": "分", "hours": "時間", "days": "日"}
LONGEST_WAIT = timedelta(days=366)
MOST_FAULTS = 100

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
        Route("/static/{name:path}", chat.static),
        Route("/diagram", chat.diagram),
        Route("/services", chat.services),
        Route("/gallery", chat.gallery),
        Route("/content", chat.content),
        Route("/people", chat.somebody_new, methods=["POST"]),
        Route("/people/{key}/stream", chat.stream),
        Route("/people/{key}/transcript", chat.transcript),
        Route("/people/{key}/{deed}", chat.deed, methods=["POST"]),
        Route("/clock", chat.clock, methods=["POST"]),
        Route("/faults", chat.kinds_of_fault),
        Route("/faults", chat.faults, methods=["POST"]),
        Route("/faults/clear", chat.no_faults, methods=["POST"]),
    ]
    app = Starlette(routes=routes, lifespan=lifespan, exception_handlers={_RefusedError: _refused})
    return Guard(app, port=port, token=token)


class _RefusedError(Exception):
    """A request that is answered with *status* and a sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


async def _refused(request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, _RefusedError)
    return _told(refusal.status, str(refusal))


def _answering(
    ask: Callable[[_WebChat, Request], Awaitable[Json]],
) -> Callable[[_WebChat, Request], Awaitable[Response]]:
    """Let a route give JSON; what goes wrong in the simulator becomes a status and a sentence."""

    @wraps(ask)
    async def answer(self: _WebChat, request: Request) -> Response:
        try:
            return JSONResponse(await ask(self, request))
        except (LookupError, ValueError) as refused:
            return _told(409, str(refused))
        except (UnsettledError, OSError) as failure:
            return _told(502, f"ボットから返事がありません。{failure}")

    return answer


class _WebChat:
    """The routes."""

    def __init__(self, people: People, token: str) -> None:
        self._people = people
        self._token = token
        self._gallery = LiveGallery(people.session)

    async def page(self, request: Request) -> Response:
        html = (STATIC / "index.html").read_text("utf-8").replace("@TOKEN@", self._token)
        return Response(html, media_type=TYPES[".html"])

    async def static(self, request: Request) -> Response:
        name = request.path_params["name"]
        served = _served(STATIC)
        if name not in served:
            raise _RefusedError(404, "そのファイルはありません。")
        return Response(served[name].read_bytes(), media_type=TYPES["." + name.rpartition(".")[2]])

    async def diagram(self, request: Request) -> Response:
        return JSONResponse(flow.diagram(self._people.session.catalog))

    async def services(self, request: Request) -> Response:
        session = self._people.session
        found = await asyncio.to_thread(flow.services, session.catalog, session.clock.now())
        return JSONResponse(found)

    async def gallery(self, request: Request) -> Response:
        service = request.query_params.get("service", "")
        try:
            html = await asyncio.to_thread(self._gallery.page, service)
        except UnknownServiceError as unknown:
            raise _RefusedError(404, str(unknown)) from None
        return Response(html, media_type=TYPES[".html"], headers=GALLERY_HEADERS)

    async def content(self, request: Request) -> Response:
        return StreamingResponse(self._people.content(), media_type="text/event-stream")

    @_answering
    async def somebody_new(self, request: Request) -> Json:
        body = await _json(request)
        service, state = (_name(body.get(key)) for key in ("service", "state"))
        key = await asyncio.to_thread(self._people.somebody_new, service, state)
        return {"person": key}

    async def stream(self, request: Request) -> Response:
        feed = self._feed(request)
        return StreamingResponse(self._people.stream(feed), media_type="text/event-stream")

    async def transcript(self, request: Request) -> Response:
        given = request.query_params.get("token", "")
        if not hmac.compare_digest(given.encode(), self._token.encode()):
            raise _RefusedError(
                403, "このページの記録ではありません。ページを読み込み直してください。"
            )
        feed, session = self._feed(request), self._people.session
        html = await asyncio.to_thread(transcript, session, feed.person)
        name = f"taikai-{session.clock.now():%Y%m%d-%H%M%S}.html"
        headers = {"content-disposition": f'attachment; filename="{name}"'}
        return Response(html, media_type=TYPES[".html"], headers=headers)

    @_answering
    async def deed(self, request: Request) -> Json:
        feed, body = self._feed(request), await _json(request)
        deed = DEEDS.get(request.path_params["deed"])
        if deed is None:
            raise _RefusedError(404, "そのような操作はありません。")
        return await asyncio.to_thread(deed, self._people, feed, body)

    @_answering
    async def clock(self, request: Request) -> Json:
        given = {unit: value for unit, value in (await _json(request)).items() if unit in UNITS}
        [(unit, value)] = given.items() if len(given) == 1 else [("", 0)]
        if type(value) is not int or not 0 < value <= LONGEST_WAIT.days * 24 * 60:
            raise _RefusedError(400, "進める時間は1以上の整数で送ってください。")
        time = timedelta(**{unit: value})
        if time > LONGEST_WAIT:
            raise _RefusedError(400, f"一度に進められるのは{LONGEST_WAIT.days}日までです。")
        await asyncio.to_thread(self._people.wait, time, f"{value}{UNITS[unit]}たちました")
        return {}

    async def kinds_of_fault(self, request: Request) -> Response:
        kinds = [
            {"kind": kind.value, "about": about, "where": where(kind)}
            for kind, about in ABOUT.items()
        ]
        return JSONResponse(kinds)

    @_answering
    async def faults(self, request: Request) -> Json:
        body = await _json(request)
        times, kind = body.get("times", 1), body.get("kind")
        if type(times) is not int or not 1 <= times <= MOST_FAULTS:
            raise _RefusedError(400, f"回数は1から{MOST_FAULTS}までです。")
        try:
            self._people.break_line(kind if isinstance(kind, str) else "", times)
        except ValueError as unknown:
            raise _RefusedError(400, str(unknown)) from None
        return {}

    async def no_faults(self, request: Request) -> Response:
        self._people.mend_line()
        return JSONResponse({})

    def _feed(self, request: Request) -> Feed:
        """The feed of whom the path names. Raises _RefusedError for nobody."""
        try:
            return self._people.feed(request.path_params["key"])
        except KeyError:
            raise _RefusedError(404, "この人はもういません。") from None


async def _json(request: Request) -> Json:
    """Read the JSON object a page sent. Raises _RefusedError for anything else."""
    try:
        body = orjson.loads(await request.body())
    except orjson.JSONDecodeError:
        body = None
    if not isinstance(body, dict):
        raise _RefusedError(400, "読めない依頼です。")
    return body


def _name(given: object) -> str:
    if given is not None and not isinstance(given, str):
        raise _RefusedError(400, "名前は文字で送ってください。")
    return given or ""


def _served(folder: Traversable, under: str = "") -> dict[str, Traversable]:
    """Every file a page may ask for, by its path below the folder."""
    found: dict[str, Traversable] = {}
    for entry in folder.iterdir():
        name = under + entry.name
        if entry.is_dir():
            found |= _served(entry, f"{name}/")
        elif "." + name.rpartition(".")[2] in TYPES and name != "index.html":
            found[name] = entry
    return found


def _told(status: int, sentence: str) -> JSONResponse:
    return JSONResponse({"message": sentence}, status_code=status)
