"""Servers and addresses of this machine only: what the simulator may listen on and talk to."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LOOPBACK = "127.0.0.1"

START_WITHIN = 30.0
"""Seconds a server may take to start (the app reads its content) before we give up."""

FINISH_WITHIN = 25
"""Seconds the requests under way may take at the end: longer than a session waits for an answer."""

STOP_WITHIN = 30.0
"""Seconds a server may take to stop, the requests and the app behind it included."""


class SimulatorRefusedError(Exception):
    """The simulator does not start: what it was told to use lies outside this machine."""


def must_be_loopback(host: str) -> str:
    """*host* unchanged. Raises SimulatorRefusedError unless it names only this machine."""
    try:
        is_here = ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        is_here = host == "localhost"
    if not is_here:
        raise SimulatorRefusedError(
            f"シミュレーターはこのマシンの中（{LOOPBACK}）でしか動きません: {host or '（空）'}"
        )
    return host


def must_call_loopback(url: str) -> str:
    """*url* unchanged. Raises SimulatorRefusedError where it leads outside."""
    try:
        must_be_loopback(urlsplit(url).hostname or "")
    except (SimulatorRefusedError, ValueError):
        raise SimulatorRefusedError(
            f"LINE_API_BASE が {url} を指しています。シミュレーターは本物のLINEには接続しません。"
            "LINE_API_BASE を外してから、もう一度起動してください。"
        ) from None
    return url


class _Protocol(HttpToolsProtocol):
    """uvicorn's own, which lets a handler cut the line (``request.state.transport``)."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["state"]["transport"] = self.transport


class _Server(uvicorn.Server):
    """uvicorn's own, which says when it is ready."""

    def __init__(self, config: uvicorn.Config, settled: threading.Event) -> None:
        super().__init__(config)
        self._settled = settled

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._settled.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the program the simulator runs in."""
        yield


class LoopbackServer:
    """An ASGI app served on a loopback port from a thread and an event loop of its own.

    The port is taken at once, so it can be told to others before `start`.
    """

    def __init__(self, name: str, host: str = LOOPBACK, port: int = 0) -> None:
        """Take *port*, or any free one. Raises SimulatorRefusedError, or OSError if it is taken."""
        family = socket.AF_INET6 if ":" in must_be_loopback(host) else socket.AF_INET
        self.name = name
        self._socket = socket.socket(family, socket.SOCK_STREAM)
        try:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._socket.bind((host.strip("[]"), port))
            self._socket.listen(2048)
        except OSError:
            self._socket.close()
            raise
        self.host: str = host
        self.port: int = self._socket.getsockname()[1]
        self._settled = threading.Event()
        self._failure: BaseException | None = None
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """The origin it is reached at."""
        return f"http://{self.host}:{self.port}"

    def start(self, app: ASGIApp) -> None:
        """Serve *app*; returns once it answers. Raises RuntimeError if it does not start."""
        self._server = _Server(
            uvicorn.Config(
                app,
                http=_Protocol,
                ws="none",
                lifespan="on",
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=FINISH_WITHIN,
            ),
            self._settled,
        )
        self._thread = threading.Thread(
            target=self._run, args=[self._server], name=self.name, daemon=True
        )
        self._thread.start()
        if not self._settled.wait(START_WITHIN):
            raise RuntimeError(f"{self.name} did not start within {START_WITHIN:g} s")
        if self._failure is not None or not self._server.started:
            raise RuntimeError(f"{self.name} did not start") from self._failure

    def stop(self) -> None:
        """End what was started and give the port back. Raises RuntimeError if it hangs."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join(STOP_WITHIN)
            if self._thread.is_alive():
                raise RuntimeError(f"{self.name} did not stop within {STOP_WITHIN:g} s")
        self._socket.close()

    def _run(self, server: _Server) -> None:
        try:
            server.run(sockets=[self._socket])
        except BaseException as failure:  # also SystemExit: it is how uvicorn gives up
            self._failure = failure
        finally:
            self._settled.set()
