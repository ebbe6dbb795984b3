"""The content that is shipped: these tests are about the real names and words."""

from __future__ import annotations

import pytest

from content.catalog import Catalog, load


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """The shipped content, read once."""
    return load()
