"""Every store there is; a test that asks for ``store`` runs on each."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store.port import Store
from bot.store.sqlite import SqliteStore


@pytest.fixture(params=["file", "memory"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """An empty store."""
    path = tmp_path / "taikai.db" if request.param == "file" else None
    opened = SqliteStore.open(path)
    yield opened
    await opened.close()
