"""Ends a test's PostgreSQL when the test ends, however that is: run beside it by `tests.postgres`.

Whoever started it holds its standard input open; when that is closed, by a signal too that
nobody can catch, the server in the folder named is stopped at once and the folder removed.
"""

import os
import shutil
import signal
import sys
import time
from pathlib import Path


def guard(folder: Path) -> None:
    """Wait for the end, then clean up."""
    sys.stdin.read()
    for _ in range(100):
        try:
            server = int((folder / "data" / "postmaster.pid").read_text().split()[0])
            os.kill(server, signal.SIGQUIT)  # it leaves the file until it has ended
        except (OSError, ValueError, IndexError):
            break
        time.sleep(0.05)
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    guard(Path(sys.argv[1]))
