"""What every test may ask for, and what one may ask of pytest."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--update``, for a flow that was changed on purpose; the result is for `git diff`.

    The talks use it (tests/talks/conftest.py), but pytest reads the options of this file alone
    when it is called without a path.
    """
    about = "write the ids that came into the bot: lines of talks that fail, and nothing else"
    parser.addoption("--update", action="store_true", help=about)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Run every async test on asyncio, in one loop a session: a browser outlives one test."""
    return "asyncio"
