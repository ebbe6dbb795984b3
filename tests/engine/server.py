"""`bot.serve.serve` with the stand-in flow and content, as the whole of a process."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

from bot.app import create_app
from bot.serve import serve
from tests.engine import standin


def run(settings: dict[str, str], log: Path) -> None:
    """Serve with *settings* and nothing else of ours in the environment, writing into *log*."""
    bare = standin.bare_environment()
    os.environ.clear()
    os.environ.update(bare | settings)
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (1, 2):
        os.dup2(file, stream)
    serve(partial(create_app, step=standin.step, say=standin.say), standin.catalog)


if __name__ == "__main__":
    serve(partial(create_app, step=standin.step, say=standin.say), standin.catalog)
