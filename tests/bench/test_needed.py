"""The start-up scenario compares like with like."""

from __future__ import annotations

import subprocess
import sys

from tests.bench.own import NEEDED


def test_a_server_really_imports_all_that_it_is_measured_against() -> None:
    """A package too many among the bare imports would make our own start look quicker."""
    code = (
        "import sys, bot.cli, bot.serve, uvicorn\n"
        "uvicorn.Config('').get_loop_factory()\n"
        f"print(*(name for name in {NEEDED} if name not in sys.modules))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert said.stdout.split() == []
