"""One server of the service as a process, started again whenever it has ended."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import aiohttp

from tests.crash.history import History
from tests.crash.until import LOOK_EVERY, until
from tests.engine import server, standin
from tests.engine.running import FORKS

AGAIN_AFTER = 0.3
"""Seconds until a server that ended by itself is started again."""

NOTICED_AFTER = 0.1
"""Seconds until whoever spreads the requests notices that a node was told to stop."""


class Node:
    """A server that `run` keeps alive. ``up`` while requests are to be sent to ``base``.

    *away* tells whether the database cannot be reached: no server can start then. *claimed*
    counts the answers that a node left claimed, -1 where nobody can say.
    """

    def __init__(
        self,
        name: str,
        folder: Path,
        history: History,
        environment: dict[str, str],
        away: Callable[[], bool] = lambda: False,
        claimed: Callable[[], int] = lambda: -1,
    ) -> None:
        self.name = name
        self.base = ""
        self.up = False
        self.log = folder / f"{name}.txt"
        self._history = history
        self._environment = environment
        self._away = away
        self._claimed = claimed
        self._closing = False
        self._asked = ""
        self._asked_at = 0.0
        self._read = 0
        self._process: Any = None

    async def run(self) -> None:
        """Keep a server running until `close`, or the task is cancelled."""
        try:
            while not self._closing:
                await self._live()
                if self._asked == "":
                    await asyncio.sleep(AGAIN_AFTER)
        finally:
            if self._process is not None and self._process.is_alive():
                self._process.kill()
                await asyncio.to_thread(self._process.join, 10)

    def kill(self) -> None:
        """End it as a power cut would: nothing of it runs any more."""
        self._ask("kill", signal.SIGKILL)
        self.up = False

    def terminate(self) -> None:
        """Ask it to stop. Requests still come for a moment, in which it may be killed as well."""
        self._ask("term", signal.SIGTERM)
        asyncio.get_running_loop().call_later(NOTICED_AFTER, self._noticed, self._process.pid)

    def freeze(self) -> Callable[[], None]:
        """Let it stand still; what is returned lets it go on. Nobody notices, but by waiting."""
        pid = self._process.pid
        self._history.write("freeze", node=self.name)
        os.kill(pid, signal.SIGSTOP)

        def thaw() -> None:
            with suppress(ProcessLookupError):  # killed meanwhile
                os.kill(pid, signal.SIGCONT)

        return thaw

    async def gone(self) -> None:
        """Wait until the process there is now has ended."""
        process = self._process
        await until(lambda: process.exitcode is not None)

    def close(self) -> None:
        """Ask it to stop, for good."""
        self._closing = True
        if self._asked == "":
            self.terminate()

    # --- one life -----------------------------------------------------------------------

    def _ask(self, how: str, number: signal.Signals) -> None:
        self._asked, self._asked_at = how, time.monotonic()
        self._history.write("close" if self._closing else how, node=self.name)
        with suppress(ProcessLookupError):
            os.kill(self._process.pid, number)

    def _noticed(self, pid: int) -> None:
        if self._process.pid == pid:
            self.up = False

    async def _live(self) -> None:
        """One process, from its start to its end."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.base, self._asked = f"http://127.0.0.1:{port}", ""
        given = standin.environment(PORT=str(port), LOG_FORMAT="json", **self._environment)
        self._process = FORKS.Process(target=server.run, args=(given, self.log))
        await asyncio.to_thread(self._process.start)
        self._history.write("start", node=self.name, pid=self._process.pid)
        excused = await self._begin()
        await self.gone()
        self.up = False
        self._history.write(
            "exit",
            node=self.name,
            code=self._process.exitcode,
            asked=self._asked,
            excused=excused,
            seconds=round(time.monotonic() - self._asked_at, 3) if self._asked else 0,
            claimed=self._claimed() if self._asked == "term" else -1,
        )
        self._tell_of_log(refused=excused and self._asked == "")

    async def _begin(self) -> bool:
        """Wait until it is ready or gone. True when the database was away before it was ready."""
        excused = False
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=2)) as session:
            while self._process.exitcode is None:
                excused |= self._away()
                with suppress(aiohttp.ClientError, TimeoutError):
                    async with session.get(self.base + "/readyz") as response:
                        if response.status == 200 and self._asked == "":
                            self._history.write("ready", node=self.name)
                            self.up = True
                            return False
                await asyncio.sleep(LOOK_EVERY)
        return excused or self._away()

    def _tell_of_log(self, refused: bool) -> None:
        """Count the warnings and errors it wrote since its start, unless all it said was why it
        *refused* to."""
        with self.log.open("rb") as log:
            log.seek(self._read)
            written = log.read()
        self._read += len(written)
        if refused:
            return
        lines: Counter[tuple[str, str]] = Counter()
        for line in written.decode("utf-8", "replace").splitlines():
            try:
                said = json.loads(line)
                if said["level"] != "info":
                    lines[said["level"], said["event"]] += 1
            except ValueError:
                lines["error", line[:100]] += 1  # such as a traceback
        for (level, event), count in lines.items():
            self._history.write("log", node=self.name, level=level, event=event, count=count)
