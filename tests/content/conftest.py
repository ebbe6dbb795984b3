"""What the content tests share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from content.catalog import Catalog, load
from flows.coverage import arrivals
from flows.walk import Arrival
from tests.content.folder import Folder, invented, spoken

NOON = datetime(2026, 11, 24, 12, tzinfo=ZoneInfo("Asia/Tokyo"))
"""A Tuesday, when telephone lines answer."""


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """The invented services, to be spoiled."""
    return invented(tmp_path / "content")


@pytest.fixture
def spoken_folder(tmp_path: Path) -> Folder:
    """The invented services with the real texts, to be spoiled and walked."""
    return spoken(tmp_path / "content")


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """The content shipped with the bot."""
    return load()


@pytest.fixture(scope="session")
def everywhere(catalog: Catalog) -> Mapping[str, list[Arrival]]:
    """Every arrival of every shipped service, by slug: walked once, since it takes seconds."""
    return {slug: list(arrivals(catalog, slug, NOON)) for slug in catalog.services}
