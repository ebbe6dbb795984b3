"""Makes sure that one process at a time owns a database file."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import TracebackType

from bot.store.port import StoreRefusedError


class SoleOwner:
    """Holds a lock on a file beside the database until closed, or until the process ends.

    The kernel lets go of it however the process dies, so no stale lock is ever left behind.
    """

    def __init__(self, database: Path) -> None:
        """Raises StoreRefusedError when *database* is owned already, or its folder unusable."""
        path = database.with_name(database.name + ".lock")
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreRefusedError(
                f"{path}を作れません({os.strerror(error.errno or 0)})。"
                "DATABASE_URLのフォルダーがあり、書き込めるか確かめてください。"
            ) from None
        try:
            _lock(self._file)
        except OSError:
            os.close(self._file)
            raise StoreRefusedError(
                f"{database}は、動いている別のtaikaiが使っています。"
                "そちらを止めるか、DATABASE_URLで別のファイルを指定してください。"
            ) from None

    def close(self) -> None:
        """Let go."""
        os.close(self._file)

    def __enter__(self) -> SoleOwner:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self.close()


if sys.platform == "win32":
    import msvcrt

    def _lock(file: int) -> None:
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
