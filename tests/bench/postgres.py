"""A PostgreSQL of our own for the while, where the tests know how to get one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager


@contextmanager
def server() -> Iterator[str | None]:
    """The URL of a server in which databases can be made; None where there is none.

    It is started as for the tests, and on the core we are on: as if it ran on another machine.
    Never what ``DATABASE_URL`` names, which may be where real people's conversations are.
    """
    with ExitStack() as closing:
        yield _entered(closing)


def _entered(closing: ExitStack) -> str | None:
    try:
        import pytest

        from tests import postgres
    except ModuleNotFoundError:
        return None
    try:  # a commit has to reach the disk, as SQLite's does
        return closing.enter_context(postgres.running(on_disk=True)).url()
    except (pytest.skip.Exception, pytest.fail.Exception):
        return None


@asynccontextmanager
async def database(of: str) -> AsyncIterator[str]:
    """The URL of a new, empty database in the server *of*, gone at the end."""
    from tests import postgres

    url = await postgres.new_database(of)
    try:
        yield url
    finally:
        await postgres.drop_database(url)
