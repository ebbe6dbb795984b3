"""The real server on a loopback socket: in a thread, or as a process that can be killed."""

from __future__ import annotations

import multiprocessing
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import uvicorn

from bot.app import create_app
from tests.engine import server, standin
from tests.engine.posting import request


@contextmanager
def serving(**given: Any) -> Iterator[str]:
    """The app in a thread; its address. *given* goes to `create_app`, ``settings`` first."""
    settings = given.pop("settings")
    app = create_app(
        settings,
        catalog=given.pop("catalog", standin.catalog()),
        step=given.pop("step", standin.step),
        say=given.pop("say", standin.say),
        **given,
    )
    config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="on", ws="none")
    server = uvicorn.Server(config)
    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, args=([listener],), name="server")
    thread.start()
    try:
        while not server.started and thread.is_alive():
            time.sleep(0.005)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(20)
        listener.close()


# Forked from a process that has imported everything, a server is there in a tenth of the time.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.engine.server"])


class Process:
    """The server as a process of its own, with the stand-in flow, that can be killed.

    ``with`` waits until it is ready and kills it at the end. ``log`` is all it wrote. *run* may
    plant something before it serves; it is named by its module, for the process imports it.
    """

    def __init__(
        self,
        folder: Path,
        *,
        run: Callable[[dict[str, str], Path], None] = server.run,
        **environment: str,
    ) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.base = f"http://127.0.0.1:{port}"
        self.log = folder / "log.txt"
        given = {
            "PORT": str(port),
            "DATABASE_URL": standin.database_url(folder),
            "LOG_FORMAT": "json",
        }
        settings = standin.environment(**(given | environment))
        self._process = FORKS.Process(target=run, args=(settings, self.log))
        self._process.start()

    def __enter__(self) -> Process:
        for _ in range(1000):
            if not self._process.is_alive():
                raise AssertionError(self.log.read_text("utf-8"))
            with suppress(OSError):
                if request(self.base, "GET", "/readyz", headers={})[0] == 200:
                    return self
            time.sleep(0.01)
        raise AssertionError("not ready within ten seconds")

    def __exit__(self, *_: object) -> None:
        self.kill()

    @property
    def pid(self) -> int | None:
        """The number the system knows it by."""
        return self._process.pid

    def kill(self) -> None:
        """End it as a power cut would: nothing of it runs any more."""
        self._process.kill()
        self._process.join(10)

    def terminate(self) -> int | None:
        """Ask it to stop; returns its exit code."""
        self._process.terminate()
        return self.wait()

    def wait(self) -> int | None:
        """Its exit code, once it has ended by itself."""
        self._process.join(20)
        return self._process.exitcode
